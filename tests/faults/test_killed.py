"""The program itself, ended by `kill -9` and by signals, or run twice at once: then its next run."""

from __future__ import annotations

import os
import signal
from threading import Barrier
from typing import TYPE_CHECKING

import pytest

from certkit.testing import serve
from tests.aws.faults import Do, Fault, Rewrite, proxy
from tests.aws.scene import held
from tests.faults.machine import NAMES, SECONDS, Machine
from tests.secrets.canaries import traces

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator
    from pathlib import Path

IMPORT = ("import", "shop.pem", "--name", "shop", "--tag", "team=web")
QUICKLY = 20.0
"""Seconds: less than the 30 s that an answer is waited for, and than the 120 s that an import is given to come."""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="there is neither kill -9 nor SIGINT for one process"),
]


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    """A machine on which nothing has happened yet."""
    with serve() as server, proxy(server.url) as wire:
        machine = Machine(server, wire, tmp_path)
        machine.renew()
        yield machine


@pytest.mark.parametrize(
    ("operation", "passes", "is_done", "action"),
    [
        ("ImportCertificate", 0, False, "imported"),
        ("ImportCertificate", 0, True, "unchanged"),
        ("DescribeCertificate", 0, True, "unchanged"),
        ("GetResources", 2, False, "unchanged"),
    ],
    ids=["on its way there", "on its way back", "while it is read back", "while the index is asked"],
)
def test_an_import_that_is_killed_leaves_nothing_that_the_next_does_not_mend(
    machine: Machine, operation: str, passes: int, is_done: bool, action: str
) -> None:
    machine.run_and_kill(operation, *IMPORT, passes=passes, is_done=is_done)

    (result,) = machine.run(*IMPORT, later=action == "imported")

    assert result["action"] == action
    machine.check(["shop"])


def test_an_apply_that_is_killed_at_its_second_certificate_is_finished_by_the_next(machine: Machine) -> None:
    machine.run_and_kill("ImportCertificate", "apply", passes=1, is_done=False)

    results = machine.run("apply", later=True)

    assert [result["action"] for result in results] == ["unchanged", "imported"]
    machine.check()
    assert machine.is_planned_empty()


def test_a_renewal_that_is_killed_before_its_tags_gets_them_from_the_next_run(machine: Machine) -> None:
    machine.run("apply")
    machine.renew()
    machine.run_and_kill("AddTagsToCertificate", "apply", is_done=False)

    results = machine.run("apply")

    assert [result["action"] for result in results] == ["tagged", "reimported"]
    machine.check()


def test_two_at_once_with_one_ledger_take_turns(machine: Machine) -> None:
    both = [machine.start("apply", "--format", "json") for _ in range(2)]
    actions = [[result["action"] for result in machine.finish(process)] for process in both]

    assert [sorted(pair) for pair in zip(*actions, strict=True)] == [["imported", "unchanged"]] * 2
    assert machine.wire.operations.count("ImportCertificate") == 2
    machine.check()
    assert machine.is_planned_empty()


def test_two_at_once_with_a_ledger_each_end_with_one_of_each_name(machine: Machine) -> None:
    """Both have looked, at the plan and again before the write, before either writes."""
    together = Rewrite(lambda _: met.wait(SECONDS))
    met = Barrier(2)
    machine.wire.script("GetResources", *[together] * 6)
    both = [machine.start("apply", "--format", "json", state=state) for state in ("a", "b")]
    for process in both:
        machine.finish(process)

    assert machine.wire.operations.count("ImportCertificate") > 2
    assert len(held(machine.server)) == 2
    assert machine.is_planned_empty("a")
    for state in ("a", "b"):
        machine.run("apply", state=state)
        machine.check(state=state)


def test_a_run_that_is_terminated_while_acm_does_not_answer_ends_and_leaves_its_intent(machine: Machine) -> None:
    started: list[subprocess.Popen[str]] = []

    def terminate() -> None:
        started[0].send_signal(signal.SIGTERM)
        machine.wire.closing.wait(QUICKLY)

    machine.wire.script("ImportCertificate", Do(terminate, is_done=True))
    started.append(machine.start(*IMPORT))
    out, err = started[0].communicate(timeout=QUICKLY)

    assert (started[0].returncode, out) == (143, ""), err
    assert [write["outcome"] for write in machine.history()] == ["open"]
    (result,) = machine.run(*IMPORT, "--lock-timeout", "1")
    assert result["action"] == "unchanged"
    machine.check(["shop"])


@pytest.mark.parametrize(("number", "exit_code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize(
    ("operation", "arguments"),
    [
        ("SearchCertificates", ("status",)),
        ("GetCallerIdentity", ("status", "--region", "all")),
        ("GetResources", ("plan",)),
    ],
)
def test_what_only_reads_ends_at_once_while_aws_does_not_answer(
    machine: Machine, operation: str, arguments: tuple[str, ...], number: int, exit_code: int
) -> None:
    started: list[subprocess.Popen[str]] = []

    def end() -> None:
        started[0].send_signal(number)
        machine.wire.closing.wait(SECONDS)

    machine.wire.script(operation, Do(end, is_done=True))
    started.append(machine.start(*arguments))
    out, err = started[0].communicate(timeout=QUICKLY)

    assert (started[0].returncode, out) == (exit_code, ""), err


def test_a_run_that_is_interrupted_while_it_waits_ends_at_once_and_lets_its_lock_go(machine: Machine) -> None:
    machine.wire.script("ImportCertificate", Fault.RESET_BEFORE)
    process = machine.start(*IMPORT)
    assert process.stderr
    for line in process.stderr:
        if "there was no answer: waiting" in line:
            break
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=QUICKLY)

    assert (process.returncode, out) == (130, "")
    assert [write["outcome"] for write in machine.history()] == ["unknown"]
    (result,) = machine.run(*IMPORT, "--lock-timeout", "1", later=True)
    assert result["action"] == "imported"
    machine.check(["shop"])


def test_neither_the_ledger_nor_what_is_printed_holds_the_key(machine: Machine) -> None:
    found = traces((machine.folder / "shop.pem").read_bytes())
    machine.wire.script("ImportCertificate", Do(lambda: None, is_done=True))
    process = machine.start(*IMPORT, "--debug")

    out, err = process.communicate(timeout=SECONDS)

    assert process.returncode == 0
    assert found.found_in(out + err) == []
    assert found.found_in_files(machine.folder, but=[machine.folder / f"{name}.pem" for name in NAMES]) == []
