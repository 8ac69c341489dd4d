"""What holds for all tests, however they are started."""

from __future__ import annotations

import gc
import signal
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator


def pytest_configure() -> None:
    """Has the programs that tests start hear signals also where this was started with `nohup` or `&`, which ignore them."""
    for number in {signal.SIGINT, getattr(signal, "SIGHUP", signal.SIGINT)}:  # Windows has no hang-up
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, lambda *_: None)  # still ignored here, but a handler is not passed on


def pytest_collection_finish() -> None:
    """Leaves what ten thousand tests are made of to no search for garbage: each would walk through all of it again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


@pytest.fixture
def public() -> Iterator[Path]:
    """A folder that everybody can enter; those of pytest are its user's alone."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder
