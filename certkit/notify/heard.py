"""Who has heard of what trouble: kept in the ledger, which an ephemeral runner shares with the next one."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Final
from uuid import uuid4

from certkit.ledger import Entry, Ledger, Outcome
from certkit.notify.trouble import WELL, News, Place, Told
from certkit.redaction import redact

NAME: Final = "* trouble *"
"""What the entries stand under in the ledger: no certificate is called that, for ACM takes no asterisk in a tag."""

ACTION: Final = "tell"


class Heard:
    """What was told of the troubles of a job, for each channel on its own: one that fails is tried again by the next run.

    Args:
        run: an identifier of the run.
        caller: the ARN of the caller's identity, empty where nobody knows it.
        now: the time, aware, UTC.
    """

    def __init__(self, ledger: Ledger, run: str, caller: str, now: Callable[[], dt.datetime]) -> None:
        self._ledger = ledger
        self._run = run
        self._caller = caller
        self._now = now
        self._told: dict[str, dict[Place, Told]] | None = None

    def locked(self, seconds: float) -> AbstractContextManager[None]:
        """Keeps other runs from telling the same at the same time.

        Args:
            seconds: how long to wait for one that does.

        Raises:
            LockedError: one of them still does.
        """
        return self._ledger.lock(NAME, self._caller, seconds)

    def told(self, channel: str) -> Mapping[Place, Told]:
        """Returns what was told last on a channel, of each place.

        Raises:
            LedgerError, StateUnwritableError: the ledger cannot be read.
        """
        if self._told is None:
            self._told = defaultdict(dict)
            for entry in self._ledger.entries(NAME):
                called, _, stage = entry.detail.rpartition(": ")
                self._told[called][entry.arn or "", entry.account, entry.region] = Told(stage, entry.at)
        return self._told.get(redact(channel), {})

    def note(self, channel: str, news: News) -> None:
        """Writes down what was told: after it was, so that what fails is told twice rather than never.

        Raises:
            LedgerError, StateUnwritableError: the ledger cannot be written.
        """
        for trouble in news.troubles:
            self._ledger.write(self._entry(channel, trouble.place, trouble.stage(self._now())))
        for recovery in (*news.recoveries, *news.passed):
            self._ledger.write(self._entry(channel, recovery.place, WELL))

    def _entry(self, channel: str, place: Place, stage: str) -> Entry:
        name, account, region = place
        return Entry(
            id=uuid4().hex,
            at=self._now(),
            run=self._run,
            caller=self._caller,
            command="renew",
            name=NAME,
            account=account,
            region=region,
            action=ACTION,
            arn=name,
            sha256="",
            chain_sha256=None,
            previous_sha256=None,
            outcome=Outcome.DONE,
            detail=f"{channel}: {stage}",
        )
