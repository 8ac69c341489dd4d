"""The wiring of `validate`: a job for each SOURCE, which reads the bundle and judges what `import` would send."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from certkit.bundle import Bundle, Parts
from certkit.cli import wiring
from certkit.cli.jobs import Job, Outcome
from certkit.cli.judging import Judging
from certkit.cli.session import Session
from certkit.cli.waiving import Waiving
from certkit.cli.wiring import Reading
from certkit.contents import Contents
from certkit.errors import CertkitError, ContentError, InputUnreadableError, KeyUnsupportedError
from certkit.judgement import Judgement
from certkit.location import Place, places
from certkit.rules import Candidate, Finding, finding_of
from certkit.sources import patterns
from certkit.validate import candidate_as_is, candidate_of, has_key_of


@dataclass(frozen=True, slots=True)
class ValidateJob:
    """One bundle to judge.

    Attributes:
        names: what waivers may call it.
    """

    source: str
    names: tuple[str, ...]
    how: Reading
    judging: Judging

    def __call__(self, session: Session) -> Outcome:
        """Judges what `import` would send for the bundle."""
        data = wiring.read_source(session, self.source)
        try:
            candidate = self._candidate(session, data)
        except ContentError as error:
            return _outcome(session, self, [finding_of(error)], self._places(session, data, None), None)
        places_found = self._places(session, data, candidate)
        return _outcome(session, self, self.judging.findings(candidate), places_found, candidate)

    def _candidate(self, session: Session, data: bytes) -> Candidate:
        """Returns what would be sent, without the key where that is of a kind which certkit cannot read.

        Raises:
            ContentError: it does not make a bundle; the message does not name the SOURCE.
            CertkitError: it cannot be read.
        """
        try:
            contents = wiring.parse_contents(session, self.source, data, self.how)
        except KeyUnsupportedError as error:
            return self._candidate_without_key(session, data, error)
        return candidate_of(self._in_order(session, contents, self.how), session.clock(), needs_key=self.how.wants_keys)

    def _candidate_without_key(self, session: Session, data: bytes, error: KeyUnsupportedError) -> Candidate:
        how = self.how._replace(wants_keys=False)
        bundle = self._in_order(session, wiring.parse_contents(session, self.source, data, how), how)
        if not has_key_of(bundle.leaf, error.algorithm):
            raise error
        return candidate_of(bundle, session.clock(), needs_key=False)

    def _in_order(self, session: Session, contents: Contents, how: Reading) -> Bundle:
        try:
            return wiring.in_order(session, contents, how)
        except ContentError:
            raise
        except CertkitError as error:
            raise error.about(self.source) from error

    def _places(self, session: Session, data: bytes, candidate: Candidate | None) -> Mapping[str, Place]:
        """Returns where the parts stand: in the SOURCE, and in `--key` and `--chain` what it lacks."""
        found: dict[str, Place] = {}
        if self.judging.wants_places:
            leaf, chain = (candidate.leaf, candidate.chain) if candidate else (None, ())
            for source, content in [(self.source, data), *_others(session, self.how)]:
                found = places(source, content, leaf, chain) | found
        return found


@dataclass(frozen=True, slots=True)
class ValidateAsIsJob:
    """Three files to judge byte for byte.

    Attributes:
        source: that of the certificate; those of key and chain stand in `how`.
        names: what waivers may call it.
    """

    source: str
    names: tuple[str, ...]
    how: Reading
    judging: Judging

    def __call__(self, session: Session) -> Outcome:
        """Judges the bytes themselves."""
        given = (self.source, self.how.options.key, self.how.options.chain)
        blobs = [wiring.read_source(session, source) if source is not None else b"" for source in given]
        candidate = candidate_as_is(
            Parts(*blobs), session.clock(), needs_key=self.how.wants_keys, sends_chain=given[2] is not None
        )
        found: dict[str, Place] = {}
        if self.judging.wants_places:
            body, key, chain = [(source or "", blob) for source, blob in zip(given, blobs, strict=True)]
            found = places(*key, None, ()) | places(*chain, None, candidate.chain) | places(*body, candidate.leaf, ())
        return _outcome(session, self, self.judging.findings(candidate), found, candidate)


@dataclass(frozen=True, slots=True)
class FruitlessJob:
    """A pattern that no file fits: it stands for the bundles that it should have named, and fails."""

    source: str

    def __call__(self, session: Session) -> Outcome:
        """Fails.

        Raises:
            InputUnreadableError: always.
        """
        del session
        raise InputUnreadableError(f"{self.source}: no file fits this pattern")


def jobs(
    session: Session, given: Sequence[str], body: str | None, judging: Judging, waiving: Waiving, *, wants_keys: bool
) -> list[Job]:
    """Returns a job for each SOURCE that `given` names or fits, or the one for `body` and its parts as they are.

    Raises:
        UsageError, InputUnreadableError: the options contradict each other, or a password cannot be read.
    """
    named = [body] if body is not None else list(patterns.expand(given))
    how = wiring.reading(session, named)._replace(wants_keys=wants_keys)
    if body is not None:
        return [ValidateAsIsJob(body, waiving.names(body), how, judging)]
    return [
        FruitlessJob(one) if patterns.is_pattern(one) else ValidateJob(one, waiving.names(one), how, judging)
        for one in named
    ]


def _outcome(
    session: Session,
    job: ValidateJob | ValidateAsIsJob,
    findings: Iterable[Finding],
    found: Mapping[str, Place],
    candidate: Candidate | None,
) -> Outcome:
    """Returns what came of a bundle; without a `candidate` none could be made of what was read."""
    weighed = job.judging.weigh(job.names, findings, session.clock())
    judgement = Judgement(
        job.source,
        weighed.findings,
        weighed.waived,
        candidate is not None,
        found,
        weighed.used,
        weighed.unused,
        job.judging.replaced(candidate),
    )
    return Outcome(job.source, {}, "", exit_code=job.judging.exit_code(weighed.findings), value=judgement)


def _others(session: Session, how: Reading) -> Iterator[tuple[str, bytes]]:
    """Yields `--key` and `--chain` with their bytes, where they are files that can be read a second time."""
    for source in (how.options.key, how.options.chain):
        if source is not None and Path(source).is_file():
            yield source, wiring.read_source(session, source)
