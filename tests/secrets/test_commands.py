"""Tests that no command of certkit brings a private key or a password into what it shows, logs or remembers."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import boto3
import pytest

from certkit.cli import deploying
from certkit.cli.app import COMMANDS
from tests.aws.faults import Fault, Page, Refusal
from tests.aws.scene import HOME
from tests.cli.bundles import pfx
from tests.escrow.scene import recipient
from tests.issuing import Issued, Request, make_chain
from tests.secrets.canaries import Traces, traces

if TYPE_CHECKING:
    from collections.abc import Callable

    from certkit.testing import SettableClock, StrictAcm
    from tests.aws.faults import Proxy, Step
    from tests.aws.scene import Ran

pytest_plugins = ["tests.aws.fixtures"]

PASSWORD: Final = "canary of the bundle's password"
WRONG: Final = "canary of a wrong password"
OWN: Final = "canary of the recipient's password"
TOKEN: Final = "canary-of-an-address-that-is-a-secret"
FIRST: Final = Request(sans=("shop.example.com",), key=("EC_prime256v1", 70))
READ: Final = ("../in/shop.pfx", "--passin", "env:RIGHT")
MANIFEST: Final = """
[escrow]
bucket = "my-escrow"
kms_key = "alias/certkit"
[notify]
webhook = "env:WEBHOOK"
[job]
ping = "env:PING"
[certificates.shop]
source = "../in/shop.pfx"
passin = "env:RIGHT"
owner = "web"
"""
FOLDER: Final = ("--escrow", "file:vault?recipient=../in/own.crt")
OPENED: Final = (*FOLDER, "--key", "../in/own.key", "--passin", "env:OWN")
JSON: Final = ("--format", "json")

CASES: Final[dict[str, tuple[tuple[str, ...], ...]]] = {
    "inspect": (READ, (*READ, *JSON), READ[:1], (READ[0], "--passin", "env:WRONG")),
    "split": ((*READ, "--out", "out"), (READ[0], "--passin", "env:WRONG"), (*READ, "--out", "certkit.toml")),
    "pack": (
        ("--key", "../in/shop.key", "--body", "../in/shop.crt", "-o", "packed.pfx", "--passout", "env:RIGHT"),
        ("--key", "../in/shop.key", "--body", "../in/shop.crt", "-o", "packed.pfx"),
        ("--key", "../in/own.key", "--passin", "env:WRONG", "--body", "../in/shop.crt", "-o", "packed.pem"),
    ),
    "validate": (
        *((*READ, "--format", each) for each in ("text", "json", "sarif", "junit", "github")),
        ("--as-is", "--body", "../in/shop.crt", "--key", "../in/shop.key"),
        ("--as-is", "--body", "../in/shop.key", "--key", "../in/shop.crt", *JSON),
        (READ[0], "--passin", "env:WRONG"),
    ),
    "rules": ((),),
    "import": (
        (*READ, "--name", "shop"),
        (*READ, "--name", "shop", "--dry-run", *JSON),
        (*READ, "--name", "another", *JSON),
        (READ[0], "--name", "shop", "--passin", "env:WRONG"),
        (READ[0], "--name", "shop", "--passin", f"pass:{PASSWORD}"),
        (READ[0], "--name", "shop", *JSON),
        (*READ, "--name", "shop", *FOLDER),
    ),
    "plan": ((), JSON, ("missing.toml",)),
    "apply": ((), JSON, ("--expect", "0" * 64), ("--no-ledger",)),
    "renew": ((), JSON, ("--dry-run",)),
    "config": (("check",), ("check", *JSON), ("schema",)),
    "hook": (("certbot", "--name", "shop"), ("lego", *JSON)),
    "schedule": (("cron",), ("systemd", *JSON), ("lambda", *JSON)),
    "adopt": (("--all", "--out", "adopted.toml"), ("--all", *JSON), ("{arn}", "--name", "adopted", *JSON)),
    "status": (
        *(("--format", each) for each in ("text", "json", "csv", "prometheus", "html")),
        ("../in/shop.pem", "--findings"),
        ("--notify", "--within", "30000d"),
    ),
    "forecast": ((), JSON),
    "verify": (
        ("127.0.0.1:1", *READ),
        ("127.0.0.1:1", *READ, *JSON),
        ("127.0.0.1:1", READ[0], "--passin", "env:WRONG"),
        ("127.0.0.1:1", *READ, "--starttls", "smtp"),
    ),
    "rollback": (
        ("shop", "--list"),
        ("shop", "--dry-run", *JSON),
        ("shop", *JSON),
        ("shop", *OPENED),
        ("shop", *FOLDER),
        ("shop", *FOLDER, "--key", "../in/own.key", "--passin", "env:WRONG"),
        ("shop", *FOLDER, "--key", "../in/shop.key"),
    ),
    "prune": ((), ("--yes", *JSON)),
    "migrate": (
        ("shop", "--to", *READ, "--new-arn"),
        ("shop", "--to", *READ, *JSON),
        ("shop", "--to", READ[0], "--passin", "env:WRONG"),
        ("shop", "--to", *READ, "--new-arn", "--apply", *JSON),
        ("shop", "--retire", "--yes", *JSON),
        ("shop", "--revert", "--apply"),
    ),
    "history": ((), JSON),
    "policy": (("reader",), ("renewer",), ("creator", *JSON)),
    "doctor": ((), JSON, ("--jobs",), ("--jobs", *JSON)),
}
"""What each command is run with, its failures included."""

SLOW: Final = frozenset({"migrate"})
"""What asks every region, several times over."""

NOT_RUN: Final = frozenset({"sandbox"})
"""What runs other programs: `test_outputs` runs `import` inside of it."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A folder `work` in which certkit runs, and `in` beside it, where secrets belong.

    Attributes:
        arn: of the certificate in ACM.
    """

    folder: Path
    traces: Traces
    arn: str
    run: Callable[..., Ran]

    def ran(self, name: str, given: tuple[str, ...]) -> Ran:
        """Runs one command with all that it logs."""
        return self.run(name, *(each.replace("{arn}", self.arn) for each in given), "--debug")

    def leaks(self, done: Ran) -> list[object]:
        """Everything that should not be there: in what was shown, and in every file that certkit has written."""
        allowed = [self.folder / "work" / "out" / "cert_key.pem"]
        return [
            *self.traces.found_in(done.out),
            *self.traces.found_in(done.err),
            *self.traces.found_in_files(self.folder / "work", but=allowed),
            *self.traces.found_in_files(Path(os.environ["CERTKIT_STATE"])),
        ]


@cache
def _canaries() -> tuple[Issued, Traces]:
    issued = make_chain(leaf=FIRST)
    own = traces(recipient().key_pem, PASSWORD, WRONG, OWN, TOKEN)
    return issued, Traces(traces(issued.key_pem).pieces | own.pieces)


@pytest.fixture
def scene(
    run: Callable[..., Ran],
    server: StrictAcm,
    wire: Proxy,
    clock: SettableClock,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Scene:
    """A manifest whose certificate was imported twice, and kept in both kinds of escrow."""
    (tmp_path / "in").mkdir()
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "work"))
    addresses = dict.fromkeys(("WEBHOOK", "PING"), f"https://127.0.0.1/{TOKEN}?token={TOKEN}")
    words = {"RIGHT": PASSWORD, "WRONG": WRONG, "OWN": OWN}
    for name, value in {"TMPDIR": str(tmp_path / "work"), **words, **addresses}.items():
        monkeypatch.setenv(name, value)
    issued, found = _canaries()
    older = make_chain(leaf=replace(FIRST, not_before=FIRST.not_before - timedelta(days=1)))
    s3 = boto3.client("s3", endpoint_url=server.url, region_name=HOME)
    s3.create_bucket(Bucket="my-escrow")
    s3.put_bucket_versioning(Bucket="my-escrow", VersioningConfiguration={"Status": "Enabled"})
    (tmp_path / "work" / "certkit.toml").write_text(MANIFEST)
    for each in (older, issued):
        _save(tmp_path / "in", each)
        for done in (run("apply"), run("import", *READ, "--name", "shop", *FOLDER)):
            assert (done.code, "not in escrow" in done.out) == (0, False)
        clock.advance(timedelta(days=1))
    wire.forget()
    return Scene(tmp_path, found, next(iter(server.backend()._records)), run)


def _save(folder: Path, issued: Issued) -> None:
    (folder / "shop.pfx").write_bytes(pfx(issued, PASSWORD))
    (folder / "shop.pem").write_bytes(issued.key_pem + issued.pem + issued.chain_pem)
    (folder / "shop.key").write_bytes(issued.key_pem)
    (folder / "shop.crt").write_bytes(issued.pem)
    (folder / "own.crt").write_bytes(recipient().pem)
    (folder / "own.key").write_bytes(recipient().encrypted_key_pem(OWN.encode()))


def test_every_command_is_run() -> None:
    assert {*CASES} == {*COMMANDS} - NOT_RUN


@pytest.mark.parametrize("name", [pytest.param(name, marks=pytest.mark.slow if name in SLOW else ()) for name in CASES])
def test_nothing_leaks(scene: Scene, name: str) -> None:
    for given in CASES[name]:
        done = scene.ran(name, given)

        assert done.code in {0, 1, 2, 3}
        assert (given, scene.leaks(done)) == (given, [])


def _echo(code: str) -> Refusal:
    """An answer that quotes what was sent."""
    return Refusal(code, f"1 validation error: {_canaries()[0].key_pem.decode()}")


@pytest.mark.parametrize(
    ("operation", "step"),
    [
        ("ImportCertificate", _echo("ValidationException")),
        ("ImportCertificate", Fault.RESET_AFTER),
        ("ImportCertificate", Page()),
        ("PutObject", _echo("AccessDenied")),
        ("PutObject", Fault.RESET_AFTER),
        ("PutObject", Page()),
        ("GetObject", _echo("AccessDenied")),
        ("GetObject", Fault.HALF_AFTER),
        ("GetObject", Page()),
    ],
    ids=lambda step: step if isinstance(step, str) else getattr(step, "name", type(step).__name__),
)
def test_no_failure_of_aws_brings_out_the_key(scene: Scene, wire: Proxy, operation: str, step: Step) -> None:
    wire.always(operation, step)

    back = scene.ran("rollback", ("shop",))
    again = scene.ran("apply", JSON)
    history = scene.ran("history", ())

    assert operation in wire.operations
    assert [scene.leaks(done) for done in (back, again, history)] == [[], [], []]


@pytest.mark.parametrize("given", [("import", *READ, "--name", "new"), ("apply",), ("rollback", "shop")], ids=" ".join)
def test_the_traceback_of_a_bug_holds_no_key(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, given: tuple[str, ...]
) -> None:
    issued, _ = _canaries()

    def fail(*_: object) -> None:
        raise AssertionError(issued.key_pem, {"PrivateKey": issued.key_pem.decode()})

    monkeypatch.setattr(deploying, "decide_all", fail)

    done = scene.ran(given[0], given[1:])

    assert done.code == 70
    assert "AssertionError" in done.err
    assert scene.leaks(done) == []
