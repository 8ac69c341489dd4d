"""Tests that what stores hold comes into no log, output, traceback or file, whether it can be used or not."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import boto3
import pytest

from tests.aws.faults import Fault, Page, Refusal
from tests.cli.bundles import pem, pfx, shop
from tests.issuing import Request
from tests.secrets.canaries import Traces, traces

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from certkit.testing import StrictAcm
    from tests.aws.faults import Proxy, Step
    from tests.aws.scene import Ran

pytest_plugins = ["tests.aws.fixtures"]

PASSWORD: Final = "canary: \"of' a, {pass} wörd\\!"
SHOP: Final = shop(Request(sans=("shop.example.com",), key=("EC_prime256v1", 40)))
SOURCES: Final = (
    "s3://bundles/shop.pfx",
    "s3://bundles/shop.pem",
    "secretsmanager://binary",
    "secretsmanager://fields#pfx",
    "secretsmanager://fields#pem",
    "secretsmanager://fields#none",
    "secretsmanager://fields#table",
    "secretsmanager://fields",
    "secretsmanager://text",
    "ssm:///pem",
    "ssm:///cut-off",
)
PASSINS: Final = ("secretsmanager://fields#password", "ssm:///password", "secretsmanager://fields")


@dataclass(frozen=True, slots=True)
class Canary:
    """What must not be found."""

    traces: Traces
    folder: Path

    def leaks(self, done: Ran) -> list[object]:
        """Everything that should not be there."""
        return [
            *self.traces.found_in(done.out + done.err),
            *self.traces.found_in_files(self.folder, but=[self.folder / "cert_key.pem"]),
        ]


@pytest.fixture
def canary(wire: Proxy, server: StrictAcm, tmp_path: Path) -> Canary:  # noqa: ARG001 -- the commands are led there
    """A key and a password in every store, and an empty folder."""
    s3 = boto3.client("s3", endpoint_url=server.url)
    s3.create_bucket(Bucket="bundles")
    bundle = pfx(SHOP, PASSWORD)
    s3.put_object(Bucket="bundles", Key="shop.pfx", Body=bundle)
    s3.put_object(Bucket="bundles", Key="shop.pem", Body=pem(SHOP))
    fields = {
        "password": PASSWORD,
        "pfx": base64.b64encode(bundle).decode(),
        "pem": pem(SHOP).decode(),
        "table": {"password": PASSWORD},
    }
    manager = boto3.client("secretsmanager", endpoint_url=server.url)
    manager.create_secret(Name="binary", SecretBinary=pem(SHOP))
    manager.create_secret(Name="fields", SecretString=json.dumps(fields))
    manager.create_secret(Name="text", SecretString=PASSWORD)
    ssm = boto3.client("ssm", endpoint_url=server.url)
    ssm.put_parameter(Name="/pem", Value=pem(SHOP).decode(), Type="SecureString")
    ssm.put_parameter(Name="/cut-off", Value=pem(SHOP).decode()[:-40], Type="SecureString")
    ssm.put_parameter(Name="/password", Value=PASSWORD, Type="SecureString")
    (tmp_path / "out").mkdir()
    return Canary(traces(SHOP.key_pem, PASSWORD, PASSWORD[:9], PASSWORD[12:20], PASSWORD[-7:]), tmp_path / "out")


def test_the_canaries_are_found_where_they_are(canary: Canary) -> None:
    forms = (pem(SHOP), json.dumps({"SecretString": PASSWORD}).encode(), PASSWORD.encode(), repr(PASSWORD).encode())

    assert all(canary.traces.found_in(form) for form in forms)
    assert canary.traces.found_in(SHOP.pem + SHOP.chain_pem) == []


@pytest.mark.parametrize("name", ["inspect", "split", "validate"])
@pytest.mark.parametrize("source", SOURCES)
def test_nothing_that_a_store_holds_leaks(run: Callable[..., Ran], canary: Canary, source: str, name: str) -> None:
    out = ("--out", canary.folder) if name == "split" else ()

    done = run(name, source, "--passin", "secretsmanager://fields#password", "--debug", *out)

    assert "GetSecretValue" in done.err
    assert canary.leaks(done) == []


@pytest.mark.parametrize("passin", PASSINS)
def test_no_password_leaks(run: Callable[..., Ran], canary: Canary, passin: str) -> None:
    done = run("inspect", "s3://bundles/shop.pfx", "--passin", passin, "--debug", "--format", "json")

    assert done.code == (3 if passin == PASSINS[2] else 0)
    assert canary.leaks(done) == []


@pytest.mark.parametrize(
    "step",
    [Fault.HALF_AFTER, Fault.ERROR_AFTER, Page(), Refusal("ValidationException", f"not this: {SHOP.key_pem.decode()}")],
    ids=["half", "500", "web page", "echo"],
)
@pytest.mark.parametrize("source", ["s3://bundles/shop.pem", "secretsmanager://fields#pem", "ssm:///pem"])
def test_no_fault_makes_it_leak(run: Callable[..., Ran], canary: Canary, wire: Proxy, source: str, step: Step) -> None:
    for operation in ("GetObject", "GetSecretValue", "GetParameter"):
        wire.always(operation, step)

    done = run("inspect", source, "--debug")

    assert done.code == 3
    assert canary.leaks(done) == []


def test_an_import_from_stores_leaks_nothing(run: Callable[..., Ran], canary: Canary) -> None:
    given = ("secretsmanager://fields#pfx", "--passin", "ssm:///password", "--name", "shop")

    done = run("import", *given, "--debug", "--ledger", canary.folder / "ledger")

    assert done.code == 0
    assert canary.leaks(done) == []
