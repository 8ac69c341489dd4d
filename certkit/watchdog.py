"""Which job is silent or fails, and which certificate no job renews: from heartbeats and an inventory. No I/O."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Final

from certkit.doctor import Check, State
from certkit.inventory import Inventory, Listed
from certkit.ledger import Entry, Outcome
from certkit.manifest import CertificateSpec, JobSpec
from certkit.record import IMPORTED

USUAL: Final = dt.timedelta(days=1)
"""How often a job runs where nothing says so. Heartbeats never make it less: a person may run the job twice in a day."""

LATE: Final = 1.5
"""After how many intervals a job counts as silent: half an interval is for jitter, a retry, a machine that starts late."""

_SELDOM: Final = dt.timedelta(days=7)
"""The longest interval that heartbeats can make: a machine that was off for a month is no reason to wait another month."""

_COUNTED: Final = 8
"""How many of the last heartbeats say how often a job runs."""

_FORGOTTEN: Final = dt.timedelta(days=30)
"""After how long without a heartbeat another manifest's job counts as gone for good."""

_HINT_SILENT: Final = (
    "look at what starts it: crontab -l, systemctl list-timers, the CronJob, the workflow, the schedule"
)
_HINT_NEVER: Final = "certkit schedule writes the job; --ledger names the ledger that it writes to"


@dataclass(frozen=True, slots=True)
class Job:
    """What the ledger knows of one job.

    Attributes:
        beats: its heartbeats, oldest first; at least one.
    """

    name: str
    beats: tuple[Entry, ...]

    @property
    def last(self) -> Entry:
        """Its last heartbeat."""
        return self.beats[-1]

    @property
    def last_good(self) -> Entry | None:
        """Its last heartbeat after a run in which nothing failed."""
        return next((one for one in reversed(self.beats) if one.outcome is Outcome.DONE), None)

    @property
    def usual(self) -> dt.timedelta:
        """How often it has run of late: the middle one of the times between its last heartbeats."""
        times = [one.at for one in self.beats[-_COUNTED:]]
        seconds = [(later - sooner).total_seconds() for sooner, later in pairwise(times)]
        return min(max(USUAL, dt.timedelta(seconds=median(seconds))), _SELDOM) if seconds else USUAL


def jobs(beats: Iterable[Entry]) -> dict[str, Job]:
    """Returns the jobs that heartbeats, oldest first, tell of; runs over some certificates only are none."""
    found: dict[str, list[Entry]] = defaultdict(list)
    for beat in beats:
        if beat.arn:
            found[beat.arn].append(beat)
    return {name: Job(name, tuple(own)) for name, own in found.items()}


def interval(spec: JobSpec, known: Mapping[str, Job]) -> dt.timedelta:
    """Returns how often the job of a manifest runs: as it says, else as the job did of late."""
    job = known.get(spec.name)
    return spec.every or (job.usual if job else USUAL)


def is_silent(last: dt.datetime, every: dt.timedelta, now: dt.datetime) -> bool:
    """Tells whether a job should have run again by now."""
    return now - last > every * LATE


def of_jobs(known: Mapping[str, Job], own: JobSpec, now: dt.datetime) -> Iterator[Check]:
    """Yields a check for the job of this manifest, and for each other one that writes to the same ledger."""
    if own.name not in known:
        yield Check(f"job {own.name}", State.FAIL, "it has never run, as far as this ledger knows", _HINT_NEVER)
    for name, job in sorted(known.items()):
        is_own = name == own.name
        if is_own or now - job.last.at <= _FORGOTTEN:
            yield _of_job(job, interval(own, known) if is_own else job.usual, now)


def of_metric(name: str, last: dt.datetime | None, every: dt.timedelta) -> Check:
    """Says whether CloudWatch has heard of a job within the time in which it should run."""
    about = f"metric {name}"
    if last is None:
        text = f"CloudWatch has had no heartbeat for {_time(every * LATE)}"
        return Check(about, State.FAIL, text, _HINT_SILENT)
    return Check(about, State.OK, f"CloudWatch has had a heartbeat, the last within the hour from {_moment(last)}")


