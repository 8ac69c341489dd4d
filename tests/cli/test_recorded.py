"""What a command that writes to ACM leaves in the ledger, and what it does where the ledger cannot be written."""

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest

from certkit.ledger import Entry, Outcome
from certkit.ledger.sqlite import FILE_NAME, SqliteLedger
from certkit.state import state_folder
from certkit.testing import SettableClock, StrictAcm
from tests.aws.faults import Do, Fault, Proxy
from tests.aws.scene import ACCOUNT, HOME, NOW, Ran, held
from tests.issuing import Issued, Request, make_chain

pytest_plugins = ["tests.aws.fixtures"]

INTENT: Final = Entry(
    id="1",
    at=NOW,
    run="killed",
    caller="arn:aws:iam::123456789012:user/ops",
    command="apply",
    name="shop",
    account=ACCOUNT,
    region=HOME,
    action="import",
    arn=None,
    sha256="",
    chain_sha256=None,
    previous_sha256=None,
    outcome=Outcome.INTENT,
)
LAST_DAYS: Final = Request(not_before=NOW - timedelta(days=95), not_after=NOW + timedelta(days=5))


@pytest.fixture
def import_(run: Callable[..., Ran], save: Callable[..., Path], wire: Proxy) -> Callable[..., Ran]:  # noqa: ARG001 -- it leads there
    """Runs `import` for what was issued, called `shop`."""

    def run_import(issued: Issued, *options: str) -> Ran:
        return run("import", save(issued), "--name", "shop", *options, "--format", "json")

    return run_import


@pytest.fixture
def history(run: Callable[..., Ran]) -> Callable[[], list[tuple[str, str, str | None]]]:
    """Returns command, action and outcome of every write in the ledger, the newest first."""

    def entries() -> list[tuple[str, str, str | None]]:
        document = run("history", "--format", "json").document
        return [(one["command"], one["action"], one["outcome"]) for one in document["writes"]]

    return entries


def test_an_import_is_in_the_ledger_with_its_arn_and_request(
    import_: Callable[..., Ran], run: Callable[..., Ran], server: StrictAcm
) -> None:
    issued = make_chain()
    arn = import_(issued).result["arn"]

    (write,) = run("history", "shop", "--format", "json").document["writes"]

    assert (write["arn"], write["sha256"], write["outcome"]) == (arn, issued.sha256, "done")
    assert write["request_id"]
    assert held(server)


def test_what_changes_nothing_is_in_no_ledger(import_: Callable[..., Ran], history: Callable[[], object]) -> None:
    issued = make_chain()
    import_(issued)

    import_(issued)

    assert history() == [("import", "import", "done")]


def test_an_ignored_rule_is_on_record_with_its_reason(import_: Callable[..., Ran], run: Callable[..., Ran]) -> None:
    options = ("--ignore", "no-subject-alternative-name", "--reason", "a device that reads the CN")

    import_(make_chain(leaf=Request(None)), *options)

    (write,) = run("history", "--format", "json").document["writes"]
    assert "no-subject-alternative-name ignored: a device that reads the CN" in write["detail"]


def test_a_ledger_that_cannot_be_written_stops_the_first_write(
    import_: Callable[..., Ran], server: StrictAcm, tmp_path: Path
) -> None:
    damaged = tmp_path / "ledger"
    damaged.write_bytes(b"no database at all" * 100)

    ran = import_(make_chain(), "--ledger", str(damaged))

    assert ran.error == (3, "ledger-unreadable")
    assert held(server) == {}


def test_a_certificate_in_its_last_days_is_replaced_without_a_ledger(
    import_: Callable[..., Ran], tmp_path: Path, server: StrictAcm
) -> None:
    arn = import_(make_chain(leaf=LAST_DAYS)).result["arn"]
    damaged = tmp_path / "ledger"
    damaged.write_bytes(b"no database at all" * 100)

    ran = import_(make_chain(), "--ledger", str(damaged))

    assert (ran.result["action"], ran.result["arn"]) == ("reimported", arn)
    assert "cannot wait, certkit goes on without the ledger" in ran.err
    assert len(held(server)) == 1


def test_a_state_folder_that_cannot_be_made_stops_it_before_any_write(
    import_: Callable[..., Ran], server: StrictAcm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("CERTKIT_STATE", str(tmp_path / "file" / "state"))

    stopped = import_(make_chain())
    without = import_(make_chain(), "--no-ledger")

    assert stopped.error == (3, "state-unwritable")
    assert without.result["action"] == "imported"
    assert len(held(server)) == 1


def test_a_dry_run_needs_no_state_folder(
    import_: Callable[..., Ran], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("CERTKIT_STATE", str(tmp_path / "file" / "state"))

    ran = import_(make_chain(), "--dry-run")

    assert [action["action"] for action in ran.document["actions"]] == ["import"]


def test_an_intent_that_a_killed_run_left_is_settled_by_the_next(
    import_: Callable[..., Ran], history: Callable[[], object], clock: SettableClock
) -> None:
    issued = make_chain()
    ledger().write(replace(INTENT, at=clock(), sha256=issued.sha256))

    ran = import_(issued)

    assert ran.result["action"] == "imported"
    assert history() == [("import", "import", "done"), ("apply", "import", "failed")]


def test_the_intent_of_a_name_that_no_run_is_for_any_more_stays_open_in_the_history(
    import_: Callable[..., Ran], run: Callable[..., Ran], history: Callable[[], object], clock: SettableClock
) -> None:
    ledger().write(replace(INTENT, at=clock(), name="gone-from-the-manifest"))

    import_(make_chain())

    assert history() == [("import", "import", "done"), ("apply", "import", "open")]
    head, *rows = run("history").out.splitlines()
    assert "1 not settled: open until a run at that certificate" in head
    assert [row.split()[1:4] for row in rows if "!" in row] == [["open!", "import", "gone-from-the-manifest"]]


def test_another_run_at_the_same_certificate_is_told_as_such(import_: Callable[..., Ran], server: StrictAcm) -> None:
    with ledger().lock(f"{ACCOUNT}/{HOME}/shop", "the other host", 0):
        ran = import_(make_chain(), "--lock-timeout", "0")

    assert ran.error == (3, "locked")
    assert "the other host" in ran.document["error"]["message"]
    assert held(server) == {}


def test_what_another_hand_has_changed_since_the_plan_is_not_written_over(
    import_: Callable[..., Ran], server: StrictAcm, wire: Proxy, put: Callable[..., str]
) -> None:
    meanwhile = Do(lambda: put(make_chain(), certkit_name="shop"), is_done=False)
    wire.script("GetResources", Fault.PASS, meanwhile)

    ran = import_(make_chain())

    assert ran.error == (3, "plan-changed")
    assert len(held(server)) == 1


def ledger() -> SqliteLedger:
    """The ledger that certkit takes in the environment of the test."""
    return SqliteLedger(state_folder(os.environ) / FILE_NAME, lambda: NOW)
