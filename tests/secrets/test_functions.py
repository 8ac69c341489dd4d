"""Tests that no Lambda function brings a private key or a password into what it answers, leaves, logs or fails of."""

from __future__ import annotations

import io
import json
import tempfile
import traceback
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import boto3
import pytest

from certkit.cli import deploying
from certkit.cli.session import Session
from certkit.invocation import JobFailedError, run
from tests.aws.faults import Fault, Page, Refusal
from tests.aws.scene import HOME
from tests.cli.bundles import pem, pfx, shop
from tests.fleet.estate import RED, put
from tests.fleet.scene import BUCKET
from tests.issuing import Request
from tests.ledger.scene import TABLE
from tests.secrets.canaries import Traces, traces

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.aws.faults import Proxy, Step
    from tests.fleet.scene import Fleet

pytest_plugins = ["tests.aws.fixtures", "tests.fleet.fixtures"]

PASSWORD: Final = "canary of the bundle's password"
SHOP: Final = shop(Request(sans=("shop.example.com",), key=("EC_prime256v1", 40)))
ECHO: Final = Refusal("ValidationException", f'no: {SHOP.key_pem.decode()}, "password": "{PASSWORD}"')
MANIFEST: Final = f"""
[accounts.red]
id = "{RED}"
role = "arn:aws:iam::{RED}:role/certkit"
[certificates.shop]
source = "s3://{BUCKET}/shop.pfx"
passin = "secretsmanager://shop#password"
accounts = ["red"]
"""


@dataclass(frozen=True, slots=True)
class Canary:
    """Everything that a function may leave behind, and what must not be in it.

    Attributes:
        folder: for temporary files, and the state.
    """

    fleet: Fleet
    traces: Traces
    folder: Path

    def leaks(self, *answers: object) -> list[object]:
        """What should not be there."""
        return [
            *self.traces.found_in(repr(answers) + json.dumps(answers, default=str) + self.fleet.said.getvalue()),
            *self.traces.found_in("".join(map(_trace, answers))),
            *self.traces.found_in("".join(self.left().values())),
            *self.traces.found_in_files(self.folder),
        ]

    def left(self) -> dict[str, str]:
        """What stands in the bucket of the runs and in the ledger's table, bundles and manifest apart."""
        s3 = boto3.client("s3", region_name=HOME)
        keys = [one["Key"] for one in s3.list_objects_v2(Bucket=BUCKET, Prefix="fleet/").get("Contents", [])]
        table = boto3.client("dynamodb", region_name=HOME).scan(TableName=TABLE)["Items"]
        return {
            **{key: s3.get_object(Bucket=BUCKET, Key=key)["Body"].read().decode() for key in keys},
            "table": json.dumps(table, default=str),
        }

    def invoke(self, event: object = None) -> object:
        """Calls the handler of the nightly function, and returns its answer, or what it failed of."""
        own = {**self.fleet.environment, "CERTKIT_STATE": str(self.folder / "state")}
        session = Session(own, io.BytesIO(), io.StringIO(), self.fleet.said, self.fleet.clock, asks=False)
        try:
            return run(event, None, session)
        except JobFailedError as error:
            return error


def _trace(answer: object) -> str:
    return "".join(traceback.format_exception(answer)) if isinstance(answer, BaseException) else ""


