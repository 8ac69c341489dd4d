"""`certkit prune`: what it shows, what it deletes, and what it never does."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from certkit.ledger import Outcome
from certkit.ledger.sqlite import FILE_NAME, SqliteLedger
from tests.aws.faults import Do, Fault, Refusal
from tests.aws.scene import ACCOUNT, HOME, NOW, WRITES, held
from tests.issuing import Issued, Request, make_chain

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from certkit.testing import SettableClock, StrictAcm
    from tests.aws.faults import Proxy
    from tests.aws.scene import Ran

pytest_plugins = ["tests.aws.fixtures"]

NAMES = ("shop.example.com",)


def lasting(days: int, **more: object) -> Issued:
    """A certificate for the shop that expires so many days after `NOW`."""
    request = Request(sans=NAMES, not_before=NOW - timedelta(days=30), not_after=NOW + timedelta(days=days))
    return make_chain(leaf=replace(request, **more))  # type: ignore[arg-type]  # the test's own


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: StrictAcm) -> Path:  # noqa: ARG001 -- it comes first
    """Where certkit is run, with a state of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CERTKIT_STATE", str(tmp_path / "state"))
    return tmp_path


@pytest.fixture
def two(put: Callable[..., str], clock: SettableClock, wire: Proxy) -> tuple[str, str]:  # noqa: ARG001 -- leads there
    """The ARNs of a certificate and its successor, a day later, and the time is another day later."""
    old = put(lasting(20), certkit_name="shop")
    clock.advance(timedelta(days=1))
    new = put(lasting(60), certkit_name="shop")
    clock.advance(timedelta(days=1))
    return old, new


def actions(ran: Ran) -> list[tuple[str, str]]:
    """What became of which ARN."""
    return [(one["arn"], one["action"]) for one in ran.document["results"]]


def test_nothing_is_deleted_unless_that_is_said(run: Callable[..., Ran], two: tuple[str, str], wire: Proxy) -> None:
    ran = run("prune", "--format", "json")

    assert ran.code == 0
    assert ran.document["results"] == [
        {
            "arn": two[0],
            "account": ACCOUNT,
            "region": HOME,
            "name": "shop",
            "domain": "shop.example.com",
            "not_after": "2026-12-12T12:00:00Z",
            "imported_at": "2026-11-22T12:00:00Z",
            "reason": "superseded",
            "superseded_by": two[1],
            "action": "delete",
            "note": None,
            "error": None,
        }
    ]
    assert not WRITES & set(wire.operations)


def test_people_are_told_why_and_how(run: Callable[..., Ran], two: tuple[str, str]) -> None:
    ran = run("prune")

    head, title, line = ran.out.splitlines()
    assert head == "1 of 2 certificates can go"
    assert title.split() == ["NAME", "DOMAIN", "WHY", "ACCOUNT", "REGION", "ARN"]
    identifier = two[1].rpartition("/")[2]
    assert line.split() == [
        *["delete", "shop", "shop.example.com", "superseded", "by", identifier, ACCOUNT, HOME, two[0]]
    ]
    assert ran.err == "certkit: nothing was deleted: --yes deletes them\n"


def test_what_is_superseded_is_deleted_and_written_down(
    run: Callable[..., Ran], two: tuple[str, str], server: StrictAcm, folder: Path, clock: SettableClock
) -> None:
    ran = run("prune", "--yes", "--format", "json")

    assert (ran.code, actions(ran)) == (0, [(two[0], "deleted")])
    assert list(held(server)) == [two[1]]
    assert f"account {ACCOUNT}, {HOME}, as arn:aws:" in ran.err
    entries = list(SqliteLedger(folder / "state" / FILE_NAME, clock).entries("shop"))
    assert [(one.action, one.outcome, one.arn, one.command) for one in entries] == [
        ("delete", Outcome.INTENT, two[0], "prune"),
        ("delete", Outcome.DONE, two[0], "prune"),
    ]
    assert entries[1].detail == "pruned: superseded"
    assert entries[1].request_id


def test_a_second_run_has_nothing_to_do(run: Callable[..., Ran], two: tuple[str, str], server: StrictAcm) -> None:
    run("prune", "--yes")

    ran = run("prune", "--yes")

    assert (ran.code, ran.out) == (0, "0 of 1 certificates can go\n")
    assert list(held(server)) == [two[1]]


def test_what_comes_into_use_after_the_listing_stays(
    run: Callable[..., Ran], two: tuple[str, str], server: StrictAcm, wire: Proxy
) -> None:
    wire.script("GetResources", Do(lambda: server.set_in_use(two[0], "arn:lb"), is_done=False))

    ran = run("prune", "--yes", "--format", "json")

    assert (ran.code, actions(ran)) == (0, [(two[0], "kept")])
    assert ran.document["results"][0]["note"] == "it is in use by arn:lb"
    assert list(held(server)) == list(two)
    assert "DeleteCertificate" not in wire.operations


