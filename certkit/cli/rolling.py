"""The wiring of a rollout: wave after wave, each applied and served before the next; freezes and failures hold writes back."""

import heapq
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from threading import Event
from typing import Final

from certkit import apply, proof, rollout
from certkit.apply import Result, Row
from certkit.cli import deploying, proving
from certkit.cli.conduct import Conduct, Stopped
from certkit.cli.deploying import Step
from certkit.cli.lanes import Later, Soon, side_by_side
from certkit.cli.manifests import Prepared
from certkit.cli.progress import track
from certkit.cli.session import Session
from certkit.cli.tally import Tally
from certkit.errors import CertkitError, NotBegunError, UsageError
from certkit.freeze import Freeze
from certkit.manifest import CertificateSpec, Manifest
from certkit.report.imports import Told
from certkit.rollout import Barrier, name_of
from certkit.target import Failure, place
from certkit.waves import Limit, parse_limit

_TICK_SECONDS: Final = 1.0
"""Between two drawings of how much of a pause is over."""


@dataclass(slots=True)
class Rollout:
    """One run over the places of a manifest, with what it has come to so far.

    Attributes:
        barriers: why a certificate goes no further, by its name.
        open: results that no later wave of the same certificate has followed yet, each with its wave; by its name.
        is_pausing: whether something was written since the last pause.
    """

    conduct: Conduct
    manifest: Manifest
    tally: Tally
    barriers: dict[str, Barrier] = field(default_factory=dict)
    open: dict[str, list[tuple[int, Row]]] = field(default_factory=lambda: defaultdict(list))
    is_pausing: bool = False

    def carry_out(self, steps: Sequence[Step], failures: Sequence[Failure]) -> Iterator[Told]:
        """Yields earlier failures and the results of the steps, wave by wave; within one by name, account and region."""
        for wave in sorted({*map(self._wave, steps), *map(self._wave_of_failure, failures)}):
            own = [step for step in steps if self._wave(step) == wave]
            self._begin(wave, own)
            for row, warnings in self._outcomes(own, [one for one in failures if self._wave_of_failure(one) == wave]):
                self._note(wave, row)
                yield row, warnings

    def _wave(self, step: Step) -> int:
        desired = step.want.desired
        return self.manifest.waves.number(desired.account, desired.region)

    def _wave_of_failure(self, failure: Failure) -> int:
        return self.manifest.waves.number(failure.account, failure.region)

    def _begin(self, wave: int, steps: Sequence[Step]) -> None:
        """Waits before a wave in which anything is to be written, then checks that what was written before is served."""
        self.conduct = replace(self.conduct, stopping=Event())  # that of the last wave was set at its end
        for name, rows in self.open.items():
            barrier = next(filter(None, (rollout.barrier_of(row, earlier) for earlier, row in rows)), None)
            if barrier:
                self.barriers.setdefault(name, barrier)
        writing = self._writing(steps)
        if writing and self.is_pausing:
            self._pause(wave)
            self.is_pausing = False
        for spec in self.manifest.certificates:
            if spec.name in writing:
                self._prove(spec, writing[spec.name].want.caller)

    def _writing(self, steps: Sequence[Step]) -> dict[str, Step]:
        """Returns a step of each certificate that something is to be written of, by its name."""
        return {step.want.desired.name or "": step for step in steps if step.is_write and not self._held(step)}

    def _outcomes(self, steps: Sequence[Step], failures: Sequence[Failure]) -> Iterator[Told]:
        """Yields what comes of one wave."""
        ordered = sorted(steps, key=lambda step: place(step.decision))
        done: Iterator[Row] = side_by_side(
            ordered, lambda step: id(step.want.acm), self._carry_out, self.conduct.stopping
        )
        shown = track(self.conduct.session, done, len(ordered), "certificates")
        told: Iterator[Told] = ((row, step.want.warnings) for step, row in zip(ordered, shown, strict=True))
        lost: Iterator[Told] = ((failure, ()) for failure in sorted(failures, key=place))
        return heapq.merge(lost, told, key=lambda one: place(one[0]))

    def _carry_out(self, step: Step) -> Soon[Row]:
        held = self._held(step) if step.is_write else None
        if held:
            return held
        row = deploying.begin_to_carry_out(self.conduct, step)
        if isinstance(step.decision, Failure):  # which was counted before
            return row
        return row.then(self._count) if isinstance(row, Later) else self._count(row)

    def _count(self, row: Row) -> Row:
        self.tally.note(row.error)
        return row

    def _held(self, step: Step) -> Row | None:
        """Returns what becomes of a write that is held back now, None where it is not."""
        decision = step.decision
        if isinstance(decision, Failure):
            return decision
        barrier = self.barriers.get(decision.desired.name or "")
        if barrier:
            return rollout.behind(decision, barrier)
        freeze = rollout.frozen_by(self.manifest.freezes, decision, self.conduct.session.clock())
        if freeze:
            return apply.stay(decision, apply.FROZEN, str(freeze))
        limit = self.tally.reached
        if limit:
            return rollout.spared(decision, limit, self.tally.failures, self.tally.total)
        return rollout.too_late(decision) if self.conduct.session.is_late else None

    def _note(self, wave: int, row: Row) -> None:
        self.open[name_of(row)].append((wave, row))
        self.is_pausing = self.is_pausing or (isinstance(row, Result) and row.action != "unchanged")

    def _prove(self, spec: CertificateSpec, caller: str) -> None:
        """Closes the earlier waves of a certificate: what is not served there goes no further."""
        own = self.open.pop(spec.name, [])
        error = self._unserved(spec, [row for _, row in own if isinstance(row, Result)], caller)
        self.tally.note(error)
        if error:
            self.barriers[spec.name] = Barrier(own[-1][0], error)

    def _unserved(self, spec: CertificateSpec, results: Sequence[Result], caller: str) -> CertkitError | None:
        """Asks the endpoints that the manifest names for where a certificate is by now; returns why one does not serve it."""
        endpoints = rollout.endpoints(spec, map(place, results))
        if not endpoints:
            return None
        session = self.conduct.session
        subject = proving.subject(results, proving.fronts(endpoints), proving.roots(session, spec.origin))
        seen = proving.prove(self.conduct, [subject], caller)
        for one in seen:
            session.say(f"certkit: {spec.name}: {one.front.text}: {proof.summary(one)}")
        lost = next((one for one in seen if not one.is_served), None)
        return NotBegunError(f"{lost.front.text}: {proof.summary(lost)}") if lost else None

    def _pause(self, wave: int) -> None:
        """Waits before a wave, as long as anything could be begun after it; interrupted, nothing more is."""
        conduct, session = self.conduct, self.conduct.session
        seconds = round(self.manifest.waves.pause.total_seconds() / _TICK_SECONDS)
        if seconds:
            session.say(f"certkit: waiting {seconds} s before wave {wave}")
        for _ in track(session, range(seconds), seconds, "seconds of the pause"):
            if session.is_late:
                return
            if session.wait(conduct.stopping, _TICK_SECONDS):
                raise Stopped


