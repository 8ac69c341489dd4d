"""Findings, failures and bugs of `certkit validate` are three things, and each has its exit code."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from certkit import rules
from certkit.rules import Candidate, Severity
from certkit.rules.rule import rule
from tests.cli.bundles import PASSWORD, pem, pfx, save, shop
from tests.cli.running import certkit
from tests.issuing import Request


@rule(Severity.WARNING, source="https://www.example.com", hint="mend it")
def flawed(candidate: Candidate) -> Iterator[tuple[str, str]]:
    """A rule with a mistake in it."""
    yield "leaf", str(1 // len(candidate.parts.body[:0]))


@pytest.mark.parametrize("output_format", ["text", "json", "sarif", "junit", "github"])
def test_a_rule_that_crashes_is_a_bug_with_its_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, output_format: str
) -> None:
    monkeypatch.setattr(rules, "RULES", (flawed,))
    sources = [save(tmp_path, f"{number}.pem", pem(shop())) for number in range(2)]

    one = certkit("validate", sources[0], "--format", output_format)
    several = certkit("validate", *sources, "--format", output_format)

    for done in (one, several):
        assert done.exit_code == 70
        assert "Traceback (most recent call last):\n" in done.stderr
        assert "ZeroDivisionError" in done.stderr
        assert "PRIVATE KEY" not in done.stderr + done.stdout


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("empty.pem", b"", "input-unreadable"),
        ("blanks.pem", b" \n", "input-unreadable"),
        ("junk.pem", b"junk", "input-unreadable"),
        ("cut.pem", pem(shop())[:200], "input-unreadable"),
        ("cut.pfx", pfx(shop())[:200], "input-unreadable"),
        ("locked.pem", pem(shop(), shop().encrypted_key_pem(b"secret")), "password-missing"),
        ("locked.pfx", pfx(shop()), "password-missing"),
        ("large.pem", pem(shop()) + b"\n" * (16 << 20), "input-too-large"),
    ],
)
def test_what_cannot_be_read_is_a_failure_and_no_finding(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    done = certkit("validate", save(tmp_path, name, content), "--format", "json")

    assert (done.exit_code, done.error_code) == (3, code)


def test_a_wrong_password_is_a_failure(tmp_path: Path) -> None:
    source = save(tmp_path, "locked.pfx", pfx(shop()))

    wrong = certkit("validate", source, "--passin", "env:P", "--format", "json", environment={"P": "x"})
    right = certkit("validate", source, "--passin", "env:P", "--format", "json", environment={"P": PASSWORD})

    assert (wrong.exit_code, wrong.error_code) == (3, "password-wrong")
    assert right.exit_code == 0


def test_as_it_is_only_a_file_that_cannot_be_opened_is_a_failure(tmp_path: Path) -> None:
    key = save(tmp_path, "key.pem", shop().key_pem)
    bodies = {"empty": b"", "junk": b"junk", "cut": shop().pem[:200], "der": shop().der}
    sources = [save(tmp_path, name, content) for name, content in bodies.items()]

    judged = [certkit("validate", "--as-is", "--body", body, "--key", key, "--format", "json") for body in sources]
    missing = certkit("validate", "--as-is", "--body", tmp_path / "none", "--key", key, "--format", "json")

    assert [(done.exit_code, _first(done)) for done in judged] == [(1, "body-not-one-certificate")] * len(bodies)
    assert (missing.exit_code, missing.error_code) == (3, "input-unreadable")


def test_an_empty_chain_is_a_finding_and_none_is_a_warning(tmp_path: Path) -> None:
    given = (
        "validate",
        "--as-is",
        "--body",
        save(tmp_path, "b", shop().pem),
        "--key",
        save(tmp_path, "k", shop().key_pem),
    )

    empty = certkit(*given, "--chain", save(tmp_path, "c", b""), "--format", "json")
    none = certkit(*given, "--format", "json")

    assert (empty.exit_code, _first(empty)) == (1, "chain-empty")
    assert (none.exit_code, _first(none)) == (0, "chain-missing")


def test_errors_are_said_before_warnings(tmp_path: Path) -> None:
    weak = Request(common_name="Shop", key=("RSA_1536", 0))

    done = certkit("validate", save(tmp_path, "weak.pem", pem(shop(weak))), "--format", "json")

    (result,) = done.document["results"]
    severities = [finding["severity"] for finding in result["findings"]]
    assert severities == sorted(severities)
    assert _first(done) == "key-algorithm-unsupported"


def _first(done: Any) -> str:
    (result,) = done.document["results"]
    rule_id: str = result["findings"][0]["rule"]
    return rule_id