def of_certificates(
    inventory: Inventory, specs: Collection[CertificateSpec], renewed_by: Mapping[str, str], every: dt.timedelta
) -> Iterator[Check]:
    """Yields a check for each certificate that no job renews.

    Args:
        specs: of the manifest.
        renewed_by: by ARN, the command that wrote there last, of those that are jobs.
        every: how often the job runs.
    """
    by_name = {spec.name: spec for spec in specs}
    for one in inventory.certificates:
        if one.summary.kind != IMPORTED or not (one.summary.in_use or one.name):
            continue
        spec = by_name.get(one.name or "")
        if spec is not None:
            yield from _overdue(one, spec, inventory.at, every)
        elif one.summary.arn not in renewed_by:
            yield _orphan(one, inventory.at)


def _of_job(job: Job, every: dt.timedelta, now: dt.datetime) -> Check:
    about, last, good = f"job {job.name}", job.last, job.last_good
    ran = f"it ran last on {_moment(last.at)}"
    good_run = f"the last good run was on {_moment(good.at)}" if good else "none has been good"
    if is_silent(last.at, every, now):
        text = f"silent: {ran}, {_time(now - last.at)} ago, and should run every {_time(every)}; {good_run}"
        return Check(about, State.FAIL, text, _HINT_SILENT)
    if last.outcome is not Outcome.DONE:
        text = f"{ran} and failed: {last.detail}; {good_run}"
        return Check(about, State.FAIL, text, "certkit renew shows why, and its hints the way out")
    return Check(about, State.OK, f"{ran}: {last.detail}; every {_time(every)}")


def _overdue(one: Listed, spec: CertificateSpec, now: dt.datetime, every: dt.timedelta) -> Iterator[Check]:
    """Yields a check where a certificate has been due for longer than a job may be silent, and nothing newer has come."""
    begins, ends = one.summary.not_before, one.summary.not_after
    if begins is None or ends is None:
        return
    due = ends - spec.renewal.when.margin(ends - begins)
    if now - due <= every * LATE:
        return
    text = f"due since {_moment(due)}, and nothing newer has come: its SOURCE stands still; {_end(ends, now)}; {_place(one)}"
    yield Check(_about(one), State.FAIL, text, f"renew {spec.origin.source}, or give it a renew_command")


def _orphan(one: Listed, now: dt.datetime) -> Check:
    ends = f"; {_end(one.summary.not_after, now)}" if one.summary.not_after else ""
    if one.summary.in_use:
        text = f"in use, and in no manifest: no job renews it{ends}; {_place(one)}"
        hint = f"certkit adopt {one.summary.arn} --name NAME, then [certificates.NAME] with its SOURCE"
        return Check(_about(one), State.FAIL, text, hint)
    text = f"in no manifest, and nothing uses it{ends}; {_place(one)}"
    return Check(_about(one), State.WARN, text, "certkit prune takes away what is not needed any more")


def _about(one: Listed) -> str:
    return f"certificate {one.name or one.summary.domain or one.summary.arn}"


def _place(one: Listed) -> str:
    return f"{one.region} of {one.account}"


def _end(ends: dt.datetime, now: dt.datetime) -> str:
    day = f"{ends:%Y-%m-%d}"
    return f"expired on {day}" if ends < now else f"expires in {_time(ends - now)}, on {day}"


def _moment(at: dt.datetime) -> str:
    return f"{at.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"


def _time(span: dt.timedelta) -> str:
    """Returns a time as people say it: days from two of them on, hours from two of them on, else minutes."""
    for unit, name in ((dt.timedelta(days=1), "day"), (dt.timedelta(hours=1), "hour")):
        if span >= 2 * unit:
            return f"{span // unit} {name}s"
    return f"{span // dt.timedelta(minutes=1)} minutes"
