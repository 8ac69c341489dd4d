"""Tests of `certkit validate`."""

from pathlib import Path
from typing import Any

import pytest

from certkit import rules
from certkit.cli import options
from tests.cli.bundles import EXPIRED, SHOP, pem, save, shop
from tests.cli.running import certkit
from tests.issuing import self_signed


def _rules(done: Any) -> list[tuple[str, str, str]]:
    (result,) = done.document["results"]
    return [(finding["rule"], finding["severity"], finding["part"]) for finding in result["findings"]]


def test_a_good_bundle_is_importable(tmp_path: Path) -> None:
    source = save(tmp_path, "shop.pem", pem(shop()))

    done = certkit("validate", source)

    assert (done.exit_code, done.stdout, done.stderr) == (0, f"{source}: importable\n", "")


def test_an_error_is_exit_1_with_what_to_do(tmp_path: Path) -> None:
    source = save(tmp_path, "old.pem", pem(shop(EXPIRED)))

    done = certkit("validate", source)

    assert (done.exit_code, done.stderr) == (1, "")
    assert done.stdout == (
        f"{source}: not importable\n"
        "  error: leaf: it expired on 2021-01-01 [certificate-expired]\n"
        "    renew it, then import the new one\n"
    )


def test_a_finding_carries_rule_part_hint_and_source(tmp_path: Path) -> None:
    source = save(tmp_path, "old.pem", pem(shop(EXPIRED)))

    done = certkit("validate", source, "--format", "json")

    assert done.document == {
        "schema": "certkit.validate/1",
        "results": [
            {
                "source": str(source),
                "importable": False,
                "findings": [
                    {
                        "rule": "certificate-expired",
                        "severity": "error",
                        "part": "leaf",
                        "message": "it expired on 2021-01-01",
                        "hint": "renew it, then import the new one",
                        "source": "https://docs.aws.amazon.com/acm/latest/userguide/import-certificate-prerequisites.html",
                    }
                ],
            }
        ],
    }


@pytest.mark.parametrize(
    ("given", "exit_code", "severity"),
    [((), 0, "warning"), (("--fail-on", "warning"), 1, "warning"), (("--strict",), 1, "error")],
)
def test_what_was_mended_is_a_warning_that_options_make_count(
    tmp_path: Path, given: tuple[str, ...], exit_code: int, severity: str
) -> None:
    issued = shop()
    source = save(tmp_path, "shop.pem", issued.chain_pem + issued.pem + issued.key_pem)

    done = certkit("validate", source, *given, "--format", "json")

    assert done.exit_code == exit_code
    assert _rules(done) == [("chain-reordered", severity, "chain")]


def test_a_missing_key_is_a_finding_unless_only_certificates_are_judged(tmp_path: Path) -> None:
    issued = shop()
    source = save(tmp_path, "shop.pem", issued.pem + issued.chain_pem)

    whole = certkit("validate", source, "--format", "json")
    certificates = certkit("validate", source, "--certificates-only", "--format", "json")

    assert (whole.exit_code, _rules(whole)) == (1, [("no-key", "error", "key")])
    assert (certificates.exit_code, _rules(certificates)) == (0, [])


def test_a_locked_key_is_no_hindrance_where_only_certificates_are_judged(tmp_path: Path) -> None:
    issued = shop()
    source = save(tmp_path, "shop.pem", pem(issued, issued.encrypted_key_pem(b"x")))

    locked = certkit("validate", source, "--format", "json")
    done = certkit("validate", source, "--certificates-only")

    assert (locked.exit_code, locked.error_code) == (3, "password-missing")
    assert done.exit_code == 0


@pytest.mark.parametrize(
    ("name", "rule"),
    [("mismatch.pem", "key-mismatch"), ("several.pem", "several-leaves"), ("no-certificate.pem", "no-leaf")],
)
def test_content_that_makes_no_bundle_is_a_finding(name: str, rule: str) -> None:
    source = Path(__file__).parents[2] / "fixtures" / "broken" / name

    done = certkit("validate", source, "--format", "json")

    assert done.exit_code == 1
    assert [one[:2] for one in _rules(done)] == [(rule, "error")]


