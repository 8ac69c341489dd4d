"""Tests of `certkit config`."""

import json
from pathlib import Path

import pytest

from tests.cli.running import certkit


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_manifest_without_an_error_is_counted(folder: Path) -> None:
    (folder / "certkit.toml").write_text('[accounts.a]\nid = "111122223333"\n[certificates.shop]\nsource = "s.pfx"\n')

    text, document = certkit("config", "check"), certkit("config", "check", "--format", "json")

    assert (text.exit_code, text.stdout) == (0, "certkit.toml: no error; 1 certificate, 1 account\n")
    assert document.document == {
        "schema": "certkit.config-check/1",
        "path": "certkit.toml",
        "certificates": 1,
        "accounts": 1,
        "errors": [],
    }


def test_every_error_is_told_with_its_hint(folder: Path) -> None:
    (folder / "own.toml").write_text('[certificates.shop]\nsorce = "s.pfx"\n[certificates.web]\nsource = "-"\n')

    text, document = certkit("config", "check", "own.toml"), certkit("config", "check", "own.toml", "--format", "json")

    assert (text.exit_code, document.exit_code) == (2, 2)
    assert text.stdout.splitlines() == [
        "own.toml:2: certificates.shop.sorce: there is no such key",
        "  hint: did you mean source?",
        "own.toml:4: certificates.web.source: standard input is no SOURCE of a manifest",
        "  hint: name a file",
        "own.toml: 2 errors",
    ]
    assert [error["code"] for error in document.document["errors"]] == ["configuration"] * 2


@pytest.mark.parametrize("arguments", [("check",), ("check", "gone.toml"), ("check", "a.toml", "--config", "b.toml")])
def test_what_cannot_be_read_is_an_error_document(arguments: tuple[str, ...]) -> None:
    done = certkit("config", *arguments, "--format", "json")

    assert (done.exit_code, done.error_code in {"configuration", "usage"}) == (2, True)


def test_the_schema_is_printed_as_it_is_shipped() -> None:
    done = certkit("config", "schema")

    assert (done.exit_code, json.loads(done.stdout)["$id"]) == (0, "urn:certkit:config")