@pytest.fixture
def canary(fleet: Fleet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Canary:
    """A locked bundle in S3, its password in a store, and the manifest that names both."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    put("shop.pfx", pfx(SHOP, PASSWORD))
    put("certkit.toml", MANIFEST.encode())
    manager = boto3.client("secretsmanager", region_name=HOME)
    manager.create_secret(Name="shop", SecretString=json.dumps({"password": PASSWORD}))
    return Canary(fleet, traces(SHOP.key_pem, PASSWORD), tmp_path)


def test_the_canaries_are_found_where_they_are(canary: Canary) -> None:
    assert canary.leaks({"message": PASSWORD}) != []
    assert canary.leaks(ValueError(SHOP.key_pem.decode())) != []
    put("fleet/night-1/plan.json", pem(SHOP))
    assert canary.leaks() != []


def nothing(wire: Proxy, monkeypatch: pytest.MonkeyPatch) -> None:
    del wire, monkeypatch


def answering(operation: str, step: Step) -> Callable[[Proxy, pytest.MonkeyPatch], None]:
    """Has an operation always answer so."""
    return lambda wire, _: wire.always(operation, step)


def another_password(wire: Proxy, monkeypatch: pytest.MonkeyPatch) -> None:
    """Has the bundle locked with another one than the store has."""
    del wire, monkeypatch
    put("shop.pfx", pfx(SHOP, "another"))


def bundle_cut_off(wire: Proxy, monkeypatch: pytest.MonkeyPatch) -> None:
    """Has the bundle end in the middle of its key."""
    del wire, monkeypatch
    put("shop.pfx", pem(SHOP)[:-40])


def manifest_that_is_a_bundle(wire: Proxy, monkeypatch: pytest.MonkeyPatch) -> None:
    """Has a bundle where the manifest should be."""
    del wire, monkeypatch
    put("certkit.toml", pem(SHOP))


def bug(wire: Proxy, monkeypatch: pytest.MonkeyPatch) -> None:
    """Has a bug, with all there is in its traceback."""
    del wire

    def fail(*_: object) -> None:
        raise AssertionError(SHOP.key_pem, {"PrivateKey": SHOP.traditional_key_pem, "password": PASSWORD})

    monkeypatch.setattr(deploying, "decide_all", fail)


CASES: Final = {
    "nothing": pytest.param(nothing, marks=pytest.mark.slow),
    "echo": answering("ImportCertificate", ECHO),
    "store": pytest.param(answering("GetSecretValue", ECHO), marks=pytest.mark.slow),
    "half": pytest.param(answering("GetSecretValue", Fault.HALF_AFTER), marks=pytest.mark.slow),
    "page": pytest.param(answering("GetSecretValue", Page(PASSWORD)), marks=pytest.mark.slow),
    "ledger": pytest.param(answering("TransactWriteItems", ECHO), marks=pytest.mark.slow),
    "lost": pytest.param(answering("ImportCertificate", Fault.ERROR_AFTER), marks=pytest.mark.slow),
    "password": pytest.param(another_password, marks=pytest.mark.slow),
    "cut-off": pytest.param(bundle_cut_off, marks=pytest.mark.slow),
    "bug": pytest.param(bug, marks=pytest.mark.slow),
    "manifest": manifest_that_is_a_bundle,
}


@pytest.mark.parametrize("arrange", CASES.values(), ids=CASES)
def test_the_nightly_function_leaks_nothing(
    canary: Canary,
    wire: Proxy,
    monkeypatch: pytest.MonkeyPatch,
    arrange: Callable[[Proxy, pytest.MonkeyPatch], None],
) -> None:
    arrange(wire, monkeypatch)

    answers = [canary.invoke({"command": [command, "--verbose"]}) for command in ("plan", "renew")]

    assert canary.fleet.said.getvalue() or isinstance(answers[0], JobFailedError)
    assert canary.leaks(*answers) == []


@pytest.mark.parametrize("arrange", CASES.values(), ids=CASES)
def test_no_step_of_a_fleet_leaks(
    canary: Canary,
    wire: Proxy,
    monkeypatch: pytest.MonkeyPatch,
    arrange: Callable[[Proxy, pytest.MonkeyPatch], None],
) -> None:
    arrange(wire, monkeypatch)
    answers: list[object] = []

    for name, event in (("plan", {"input": {}}), ("work", {"item": 1}), ("conclude", {"wave": 1})):
        try:
            answers.append(canary.fleet.invoke(name, {"run": "night-1", **event}))
        except Exception as error:  # noqa: BLE001 -- as Lambda tells it to the state machine
            answers.append(error)

    assert len(answers) == 3
    assert canary.leaks(*answers) == []
