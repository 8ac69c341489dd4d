"""What one run writes into the ledger: the intent before each write to ACM, and what came of it."""

import datetime as dt
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Final
from uuid import uuid4

from certkit import certificate as x
from certkit import redaction
from certkit.errors import CertkitError
from certkit.ledger import Entry, Ledger, Outcome
from certkit.memory import DELETE, FOUND, GONE, REPOINT, Memory, chain_sha256, is_about, recall
from certkit.plan import Action, Desired, Import, verb
from certkit.record import CertificateRecord

LOCK_SECONDS: Final = 60.0
"""How long to wait for another run at the same certificate, unless told."""


@dataclass(frozen=True, slots=True)
class Journal:
    """What one run writes into the ledger, and with what identity.

    Attributes:
        run: an identifier of the run.
        caller: the ARN of the caller's identity.
        now: the time, aware, UTC.
        reasons: the rules that were ignored, with the reason; a part of every entry.
    """

    ledger: Ledger
    run: str
    caller: str
    command: str
    now: Callable[[], dt.datetime]
    lock_seconds: float = LOCK_SECONDS
    reasons: str = ""

    def locked(self, desired: Desired) -> AbstractContextManager[None]:
        """Holds the lock of one certificate in one region while the block runs.

        Raises:
            LockedError: somebody else still holds it.
        """
        key = f"{desired.account}/{desired.region}/{desired.name or desired.arn}"
        return self.ledger.lock(key, self.caller, self.lock_seconds)

    def memory(self, desired: Desired) -> Memory:
        """Returns what the ledger remembers of it."""
        return recall(self.ledger, desired)

    def unfinished(self, desired: Desired) -> tuple[Entry, ...]:
        """Returns the intents of earlier runs of which nobody knows what came of them."""
        return tuple(entry for entry in self._open(desired) if entry.action != REPOINT)

    def unfinished_repoints(self, desired: Desired) -> tuple[Entry, ...]:
        """Returns the intents to repoint its users of which nobody knows what came of them."""
        return tuple(entry for entry in self._open(desired) if entry.action == REPOINT)

    def begin(self, action: Action) -> Entry:
        """Writes down what is about to be done, and returns the entry.

        Raises:
            LedgerError: the ledger cannot be written; then nothing MUST be sent.
        """
        current = None if isinstance(action, Import) else action.current
        bundle = action.desired.bundle
        entry = self._entry(action.desired, verb(action), current.arn if current else None, Outcome.INTENT)
        return self._begin(
            replace(
                entry,
                sha256=x.fingerprint(bundle.leaf),
                chain_sha256=chain_sha256(bundle.chain),
                previous_sha256=x.fingerprint(current.leaf) if current else None,
            )
        )

    def begin_delete(self, desired: Desired, spare: CertificateRecord) -> Entry:
        """Writes down that a copy is about to be deleted, and returns the entry.

        Raises:
            LedgerError: the ledger cannot be written; then nothing MUST be sent.
        """
        entry = self._entry(desired, DELETE, spare.arn, Outcome.INTENT)
        return self._begin(replace(entry, previous_sha256=x.fingerprint(spare.leaf)))

    def begin_repoint(self, desired: Desired, target: CertificateRecord, previous: str, user: str) -> Entry:
        """Writes down that a user is about to be repointed, and returns the entry.

        Args:
            target: what it is to name.
            previous: the fingerprint of the leaf under the ARN that it names now.
            user: what says which one is meant.

        Raises:
            LedgerError: the ledger cannot be written; then nothing MUST be sent.
        """
        entry = self._entry(desired, REPOINT, target.arn, Outcome.INTENT)
        entry = replace(entry, sha256=x.fingerprint(target.leaf), previous_sha256=previous, detail=user)
        self.ledger.write(entry)
        return entry

    def end(
        self, entry: Entry, outcome: Outcome, *, arn: str | None = None, request_id: str = "", detail: str = ""
    ) -> tuple[str, ...]:
        """Writes down what came of an intent; where that fails, returns the warning, since ACM has been written."""
        came = replace(
            entry,
            at=self.now(),
            outcome=outcome,
            arn=arn or entry.arn,
            request_id=request_id,
            detail=self._detail(detail),
        )
        return self._note(came)

    def note_found(self, desired: Desired, record: CertificateRecord) -> tuple[str, ...]:
        """Writes down what ACM holds, where the ledger said otherwise; returns the warning where that fails."""
        found = self._entry(desired, FOUND, record.arn, Outcome.DONE)
        leaf, chain = x.fingerprint(record.leaf), chain_sha256(record.chain)
        return self._note(replace(found, sha256=leaf, chain_sha256=chain))

    def note_gone(self, desired: Desired, arn: str) -> tuple[str, ...]:
        """Writes down that ACM no longer holds an ARN; returns the warning where that fails."""
        return self._note(self._entry(desired, GONE, arn, Outcome.DONE))

    def _open(self, desired: Desired) -> tuple[Entry, ...]:
        opened = self.ledger.open_intents(desired.account, desired.region)
        return tuple(entry for entry in opened if is_about(entry, desired))

    def _entry(self, desired: Desired, action: str, arn: str | None, outcome: Outcome) -> Entry:
        return Entry(
            id=uuid4().hex,
            at=self.now(),
            run=self.run,
            caller=self.caller,
            command=self.command,
            name=desired.name,
            account=desired.account,
            region=desired.region,
            action=action,
            arn=arn,
            sha256="",
            chain_sha256=None,
            previous_sha256=None,
            outcome=outcome,
        )

    def _begin(self, entry: Entry) -> Entry:
        intent = replace(entry, detail=self._detail(""))
        self.ledger.write(intent)
        return intent

    def _note(self, entry: Entry) -> tuple[str, ...]:
        try:
            self.ledger.write(entry)
        except CertkitError as error:
            return (f"the ledger does not say so: {error.message}; the next run puts it right",)
        return ()

    def _detail(self, text: str) -> str:
        return "; ".join(filter(None, (self.reasons, redaction.redact(text))))
