"""The ledger of one machine: a SQLite file that only grows, and locks of the system beside it."""

import datetime as dt
import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import fields
from pathlib import Path
from typing import Final

from certkit.errors import CertkitError, LedgerError, LedgerUnreadableError, StateUnwritableError
from certkit.ledger import locks, schema
from certkit.ledger.entry import DAMAGED_HINT, Entry, check_same, from_row, stage_of, to_row
from certkit.ledger.filesystem import remote_kind
from certkit.ledger.waiting import Waiting

FILE_NAME: Final = "ledger.sqlite3"
_MODE: Final = 0o600
_BUSY_SECONDS: Final = 30.0
"""How long another process may be writing: each of its writes takes milliseconds."""

_TURN_SECONDS: Final = 0.02
"""How often to look whether another process has made the tables."""

_COLUMNS: Final = tuple(field.name for field in fields(Entry))
_UNWRITABLE: Final = frozenset({sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM})
_PRIMARY: Final = 0xFF
"""The primary result code within an extended one: https://www.sqlite.org/rescode.html."""


class SqliteLedger:
    """A ledger in one file, which appears with the first entry. Each call has a connection of its own.

    Args:
        path: of the file; its folder is there.
        now: tells the time, for the locks.
    """

    def __init__(self, path: Path, now: Callable[[], dt.datetime], waiting: Waiting | None = None) -> None:
        self._path = path
        self._now = now
        self._waiting = waiting or Waiting()

    def __str__(self) -> str:
        """Returns where it is."""
        return str(self._path)

    def write(self, entry: Entry) -> None:
        """Keeps an entry; see `Ledger`."""
        with self._writing() as connection:
            kept = self._select(connection, "WHERE id = ? AND stage = ?", (entry.id, stage_of(entry)))
            if kept:
                check_same(entry, kept[0])
                return
            row = {"stage": stage_of(entry), **to_row(entry)}
            names, marks = ", ".join(row), ", ".join("?" * len(row))
            connection.execute(f"INSERT INTO entry ({names}) VALUES ({marks})", tuple(row.values()))  # noqa: S608 -- our own names

    def entries(self, name: str | None = None) -> Iterator[Entry]:
        """Yields entries, oldest first; see `Ledger`."""
        if name is None:
            return iter(self._read("ORDER BY number", ()))
        return iter(self._read("WHERE name = ? ORDER BY number", (name,)))

    def open_intents(self, account: str, region: str) -> tuple[Entry, ...]:
        """Returns the intents that are not settled, oldest first; see `Ledger`."""
        unsettled = "NOT EXISTS (SELECT 1 FROM entry AS other WHERE other.id = entry.id AND other.stage = 'settled')"
        where = f"WHERE account = ? AND region = ? AND stage = 'intent' AND {unsettled} ORDER BY number"
        return self._read(where, (account, region))

    def lock(self, key: str, who: str, timeout: float) -> AbstractContextManager[None]:
        """Holds a lock of the operating system; see `Ledger`."""
        self._check_local()
        holder = locks.Holder(who, self._now().astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))
        return locks.held(self._locks, key, holder, timeout, self._waiting)

    @property
    def _locks(self) -> Path:
        return self._path.with_name(f"{self._path.name}.locks")

    def _read(self, where: str, values: Sequence[str]) -> tuple[Entry, ...]:
        if not self._path.exists():
            return ()
        with self._connected() as connection:
            return self._select(connection, where, values) if schema.is_laid_out(connection, self._path) else ()

    @staticmethod
    def _select(connection: sqlite3.Connection, where: str, values: Sequence[str]) -> tuple[Entry, ...]:
        rows = connection.execute(f"SELECT {', '.join(_COLUMNS)} FROM entry {where}", values)  # noqa: S608 -- our own text
        return tuple(from_row(dict(zip(_COLUMNS, row, strict=True))) for row in rows)

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """Yields a connection within a transaction that is on the disk when the block has ended."""
        self._check_local()
        self._make()
        with self._connected() as connection:
            if not schema.is_laid_out(connection, self._path):
                self._lay_out(connection)
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("BEGIN IMMEDIATE")
            yield connection
            connection.execute("COMMIT")

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(sqlite3.connect(self._path, timeout=_BUSY_SECONDS, isolation_level=None)) as connection:
                yield connection
        except sqlite3.Error as error:
            raise self._explained(error) from error

    def _lay_out(self, connection: sqlite3.Connection) -> None:
        """Makes the tables, once: two processes that both find an empty file take turns."""
        holder = locks.Holder("another run that makes the ledger")
        with locks.held(self._locks, str(self._path), holder, _BUSY_SECONDS, Waiting(pause=_TURN_SECONDS)):
            if schema.is_laid_out(connection, self._path):
                return
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("BEGIN IMMEDIATE")
            for statement in schema.STATEMENTS:
                connection.execute(statement)
            connection.execute("COMMIT")

    def _make(self) -> None:
        """Makes the file, for its owner alone from the first moment."""
        try:
            os.close(os.open(self._path, os.O_RDWR | os.O_CREAT, _MODE))
        except OSError as error:
            raise self._unwritable((error.strerror or "failure").lower()) from error

    def _check_local(self) -> None:
        kind = remote_kind(self._path.parent)
        if kind:
            raise self._unwritable(f"it is on {kind}, a file system of another machine, where SQLite is not safe")

    def _explained(self, error: sqlite3.Error) -> CertkitError:
        code = getattr(error, "sqlite_errorcode", 0) & _PRIMARY
        if code == sqlite3.SQLITE_NOTADB:
            return LedgerUnreadableError(f"{self._path} is no ledger of certkit's, or damaged", hint=DAMAGED_HINT)
        if code == sqlite3.SQLITE_CORRUPT:
            return LedgerUnreadableError(f"the ledger {self._path} is damaged: {error}", hint=DAMAGED_HINT)
        if code in _UNWRITABLE:
            return self._unwritable(str(error))
        return LedgerError(f"the ledger {self._path}: {error}", hint="--no-ledger goes without, if it has to be now")

    def _unwritable(self, reason: str) -> StateUnwritableError:
        return StateUnwritableError(
            f"the ledger {self._path} cannot be written: {reason}",
            hint="name a local folder of yours with CERTKIT_STATE, or a table with --ledger dynamodb://TABLE",
        )
