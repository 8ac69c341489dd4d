"""What is done with one SOURCE of many, and what came of it: values that another process can be handed."""

from collections.abc import Mapping
from typing import NamedTuple, Protocol

from certkit.cli.session import Session
from certkit.errors import CertkitError


class Outcome(NamedTuple):
    """What came of one SOURCE.

    Attributes:
        item: its entry in the document; it may be empty where only the text is shown, and the other way round.
        text: what a person reads.
        error: why it failed, None where it did not.
        exit_code: what the process is to exit with on account of it.
        value: what the command itself makes its reports from, where it has more than those two.
    """

    source: str
    item: Mapping[str, object]
    text: str
    error: CertkitError | None = None
    exit_code: int = 0
    value: object = None


class Job(Protocol):
    """Something to do with one SOURCE."""

    @property
    def source(self) -> str:
        """The SOURCE, as the user wrote it."""

    def __call__(self, session: Session) -> Outcome:
        """Does it, and says what came of it."""
