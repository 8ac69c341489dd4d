"""The wiring of `history`: the writes to ACM that the ledger holds, and nothing else of it."""

from certkit.cli.ledgers import open_ledger
from certkit.cli.options import OutputFormat
from certkit.cli.session import Session
from certkit.ledger.writes import newest_first
from certkit.notify.book import ACTION as TOLD
from certkit.renew import ACTION as RENEWED
from certkit.report import history as report


def show(session: Session, name: str | None, limit: int | None, output_format: OutputFormat) -> int:
    """Shows what the ledger holds, and returns the exit code.

    Raises:
        LedgerError: it cannot be read.
    """
    ledger = open_ledger(session)
    writes = newest_first(entry for entry in ledger.entries(name) if entry.action not in {TOLD, RENEWED})[:limit]
    if output_format is OutputFormat.JSON:
        session.show_document(report.document(writes))
    else:
        session.show(report.text(writes, str(ledger)))
    return 0
