"""Tests of the schemas themselves: they are strict, and fit what they are for."""

import copy
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import jsonschema
import pytest

from certkit import certificate
from certkit.report import certificate as certificates
from tests import documents
from tests.cli.bundles import pem, save, shop
from tests.cli.running import certkit

OPTIONAL: Final = frozenset(
    {
        "changes",
        "files",
        "findings",
        "in_use_by",
        "issuer",
        "layout",
        "owner",
        "reimport",
        "serial",
        "source",
        "usage",
        "usage_coverage",
        "waived",
    }
)
"""What stands in a document only where it was asked for; everything else always does."""


def _objects(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        if node.get("type") == "object" and len(node) > 1:
            yield node
        for value in node.values():
            yield from _objects(value)
    elif isinstance(node, list):
        for value in node:
            yield from _objects(value)


def _optional(node: dict[str, Any]) -> set[str]:
    """The properties that may be missing, and those that are asked for and not described."""
    return set(node.get("properties", {})) ^ set(node.get("required", []))


@pytest.mark.parametrize("name", documents.NAMES)
def test_a_schema_is_one_and_lets_nothing_unknown_pass(name: str) -> None:
    schema = documents.schema(name)

    jsonschema.Draft202012Validator.check_schema(schema)

    assert schema["$id"] == f"urn:certkit:{name}:1"
    assert schema["properties"]["schema"] == {"const": f"certkit.{name}/1"}
    assert [one for one in _objects(schema) if "additionalProperties" not in one] == []
    assert [one for one in _objects(schema) if not _optional(one) <= OPTIONAL] == []


@pytest.fixture
def document(tmp_path: Path) -> dict[str, Any]:
    """What `inspect` says of a bundle."""
    return certkit("inspect", save(tmp_path, "shop.pem", pem(shop())), "--format", "json").document


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("not_before", "2026-01-01T00:00:00+00:00"),
        ("not_before", "2026-13-01T00:00:00Z"),
        ("not_after", "2026-01-01 00:00:00Z"),
        ("sha256", "AB" * 32),
        ("sha256", "ab" * 20),
        ("spki_sha256", "ab:cd"),
        ("serial", "0A:1B"),
        ("serial", "a"),
        ("sans", ["shop.example.com"]),
        ("sans", "DNS:shop.example.com"),
        ("key_algorithm", "RSA-2048"),
        ("key_algorithm", "rsa"),
        ("signature_algorithm", "sha256 with RSA"),
        ("is_ca", "yes"),
        ("unknown", 1),
    ],
)
def test_a_certificate_in_another_form_does_not_fit(document: dict[str, Any], field: str, value: object) -> None:
    changed = copy.deepcopy(document)
    changed["bundles"][0]["leaf"][field] = value

    assert documents.fits("inspect", document)
    assert not documents.fits("inspect", changed)


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2026, 11, 22, 13, 0, 0, 999999, tzinfo=UTC), "2026-11-22T13:00:00Z"),
        (datetime(1, 1, 1, tzinfo=UTC), "0001-01-01T00:00:00Z"),
        (datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC), "9999-12-31T23:59:59Z"),
    ],
)
def test_a_time_is_rfc_3339_in_utc(moment: datetime, text: str) -> None:
    assert certificates.time_text(moment) == text


@pytest.mark.parametrize(
    ("serial", "text"),
    [(0, "00"), (1, "01"), (0x80, "80"), (0x0A1B, "0a:1b"), (-0x80, "80"), (2**64, "01" + ":00" * 8)],
)
def test_a_serial_is_octets_without_that_of_the_sign(serial: int, text: str) -> None:
    assert certificate.serial_text(serial) == text


def test_a_name_that_cannot_be_parsed_is_empty() -> None:
    assert certificates.name_text(None) == ""