def tell_frozen(session: Session, freezes: Sequence[Freeze], steps: Sequence[Step]) -> None:
    """Says which writes would be held back now by a freeze."""
    for step in steps:
        freeze = rollout.frozen_by(freezes, step.decision, session.clock()) if step.is_write else None
        if freeze:
            desired = step.want.desired
            session.say(f"certkit: {desired.name}: {desired.region} of {desired.account}: {freeze}")


def limit_of(option: str | None) -> Limit | None:
    """Returns what `--max-failures` says.

    Raises:
        UsageError: it is neither a number nor a share.
    """
    try:
        return parse_limit(option) if option is not None else None
    except UsageError as error:
        raise UsageError(f"--max-failures {error.message}", hint=error.hint) from error


def carry_out(
    prepared: Prepared, manifest: Manifest, steps: Sequence[Step], limit: Limit | None = None
) -> Iterator[Told]:
    """Yields what comes of everything that was decided.

    Args:
        steps: those of `prepared`, some of them failures by now.
        limit: the failures that are enough, in place of what the manifest says.
    """
    known = len(prepared.failures) + sum(isinstance(step.decision, Failure) for step in steps)
    tally = Tally(limit or manifest.waves.limit, len(steps) + len(prepared.failures), known)
    return Rollout(prepared.conduct, manifest, tally).carry_out(steps, prepared.failures)
