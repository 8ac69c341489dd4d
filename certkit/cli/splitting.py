"""The wiring of `split`: a job for each SOURCE, which writes the parts of the bundle into its folder."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from certkit import filenames, sources
from certkit.cli import wiring
from certkit.cli.jobs import Outcome
from certkit.cli.session import Session
from certkit.cli.wiring import Reading
from certkit.errors import CertkitError, NoKeyError, UsageError
from certkit.formats.keys import KeyFormat
from certkit.layout import Layout
from certkit.report import split as report
from certkit.split import Form, split

_WITHOUT_KEY: Final = "name it with --key FILE, or leave it out with --certificates-only"


class Target(NamedTuple):
    """Where the files go, and how.

    Attributes:
        key_format: the value of a `KeyFormat`.
        is_forced: whether files that are there are replaced.
        is_for_programs: whether what comes of it is shown as a document, and not to a person.
    """

    folder: Path
    layout: Layout
    key_format: str
    is_forced: bool
    is_for_programs: bool = False


class SplitJob(NamedTuple):
    """One bundle to split."""

    source: str
    how: Reading
    target: Target

    def __call__(self, session: Session) -> Outcome:
        """Splits the bundle and says what came of it."""
        try:
            bundle = wiring.read_bundle(session, self.source, self.how)
        except NoKeyError as error:
            raise NoKeyError(error.message, hint=_WITHOUT_KEY, part=error.part) from error
        target = self.target
        form = Form(target.layout, KeyFormat(target.key_format), has_key=self.how.wants_keys)
        try:
            files = split(bundle, target.folder, form, force=target.is_forced)
        except CertkitError as error:
            raise error.about(self.source) from error
        if target.is_for_programs:
            return Outcome(self.source, report.item(self.source, bundle, form.layout, files), "")
        return Outcome(self.source, {}, report.text(self.source, bundle, files))


def jobs(given: Sequence[str], how: Reading, target: Target) -> list[SplitJob]:
    """Returns a job for each SOURCE; several go each into a folder of its own inside that of `target`.

    Raises:
        UsageError: two of them would go into one folder.
    """
    if len(given) == 1:
        return [SplitJob(given[0], how, target)]
    stems = [filenames.on_disk(sources.stem(source)) for source in given]
    known = Counter(map(filenames.known_as, stems))
    twice = [stem for stem in stems if known[filenames.known_as(stem)] > 1]
    if twice:
        raise UsageError(
            f"more than one SOURCE is called {twice[0]!r}: they would overwrite each other",
            hint="split them one by one, each with its own --out",
        )
    return [
        SplitJob(source, how, target._replace(folder=target.folder / stem))
        for source, stem in zip(given, stems, strict=True)
    ]
