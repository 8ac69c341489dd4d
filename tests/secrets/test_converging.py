"""Tests that lost answers, refusals and copies bring no private key into a log or the ledger."""

from __future__ import annotations

import io
import logging
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from certkit import redaction
from certkit.converge import converge
from certkit.journal import Journal
from certkit.ledger.sqlite import SqliteLedger
from certkit.patience import Patience
from tests.aws.faults import THROTTLE, Fault, Page, Refusal
from tests.aws.scene import desired_of
from tests.issuing import make_chain
from tests.secrets.canaries import traces

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from certkit.aws.acm import Acm
    from certkit.testing import SettableClock
    from tests.aws.faults import Proxy, Step

pytest_plugins = ["tests.aws.fixtures"]

ISSUED = make_chain()
ECHO = Refusal("ValidationException", f"1 validation error: {ISSUED.key_pem.decode()}")
"""An answer that quotes what was sent."""


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything that `--debug` shows."""
    root = logging.getLogger()
    handlers, level, factory = root.handlers[:], root.level, logging.getLogRecordFactory()
    stream = io.StringIO()
    redaction.install(stream)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.setLogRecordFactory(factory)


@pytest.mark.parametrize(
    "step",
    [Fault.PASS, Fault.RESET_AFTER, Fault.ERROR_AFTER, Fault.HALF_AFTER, THROTTLE, ECHO, Page()],
    ids=["passed", "reset", "500", "half", "throttled", "echoed", "web page"],
)
def test_no_fault_brings_the_key_into_a_log_or_the_ledger(
    log: io.StringIO, acm: Acm, wire: Proxy, clock: SettableClock, tmp_path: Path, step: Step
) -> None:
    wire.script("ImportCertificate", step)
    journal = Journal(SqliteLedger(tmp_path / "ledger", clock), "run", "arn:caller", "import", clock)
    patience = Patience(
        clock=lambda: clock().timestamp(), sleep=lambda seconds: clock.advance(timedelta(seconds=seconds))
    )

    result = converge(acm, desired_of(ISSUED), journal, patience)

    found = traces(ISSUED.key_pem)
    assert "ImportCertificate" in log.getvalue()
    assert found.found_in(log.getvalue()) == []
    assert found.found_in(repr(result)) == []
    assert found.found_in_files(tmp_path) == []
    assert (result.error is not None) == (step == ECHO)
