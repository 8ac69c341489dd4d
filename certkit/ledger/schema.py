"""The tables of a SQLite ledger, and how to tell one from other files. Entries can be added to them, and that is all."""

import sqlite3
from pathlib import Path
from typing import Final

from certkit.errors import LedgerUnreadableError
from certkit.ledger.entry import DAMAGED_HINT

_VERSION: Final = 1
"""Of the tables below, in `PRAGMA user_version`."""

_APPLICATION: Final = 0x636B6974
"""Tells our files from others', in `PRAGMA application_id`: "ckit"."""

STATEMENTS: Final = (
    """
    CREATE TABLE entry (
        number INTEGER PRIMARY KEY AUTOINCREMENT, stage TEXT NOT NULL,
        id TEXT NOT NULL, at TEXT NOT NULL, run TEXT NOT NULL, caller TEXT NOT NULL, command TEXT NOT NULL, name TEXT,
        account TEXT NOT NULL, region TEXT NOT NULL, action TEXT NOT NULL, arn TEXT, sha256 TEXT NOT NULL,
        chain_sha256 TEXT, previous_sha256 TEXT, outcome TEXT NOT NULL, request_id TEXT NOT NULL, detail TEXT NOT NULL,
        UNIQUE (id, stage)
    )
    """,
    "CREATE INDEX entry_name ON entry (name)",
    "CREATE INDEX entry_place ON entry (account, region, stage)",
    "CREATE TRIGGER no_update BEFORE UPDATE ON entry BEGIN SELECT RAISE(ABORT, 'append-only'); END",
    "CREATE TRIGGER no_delete BEFORE DELETE ON entry BEGIN SELECT RAISE(ABORT, 'append-only'); END",
    # INSERT OR REPLACE deletes without asking the trigger above.
    """
    CREATE TRIGGER no_replace BEFORE INSERT ON entry
    WHEN EXISTS (SELECT 1 FROM entry WHERE (id = NEW.id AND stage = NEW.stage) OR number = NEW.number)
    BEGIN SELECT RAISE(ABORT, 'append-only'); END
    """,
    f"PRAGMA application_id = {_APPLICATION}",
    f"PRAGMA user_version = {_VERSION}",
)
"""What makes them."""


def is_laid_out(connection: sqlite3.Connection, path: Path) -> bool:
    """Tells whether the tables are there; an empty file is a new ledger.

    Raises:
        LedgerUnreadableError: the file is of a later version, or something else.
    """
    connection.execute("BEGIN")  # all three of one moment: another process may just be making the tables
    ((version,),) = connection.execute("PRAGMA user_version")
    ((application,),) = connection.execute("PRAGMA application_id")
    ((tables,),) = connection.execute("SELECT count(*) FROM sqlite_master")
    connection.execute("COMMIT")
    if application == _APPLICATION and version > _VERSION:
        raise LedgerUnreadableError(
            f"the ledger {path} is of version {version}, and this certkit knows {_VERSION}",
            hint="update certkit, or name another with --ledger",
        )
    if application != _APPLICATION and (tables or version or application):
        raise LedgerUnreadableError(f"{path} is no ledger of certkit's", hint=DAMAGED_HINT)
    return bool(version == _VERSION)
