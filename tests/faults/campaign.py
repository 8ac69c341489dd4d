"""Runs schedules, one fault at one boundary each, and says what did not hold."""

from __future__ import annotations

import os
import random
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from threading import Condition, Thread
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final
from unittest import mock

import boto3
import botocore.endpoint
import botocore.loaders
import botocore.session

from certkit.aws.sessions import Session
from certkit.testing import DOCUMENTED_RATES, Behaviour, SettableClock, serve
from certkit.testing.environment import foreign_variables
from tests.aws.scene import NOW
from tests.faults.fault import ON_THE_LEDGER, ON_THE_WIRE, Fault
from tests.faults.host import FaultyLedger, Host, certkit
from tests.faults.invariants import named, pending, violations
from tests.faults.wire import Wire

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from certkit.apply import Result
    from certkit.plan import Desired
    from certkit.testing import StrictAcm
    from tests.faults.scenario import Scenario

    Client = Callable[[Host, Desired], Result]

_MOST_STEPS: Final = 17
"""Of a run that two hosts interleave: after these it only waits for an index."""

MINUTE: Final = timedelta(minutes=1)
_LATER: Final = timedelta(minutes=5)
_LATE: Final = {Fault.KILL_LATE, Fault.DEAF}


@dataclass(frozen=True, slots=True)
class Setting:
    """What holds during a whole schedule.

    Attributes:
        lag: how far the indexes are behind.
        remembers: whether the hosts have ledgers, each its own.
    """

    lag: timedelta
    remembers: bool

    def __str__(self) -> str:
        """The setting in a few words."""
        return f"lag {self.lag.total_seconds():.0f} s, {'a ledger' if self.remembers else 'no ledger'}"


SETTINGS: Final = tuple(Setting(lag, remembers) for lag in (timedelta(0), MINUTE) for remembers in (True, False))


@dataclass(frozen=True, slots=True)
class Schedule:
    """One fault at one boundary of one scenario."""

    scenario: Scenario
    setting: Setting
    at: int
    step: str
    fault: Fault


@dataclass(frozen=True, slots=True)
class Outcome:
    """What did not hold after a schedule; nothing, if all did."""

    schedule: Schedule
    violations: tuple[str, ...]


class Stage:
    """The strict ACM, a clock and hosts; one schedule at a time.

    Attributes:
        client: what the hosts run.
    """

    def __init__(self, server: StrictAcm, client: Client = certkit) -> None:
        self._server = server
        self.client = client
        self._sessions: dict[str, Session] = {}
        self._hosts: dict[str, Host] = {}
        self.clock = SettableClock(NOW)

    def play(self, schedule: Schedule) -> Outcome:
        """Lets one fault happen in one run, has the next run follow, and looks."""
        arns, host, other = self._set(schedule.scenario, schedule.setting)
        desired = schedule.scenario.desired
        host.other = lambda: self._other_runs(other, desired)
        host.run(desired, at=schedule.at, fault=schedule.fault)
        last = host.run(desired)
        if schedule.fault in {Fault.OTHER, Fault.OTHER_AFTER} or _comes_late(schedule):
            last = self._run_later(desired, host, other if other.steps else host)
        return self._judge(schedule, arns, [host] + [other] * bool(other.steps), last)

    def take_turns(self, scenario: Scenario, setting: Setting, first: int, second: int) -> Outcome:
        """Has two hosts run at once: one for so many steps, the other for so many, then each to its end.

        There is to be one certificate when both have ended, and all the rest is to be right after the next run of each.
        """
        arns, host, other = self._set(scenario, setting)
        desired = scenario.desired
        Turns([(host, first), (other, second), (host, None), (other, None)]).run(desired)
        count = len(named(self._server, desired))
        host.run(desired)
        last = other.run(desired)
        schedule = Schedule(scenario, setting, first, f"{first} steps, then {second}", Fault.OTHER)
        outcome = self._judge(schedule, arns, [host, other], last)
        return outcome if count == 1 else replace(outcome, violations=(f"{count} at once", *outcome.violations))

    def boundaries(self, scenario: Scenario, setting: Setting) -> tuple[str, ...]:
        """The steps of a run without a fault."""
        _, host, _ = self._set(scenario, setting)
        host.run(scenario.desired)
        return tuple(host.steps)

    def _set(self, scenario: Scenario, setting: Setting) -> tuple[tuple[str, ...], Host, Host]:
        random.seed(0)
        self._server.reset()
        self.clock = SettableClock(NOW)
        self._server.now = self.clock
        arns = scenario.arrange(self._server, self.clock)
        self.clock.advance(_LATER)
        self._server.behaviour = Behaviour(index_lag=setting.lag, requests_per_second=DOCUMENTED_RATES)
        wire = Wire(self._server, self.clock)
        hosts = [
            Host(name, wire, self.clock, self._session_of(name), setting.remembers, self.client) for name in ("a", "b")
        ]
        self._hosts = {host.name: host for host in hosts}
        return arns, hosts[0], hosts[1]

    def sleep(self, seconds: float) -> None:
        """Waits, as botocore does between its attempts."""
        self.clock.advance(timedelta(seconds=seconds))

    def _session_of(self, name: str) -> Session:
        """A session to make clients of, which takes long to make; its requests go to the host of the schedule."""
        if name not in self._sessions:
            self._sessions[name] = Session()
            events: Any = self._sessions[name]._session.events  # its stubs know no handler with an answer
            events.register_first("before-send", lambda **more: self._hosts[name].send(**more))  # noqa: PLW0108 -- another host in each schedule
        return self._sessions[name]

    def _other_runs(self, other: Host, desired: Desired) -> None:
        if not other.steps:
            other.run(desired)

    def _run_later(self, desired: Desired, *hosts: Host) -> Result | None:
        """The next runs of all hosts, at their next time."""
        last = None
        for host in hosts:
            self.clock.advance(_LATER)
            host.wire.deliver()
            last = host.run(desired)
        return last

    def _judge(self, schedule: Schedule, arns: tuple[str, ...], hosts: list[Host], last: Result | None) -> Outcome:
        scenario = schedule.scenario
        ledgers = [FaultyLedger(host) for host in hosts if host.remembers]
        for host in hosts:
            host.steps, host.at = [], -1
        found = list(violations(self._server, scenario, arns, ledgers, last))
        self.clock.advance(_LATER)
        found += [text for host in hosts for text in pending(host, scenario.desired)] if not found else []
        return Outcome(schedule, tuple(found))


