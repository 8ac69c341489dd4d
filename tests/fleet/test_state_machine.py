"""The state machine of deploy/fleet, run by moto's interpreter; it calls the functions, in this process, over HTTP.

What moto hides is left to `test_steps.py`: a child that fails does not fail its Map there, nor is a failure tolerated or not.
"""

from __future__ import annotations

import json
from datetime import timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto.core.config import default_user_config
from moto.stepfunctions.parser.asl.component.common.retry import retrier_decl

from tests.aws.faults import Rewrite
from tests.aws.scene import HOME
from tests.fleet import scene
from tests.fleet.estate import GREEN, manifest, save, there

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from certkit.testing import StrictAcm
    from tests.aws.faults import Proxy
    from tests.fleet.scene import Fleet

pytest_plugins = ["tests.aws.fixtures", "tests.fleet.fixtures"]


@pytest.fixture
def execute(fleet: Fleet, server: StrictAcm, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Any]]:
    """Executes the state machine, and returns the execution once it has ended; its retries wait for nothing."""
    monkeypatch.setitem(default_user_config, "stepfunctions", {"execute_state_machine": True})
    monkeypatch.setattr(retrier_decl, "time", SimpleNamespace(sleep=lambda _: None))
    with scene.front(server.url, fleet.invoke) as port:
        monkeypatch.setenv("MOTO_PORT", port)  # where the interpreter finds all services
        client = boto3.client("stepfunctions", region_name=HOME)
        role = f"arn:aws:iam::{server.account}:role/fleet"
        machine = client.create_state_machine(name="fleet", definition=scene.state_machine(), roleArn=role)

        def run(name: str, **given: object) -> dict[str, Any]:
            arn = machine["stateMachineArn"]
            started = client.start_execution(stateMachineArn=arn, name=name, input=json.dumps(given))
            return scene.executed(started["executionArn"])

        yield run


def test_every_lane_is_worked_on_and_an_account_that_fails_fails_the_execution_with_the_report(
    fleet: Fleet, execute: Callable[..., Any], server: StrictAcm
) -> None:
    issued = save("shop")
    manifest("shop")
    server.deny("ImportCertificate", account=GREEN)

    ended = execute("night-1")

    assert (ended["status"], ended["error"]) == ("FAILED", "certkit.failed")
    assert ended["cause"] == "1 failed, 2 imported; s3://certkit-runs/fleet/night-1/report.json"
    assert there(server) == {"red": issued, "green": [], "blue": issued}
    assert [(one["account"], one["code"]) for one in fleet.report("night-1")["failures"]] == [("green", "aws-denied")]


@pytest.mark.slow
def test_a_worker_that_is_killed_is_tried_again_and_one_that_is_killed_twice_stops_no_other(
    fleet: Fleet, execute: Callable[..., Any], server: StrictAcm
) -> None:
    issued = save("shop")
    manifest("shop")
    fleet.killed |= {1: 1, 2: 2}

    ended = execute("night-1")

    assert ended["status"] == "FAILED"
    assert there(server) == {"red": issued, "green": [], "blue": issued}
    assert [(one["account"], one["code"]) for one in fleet.report("night-1")["failures"]] == [("green", "item-lost")]


@pytest.mark.slow
def test_a_worker_that_leaves_some_is_called_again(
    fleet: Fleet, execute: Callable[..., Any], server: StrictAcm, wire: Proxy
) -> None:
    issued = save("blog", "shop")
    manifest("blog", "shop")
    fleet.seconds[1] = 60
    wire.script("ImportCertificate", Rewrite(lambda _: fleet.clock.advance(timedelta(seconds=40))))

    ended = execute("night-1", accounts=["red"])

    assert ended["status"] == "SUCCEEDED"
    assert [name for name, _ in fleet.invoked] == ["plan", "work", "work", "conclude"]
    assert fleet.report("night-1")["certificates"] == {"imported": 2}
    assert there(server)["red"] == issued


@pytest.mark.slow
def test_wave_comes_after_wave_and_the_next_execution_does_what_failed_alone(
    fleet: Fleet, execute: Callable[..., Any], server: StrictAcm
) -> None:
    issued = save("shop")
    manifest("shop", waves={"green": 2, "blue": 3}, top='[waves]\npause = "1s"')
    fleet.killed[2] = 2

    failed = execute("night-1")
    order = [event.get("item", event.get("wave")) for name, event in fleet.invoked if name != "plan"]
    fleet.invoked.clear()
    done = execute("night-1-again", again="night-1")

    assert (failed["status"], done["status"]) == ("FAILED", "SUCCEEDED")
    assert order == [1, 1, 2, 2, 2, 3, 3]
    assert there(server) == {"red": issued, "green": issued, "blue": issued}
    assert [name for name, _ in fleet.invoked] == ["plan", "work", "conclude", "work", "conclude"]


def test_an_input_that_cannot_be_meant_fails_the_execution_at_once(fleet: Fleet, execute: Callable[..., Any]) -> None:
    manifest("shop")

    ended = execute("night-1", onyl=["shop"])

    assert (ended["status"], ended["error"]) == ("FAILED", "UsageError")
    assert [name for name, _ in fleet.invoked] == ["plan"]
