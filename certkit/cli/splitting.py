"""The wiring of `split`."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from certkit import sources
from certkit.cli import wiring
from certkit.cli.jobs import Outcome
from certkit.cli.session import Session
from certkit.cli.wiring import Reading
from certkit.errors import CertkitError, UsageError
from certkit.formats.keys import KeyFormat
from certkit.report import split as report
from certkit.split import split


class Target(NamedTuple):
    """Where the three files go, and how.

    Attributes:
        key_format: the value of a `KeyFormat`.
        is_forced: whether files that are there are replaced.
    """

    folder: Path
    key_format: str
    is_forced: bool


class SplitJob(NamedTuple):
    """One bundle to split."""

    source: str
    how: Reading
    target: Target

    def __call__(self, session: Session) -> Outcome:
        """Splits the bundle and says what came of it."""
        bundle = wiring.read_bundle(session, self.source, self.how)
        target = self.target
        try:
            paths = split(bundle, target.folder, KeyFormat(target.key_format), force=target.is_forced)
        except CertkitError as error:
            raise error.about(self.source) from error
        return Outcome(self.source, report.item(self.source, bundle, paths), report.text(self.source, bundle, paths))


def jobs(given: Sequence[str], how: Reading, target: Target) -> list[SplitJob]:
    """Returns a job for each SOURCE; several go each into a folder of its own inside that of `target`.

    Raises:
        UsageError: two of them would go into one folder.
    """
    if len(given) == 1:
        return [SplitJob(given[0], how, target)]
    stems = [sources.stem(source) for source in given]
    twice = [stem for stem, count in Counter(stems).items() if count > 1]
    if twice:
        raise UsageError(
            f"more than one SOURCE is called {twice[0]!r}: they would overwrite each other",
            hint="split them one by one, each with its own --out",
        )
    return [
        SplitJob(source, how, Target(target.folder / stem, target.key_format, target.is_forced))
        for source, stem in zip(given, stems, strict=True)
    ]
