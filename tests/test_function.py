"""What a Lambda function is given: so much time, and a manifest."""

from __future__ import annotations

import math
import os
from threading import Event, Thread
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from certkit.cli.session import Session
from certkit.errors import ConfigurationError, InputUnreadableError
from certkit.function import in_time, manifest_file

if TYPE_CHECKING:
    from pathlib import Path


def context(seconds: float) -> SimpleNamespace:
    return SimpleNamespace(get_remaining_time_in_millis=lambda: seconds * 1_000)


@pytest.mark.parametrize(("seconds", "deadline"), [(900, 780.0), (300, 213.75), (60, 33.75)])
def test_nothing_is_begun_shortly_before_the_end(seconds: float, deadline: float) -> None:
    session = Session(timer=lambda: 1_000.0)

    with in_time(context(seconds), session):
        pass

    assert session.deadline == 1_000.0 + deadline


def test_where_nobody_says_how_much_time_there_is_there_is_any() -> None:
    session = Session()

    with in_time(None, session):
        pass

    assert session.deadline == math.inf
    assert not session.is_late


@pytest.mark.skipif(os.name == "nt", reason="it has no such signal")
def test_what_does_not_end_is_ended() -> None:
    with pytest.raises(TimeoutError), in_time(context(0), Session()):
        Event().wait(30)


def test_in_another_thread_there_is_a_deadline_and_no_signal() -> None:
    session = Session(timer=lambda: 0.0)

    def run() -> None:
        with in_time(context(900), session):
            pass

    thread = Thread(target=run)
    thread.start()
    thread.join()

    assert session.deadline == 780.0


def test_a_path_counts_from_the_functions_folder(tmp_path: Path) -> None:
    (tmp_path / "certkit.toml").write_bytes(b"x")
    session = Session({"CERTKIT_MANIFEST": "certkit.toml", "LAMBDA_TASK_ROOT": str(tmp_path)})

    with manifest_file(session) as (path, sha256):
        assert path == str(tmp_path / "certkit.toml")
        assert sha256 == "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"


@pytest.mark.parametrize(
    ("given", "error"), [({}, ConfigurationError), ({"CERTKIT_MANIFEST": "/none.toml"}, InputUnreadableError)]
)
def test_a_manifest_that_is_not_there_is_an_error(given: dict[str, str], error: type[Exception]) -> None:
    with pytest.raises(error), manifest_file(Session(given)):
        pass