class Turns:
    """Lets hosts run one at a time, each for so many steps of its turn, in threads of their own."""

    def __init__(self, plan: list[tuple[Host, int | None]]) -> None:
        self._plan = plan
        self._change = Condition()
        self._turn: Host | None = None
        self._budget: int | None = 0
        self._ended: set[str] = set()
        self._crashes: list[BaseException] = []

    def run(self, desired: Desired) -> None:
        """Runs all of them to their ends."""
        hosts = list({host.name: host for host, _ in self._plan}.values())
        threads = [Thread(target=self._live, args=(host, desired), daemon=True) for host in hosts]
        for host, thread in zip(hosts, threads, strict=True):
            host.checkpoint = lambda host=host: self._wait(host)  # type: ignore[misc]  # bound here
            thread.start()
        for host, steps in self._plan:
            self._give(host, steps)
        for host, thread in zip(hosts, threads, strict=True):
            thread.join()
            host.checkpoint = lambda: None
        for crash in self._crashes:
            raise crash

    def _give(self, host: Host, steps: int | None) -> None:
        with self._change:
            self._turn, self._budget = host, steps
            self._change.notify_all()
            self._change.wait_for(lambda: self._turn is None or host.name in self._ended)

    def _live(self, host: Host, desired: Desired) -> None:
        try:
            self._wait(host)
            host.run(desired)
        except BaseException as crash:  # noqa: BLE001 -- raised again by the main thread
            self._crashes.append(crash)
        with self._change:
            self._ended.add(host.name)
            self._turn = None
            self._change.notify_all()

    def _wait(self, host: Host) -> None:
        with self._change:
            if self._turn is host and self._budget == 0:
                self._turn = None
                self._change.notify_all()
            self._change.wait_for(lambda: self._turn is host)
            if self._budget is not None:
                self._budget -= 1


def _comes_late(schedule: Schedule) -> bool:
    """Whether something is done after the next run may have ended: nobody can mend what has not come yet."""
    return schedule.fault is Fault.KILL_LATE and not schedule.setting.remembers


def schedules(stage: Stage, of: Iterable[Scenario]) -> Iterator[Schedule]:
    """Yields every fault at every boundary; of a row of the same looks, the first three."""
    for scenario in of:
        for setting in SETTINGS if scenario.is_lagging else SETTINGS[:2]:
            steps = stage.boundaries(scenario, setting)
            for at, step in enumerate(steps):
                if steps[max(at - 3, 0) : at] == (step,) * 3:
                    continue
                for fault in ON_THE_LEDGER if step.startswith("ledger") else ON_THE_WIRE:
                    yield Schedule(scenario, setting, at, step, fault)


def meetings(stage: Stage, of: Iterable[Scenario]) -> Iterator[tuple[Scenario, Setting, int, int]]:
    """Yields where two hosts may be when they meet, each before each of its boundaries; every third such place."""
    for scenario in of:
        for setting in SETTINGS if scenario.is_lagging else SETTINGS[:2]:
            count = min(len(stage.boundaries(scenario, setting)), _MOST_STEPS)
            for first in range(1, count):
                for second in range(1 + first % 3, count, 3):
                    yield scenario, setting, first, second


@contextmanager
def staged(client: Client = certkit) -> Iterator[Stage]:
    """A strict ACM that this process's AWS clients reach, where nothing waits in earnest."""
    foreign = {name: value for name, value in os.environ.items() if name not in foreign_variables(os.environ)}
    loader = cache(botocore.loaders.create_loader)
    waiting = SimpleNamespace()
    with (
        serve() as server,
        mock.patch.dict(os.environ, foreign | server.environment(), clear=True),
        mock.patch.object(botocore.session, "create_loader", loader),
        mock.patch.object(botocore.endpoint, "time", waiting),
        mock.patch.object(boto3, "DEFAULT_SESSION", None),
    ):
        stage = Stage(server, client)
        waiting.sleep = stage.sleep
        yield stage
