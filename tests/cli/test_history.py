"""`certkit history`, on both kinds of ledger."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from certkit.aws.sessions import Session
from certkit.aws.table import TableLedger
from certkit.ledger import Outcome
from certkit.ledger.sqlite import SqliteLedger
from tests.aws.scene import ACCOUNT, HOME, NOW
from tests.cli.running import certkit
from tests.ledger.scene import ARN, INTENT, TABLE, ended, later, make_table, notices

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from certkit.ledger import Entry, Ledger
    from certkit.testing import SettableClock, StrictAcm
    from tests.aws.faults import Proxy
    from tests.aws.scene import Ran
    from tests.cli.running import Finished

pytest_plugins = ["tests.aws.fixtures"]

REIMPORT = later(
    INTENT, 10, id="w-2", action="reimport", arn=ARN, sha256="77" * 32, previous_sha256="ab" * 32, command="apply"
)
BLOG = later(INTENT, 20, id="w-3", name="blog")
STORY = (
    INTENT,
    ended(INTENT),
    REIMPORT,
    BLOG,
    ended(BLOG, Outcome.FAILED, arn=None, detail="importing: LimitExceededException: \x1b[31mfull\nup"),
    ended(REIMPORT, Outcome.UNKNOWN, detail="importing: no answer from AWS"),
)


@pytest.fixture
def history(tmp_path: Path) -> Callable[..., Finished]:
    """Runs `certkit history` on a ledger that holds these entries."""

    def show(*arguments: object, entries: tuple[Entry, ...] = STORY) -> Finished:
        ledger: Ledger = SqliteLedger(tmp_path / "ledger.sqlite3", lambda: NOW)
        for entry in entries:
            ledger.write(entry)
        return certkit("history", *arguments, environment={"CERTKIT_STATE": str(tmp_path)})

    return show


def test_a_write_is_told_whole(history: Callable[..., Finished]) -> None:
    done = history("--format", "json", entries=(INTENT, ended(INTENT, detail="chain-missing ignored: internal")))

    assert done.exit_code == 0
    assert done.document == {
        "schema": "certkit.history/1",
        "writes": [
            {
                "id": "w-1",
                "at": "2026-11-22T12:00:00Z",
                "ended": "2026-11-22T12:00:01Z",
                "outcome": "done",
                "action": "import",
                "name": "shop",
                "account": ACCOUNT,
                "region": HOME,
                "arn": ARN,
                "sha256": "ab" * 32,
                "chain_sha256": "cd" * 32,
                "previous_sha256": None,
                "run": "r-1",
                "caller": f"arn:aws:iam::{ACCOUNT}:user/anna",
                "command": "import",
                "request_id": "req-1",
                "detail": "chain-missing ignored: internal",
            }
        ],
    }


def test_the_newest_stands_in_front_and_what_nobody_knows_is_not_ended(history: Callable[..., Finished]) -> None:
    entries = (*STORY, later(INTENT, 30, id="w-4", name="open"))

    writes = history("--format", "json", entries=entries).document["writes"]

    assert [(write["id"], write["outcome"], write["ended"] is None) for write in writes] == [
        ("w-4", "open", True),
        ("w-3", "failed", False),
        ("w-2", "unknown", True),
        ("w-1", "done", False),
    ]


def test_people_read_a_table(history: Callable[..., Finished], tmp_path: Path) -> None:
    head, *rows = history().stdout.splitlines()

    caller = "user/anna"
    assert head == (
        f"3 writes in {tmp_path}/ledger.sqlite3; 1 not settled: open until a run at that certificate finds out what came of it"
    )
    assert [row.split() for row in rows] == [
        ["BEGUN", "OUTCOME", "ACTION", "NAME", "ACCOUNT", "REGION", "LEAF", "COMMAND", "CALLER", "ARN"],
        ["2026-11-22T12:00:20Z", "failed", "import", "blog", ACCOUNT, HOME, "ab" * 6, "import", caller, "-"],
        ["importing:", "LimitExceededException:", "\\x1b[31mfull\\x0aup"],
        [
            "2026-11-22T12:00:10Z",
            "unknown!",
            "reimport",
            "shop",
            ACCOUNT,
            HOME,
            "ab" * 6 + "->" + "77" * 6,
            "apply",
            caller,
            ARN,
        ],
        ["importing:", "no", "answer", "from", "AWS"],
        ["2026-11-22T12:00:00Z", "done", "import", "shop", ACCOUNT, HOME, "ab" * 6, "import", caller, ARN],
    ]


def test_one_certificates_writes_can_be_shown_alone_and_the_newest_of_them(history: Callable[..., Finished]) -> None:
    shop = history("shop", "--format", "json").document["writes"]
    newest = history("shop", "--limit", "1", "--format", "json").document["writes"]

    assert [write["id"] for write in shop] == ["w-2", "w-1"]
    assert newest == shop[:1]


def test_what_was_only_found_is_a_write_of_its_own(history: Callable[..., Finished]) -> None:
    gone = replace(ended(INTENT, id="w-9"), action="gone", sha256="", chain_sha256=None)

    (write,) = history("--format", "json", entries=(gone,)).document["writes"]

    assert (write["action"], write["outcome"], write["sha256"]) == ("gone", "done", None)


def test_no_ledger_yet_is_an_answer(history: Callable[..., Finished], tmp_path: Path) -> None:
    done = history(entries=())

    assert (done.exit_code, done.stdout) == (0, f"0 writes in {tmp_path}/ledger.sqlite3\n")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("where", ["option", "environment"])
def test_another_file_can_be_named(tmp_path: Path, where: str) -> None:
    path = tmp_path / "other"
    SqliteLedger(path, lambda: NOW).write(INTENT)

    if where == "option":
        done = certkit("history", "--ledger", path, environment={"CERTKIT_LEDGER": "/nowhere"})
    else:
        done = certkit("history", environment={"CERTKIT_LEDGER": str(path)})

    assert done.stdout.startswith(f"1 write in {path}; 1 not settled")


@pytest.mark.parametrize(
    "where", ["s3://bucket", "dynamodb://", "dynamodb://certkit?region=x.evil.example", "dynamodb://certkit/x"]
)
def test_a_ledger_that_cannot_be_is_a_usage_error(where: str) -> None:
    done = certkit("history", "--ledger", where, "--format", "json")

    assert (done.exit_code, done.error_code) == (2, "usage")


def test_a_damaged_ledger_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite3"
    path.write_bytes(b"junk" * 1024)

    done = certkit("history", "--format", "json", environment={"CERTKIT_STATE": str(tmp_path)})

    assert (done.exit_code, done.error_code) == (3, "ledger-unreadable")
    assert path.read_bytes() == b"junk" * 1024


def test_a_table_is_read_in_the_region_that_is_named(
    run: Callable[..., Ran], server: StrictAcm, wire: Proxy, clock: SettableClock
) -> None:
    make_table(server.url)
    ledger = TableLedger(Session().dynamodb(HOME), TABLE, clock, notices().tell)
    for entry in STORY:
        ledger.write(entry)

    here = run("history", "--ledger", "dynamodb://certkit", "--format", "json")
    elsewhere = run("history", "--ledger", "dynamodb://certkit?region=eu-west-1", "--format", "json")

    assert [write["id"] for write in here.document["writes"]] == ["w-3", "w-2", "w-1"]
    assert elsewhere.error == (3, "ledger-unreachable")
    assert [sent.scope for sent in wire.sent if sent.operation == "Scan"] == [
        (HOME, "dynamodb"),
        ("eu-west-1", "dynamodb"),
    ]
