"""Who has heard of what trouble."""

from collections import defaultdict
from collections.abc import Mapping
from functools import cached_property
from typing import Final
from uuid import uuid4

from certkit.notify.book import Book
from certkit.notify.trouble import WELL, News, Place, Told
from certkit.redaction import redact

NAME: Final = "* trouble *"


class Heard(Book):
    """What was told of the troubles of a job; see `Book`."""

    name = NAME
    command = "renew"

    def told(self, channel: str) -> Mapping[Place, Told]:
        """Returns what was told last on a channel, of each place.

        Raises:
            LedgerError, StateUnwritableError: the ledger cannot be read.
        """
        return self._all.get(redact(channel), {})

    def note(self, channel: str, news: News) -> None:
        """Writes down what was told: after it was, so that what fails is told twice rather than never.

        Raises:
            LedgerError, StateUnwritableError: the ledger cannot be written.
        """
        for trouble in news.troubles:
            self._write(uuid4().hex, trouble.place, f"{channel}: {trouble.stage(self._now())}")
        for recovery in (*news.recoveries, *news.passed):
            self._write(uuid4().hex, recovery.place, f"{channel}: {WELL}")

    @cached_property
    def _all(self) -> Mapping[str, Mapping[Place, Told]]:
        """What was told last of each place, by channel, as it was when this was first asked."""
        told: dict[str, dict[Place, Told]] = defaultdict(dict)
        for entry in self._ledger.entries(NAME):
            called, _, stage = entry.detail.rpartition(": ")
            told[called][entry.arn or "", entry.account, entry.region] = Told(stage, entry.at)
        return told
