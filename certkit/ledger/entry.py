"""One line of the ledger, and what every ledger can do."""

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any, Final, Protocol

from certkit.errors import LedgerConflictError, LedgerUnreadableError
from certkit.redaction import redact

MAX_DETAIL: Final = 4_096
"""Characters of a message that are kept: AWS's own are below 1,000."""

DAMAGED_HINT: Final = "move it away, or name another with --ledger; certkit leaves it as it is"


class Outcome(StrEnum):
    """How far a write to AWS has come.

    A write begins with its intent and is settled by `DONE` or `FAILED`. `UNKNOWN` says that AWS did not answer: the
    intent stays open, for this run or the next one to find out.
    """

    INTENT = "intent"
    DONE = "done"
    FAILED = "failed"
    UNKNOWN = "unknown"

    @property
    def is_settled(self) -> bool:
        """Whether nothing is left to find out."""
        return self in {Outcome.DONE, Outcome.FAILED}


@dataclass(frozen=True, slots=True)
class Entry:
    """What was about to be done, or what came of it. Holds no secret: `detail` is redacted on its way in.

    Attributes:
        id: of the write; the intent and what comes of it carry the same, and the same name, account and region.
        at: aware, UTC.
        run: of the run of certkit.
        caller: the ARN of the caller's identity.
        name: what certkit knows the certificate by, None where an ARN alone says which is meant.
        action: `import`, `reimport`, `tag` or `delete`.
        arn: None for an intent to import a new one.
        sha256: of the leaf that is written, empty for a `delete`.
        chain_sha256: of the chain that is written.
        previous_sha256: of the leaf that stood there before.
        request_id: AWS's.
        detail: a message; also the rules that were ignored, with the reason.
    """

    id: str
    at: dt.datetime
    run: str
    caller: str
    command: str
    name: str | None
    account: str
    region: str
    action: str
    arn: str | None
    sha256: str
    chain_sha256: str | None
    previous_sha256: str | None
    outcome: Outcome
    request_id: str = ""
    detail: str = ""


class Ledger(Protocol):
    """Where entries are kept. Every method may be called from several threads at once.

    Every method raises `LedgerError` or `StateUnwritableError` where the ledger cannot be reached, read or written.
    """

    def write(self, entry: Entry) -> None:
        """Keeps an entry, for good: it is durable when this returns. The same one twice counts once.

        Where a write is settled already, the first word stands: another one for the same outcome changes nothing.

        Raises:
            LedgerConflictError: the write is settled already, the other way.
        """

    def entries(self, name: str | None = None) -> Iterator[Entry]:
        """Yields all entries, or those of one certificate, oldest first."""

    def open_intents(self, account: str, region: str) -> tuple[Entry, ...]:
        """Returns the intents in one region of which nobody knows what came of them, oldest first."""

    def lock(self, key: str, who: str, timeout: float) -> AbstractContextManager[None]:
        """Holds the lock `key` while the block runs. Locks spare work; what is done under one must be right without it.

        Args:
            who: says to others who holds it.
            timeout: how long to wait for it, in seconds.

        Raises:
            LockedError: somebody else still holds it.
        """


def stage_of(entry: Entry) -> str:
    """Returns what there can be one of for each write: its intent, its end, and each time that nobody knew."""
    if entry.outcome is Outcome.UNKNOWN:
        return f"unknown {_time(entry.at)}"
    return "settled" if entry.outcome.is_settled else "intent"


def to_row(entry: Entry) -> dict[str, str | None]:
    """Returns an entry as text under the names of its attributes; what looks like a secret in it is left out."""
    row: dict[str, str | None] = {field.name: getattr(entry, field.name) for field in fields(Entry)}
    row |= {"at": _time(entry.at), "outcome": entry.outcome.value, "detail": redact(entry.detail)[:MAX_DETAIL]}
    return {key: value if value is None else _encodable(value) for key, value in row.items()}


def from_row(row: Mapping[str, str | None]) -> Entry:
    """Returns the entry that `to_row` made this of.

    Raises:
        LedgerUnreadableError: it is none.
    """
    values: dict[str, Any] = {field.name: row[field.name] for field in fields(Entry) if field.name in row}
    try:
        values |= {"at": _moment(str(row["at"])), "outcome": Outcome(str(row["outcome"]))}
        return Entry(**values)
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise LedgerUnreadableError(
            f"an entry of the ledger cannot be read: {type(error).__name__}: {error}", hint=DAMAGED_HINT
        ) from error


def check_same(new: Entry, kept: Entry) -> None:
    """Checks that an entry may be taken for one that is kept for the same stage of the same write.

    Raises:
        LedgerConflictError: they do not say the same.
    """
    if new.outcome is kept.outcome and (new.outcome.is_settled or to_row(new) == to_row(kept)):
        return
    found = f"{kept.outcome}, and not {new.outcome}" if new.outcome is not kept.outcome else f"another {kept.outcome}"
    raise LedgerConflictError(
        f"the ledger says of the {kept.action} {kept.id} already: {found}",
        hint="another run has found out first: certkit status shows what ACM holds",
    )


def _time(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).isoformat(timespec="microseconds")


def _moment(text: str) -> dt.datetime:
    moment = dt.datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"a time without a zone: {text!r}")
    return moment.astimezone(dt.UTC)


def _encodable(text: str) -> str:
    """Returns `text` with what no database takes, halves of surrogate pairs, escaped."""
    return text.encode("utf-8", "backslashreplace").decode()
