"""What one run writes into the ledger."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from certkit.certificate import fingerprint
from certkit.journal import Journal
from certkit.ledger import Outcome
from certkit.ledger.sqlite import SqliteLedger
from certkit.memory import chain_sha256
from certkit.plan import Import, Reimport
from certkit.record import CertificateRecord
from tests.aws.scene import desired_of, renewed
from tests.issuing import make_chain

if TYPE_CHECKING:
    from pathlib import Path

    from certkit.ledger import Entry

ARN = "arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"
OLD = make_chain()
DESIRED = desired_of(renewed())
HELD = CertificateRecord(ARN, "IMPORTED", "ISSUED", OLD.certificate, DESIRED.bundle.chain)


def journal(folder: Path, reasons: str = "") -> Journal:
    """A hand in a ledger on disk, at a time that goes on by itself."""
    times = iter(datetime(2026, 11, 22, 12, tzinfo=UTC) + timedelta(seconds=number) for number in range(100))
    return Journal(
        SqliteLedger(folder / "ledger", lambda: next(times)),
        "run-1",
        "arn:aws:iam::123456789012:user/ops",
        "apply",
        lambda: next(times),
        reasons=reasons,
    )


def rows(own: Journal) -> list[Entry]:
    """All that is in it."""
    return list(own.ledger.entries())


def test_an_import_says_what_is_sent_and_then_where_it_stands(tmp_path: Path) -> None:
    own = journal(tmp_path)

    entry = own.begin(Import(DESIRED, {}))
    told = own.end(entry, Outcome.DONE, arn=ARN, request_id="r-1")

    intent, done = rows(own)
    assert (intent.outcome, intent.arn, intent.previous_sha256) == (Outcome.INTENT, None, None)
    assert (done.outcome, done.arn, done.request_id, told) == (Outcome.DONE, ARN, "r-1", ())
    assert (done.sha256, done.chain_sha256) == (
        fingerprint(DESIRED.bundle.leaf),
        chain_sha256(DESIRED.bundle.chain),
    )
    assert (done.run, done.caller, done.command) == ("run-1", "arn:aws:iam::123456789012:user/ops", "apply")
    assert done.at > intent.at


def test_a_reimport_says_what_stood_there(tmp_path: Path) -> None:
    own = journal(tmp_path)

    entry = own.begin(Reimport(DESIRED, HELD, {}, ()))

    assert (entry.arn, entry.previous_sha256) == (ARN, OLD.sha256)
    assert own.unfinished(DESIRED) == (entry,)


def test_a_deletion_says_what_is_lost(tmp_path: Path) -> None:
    own = journal(tmp_path)

    entry = own.begin_delete(DESIRED, HELD)

    assert (entry.action, entry.arn, entry.sha256, entry.previous_sha256) == ("delete", ARN, "", OLD.sha256)


def test_the_reasons_of_what_was_ignored_are_part_of_every_entry(tmp_path: Path) -> None:
    own = journal(tmp_path, "sha1-signature ignored: internal CA")

    own.end(own.begin(Import(DESIRED, {})), Outcome.FAILED, detail="refused")

    assert [row.detail for row in rows(own)] == [
        "sha1-signature ignored: internal CA",
        "sha1-signature ignored: internal CA; refused",
    ]


def test_a_detail_that_holds_a_key_is_redacted(tmp_path: Path) -> None:
    own = journal(tmp_path)

    own.end(own.begin(Import(DESIRED, {})), Outcome.FAILED, detail=f"AWS said: {OLD.key_pem.decode()}")

    assert rows(own)[-1].detail == "AWS said: [redacted]\n"


def test_what_is_found_and_what_is_gone_is_on_record_at_once(tmp_path: Path) -> None:
    own = journal(tmp_path)

    told = (*own.note_found(DESIRED, HELD), *own.note_gone(DESIRED, "other"))

    found, gone = rows(own)
    assert (found.action, found.arn, found.sha256, found.outcome) == ("found", ARN, OLD.sha256, Outcome.DONE)
    assert (gone.action, gone.arn, gone.sha256, told) == ("gone", "other", "", ())


def test_a_word_against_the_ledgers_is_a_warning(tmp_path: Path) -> None:
    own = journal(tmp_path)
    entry = own.begin(Import(DESIRED, {}))
    own.end(entry, Outcome.DONE, arn=ARN)

    (warning,) = own.end(entry, Outcome.FAILED)

    assert warning.startswith("the ledger does not say so: ")


def test_an_open_repoint_is_left_to_those_who_know_how_to_look_at_it(tmp_path: Path) -> None:
    own = journal(tmp_path)

    entry = own.begin_repoint(DESIRED, HELD, "ab" * 32, "arn:aws:listener default")

    assert (entry.action, entry.arn, entry.sha256, entry.previous_sha256) == ("repoint", ARN, OLD.sha256, "ab" * 32)
    assert (own.unfinished(DESIRED), own.unfinished_repoints(DESIRED)) == ((), (entry,))
    assert own.memory(DESIRED).held == ()
