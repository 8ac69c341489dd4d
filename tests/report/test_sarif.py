"""Tests of what `certkit validate --format sarif` writes, held to OASIS's schema."""

import json
import re
from pathlib import Path
from typing import Any, Final

import jsonschema
import pytest

from certkit.rules import CRITERIA
from tests.cli.bundles import EXPIRED, HOSTILE_NAME, PASSWORD, pem, pfx, save, shop
from tests.cli.running import Finished, certkit
from tests.issuing import Request, self_signed

SCHEMA: Final = Path(__file__).parents[1] / "schemas" / "sarif-schema-2.1.0.json"
VALIDATOR: Final = jsonschema.Draft4Validator(
    json.loads(SCHEMA.read_text("utf-8")), format_checker=jsonschema.Draft4Validator.FORMAT_CHECKER
)


def _run(done: Finished) -> dict[str, Any]:
    """The only run in a document that is as the schema wants it."""
    assert done.stdout.isascii()
    document = json.loads(done.stdout)
    VALIDATOR.validate(document)
    (run,) = document["runs"]
    assert isinstance(run, dict)
    return run


def _sarif(*given: object, **settings: Any) -> dict[str, Any]:
    return _run(certkit("validate", *given, "--format", "sarif", **settings))


def _lines(source: Path, region: dict[str, int]) -> bytes:
    lines = source.read_bytes().splitlines(keepends=True)
    return b"".join(lines[region["startLine"] - 1 : region["endLine"]])


def test_a_good_bundle_has_no_results(tmp_path: Path) -> None:
    done = certkit("validate", save(tmp_path, "shop.pem", pem(shop())), "--format", "sarif")

    run = _run(done)
    assert (done.exit_code, run["results"]) == (0, [])
    assert run["invocations"] == [
        {"executionSuccessful": True, "exitCode": 0, "toolExecutionNotifications": []},
    ]


