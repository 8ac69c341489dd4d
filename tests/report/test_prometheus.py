"""What Prometheus reads of a status, by its own parser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from prometheus_client.parser import text_string_to_metric_families

from certkit import __version__
from certkit.expiry import DEFAULT
from certkit.inventory import Coverage, State
from certkit.report.prometheus import text
from certkit.report.status import Status
from tests.aws.scene import ACCOUNT, HOME, NOW
from tests.listing import inventory, listed

if TYPE_CHECKING:
    from certkit.inventory import Inventory

ARN = f"arn:aws:acm:{HOME}:{ACCOUNT}:certificate/00000000-0000-0000-0000-000000000001"
LABELS = {
    "arn": ARN,
    "account": ACCOUNT,
    "region": HOME,
    "name": "shop",
    "domain": "shop.example.com",
    "owner": "web",
    "type": "IMPORTED",
}


def samples(estate: Inventory) -> dict[str, list[tuple[dict[str, str], float]]]:
    """What the parser of Prometheus's own client reads, by name."""
    found: dict[str, list[tuple[dict[str, str], float]]] = {}
    for family in text_string_to_metric_families(text(Status(estate, DEFAULT))):
        assert (family.type, bool(family.documentation)) == ("gauge", True)
        for sample in family.samples:
            found.setdefault(sample.name, []).append((dict(sample.labels), sample.value))
    return found


def test_a_certificate_has_the_names_of_x509_certificate_exporter_and_those_of_acm() -> None:
    row = listed(lived=60, left=30, name="shop", owner="web", in_use=True)
    estate = inventory(
        row, coverage=[Coverage(ACCOUNT, HOME, State.SEEN), Coverage(ACCOUNT, "eu-west-1", State.DENIED)]
    )

    found = samples(estate)

    x509 = LABELS | {"subject_CN": "shop.example.com", "issuer_CN": "Example CA", "serial_number": "2587"}
    month = 30 * 86_400
    assert found == {
        "certkit_build_info": [({"version": __version__}, 1)],
        "certkit_acm_scan_timestamp_seconds": [({}, NOW.timestamp())],
        "certkit_acm_scan_complete": [({}, 0)],
        "certkit_acm_region_state": [
            ({"account": ACCOUNT, "region": region, "state": state}, state == actual)
            for region, actual in ((HOME, "seen"), ("eu-west-1", "denied"))
            for state in ("seen", "denied", "failed")
        ],
        "certkit_acm_certificates": [({"account": ACCOUNT, "region": HOME}, 1)],
        "x509_read_errors": [({}, 0)],
        "x509_cert_not_before": [(x509, NOW.timestamp() - 2 * month)],
        "x509_cert_not_after": [(x509, NOW.timestamp() + month)],
        "x509_cert_expired": [(x509, 0)],
        "certkit_acm_not_after_timestamp_seconds": [(LABELS, NOW.timestamp() + month)],
        "certkit_acm_life_left_ratio": [(LABELS, 0.3333)],
        "certkit_acm_expiring": [(LABELS, 1)],
        "certkit_acm_in_use": [(LABELS, 1)],
        "certkit_acm_managed": [(LABELS, 1)],
    }


def test_a_file_has_the_labels_of_a_file_and_nothing_of_acm() -> None:
    found = samples(inventory(listed(source="/etc/ssl/shop.pem", left=-1)))

    assert not [name for name in found if name.startswith("certkit_acm_") and "scan" not in name]
    assert found["x509_cert_expired"] == [
        (
            {
                "subject_CN": "shop.example.com",
                "issuer_CN": "Example CA",
                "serial_number": "2587",
                "filename": "shop.pem",
                "filepath": "/etc/ssl/shop.pem",
            },
            1,
        )
    ]


def test_sources_that_cannot_be_read_are_counted() -> None:
    estate = inventory(coverage=[Coverage(None, None, State.FAILED, source=name) for name in ("a", "b")])

    found = samples(estate)

    assert (found["x509_read_errors"], found["certkit_acm_scan_complete"]) == ([({}, 2)], [({}, 0)])


def test_what_was_never_issued_has_no_dates() -> None:
    found = samples(inventory(listed(left=None, serial=None, issuer=None)))

    assert "x509_cert_not_after" not in found
    assert found["certkit_acm_in_use"][0][1] == 0


@pytest.mark.parametrize("name", ['a"b', "a\\b", "a\nb", 'a\\"} 1\nb', "\\n", "ü", "a\u202eb"])
def test_no_name_breaks_out_of_its_label(name: str) -> None:
    found = samples(inventory(listed(name=name, issuer=f"CN={name}")))

    (labels, value), *others = found["certkit_acm_in_use"]
    assert (value, others) == (0, [])
    assert labels["name"] == name.replace("\n", "\\x0a").replace("\u202e", "\\u202e")


def test_every_line_ends_as_the_format_has_it() -> None:
    written = text(Status(inventory(listed()), DEFAULT))

    assert written.endswith("\n")
    assert "\r" not in written
    assert not written.endswith("\n\n")