def test_what_comes_into_use_at_the_last_moment_acm_itself_refuses_to_delete(
    run: Callable[..., Ran], two: tuple[str, str], server: StrictAcm, wire: Proxy
) -> None:
    wire.script("DeleteCertificate", Refusal("ResourceInUseException", "Certificate is in use."))

    ran = run("prune", "--yes", "--format", "json")

    assert (ran.code, actions(ran)) == (3, [(two[0], "failed")])
    assert ran.document["results"][0]["error"]["code"] == "aws-refused"
    assert list(held(server)) == list(two)


def test_a_deletion_without_an_answer_is_not_called_done(
    run: Callable[..., Ran], two: tuple[str, str], wire: Proxy, folder: Path, clock: SettableClock
) -> None:
    wire.always("DeleteCertificate", Fault.ERROR_BEFORE)

    ran = run("prune", "--yes", "--format", "json")

    assert (ran.code, actions(ran)) == (3, [(two[0], "failed")])
    *_, last = SqliteLedger(folder / "state" / FILE_NAME, clock).entries("shop")
    assert last.outcome is Outcome.UNKNOWN


def test_read_only_forbids_to_delete_and_not_to_look(
    run: Callable[..., Ran], two: tuple[str, str], server: StrictAcm, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CERTKIT_READ_ONLY", "1")

    assert run("prune", "--yes", "--format", "json").error == (2, "read-only")
    assert run("prune").code == 0
    assert list(held(server)) == list(two)


def test_without_a_ledger_that_can_be_written_nothing_is_deleted(
    run: Callable[..., Ran], two: tuple[str, str], server: StrictAcm, folder: Path
) -> None:
    (folder / "state").mkdir()
    (folder / "state" / FILE_NAME).write_bytes(b"this is no ledger, and certkit leaves it as it is" * 50)

    ran = run("prune", "--yes", "--format", "json")

    assert (ran.code, actions(ran)) == (3, [(two[0], "failed")])
    assert list(held(server)) == list(two)


def test_of_what_the_manifest_names_one_stays_although_it_has_expired(
    run: Callable[..., Ran], put: Callable[..., str], clock: SettableClock, server: StrictAcm, folder: Path
) -> None:
    blog = put(lasting(1), certkit_name="blog")
    shop = put(lasting(1), certkit_name="shop")
    clock.advance(timedelta(days=3))
    (folder / "certkit.toml").write_text('[certificates.shop]\nsource = "shop.pem"\n')

    ran = run("prune", "--yes", "--format", "json")

    assert actions(ran) == [(blog, "deleted")]
    assert list(held(server)) == [shop]


def test_somebody_elses_goes_only_when_that_is_said(
    run: Callable[..., Ran], put: Callable[..., str], clock: SettableClock, server: StrictAcm
) -> None:
    put(lasting(1))
    clock.advance(timedelta(days=3))

    assert run("prune", "--yes").out == "0 of 1 certificates can go\n"
    assert run("prune", "--yes", "--include-foreign").code == 0
    assert held(server) == {}


def test_a_region_that_cannot_be_seen_is_said_and_the_rest_is_done(
    run: Callable[..., Ran], two: tuple[str, str], server: StrictAcm
) -> None:
    server.deny("ListCertificates", "SearchCertificates", region="eu-west-1")

    ran = run("prune", "--region", HOME, "--region", "eu-west-1", "--yes")

    assert ran.code == 3
    assert ran.out.splitlines()[0] == "1 of 1 certificates deleted; 1 region not seen"
    assert "eu-west-1 was not seen" in ran.err
    assert list(held(server)) == [two[1]]


def test_a_name_that_is_nobodys_is_a_usage_error(run: Callable[..., Ran], two: tuple[str, str]) -> None:
    ran = run("prune", "--only", "shpo", "--yes")

    assert ran.code == 2
    assert ran.err.splitlines()[:2] == [
        "certkit: error: --only 'shpo': there is no such certificate",
        "certkit: hint: did you mean shop?",
    ]
    assert len(two) == 2


@pytest.mark.parametrize("given", ["33%", "soon"])
def test_an_age_that_is_none_is_a_usage_error(run: Callable[..., Ran], given: str) -> None:
    assert run("prune", "--older-than", given, "--format", "json").error == (2, "usage")


def test_text_from_certificates_does_no_harm(
    run: Callable[..., Ran], put: Callable[..., str], clock: SettableClock
) -> None:
    put(lasting(1, common_name="a\x1b[31m\u202eb", sans=("x.example.com",)), certkit_name="blog")
    clock.advance(timedelta(days=3))

    ran = run("prune")

    assert "\x1b" not in ran.out
    assert "\u202e" not in ran.out