def test_a_finding_is_a_result_in_the_lines_of_its_block(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    issued = shop(EXPIRED)
    source = save(tmp_path, "certs/old one.pem", b"text\n" + issued.key_pem + pem(issued, b""))
    monkeypatch.chdir(tmp_path)

    run = _sarif("certs/old one.pem")

    (result,) = run["results"]
    location = result["locations"][0]["physicalLocation"]
    assert result["ruleId"] == "certificate-expired"
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == "certificate-expired"
    assert result["level"] == "error"
    assert result["message"]["text"] == "leaf: it expired on 2021-01-01. To do: renew it, then import the new one"
    assert location["artifactLocation"] == {"uri": "certs/old%20one.pem"}
    assert _lines(source, location["region"]) == issued.pem


def test_a_part_that_stands_in_a_file_of_its_own_is_shown_there(tmp_path: Path) -> None:
    issued, other = shop(), shop(Request(key=("EC_prime256v1", 5)))
    source = save(tmp_path, "shop.pem", issued.pem + issued.chain_pem)
    key = save(tmp_path, "shop.key", other.key_pem)

    run = _sarif(source, "--key", key)

    (result,) = run["results"]
    location = result["locations"][0]["physicalLocation"]
    assert result["ruleId"] == "key-mismatch"
    assert location["artifactLocation"] == {"uri": key.as_uri()}
    assert _lines(key, location["region"]) == other.key_pem


def test_as_it_is_each_blob_has_its_own_lines(tmp_path: Path) -> None:
    issued = shop()
    body = save(tmp_path, "body.pem", issued.pem)
    chain = save(tmp_path, "chain.pem", issued.chain_pem + issued.pem)

    run = _sarif("--as-is", "--body", body, "--chain", chain, "--certificates-only", "--select", "leaf-in-chain")

    (location,) = [result["locations"][0]["physicalLocation"] for result in run["results"]]
    assert location["artifactLocation"] == {"uri": chain.as_uri()}
    assert _lines(chain, location["region"]) == issued.pem


def test_what_is_no_pem_has_no_lines(tmp_path: Path) -> None:
    source = save(tmp_path, "old.pfx", pfx(shop(EXPIRED)))

    run = _sarif(source, "--passin", "env:P", environment={"P": PASSWORD})

    (result,) = run["results"]
    assert result["locations"] == [{"physicalLocation": {"artifactLocation": {"uri": source.as_uri()}}}]


def test_every_rule_is_described_with_help_and_source(tmp_path: Path) -> None:
    run = _sarif(save(tmp_path, "shop.pem", pem(shop())))

    rules = {rule["id"]: rule for rule in run["tool"]["driver"]["rules"]}
    known = {one.id: one for one in CRITERIA}
    assert len(rules) == len(run["tool"]["driver"]["rules"]) > 20
    assert all(rule["helpUri"] == known[name].source for name, rule in rules.items())
    assert all(rule["defaultConfiguration"]["level"] == known[name].severity for name, rule in rules.items())
    assert known["no-leaf"].hint in rules["no-leaf"]["help"]["text"]


def test_only_rules_that_count_are_described(tmp_path: Path) -> None:
    run = _sarif(save(tmp_path, "shop.pem", pem(shop())), "--select", "no-key,weak-key", "--ignore", "weak-key")

    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["no-key"]


def test_what_cannot_be_read_is_a_notification_of_a_run_that_did_not_succeed(tmp_path: Path) -> None:
    good, junk = save(tmp_path, "old.pem", pem(shop(EXPIRED))), save(tmp_path, "junk[1].pem", b"junk")

    several = certkit("validate", good, junk, "--format", "sarif")
    alone = certkit("validate", junk, "--format", "sarif")

    (invocation,) = _run(several)["invocations"]
    (notification,) = invocation["toolExecutionNotifications"]
    assert (several.exit_code, alone.exit_code) == (3, 3)
    assert (invocation["executionSuccessful"], invocation["exitCode"]) == (False, 3)
    assert notification["descriptor"] == {"id": "input-unreadable"}
    assert notification["message"]["text"].startswith(f"{tmp_path}/junk\\[1\\].pem: ")
    assert notification["locations"] == [{"physicalLocation": {"artifactLocation": {"uri": junk.as_uri()}}}]
    assert len(_run(several)["results"]) == 1
    assert _run(alone)["invocations"][0]["toolExecutionNotifications"] == [notification]


def test_a_result_keeps_its_fingerprint_when_the_certificate_is_renewed(tmp_path: Path) -> None:
    source = save(tmp_path, "old.pem", pem(shop(EXPIRED)))
    before = _sarif(source)["results"][0]["partialFingerprints"]
    renewed = shop(Request(sans=EXPIRED.sans, not_before=EXPIRED.not_before, not_after=EXPIRED.not_after, serial=7))
    source.write_bytes(b"moved\ndown\n" + pem(renewed))

    after = _sarif(source)["results"][0]["partialFingerprints"]
    elsewhere = _sarif(save(tmp_path, "other.pem", source.read_bytes()))["results"][0]["partialFingerprints"]

    assert before == after != elsewhere


def test_two_results_of_one_rule_on_one_part_have_two_fingerprints(tmp_path: Path) -> None:
    strangers = [shop(Request(f"stranger {number}", key=("EC_prime256v1", 6))).pem for number in range(2)]
    source = save(tmp_path, "shop.pem", pem(shop()) + b"".join(strangers))

    results = _sarif(source, "--select", "unrelated-removed")["results"]

    marks = [result["partialFingerprints"]["primaryLocationLineHash"] for result in results]
    assert len(marks) == 2
    assert [mark.partition(":")[2] for mark in marks] == ["1", "2"]


def test_what_is_waived_is_suppressed_with_its_reason(tmp_path: Path) -> None:
    source = save(tmp_path, "old.pem", pem(shop(EXPIRED)))
    config = save(
        tmp_path,
        "certkit.toml",
        b'[[waiver]]\nrule = "certificate-expired"\nmatch = "old"\nreason = "museum"\nuntil = 2027-01-31\n',
    )

    done = certkit("validate", source, "--config", config, "--format", "sarif")

    (result,) = _run(done)["results"]
    assert done.exit_code == 0
    assert result["suppressions"] == [
        {"kind": "external", "status": "accepted", "justification": "museum (until 2027-01-31)"}
    ]


def test_names_from_certificates_make_neither_links_nor_placeholders(tmp_path: Path) -> None:
    stranger = shop(Request("[x](https://evil.example) {0}", key=("EC_prime256v1", 6)))
    other = self_signed(Request(HOSTILE_NAME, key=("EC_prime256v1", 7)))
    source = save(tmp_path, "shop.pem", pem(shop()) + stranger.pem + other.pem)

    texts = [result["message"]["text"] for result in _sarif(source, "--select", "unrelated-removed")["results"]]

    assert texts[0].startswith("bundle: \\[x\\](https://evil.example) {{0}}: ")
    assert "\\x1b\\[31mred" in texts[1]
    assert not any(re.search(r"[\x00-\x1f\u202e]", text) for text in texts)


def test_nothing_of_the_file_itself_is_quoted(tmp_path: Path) -> None:
    issued = shop(EXPIRED)
    source = save(tmp_path, "old.pem", pem(issued))

    done = certkit("validate", source, "--format", "sarif")

    assert not any(line in done.stdout for line in pem(issued).decode().splitlines() if not line.startswith("-"))
    assert "snippet" not in done.stdout


@pytest.mark.parametrize(
    ("source", "uri"),
    [
        ("certs/old.pem", "certs/old.pem"),
        ("file://certs/old.pem", "certs/old.pem"),
        ("./certs/../certs/old.pem", "certs/../certs/old.pem"),
        ("certs/a:b#1 %ü.pem", "certs/a%3Ab%231%20%25%C3%BC.pem"),
        ("env:BUNDLE", "env:BUNDLE"),
        ("-", "-"),
    ],
)
def test_a_source_is_a_uri_that_leads_back_to_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str, uri: str
) -> None:
    content = pem(shop(EXPIRED))
    for name in ("certs/old.pem", "certs/a:b#1 %ü.pem"):
        save(tmp_path, name, content)
    monkeypatch.chdir(tmp_path)

    run = _sarif(source, environment={"BUNDLE": content.decode()}, stdin=content)

    assert [result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for result in run["results"]] == [uri]
