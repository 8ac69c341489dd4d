"""What is done with one SOURCE of many: each a value that another process can be handed."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from certkit import formats, sources
from certkit.bundle import Parts
from certkit.cli import wiring
from certkit.cli.session import Session
from certkit.cli.wiring import Reading
from certkit.errors import CertkitError, ContentError, PasswordMissingError, UsageError
from certkit.formats.keys import KeyFormat
from certkit.report import inspect as inspect_report
from certkit.report import split as split_report
from certkit.report import validate as validate_report
from certkit.rules import Finding, finding_of, judge
from certkit.split import split
from certkit.validate import candidate_as_is, candidate_of


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one SOURCE.

    Attributes:
        item: its entry in the document.
        text: what a person reads.
        error: why it failed, None where it did not.
        findings: what rules found in it.
    """

    source: str
    item: Mapping[str, object]
    text: str
    error: CertkitError | None = None
    findings: tuple[Finding, ...] = ()


class Job(Protocol):
    """Something to do with one SOURCE."""

    @property
    def source(self) -> str:
        """The SOURCE, as the user wrote it."""

    def __call__(self, session: Session) -> Outcome:
        """Does it, and says what came of it."""


@dataclass(frozen=True, slots=True)
class InspectJob:
    """One bundle to describe."""

    source: str
    how: Reading

    def __call__(self, session: Session) -> Outcome:
        """Describes the bundle, as far as it can be seen from outside where it is locked."""
        data = wiring.read_source(session, self.source)
        try:
            contents = wiring.parse_contents(session.without_questions(), self.source, data, self.how)
        except PasswordMissingError:
            item = self._locked(session, data)
        else:
            item = inspect_report.item(
                self.source, contents, wiring.put_in_order(session, self.source, contents, self.how)
            )
        return Outcome(self.source, item, inspect_report.text(item))

    def _locked(self, session: Session, data: bytes) -> dict[str, object]:
        """Returns all that can be seen without the password: of a PFX how it is protected, of PEM the certificates."""
        protection = formats.protection(data)
        if protection:
            return inspect_report.locked_item(self.source, protection)
        how = replace(self.how, wants_keys=False)
        contents = wiring.parse_contents(session, self.source, data, how)
        if not contents.certificates:
            return inspect_report.locked_item(self.source, None)
        bundle = wiring.put_in_order(session, self.source, contents, how)
        return {**inspect_report.item(self.source, contents, bundle), "locked": True}


@dataclass(frozen=True, slots=True)
class ValidateJob:
    """One bundle to judge.

    Attributes:
        is_strict: whether what certkit mends counts as an error.
    """

    source: str
    how: Reading
    is_strict: bool

    def __call__(self, session: Session) -> Outcome:
        """Judges what `import` would send for the bundle."""
        contents = wiring.read_contents(session, self.source, self.how)
        try:
            bundle = wiring.in_order(session, contents, self.how)
        except ContentError as error:
            findings = [finding_of(error)]
        else:
            candidate = candidate_of(bundle, session.clock(), needs_key=self.how.wants_keys)
            findings = list(judge(candidate, is_strict=self.is_strict))
        return judged(self.source, findings)


@dataclass(frozen=True, slots=True)
class ValidateAsIsJob:
    """Three files to judge byte for byte.

    Attributes:
        source: that of the certificate; those of key and chain stand in `how`.
    """

    source: str
    how: Reading

    def __call__(self, session: Session) -> Outcome:
        """Judges the bytes themselves."""
        blobs = [
            wiring.read_source(session, part) if part is not None else b""
            for part in (self.source, self.how.options.key, self.how.options.chain)
        ]
        candidate = candidate_as_is(Parts(*blobs), session.clock(), needs_key=self.how.wants_keys)
        return judged(self.source, list(judge(candidate)))


def validate_jobs(
    session: Session, given: Sequence[str], body: str | None, *, wants_keys: bool, is_strict: bool
) -> list[Job]:
    """Returns a job for each SOURCE, or the one for `body` and its parts as they are.

    Raises:
        UsageError, InputUnreadableError: the options contradict each other, or a password cannot be read.
    """
    how = replace(wiring.reading(session, given or [body or ""]), wants_keys=wants_keys)
    if body is not None:
        return [ValidateAsIsJob(body, how)]
    return [ValidateJob(source, how, is_strict) for source in given]


def judged(source: str, findings: Sequence[Finding]) -> Outcome:
    """Returns the outcome of a judgement."""
    item = validate_report.item(source, findings)
    return Outcome(source, item, validate_report.text(source, findings), findings=tuple(findings))


@dataclass(frozen=True, slots=True)
class SplitJob:
    """One bundle to split."""

    source: str
    how: Reading
    folder: Path
    key_format: KeyFormat
    force: bool

    def __call__(self, session: Session) -> Outcome:
        """Splits the bundle and says what came of it."""
        bundle = wiring.read_bundle(session, self.source, self.how)
        try:
            paths = split(bundle, self.folder, self.key_format, force=self.force)
        except CertkitError as error:
            raise error.about(self.source) from error
        return Outcome(
            self.source, split_report.item(self.source, bundle, paths), split_report.text(self.source, bundle, paths)
        )


def split_jobs(given: Sequence[str], how: Reading, out: Path, key_format: KeyFormat, *, force: bool) -> list[SplitJob]:
    """Returns a job for each SOURCE, with the folder it goes into.

    Raises:
        UsageError: two of them would go into one folder.
    """
    if len(given) == 1:
        return [SplitJob(given[0], how, out, key_format, force)]
    stems = [sources.stem(source) for source in given]
    twice = [stem for stem, count in Counter(stems).items() if count > 1]
    if twice:
        raise UsageError(
            f"more than one SOURCE is called {twice[0]!r}: they would overwrite each other",
            hint="split them one by one, each with its own --out",
        )
    return [SplitJob(source, how, out / stem, key_format, force) for source, stem in zip(given, stems, strict=True)]
