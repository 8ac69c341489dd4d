"""A fleet's run against the strict ACM, over HTTP: three accounts, some of which fail, and what is done about it."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from certkit.aws.sessions import Session as AwsSession
from certkit.aws.table import TableLedger
from certkit.errors import ConfigurationError, InputUnreadableError, PlanChangedError, UsageError
from certkit.ledger import Outcome
from certkit.renew import NAME as HEARTBEATS
from tests import documents
from tests.aws.faults import Rewrite
from tests.aws.scene import HOME
from tests.fleet.estate import BLUE, GREEN, RED, manifest, put, save, there
from tests.fleet.scene import BUCKET
from tests.issuing import make_chain
from tests.ledger.scene import TABLE, notices

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from certkit.ledger import Ledger
    from certkit.testing import SettableClock, StrictAcm
    from tests.aws.faults import Proxy
    from tests.aws.scene import Ran
    from tests.fleet.scene import Fleet

pytest_plugins = ["tests.aws.fixtures", "tests.fleet.fixtures"]


@pytest.fixture
def ledger(fleet: Fleet, clock: SettableClock) -> Ledger:
    """The ledger that all workers share."""
    del fleet
    return TableLedger(AwsSession().dynamodb(HOME), TABLE, clock, notices().tell)


def failures(fleet: Fleet, run: str) -> list[tuple[str, str, str]]:
    """Account, name and code of each failure in a run's report, which is held to its schema."""
    report = documents.read(json.dumps(fleet.report(run)))
    return [(one["account"], one["name"], one["code"]) for one in report["failures"]]


def locks() -> list[str]:
    """The locks in the ledger's table."""
    found = boto3.client("dynamodb", region_name=HOME).scan(TableName=TABLE)["Items"]
    return [item["pk"]["S"] for item in found if item["pk"]["S"].startswith("lock#")]


def worked(fleet: Fleet) -> list[int]:
    """The items that were worked on."""
    return [event["item"] for name, event in fleet.invoked if name == "work"]


def test_every_account_gets_what_the_manifest_says(fleet: Fleet, server: StrictAcm, ledger: Ledger) -> None:
    issued = save("blog", "shop")
    manifest("blog", "shop")

    end = fleet.night("night-1")

    assert (end["is_good"], fleet.report("night-1")["certificates"]) == (True, {"imported": 6})
    assert there(server) == dict.fromkeys(("red", "green", "blue"), issued)
    writes = [entry for entry in ledger.entries("shop") if entry.outcome is Outcome.DONE]
    assert sorted(entry.account for entry in writes) == [RED, GREEN, BLUE]
    assert len({entry.run for entry in writes}) == 3


@pytest.mark.slow
def test_a_second_night_writes_nothing(fleet: Fleet, server: StrictAcm) -> None:
    save("shop")
    manifest("shop")
    fleet.night("night-1")
    before = there(server)

    end = fleet.night("night-2")

    assert (end["is_good"], fleet.report("night-2")["certificates"]) == (True, {"unchanged": 3})
    assert there(server) == before


def test_an_account_that_fails_stops_no_other_and_is_in_the_report(fleet: Fleet, server: StrictAcm) -> None:
    issued = save("blog", "shop")
    manifest("blog", "shop")
    server.deny("ImportCertificate", account=GREEN)

    end = fleet.night("night-1")

    assert (end["is_good"], fleet.report("night-1")["code"]) == (False, 3)
    assert failures(fleet, "night-1") == [("green", "blog", "aws-denied"), ("green", "shop", "aws-denied")]
    assert fleet.report("night-1")["accounts"] == [
        {"account": "green", "account_id": GREEN, "failed": 2, "codes": {"aws-denied": 2}}
    ]
    assert there(server) == {"red": issued, "green": [], "blue": issued}


@pytest.mark.slow
def test_what_failed_is_done_again_alone(fleet: Fleet, server: StrictAcm) -> None:
    issued = save("blog", "shop")
    manifest("blog", "shop")
    server.deny("ImportCertificate", account=GREEN)
    fleet.night("night-1")
    server.deny(account=GREEN)
    fleet.invoked.clear()

    end = fleet.night("night-1-again", {"again": "night-1"})

    assert (end["is_good"], worked(fleet)) == (True, [1])
    assert fleet.report("night-1-again")["certificates"] == {"imported": 2}
    assert there(server)["green"] == issued


