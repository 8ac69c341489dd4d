"""`import --ignore RULE --reason TEXT`: a rule of ours never blocks a renewal, and what was passed over is on record."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from certkit.errors import ContentError
from certkit.rules import RULES, Severity, replacement
from tests.aws.faults import Refusal
from tests.aws.scene import WRITES, held
from tests.issuing import Request, ca_request, make_chain, make_root

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from certkit.testing import StrictAcm
    from tests.aws.faults import Proxy
    from tests.aws.scene import Ran
    from tests.issuing import Issued

pytest_plugins = ["tests.aws.fixtures"]

EXPIRED = Request(not_after=datetime(2026, 11, 1, tzinfo=UTC))
LAPSED = replace(ca_request("Lapsed", key=("EC_prime256v1", 31)), not_after=datetime(2026, 11, 1, tzinfo=UTC))
NIGHT = ("--reason", "the night of the outage")


@pytest.fixture
def import_(run: Callable[..., Ran], save: Callable[..., Path], wire: Proxy) -> Callable[..., Ran]:
    """Runs `import` for what was issued, under the name `shop`, with JSON as its output."""

    def run_import(issued: Issued, *options: str) -> Ran:
        wire.forget()
        return run("import", save(issued), "--name", "shop", *options, "--format", "json")

    return run_import


def written(wire: Proxy) -> list[str]:
    return [operation for operation in wire.operations if operation in WRITES]


def test_a_warning_that_is_ignored_is_on_record_with_its_reason(
    import_: Callable[..., Ran], server: StrictAcm, wire: Proxy
) -> None:
    no_names = make_chain(leaf=Request(common_name="localhost", sans=("localhost",)))

    ran = import_(no_names, "--ignore", "no-domain-name", *NIGHT)

    assert (ran.result["action"], written(wire)) == ("imported", ["ImportCertificate"])
    assert list(held(server)) == [ran.result["arn"]]
    assert [warning for warning in ran.result["warnings"] if "no-domain-name" in warning] == [
        "no-domain-name ignored: the night of the outage"
    ]
    assert "certkit: no-domain-name ignored: the night of the outage" in ran.err


def test_an_error_that_is_ignored_leaves_the_word_to_acm(import_: Callable[..., Ran], wire: Proxy) -> None:
    refused = import_(make_chain(leaf=EXPIRED))
    ran = import_(make_chain(leaf=EXPIRED), "--ignore", "certificate-expired", *NIGHT)

    assert refused.error == (1, "not-importable")
    assert ran.error == (3, "aws-refused")
    assert "(ValidationException: The certificate has expired" in ran.document["error"]["message"]
    assert written(wire) == ["ImportCertificate"]


def test_a_rule_that_is_wrong_about_acm_does_not_keep_a_renewal_from_it(
    import_: Callable[..., Ran], server: StrictAcm, wire: Proxy
) -> None:
    """The strict ACM stands for one that has come to take more than certkit knows of."""
    arn = import_(make_chain()).result["arn"]
    new = make_chain(leaf=Request(key=("EC_secp384r1", 0)))
    refused = import_(new)

    ran = import_(new, "--ignore", "reimport-key-differs", *NIGHT, "--region", "us-east-1", "--region", "eu-west-1")

    assert refused.error == (3, "reimport-incompatible")
    assert "[reimport-key-differs]" in refused.document["error"]["message"]
    targets = {sent.body.get("CertificateArn") for sent in wire.sent if sent.operation == "ImportCertificate"}
    assert targets == {None, arn}
    elsewhere, here = ran.results
    assert (elsewhere["action"], here["action"]) == ("imported", "failed")
    assert here["error"]["code"] == "aws-refused"
    assert list(held(server)) == [arn]


def test_a_clause_that_is_ignored_is_on_record_with_its_reason(import_: Callable[..., Ran], wire: Proxy) -> None:
    import_(make_chain(leaf=Request(sans=("shop.example.com", "old.example.com"))))

    ran = import_(make_chain(), "--ignore", "reimport-some-names-lost", *NIGHT)

    assert wire.sent
    assert ran.result["action"] == "reimported"
    assert "reimport-some-names-lost ignored: the night of the outage" in ran.result["warnings"]
    assert "the name old.example.com is lost" not in ran.result["warnings"]


def test_of_several_rules_each_one_that_is_ignored_is_on_record(import_: Callable[..., Ran]) -> None:
    issued = make_root().issue(LAPSED).issue(Request("localhost", sans=("localhost",)))
    names = ("chain-certificate-expired", "no-domain-name")

    ran = import_(issued, *(word for name in names for word in ("--ignore", name)), *NIGHT, "--dry-run")

    assert ran.code == 0
    assert [line for line in ran.err.splitlines() if "ignored" in line] == [
        f"certkit: {name} ignored: the night of the outage" for name in names
    ]


def test_one_error_that_is_not_ignored_still_stops_it(import_: Callable[..., Ran], wire: Proxy) -> None:
    issued = make_chain(leaf=replace(EXPIRED, key=("EC_secp256k1", 0)))

    ran = import_(issued, "--ignore", "certificate-expired", *NIGHT)

    assert ran.error == (1, "not-importable")
    assert "[key-algorithm-unsupported]" in ran.document["error"]["message"]
    assert wire.operations == []


def test_a_rule_that_finds_nothing_is_ignored_in_silence(import_: Callable[..., Ran]) -> None:
    ran = import_(make_chain(), "--ignore", "certificate-expired", *NIGHT)

    assert (ran.code, [warning for warning in ran.result["warnings"] if "ignored" in warning]) == (0, [])


@pytest.mark.parametrize("rule", [kind.code for kind in ContentError.__subclasses__()])
def test_what_leaves_nothing_to_send_cannot_be_ignored(import_: Callable[..., Ran], wire: Proxy, rule: str) -> None:
    ran = import_(make_chain(), "--ignore", rule, *NIGHT)

    assert ran.error == (2, "usage")
    assert f"certkit rules {rule}" in ran.document["error"]["hint"]
    assert wire.operations == []


@pytest.mark.parametrize("rule", [one.id for one in (*RULES, *replacement.CRITERIA) if one.severity is Severity.ERROR])
def test_every_rule_that_can_stop_an_import_can_be_ignored(import_: Callable[..., Ran], wire: Proxy, rule: str) -> None:
    wire.always("ImportCertificate", Refusal("ValidationException"))
    is_content = rule in {kind.code for kind in ContentError.__subclasses__()}

    ran = import_(make_chain(), "--ignore", rule, *NIGHT)

    assert ran.error == ((2, "usage") if is_content else (3, "aws-refused"))


@pytest.mark.parametrize("reason", [(), ("--reason", ""), ("--reason", " \t")])
def test_without_a_reason_nothing_is_ignored(import_: Callable[..., Ran], wire: Proxy, reason: tuple[str, ...]) -> None:
    ran: Any = import_(make_chain(), "--ignore", "certificate-expired", *reason)

    assert ran.error == (2, "usage")
    assert wire.operations == []
