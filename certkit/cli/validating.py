"""The wiring of `validate`."""

from collections.abc import Sequence
from dataclasses import dataclass

from certkit.bundle import Parts
from certkit.cli import wiring
from certkit.cli.jobs import Job, Outcome
from certkit.cli.session import Session
from certkit.cli.wiring import Reading
from certkit.errors import ContentError
from certkit.report import validate as report
from certkit.rules import Finding, Severity, finding_of, judge
from certkit.validate import candidate_as_is, candidate_of


@dataclass(frozen=True, slots=True)
class Bar:
    """What counts.

    Attributes:
        fail_on: the value of the least `Severity` that makes the exit code 1.
        is_strict: whether what certkit mends is an error.
    """

    fail_on: str
    is_strict: bool

    def judged(self, source: str, findings: Sequence[Finding]) -> Outcome:
        """Returns the outcome of a judgement."""
        counts = {Severity.ERROR, Severity(self.fail_on)}
        code = int(any(finding.severity in counts for finding in findings))
        return Outcome(source, report.item(source, findings), report.text(source, findings), exit_code=code)


@dataclass(frozen=True, slots=True)
class ValidateJob:
    """One bundle to judge."""

    source: str
    how: Reading
    bar: Bar

    def __call__(self, session: Session) -> Outcome:
        """Judges what `import` would send for the bundle."""
        contents = wiring.read_contents(session, self.source, self.how)
        try:
            bundle = wiring.in_order(session, contents, self.how)
        except ContentError as error:
            findings = [finding_of(error)]
        else:
            candidate = candidate_of(bundle, session.clock(), needs_key=self.how.wants_keys)
            findings = list(judge(candidate, is_strict=self.bar.is_strict))
        return self.bar.judged(self.source, findings)


@dataclass(frozen=True, slots=True)
class ValidateAsIsJob:
    """Three files to judge byte for byte.

    Attributes:
        source: that of the certificate; those of key and chain stand in `how`.
    """

    source: str
    how: Reading
    bar: Bar

    def __call__(self, session: Session) -> Outcome:
        """Judges the bytes themselves."""
        blobs = [
            wiring.read_source(session, part) if part is not None else b""
            for part in (self.source, self.how.options.key, self.how.options.chain)
        ]
        candidate = candidate_as_is(Parts(*blobs), session.clock(), needs_key=self.how.wants_keys)
        return self.bar.judged(self.source, list(judge(candidate)))


def jobs(session: Session, given: Sequence[str], body: str | None, bar: Bar, *, wants_keys: bool) -> list[Job]:
    """Returns a job for each SOURCE, or the one for `body` and its parts as they are.

    Raises:
        UsageError, InputUnreadableError: the options contradict each other, or a password cannot be read.
    """
    how = wiring.reading(session, given or [body or ""])._replace(wants_keys=wants_keys)
    if body is not None:
        return [ValidateAsIsJob(body, how, bar)]
    return [ValidateJob(source, how, bar) for source in given]