@pytest.mark.slow
def test_nothing_that_failed_is_nothing_to_do_again(fleet: Fleet) -> None:
    save("shop")
    manifest("shop")
    fleet.night("night-1")

    end = fleet.night("night-1-again", {"again": "night-1"})

    assert end == {"run": "night-1-again", "items": 0}


@pytest.mark.slow
def test_what_was_rolled_back_from_in_one_account_is_held_there_alone(
    fleet: Fleet, server: StrictAcm, run: Callable[..., Ran], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also that a ledger in a table knows it as one beside the program does."""
    client = boto3.client("s3", region_name=HOME)
    client.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    escrow = f'[escrow]\nbucket = "{BUCKET}"\nprefix = "escrow"\nkms_key = "alias/certkit"'
    monkeypatch.setenv("CERTKIT_LEDGER", fleet.environment["CERTKIT_LEDGER"])
    first = save("shop")
    manifest("shop", top=escrow)
    fleet.night("night-1")
    second = save("shop")
    fleet.night("night-2")
    config = tmp_path / "certkit.toml"
    client.download_file(BUCKET, "certkit.toml", str(config))
    ran = run("rollback", "shop", "--config", config, "--expect-account", RED)

    end = fleet.night("night-3")

    assert ran.code == 3, "two of three accounts are none that it may write to"
    assert there(server) == {"red": first, "green": second, "blue": second}
    assert (end["is_good"], fleet.report("night-3")["certificates"]) == (True, {"unchanged": 3})


@pytest.mark.slow
def test_a_worker_that_is_killed_loses_its_item_and_the_next_night_does_it(fleet: Fleet, server: StrictAcm) -> None:
    issued = save("shop")
    manifest("shop")
    fleet.killed[2] = 1

    fleet.night("night-1")
    lost = failures(fleet, "night-1")
    end = fleet.night("night-2")

    assert lost == [("green", "shop", "item-lost")]
    assert fleet.report("night-1")["items"] == {"done": 2, "lost": 1}
    assert (end["is_good"], there(server)["green"]) == (True, issued)


def test_a_worker_begins_nothing_more_when_its_time_is_nearly_up_and_the_next_call_does_what_is_left(
    fleet: Fleet, server: StrictAcm, wire: Proxy, clock: SettableClock
) -> None:
    issued = save("blog", "mail", "shop")
    manifest("blog", "mail", "shop")
    fleet.seconds[1] = 60
    wire.script("ImportCertificate", Rewrite(lambda _: clock.advance(timedelta(seconds=40))))

    end = fleet.night("night-1", {"accounts": ["red"]})

    result = fleet.read("fleet/night-1/items/00001.json")
    assert (end["is_good"], worked(fleet)) == (True, [1, 1])
    assert fleet.report("night-1")["certificates"] == {"imported": 3}
    assert [row["name"] for row in result["rows"]] == ["blog", "mail", "shop"]
    assert (result["left"], len(result["run"].split())) == ([], 2)
    assert there(server)["red"] == issued
    assert wire.operations.count("ImportCertificate") == 3
    assert locks() == []


@pytest.mark.slow
def test_a_worker_that_comes_to_nothing_in_its_time_is_not_called_again(
    fleet: Fleet, server: StrictAcm, wire: Proxy, clock: SettableClock
) -> None:
    save("blog", "shop")
    manifest("blog", "shop")
    fleet.seconds[1] = 60
    wire.script("GetResources", Rewrite(lambda _: clock.advance(timedelta(seconds=40))))

    fleet.night("night-1", {"accounts": ["red"]})

    assert worked(fleet) == [1]
    assert failures(fleet, "night-1") == [("red", "blog", "not-begun"), ("red", "shop", "not-begun")]
    assert there(server)["red"] == []
    assert locks() == []


@pytest.mark.slow
def test_a_call_whose_answer_was_lost_is_not_worked_off_a_second_time(fleet: Fleet, wire: Proxy) -> None:
    save("shop")
    manifest("shop")
    fleet.invoke("plan", {"run": "night-1", "input": {"accounts": ["red"]}})
    first = fleet.invoke("work", {"run": "night-1", "item": 1})
    before = fleet.read("fleet/night-1/items/00001.json")
    wire.forget()

    second = fleet.invoke("work", {"run": "night-1", "item": 1})

    assert second == first == {"run": "night-1", "item": 1, "code": 0, "again": False}
    assert fleet.read("fleet/night-1/items/00001.json") == before
    assert {sent.scope[1] for sent in wire.sent} == {"s3"}


@pytest.mark.parametrize("body", [b"<html>", b"[" * 100_000])
def test_a_document_that_none_of_them_wrote_is_an_error_that_names_it(fleet: Fleet, body: bytes) -> None:
    put("fleet/night-1/plan.json", body)

    with pytest.raises(InputUnreadableError, match=rf"^s3://{BUCKET}/fleet/night-1/plan\.json is no document"):
        fleet.invoke("work", {"run": "night-1", "item": 1})


@pytest.mark.slow
@pytest.mark.parametrize(
    ("key", "document", "function", "event"),
    [
        ("night-1/items/00001.json", {"code": 0, "rows": [{"name": "shop"}]}, "conclude", {"wave": 1}),
        ("night-1/before-2.json", ["shop"], "work", {"item": 2}),
        ("night-0/report.json", {"failures": {"account": "red"}}, "plan", {"input": {"again": "night-0"}}),
    ],
)
def test_every_document_is_held_to_its_shape(
    fleet: Fleet, key: str, document: object, function: str, event: dict[str, Any]
) -> None:
    save("shop")
    manifest("shop", waves={"green": 2, "blue": 3})
    fleet.invoke("plan", {"run": "night-1", "input": {}})
    put(f"fleet/{key}", json.dumps(document).encode())

    with pytest.raises(InputUnreadableError, match=f"^s3://{BUCKET}/fleet/{key} is no document"):
        fleet.invoke(function, {"run": "night-1", **event})


def test_a_later_wave_begins_once_the_one_before_it_went_well(fleet: Fleet, server: StrictAcm) -> None:
    issued = save("shop")
    manifest("shop", top='[waves]\npause = "30m"', waves={"green": 2, "blue": 2})

    begun = fleet.invoke("plan", {"run": "night-1", "input": {}})
    fleet.invoke("work", {"run": "night-1", "item": 1})
    first = there(server)
    ahead = fleet.invoke("conclude", {"run": "night-1", "wave": 1})

    assert (begun["wave"], begun["items"]) == (1, 1)
    assert first == {"red": issued, "green": [], "blue": []}
    assert (ahead["wave"], ahead["items"], ahead["pause"]) == (2, 2, 1800)


@pytest.mark.slow
def test_what_failed_in_one_wave_is_not_begun_in_the_next(fleet: Fleet, server: StrictAcm) -> None:
    issued = save("blog")
    put("shop.pem", b"no bundle")
    manifest("blog", "shop", waves={"blue": 2})

    fleet.night("night-1")

    assert failures(fleet, "night-1") == [
        ("green", "shop", "input-unreadable"),
        ("red", "shop", "input-unreadable"),
        ("blue", "shop", "not-begun"),
    ]
    assert there(server)["blue"] == issued


@pytest.mark.slow
def test_what_a_freeze_holds_back_in_one_wave_waits_in_the_next_and_is_no_failure(
    fleet: Fleet, server: StrictAcm
) -> None:
    issued = save("blog", "shop")
    freeze = '[[freeze]]\nfrom = 2026-11-22\nuntil = 2026-11-24\nreason = "sale"\naccounts = ["red"]\n'
    manifest("blog", "shop", top=freeze, waves={"green": 1, "blue": 2})

    end = fleet.night("night-1")

    assert there(server) == {"red": [], "green": issued, "blue": []}
    assert (end["is_good"], fleet.report("night-1")["certificates"]) == (True, {"imported": 2, "unchanged": 4})


@pytest.mark.slow
def test_enough_failures_stop_every_later_wave(fleet: Fleet, server: StrictAcm) -> None:
    save("blog", "shop")
    manifest("blog", "shop", top="[waves]\nmax_failures = 2", waves={"green": 2, "blue": 3})
    server.deny("ImportCertificate", account=RED)

    fleet.night("night-1")

    assert worked(fleet) == [1]
    assert [code for _, _, code in failures(fleet, "night-1")] == ["aws-denied"] * 2 + ["not-begun"] * 4
    assert there(server) == {"red": [], "green": [], "blue": []}


@pytest.mark.slow
def test_only_what_is_asked_for_is_done_and_that_is_no_heartbeat_of_the_job(fleet: Fleet, ledger: Ledger) -> None:
    save("blog", "shop")
    manifest("blog", "shop")

    fleet.night("some", {"only": ["shop"], "accounts": ["red"]})
    beats = [entry.arn for entry in ledger.entries(HEARTBEATS)]
    fleet.night("all")

    assert fleet.report("some")["certificates"] == {"imported": 1}
    assert beats == [None, None]
    assert [entry.arn for entry in ledger.entries(HEARTBEATS) if entry.arn] == ["renew"]


@pytest.mark.slow
def test_no_key_is_in_what_the_workers_leave_nor_in_what_they_say(fleet: Fleet) -> None:
    save("blog")
    key = make_chain().key_pem
    put("shop.pem", key + b"no certificate")
    manifest("blog", "shop")

    fleet.night("night-1")

    client = boto3.client("s3", region_name=HOME)
    listed = [found["Key"] for found in client.list_objects_v2(Bucket=BUCKET, Prefix="fleet/")["Contents"]]
    left = [client.get_object(Bucket=BUCKET, Key=key)["Body"].read() for key in listed]
    body = key.splitlines()[1]
    assert len(listed) == 6
    assert all(body not in text for text in [*left, fleet.said.getvalue().encode()])


def test_a_manifest_that_changes_under_a_run_is_not_worked_on(fleet: Fleet, server: StrictAcm) -> None:
    save("blog", "shop")
    manifest("shop")
    fleet.invoke("plan", {"run": "night-1", "input": {}})
    manifest("blog", "shop")

    with pytest.raises(PlanChangedError, match="is not the manifest that the plan was made of"):
        fleet.invoke("work", {"run": "night-1", "item": 1})

    assert there(server) == {"red": [], "green": [], "blue": []}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"onyl": ["shop"]}, "the input has no 'onyl'"),
        ({"only": "shop"}, "'only' of the input is no list of names"),
        ({"only": ["shpo"]}, "--only 'shpo': .* names no such certificate"),
        ({"accounts": ["rad"]}, "--account 'rad': .* names no such account"),
        ({"again": 1}, "'again' of the input is no run"),
        ({"again": "../escrow"}, "'../escrow' is no run"),
    ],
)
def test_an_input_that_cannot_be_meant_begins_nothing(fleet: Fleet, given: dict[str, Any], message: str) -> None:
    manifest("shop")

    with pytest.raises(UsageError, match=message):
        fleet.invoke("plan", {"run": "night-1", "input": given})


@pytest.mark.parametrize(
    ("variable", "value", "message"),
    [
        ("CERTKIT_LEDGER", "/tmp/ledger.sqlite3", "CERTKIT_LEDGER is no ledger that workers share"),  # noqa: S108 -- refused
        ("CERTKIT_LEDGER", "", "CERTKIT_LEDGER is not set"),
        ("CERTKIT_MANIFEST", "", "CERTKIT_MANIFEST is not set"),
        ("CERTKIT_FLEET", "/tmp/fleet", "CERTKIT_FLEET=/tmp/fleet is no place in S3"),  # noqa: S108 -- refused
        ("CERTKIT_FLEET_PARALLEL", "many", "CERTKIT_FLEET_PARALLEL=many is no number of workers"),
    ],
)
def test_a_function_that_is_set_up_wrongly_says_what_is_wrong(
    fleet: Fleet, variable: str, value: str, message: str
) -> None:
    manifest("shop")
    fleet.environment[variable] = value

    with pytest.raises(ConfigurationError, match=message):
        fleet.invoke("plan", {"run": "night-1", "input": {}})


def test_a_command_is_refused_that_every_worker_would_run(fleet: Fleet) -> None:
    manifest("shop", more='renew_command = ["certbot", "renew"]')

    with pytest.raises(ConfigurationError, match="shop: renew_command would be run by each worker"):
        fleet.invoke("plan", {"run": "night-1", "input": {}})
