"""Tests of `certkit validate`."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

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


def test_rules_can_be_selected_and_ignored(tmp_path: Path) -> None:
    source = save(tmp_path, "old.pem", shop(EXPIRED).pem)

    def rules_with(*given: str) -> tuple[int, list[str]]:
        done = certkit("validate", source, *given, "--format", "json")
        return done.exit_code, [rule for rule, _, _ in _rules(done)]

    assert rules_with("--select", "no-key,chain-missing") == (1, ["no-key", "chain-missing"])
    assert rules_with("--select", "no-key", "--select", "chain-missing", "--ignore", "no-key") == (
        0,
        ["chain-missing"],
    )
    assert rules_with("--ignore", "no-key,certificate-expired", "--ignore", "chain-missing") == (0, [])


def test_a_rule_that_is_none_is_a_usage_error_with_what_was_meant(tmp_path: Path) -> None:
    done = certkit("validate", tmp_path / "missing", "--ignore", "no-kay")

    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr == "certkit: error: there is no rule 'no-kay'\ncertkit: hint: did you mean no-key?\n"


def test_patterns_that_the_shell_left_are_expanded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("b.pem", "sub/a.pem"):
        save(tmp_path, name, pem(shop()))
    monkeypatch.chdir(tmp_path)

    done = certkit("validate", "**/*.pem", "b.pem")

    assert (done.exit_code, done.stdout) == (0, "b.pem: importable\nsub/a.pem: importable\n")


def test_a_pattern_that_nothing_fits_is_a_failure_that_does_not_stop_the_rest(tmp_path: Path) -> None:
    source = save(tmp_path, "shop.pem", pem(shop()))

    several = certkit("validate", source, tmp_path / "*.pfx")
    alone = certkit("validate", tmp_path / "*.pfx", "--format", "json")

    assert (several.exit_code, several.stdout) == (3, f"{source}: importable\n")
    assert several.stderr == f"certkit: error: {tmp_path}/*.pfx: no file fits this pattern\n"
    assert (alone.exit_code, alone.error_code) == (3, "input-unreadable")


@pytest.mark.parametrize("output_format", ["text", "json", "sarif", "junit", "github"])
def test_many_come_to_the_same_in_processes_as_one_by_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, output_format: str
) -> None:
    bundles = [pem(shop()), pem(shop(EXPIRED)), shop().pem, b"junk"]
    sources = [save(tmp_path, f"{number:02}.pem", bundles[number % 4]) for number in range(60)]
    seen = []

    for count in (1, 4):
        monkeypatch.setattr(os, "cpu_count", lambda count=count: count)
        done = certkit("validate", *reversed(sources), "--format", output_format)
        seen.append((done.exit_code, done.stdout))

    assert seen[0] == seen[1]
    assert seen[0][0] == 3


def test_processes_judge_by_the_same_clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sources = [save(tmp_path, f"{number:02}.pem", pem(shop())) for number in range(50)]
    monkeypatch.setattr(os, "cpu_count", lambda: 2)

    done = certkit("validate", *sources, now=datetime(2050, 1, 1, tzinfo=UTC))

    assert (done.exit_code, done.stdout.count("it expired on 2049-12-31 [certificate-expired]")) == (1, 50)


def test_the_formats_of_the_option_are_those_of_other_commands_and_more() -> None:
    assert {one.value for one in options.OutputFormat} < {one.value for one in options.ReportFormat}
