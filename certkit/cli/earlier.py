"""The wiring of `status --since`: a status of before, from a file or from the folder of state."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from certkit import expiry
from certkit.cli.session import Session
from certkit.errors import UsageError
from certkit.snapshots import Snapshots, of_question, read
from certkit.state import state_folder

_NOW: Final = "now"


@dataclass(frozen=True, slots=True)
class Earlier:
    """What is compared with.

    Attributes:
        document: the status of before; None where there is none yet.
        snapshots: where the one of this run is to be kept, None where a file was named.
    """

    document: Mapping[str, Any] | None
    snapshots: Snapshots | None = None


def earlier(session: Session, since: str, question: object) -> Earlier:
    """Returns the status that `--since` names: a file, or the newest one kept before a time.

    Raises:
        UsageError: it is neither a time nor a file.
        InputUnreadableError, InputTooLargeError: the file is no status.
        StateUnwritableError: there is no folder of state.
    """
    moment = _moment(since, session.clock())
    if moment is None:
        if not Path(since).exists():
            raise UsageError(
                f"--since {since!r} is neither a time nor a file",
                hint="give a time such as 7d or 2026-11-15, or a file that certkit status --format json wrote",
            )
        return Earlier(read(Path(since)))
    snapshots = of_question(state_folder(session.environment), question)
    found = snapshots.before(moment)
    if found is None:
        session.say(f"certkit: no status was kept before {moment:%Y-%m-%dT%H:%M:%SZ}; this one is, for the next time")
    return Earlier(found, snapshots)


def _moment(text: str, now: dt.datetime) -> dt.datetime | None:
    """Returns the moment that is meant: so long ago, or a date or a time; what has no zone is UTC."""
    if text == _NOW:
        return now
    left = expiry.parse_time(text)
    if left is not None:
        try:
            return now - left
        except OverflowError as error:
            raise UsageError(f"--since {text!r} is before all time") from error
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.astimezone(dt.UTC) if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