def test_what_cannot_be_read_is_a_failure(tmp_path: Path) -> None:
    source = save(tmp_path, "junk", b"junk")

    done = certkit("validate", source, "--format", "json")

    assert (done.exit_code, done.error_code) == (3, "input-unreadable")


def test_of_several_the_worst_decides(tmp_path: Path) -> None:
    good, bad = save(tmp_path, "a.pem", pem(shop())), save(tmp_path, "b.pem", pem(shop(EXPIRED)))

    findings = certkit("validate", good, bad, "--format", "json")
    failure = certkit("validate", good, bad, tmp_path / "missing", "--format", "json")

    assert findings.exit_code == 1
    assert [one["importable"] for one in findings.document["results"]] == [True, False]
    assert failure.exit_code == 3
    assert failure.document["results"][2]["error"]["code"] == "input-unreadable"


def test_three_files_can_be_judged_as_they_are(tmp_path: Path) -> None:
    issued = shop()
    body = save(tmp_path, "body.pem", issued.pem)
    key = save(tmp_path, "key.pem", issued.key_pem)
    chain = save(tmp_path, "chain.pem", issued.chain_pem)

    done = certkit("validate", "--as-is", "--body", body, "--key", key, "--chain", chain)

    assert (done.exit_code, done.stdout) == (0, f"{body}: importable\n")


@pytest.mark.parametrize(
    ("parts", "found"),
    [
        ((), [("no-key", "error", "key"), ("chain-missing", "warning", "chain")]),
        (("key",), [("chain-missing", "warning", "chain")]),
        (("chain",), [("no-key", "error", "key")]),
    ],
)
def test_parts_that_are_missing_as_they_are_are_findings(
    tmp_path: Path, parts: tuple[str, ...], found: list[tuple[str, str, str]]
) -> None:
    issued = shop()
    content = {"key": issued.key_pem, "chain": issued.chain_pem}
    given = [word for part in parts for word in (f"--{part}", save(tmp_path, part, content[part]))]

    done = certkit("validate", "--as-is", "--body", save(tmp_path, "body", issued.pem), *given, "--format", "json")

    assert _rules(done) == found


def test_as_is_nothing_is_mended(tmp_path: Path) -> None:
    issued = shop()
    body = save(tmp_path, "body.pem", issued.pem + issued.chain_pem)
    key = save(tmp_path, "key.pem", issued.encrypted_key_pem(b"x"))
    chain = save(tmp_path, "chain.pem", issued.pem)

    done = certkit("validate", "--as-is", "--body", body, "--key", key, "--chain", chain, "--format", "json")

    assert done.exit_code == 1
    assert {rule for rule, severity, _ in _rules(done) if severity == "error"} == {
        "body-not-one-certificate",
        "key-encrypted",
        "leaf-in-chain",
    }


def test_junk_as_it_is_is_a_finding(tmp_path: Path) -> None:
    body = save(tmp_path, "body.pem", b"\x00junk")

    done = certkit("validate", "--as-is", "--body", body, "--certificates-only", "--format", "json")

    assert (done.exit_code, _rules(done)) == (1, [("body-not-one-certificate", "error", "leaf")])


@pytest.mark.parametrize(
    "given", [(), ("--as-is",), ("--body", "b"), ("--as-is", "--body", "b", "source"), ("--body", "b", "source")]
)
def test_sources_and_as_is_exclude_each_other(given: tuple[str, ...]) -> None:
    done = certkit("validate", *given)

    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr == (
        "certkit: error: name SOURCEs, or else --as-is with --body\n"
        "certkit: hint: certkit validate --as-is --body B --key K --chain C\n"
    )


def test_a_self_signed_certificate_is_importable(tmp_path: Path) -> None:
    issued = self_signed(SHOP)

    done = certkit("validate", save(tmp_path, "self.pem", issued.pem + issued.key_pem))

    assert done.exit_code == 0


def test_the_severities_of_the_option_are_those_of_the_library() -> None:
    assert [one.value for one in options.Severity] == [one.value for one in rules.Severity]
