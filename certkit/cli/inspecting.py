"""The wiring of `inspect`: a job for each SOURCE, which describes the bundle as far as it can be seen."""

from dataclasses import dataclass

from certkit import formats
from certkit.bundle import Bundle
from certkit.cli import wiring
from certkit.cli.jobs import Outcome
from certkit.cli.session import Session
from certkit.cli.wiring import Reading
from certkit.contents import Contents
from certkit.errors import CertkitError, ContentError, PasswordMissingError
from certkit.opinion import second_opinion
from certkit.report import inspect as report


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
            bundle = self._bundle(session, contents, self.how)
            item = report.item(self.source, contents, bundle, self._protection(data))
        return Outcome(self.source, item, report.text(item))

    def _locked(self, session: Session, data: bytes) -> dict[str, object]:
        """Returns all that can be seen without the password: how it is protected, and certificates that are not locked."""
        kind, protection = formats.format_of(data), self._protection(data)
        locked = report.locked_item(self.source, kind or "pem", protection)
        if kind is formats.Format.PKCS12:  # what it holds is behind the MAC, and each try at that takes its iterations
            return locked
        how = self.how._replace(wants_keys=False)
        try:
            contents = wiring.parse_contents(session.without_questions(), self.source, data, how)
            bundle = self._bundle(session, contents, how)
        except (PasswordMissingError, ContentError):
            return locked
        return report.locked(report.item(self.source, contents, bundle, protection))

    def _protection(self, data: bytes) -> dict[str, object] | None:
        try:
            return formats.protection(data)
        except CertkitError as error:
            raise error.about(self.source) from error

    def _bundle(self, session: Session, contents: Contents, how: Reading) -> Bundle:
        """Returns the bundle in order, with what cryptography thinks of its chain among the notes."""
        bundle = wiring.put_in_order(session, self.source, contents, how)
        opinion = second_opinion(bundle, wiring.roots_of(how), session.clock())
        return bundle._replace(notes=(*bundle.notes, opinion)) if opinion else bundle
