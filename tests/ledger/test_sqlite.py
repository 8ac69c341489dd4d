"""What is SQLite's own about the ledger: its file, what must not be done to it, and what cannot be."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pytest

from certkit.errors import LedgerError, LedgerUnreadableError, LockedError, StateUnwritableError
from certkit.ledger import sqlite
from certkit.ledger.sqlite import SqliteLedger
from certkit.ledger.waiting import Waiting
from tests.aws.scene import NOW
from tests.issuing import make_chain
from tests.ledger.scene import INTENT, ended
from tests.secrets.canaries import traces

if TYPE_CHECKING:
    from pathlib import Path

WRITER: Final = """
import sys
from dataclasses import replace
from pathlib import Path
from certkit.ledger.sqlite import SqliteLedger
from tests.aws.scene import NOW
from tests.ledger.scene import INTENT
ledger = SqliteLedger(Path(sys.argv[1]), lambda: NOW)
print("ready", flush=True)
sys.stdin.readline()
for number in range(int(sys.argv[3])):
    ledger.write(replace(INTENT, id=f"{sys.argv[2]}-{number}"))
    print(number, flush=True)
"""
HOLDER: Final = """
import sys
from pathlib import Path
from certkit.ledger.sqlite import SqliteLedger
from tests.aws.scene import NOW
with SqliteLedger(Path(sys.argv[1]), lambda: NOW).lock("shop", "the one that dies", 0):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the ledger is to be."""
    return tmp_path / "ledger.sqlite3"


@pytest.fixture
def ledger(path: Path) -> SqliteLedger:
    """A ledger that has not been written yet."""
    return SqliteLedger(path, lambda: NOW)


def _start(program: str, *arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", program, *map(str, arguments)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def _line(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    return process.stdout.readline().strip()


def test_only_its_owner_may_read_it(ledger: SqliteLedger, path: Path) -> None:
    before = os.umask(0)
    try:
        ledger.write(INTENT)
        with ledger.lock("shop", "anna", 0):
            pass
    finally:
        os.umask(before)

    modes = {one.name: stat.S_IMODE(one.stat().st_mode) for one in path.parent.rglob("*")}
    assert modes.pop("ledger.sqlite3.locks") == 0o700
    assert set(modes.values()) == {0o600}


def test_no_key_and_no_password_reaches_the_disk(ledger: SqliteLedger, path: Path) -> None:
    key = make_chain().key_pem
    canaries = traces(key, "hunter2-hunter2-hunter2")

    ledger.write(replace(INTENT, detail=f"{key.decode()} password=hunter2-hunter2-hunter2"))
    with ledger.lock("shop", "anna", 0):
        pass

    assert canaries.found_in_files(path.parent) == []
    assert b"[redacted]" in path.read_bytes()


def test_to_look_makes_no_file(ledger: SqliteLedger, path: Path) -> None:
    list(ledger.entries())
    ledger.open_intents("1", "2")

    assert list(path.parent.iterdir()) == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entry SET outcome = 'done'",
        "DELETE FROM entry",
        "INSERT OR REPLACE INTO entry SELECT * FROM entry",
        "REPLACE INTO entry SELECT 99, stage, " + ", ".join(sqlite._COLUMNS) + " FROM entry",  # noqa: S608 -- our own names
    ],
)
def test_an_entry_cannot_be_changed_or_taken_away(ledger: SqliteLedger, path: Path, statement: str) -> None:
    ledger.write(INTENT)

    with closing(sqlite3.connect(path)) as connection, pytest.raises(sqlite3.IntegrityError, match="append-only"):
        connection.execute(statement)

    assert tuple(ledger.entries()) == (INTENT,)


def test_a_ledger_of_a_later_certkit_is_left_alone(ledger: SqliteLedger, path: Path) -> None:
    ledger.write(INTENT)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 2")
    before = path.read_bytes()

    for use in (lambda: ledger.write(ended(INTENT)), lambda: list(ledger.entries())):
        with pytest.raises(LedgerUnreadableError, match="is of version 2, and this certkit knows 1") as raised:
            use()

    assert raised.value.hint == "update certkit, or name another with --ledger"
    assert path.read_bytes() == before


@pytest.mark.parametrize("content", [b"junk", b"junk" * 4096, b"SQLite format 3\0" + b"\xff" * 4080])
def test_a_file_that_is_no_ledger_is_left_alone(ledger: SqliteLedger, path: Path, content: bytes) -> None:
    path.write_bytes(content)

    for use in (lambda: ledger.write(INTENT), lambda: list(ledger.entries()), lambda: ledger.open_intents("1", "2")):
        with pytest.raises(LedgerUnreadableError) as raised:
            use()

    assert raised.value.hint == "move it away, or name another with --ledger; certkit leaves it as it is"
    assert path.read_bytes() == content


def test_pages_that_are_damaged_are_an_error_and_nothing_is_written(ledger: SqliteLedger, path: Path) -> None:
    for number in range(200):
        ledger.write(ended(INTENT, id=f"w-{number}"))
    content = bytearray(path.read_bytes())
    content[8192:-4096] = b"\xa5" * (len(content) - 12288)
    path.write_bytes(content)

    with pytest.raises(LedgerUnreadableError, match="is damaged"):
        list(ledger.entries())
    with pytest.raises(LedgerUnreadableError, match="is damaged"):
        ledger.write(INTENT)

    assert path.read_bytes() == content


def test_another_programs_database_is_left_alone(ledger: SqliteLedger, path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE entry (x)")

    with pytest.raises(LedgerUnreadableError, match="is no ledger of certkit's"):
        ledger.write(INTENT)


def test_an_empty_file_is_a_new_ledger(ledger: SqliteLedger, path: Path) -> None:
    path.touch()
    assert tuple(ledger.entries()) == ()

    ledger.write(INTENT)

    assert tuple(ledger.entries()) == (INTENT,)


def test_an_entry_that_makes_no_sense_is_an_error(ledger: SqliteLedger, path: Path) -> None:
    ledger.write(INTENT)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TRIGGER no_update")
        connection.execute("UPDATE entry SET at = 'yesterday'")
        connection.commit()

    with pytest.raises(LedgerUnreadableError, match="cannot be read: ValueError"):
        list(ledger.entries())


@pytest.mark.parametrize("obstacle", ["a folder in its place", "no folder"])
def test_where_it_cannot_be_written_is_said_with_the_way_out(tmp_path: Path, obstacle: str) -> None:
    path = tmp_path / obstacle
    if obstacle == "no folder":
        path = path / "ledger.sqlite3"
    else:
        path.mkdir()

    with pytest.raises(StateUnwritableError, match="cannot be written: ") as raised:
        SqliteLedger(path, lambda: NOW).write(INTENT)

    assert raised.value.hint is not None
    assert "CERTKIT_STATE" in raised.value.hint


def test_a_lock_that_cannot_be_taken_is_said_with_the_way_out(ledger: SqliteLedger, path: Path) -> None:
    path.with_name("ledger.sqlite3.locks").write_text("a file where the folder should be")

    with pytest.raises(StateUnwritableError, match="cannot be taken: ") as raised, ledger.lock("shop", "anna", 0):
        pass

    assert raised.value.hint is not None
    assert "--no-ledger" in raised.value.hint


def test_on_a_file_system_of_another_machine_nothing_is_written(
    ledger: SqliteLedger, path: Path, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    mounts = tmp_path_factory.mktemp("proc") / "mountinfo"
    mounts.write_text(f"36 35 98:0 / / rw - ext4 /dev/root rw\n40 36 0:40 / {path.parent} rw - nfs4 host:/home rw\n")
    monkeypatch.setattr("certkit.ledger.filesystem._MOUNTS", mounts)

    with pytest.raises(StateUnwritableError, match="it is on nfs4") as raised:
        ledger.write(INTENT)
    with pytest.raises(StateUnwritableError, match="it is on nfs4"):
        ledger.lock("shop", "anna", 0)

    assert raised.value.hint is not None
    assert "--ledger dynamodb://TABLE" in raised.value.hint
    assert list(path.parent.iterdir()) == []


def test_a_ledger_that_another_program_keeps_busy_is_an_error(
    ledger: SqliteLedger, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger.write(INTENT)
    monkeypatch.setattr(sqlite, "_BUSY_SECONDS", 0.01)

    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        with pytest.raises(LedgerError, match="locked"):
            ledger.write(ended(INTENT))


def test_processes_that_begin_a_ledger_at_once_lose_nothing(path: Path) -> None:
    writers = [_start(WRITER, path, name, 10) for name in "abcd"]
    assert [_line(writer) for writer in writers] == ["ready"] * 4

    for writer in writers:
        assert writer.stdin
        writer.stdin.write("go\n")
        writer.stdin.flush()
    codes = [(writer.communicate(timeout=60), writer.returncode)[1] for writer in writers]

    assert codes == [0] * 4
    kept = {entry.id for entry in SqliteLedger(path, lambda: NOW).entries()}
    assert kept == {f"{name}-{number}" for name in "abcd" for number in range(10)}


def test_what_was_written_outlives_a_kill(path: Path) -> None:
    writer = _start(WRITER, path, "a", 100_000)
    assert writer.stdin
    writer.stdin.write("go\n")
    writer.stdin.flush()
    said = [_line(writer) for _ in range(20)]

    writer.kill()

    rest, _ = writer.communicate(timeout=60)
    promised = {f"a-{number}" for number in [*said[1:], *rest.split()]}
    kept = [entry.id for entry in SqliteLedger(path, lambda: NOW).entries()]
    assert writer.returncode == -signal.SIGKILL
    assert promised <= set(kept)
    assert len(set(kept)) == len(kept) <= len(promised) + 1


def test_a_killed_holder_lets_the_lock_go(ledger: SqliteLedger, path: Path) -> None:
    holder = _start(HOLDER, path)
    assert _line(holder) == "held"
    with pytest.raises(LockedError) as raised, ledger.lock("shop", "the next one", 0):
        pass

    holder.kill()
    holder.communicate(timeout=60)

    assert raised.value.who == "the one that dies"
    with ledger.lock("shop", "the next one", 0):
        (written,) = path.with_name("ledger.sqlite3.locks").iterdir()
        assert json.loads(written.read_text()) == {"who": "the next one", "since": "2026-11-22T12:00:00Z"}


def test_a_lock_whose_holder_has_not_said_who_it_is_yet_is_held_by_another_run(
    ledger: SqliteLedger, path: Path
) -> None:
    waiting = Waiting(lambda: 0.0, lambda _: None)
    with ledger.lock("shop", "anna", 0):
        (file,) = path.with_name("ledger.sqlite3.locks").iterdir()
        file.write_bytes(b"")

        with pytest.raises(LockedError, match=r"^shop: locked by another run$"):
            SqliteLedger(path, lambda: NOW, waiting).lock("shop", "next", 0).__enter__()
