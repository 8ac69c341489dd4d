"""The strict ACM at a standing time, behind the proxy, and certkit run against it in this process.

A test module that wants them says `pytest_plugins = ["tests.aws.fixtures"]`; to import from here is too late for pytest.
"""

from __future__ import annotations

import io
import logging
import os
from datetime import timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import boto3
import botocore.endpoint
import pytest

from certkit.aws.acm import Acm
from certkit.aws.pacing import Timing
from certkit.aws.sessions import Session as AwsSession
from certkit.cli import app
from certkit.cli.session import Session
from certkit.testing import SettableClock
from certkit.testing.plugin import strict_acm, strict_acm_sessions  # noqa: F401 -- fixtures
from tests.aws.faults import proxy
from tests.aws.remembering import Memory
from tests.aws.scene import HOME, NOW, Ran

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from threading import Event

    from certkit.testing import StrictAcm
    from tests.aws.faults import Proxy
    from tests.issuing import Issued


@pytest.fixture(scope="session")
def memory_of_botocore() -> Memory:
    """What botocore works out once for all sessions of all tests."""
    return Memory()


@pytest.fixture
def clock() -> SettableClock:
    """The time of the strict ACM, and of what waits for it."""
    return SettableClock(NOW)


@pytest.fixture
def server(
    strict_acm: StrictAcm,  # noqa: F811 -- the fixture
    clock: SettableClock,
    memory_of_botocore: Memory,
    monkeypatch: pytest.MonkeyPatch,
) -> StrictAcm:
    """The strict ACM, at a time that only waiting moves on: botocore's pauses take none of ours."""
    strict_acm.now = clock
    waiting = SimpleNamespace(sleep=lambda seconds: clock.advance(timedelta(seconds=seconds)))
    monkeypatch.setattr(botocore.endpoint, "time", waiting)
    memory_of_botocore.give(monkeypatch)
    return strict_acm


@pytest.fixture
def wire(server: StrictAcm, monkeypatch: pytest.MonkeyPatch) -> Iterator[Proxy]:
    """The proxy before the strict ACM, to which all AWS clients of the test are led."""
    with proxy(server.url) as front:
        monkeypatch.setenv("AWS_ENDPOINT_URL", front.url)
        yield front


@pytest.fixture
def timing(clock: SettableClock) -> Timing:
    """What keeping to the rates goes by: the time of the strict ACM, so that it takes none of ours."""
    return Timing(lambda: clock().timestamp(), lambda seconds: clock.advance(timedelta(seconds=seconds)))


@pytest.fixture
def acm(wire: Proxy, timing: Timing) -> Acm:  # noqa: ARG001 -- it leads there
    """ACM in the home region, as certkit sees it."""
    return Acm(AwsSession(timing=timing), HOME)


@pytest.fixture
def put(server: StrictAcm) -> Callable[..., str]:
    """Imports a certificate as somebody else would, past the proxy, and returns the ARN; `certkit_name` is a tag."""

    def import_issued(issued: Issued, *, region: str = HOME, **tags: str) -> str:
        client = boto3.client("acm", endpoint_url=server.url, region_name=region)
        more: dict[str, Any] = {"CertificateChain": issued.chain_pem} if issued.issuer else {}
        if tags:
            more["Tags"] = [{"Key": key.replace("certkit_", "certkit:"), "Value": value} for key, value in tags.items()]
        answer = client.import_certificate(Certificate=issued.pem, PrivateKey=issued.key_pem, **more)
        return str(answer["CertificateArn"])

    return import_issued


@pytest.fixture
def amazon_issued(server: StrictAcm) -> str:
    """The ARN of a certificate that Amazon issued."""
    client = boto3.client("acm", endpoint_url=server.url)
    return str(client.request_certificate(DomainName="shop.example.com")["CertificateArn"])


@pytest.fixture
def run(clock: SettableClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Ran]]:
    """Runs certkit with these arguments, in the environment and a folder of the test, at the time of the strict ACM."""
    monkeypatch.chdir(tmp_path)
    root = logging.getLogger()
    handlers, level, factory = root.handlers[:], root.level, logging.getLogRecordFactory()

    def timer() -> float:
        return clock().timestamp()

    def wait(event: Event, seconds: float) -> bool:
        clock.advance(timedelta(seconds=seconds))
        return event.is_set()

    def run_certkit(*arguments: str | Path) -> Ran:
        out, err = io.StringIO(), io.StringIO()
        session = Session(dict(os.environ), io.BytesIO(), out, err, clock, asks=False, timer=timer, wait=wait)
        code = app.run([str(argument) for argument in arguments], session)
        return Ran(code, out.getvalue(), err.getvalue())

    yield run_certkit
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.setLogRecordFactory(factory)


@pytest.fixture
def save(tmp_path: Path) -> Callable[..., Path]:
    """Writes what was issued, with its key and chain, to one PEM file."""

    def save_issued(issued: Issued, chain: bytes | None = None) -> Path:
        path = tmp_path / f"{issued.sha256[:12]}.pem"
        path.write_bytes(issued.key_pem + issued.pem + (issued.chain_pem if chain is None else chain))
        return path

    return save_issued
