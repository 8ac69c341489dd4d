"""What is done with one SOURCE of many: each a value that another process can be handed."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from certkit import formats, sources
from certkit.cli import wiring
from certkit.cli.session import Session
from certkit.cli.wiring import Reading
from certkit.errors import CertkitError, PasswordMissingError, UsageError
from certkit.formats.keys import KeyFormat
from certkit.report import inspect as inspect_report
from certkit.report import split as split_report
from certkit.split import split


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one SOURCE.

    Attributes:
        item: its entry in the document.
        text: what a person reads.
        error: why it failed, None where it did not.
    """

    source: str
    item: Mapping[str, object]
    text: str
    error: CertkitError | None = None


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
        try:
            contents = wiring.read_contents(session.without_questions(), self.source, self.how)
        except PasswordMissingError as error:
            return self._locked(session, error)
        bundle = wiring.put_in_order(session, self.source, contents, self.how)
        item = inspect_report.item(self.source, contents, bundle)
        return Outcome(self.source, item, inspect_report.text(item))

    def _locked(self, session: Session, error: PasswordMissingError) -> Outcome:
        data = wiring.read_source(session, self.source)
        try:
            item = inspect_report.locked_item(self.source, formats.protection(data))
        except CertkitError as closer:
            raise closer.about(self.source) from error
        return Outcome(self.source, item, inspect_report.text(item))


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
        return Outcome(self.source, split_report.item(self.source, bundle, paths), split_report.text(self.source, bundle, paths))


def split_jobs(
    given: Sequence[str], how: Reading, out: Path, key_format: KeyFormat, *, force: bool
) -> list[SplitJob]:
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
