"""What `certkit rollback --list` shows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from certkit.escrow.deposit import Deposit, Site
from certkit.report import certificate as certificates
from certkit.report import one_line
from certkit.report.table import lines

_HEAD = ("KEPT", "VALID UNTIL", "LEAF", "")


@dataclass(frozen=True, slots=True)
class Shelf:
    """What is in escrow of one certificate in one region of one account.

    Attributes:
        deposits: oldest first.
        held: the fingerprint of the leaf that ACM holds.
        previous: what a rollback takes, None where there is nothing.
    """

    site: Site
    deposits: Sequence[Deposit]
    held: str
    previous: Deposit | None

    @property
    def current(self) -> Deposit | None:
        """What ACM holds: of several deposits of it the newest, None where it is not in escrow."""
        return next((deposit for deposit in reversed(self.deposits) if deposit.sha256 == self.held), None)


def document(shelves: Sequence[Shelf]) -> dict[str, object]:
    """Returns the document `certkit.deposits/1`, newest first within each place."""
    rows = [_item(shelf, deposit) for shelf in shelves for deposit in reversed(shelf.deposits)]
    return {"schema": "certkit.deposits/1", "deposits": rows}


def text(shelves: Sequence[Shelf]) -> str:
    """Returns what a person reads: a table for each place, newest first."""
    return "\n".join(line for shelf in shelves for line in _lines(shelf))


def _item(shelf: Shelf, deposit: Deposit) -> dict[str, object]:
    return {
        "name": shelf.site.name,
        "account": shelf.site.account,
        "region": shelf.site.region,
        "at": certificates.time_text(deposit.at),
        "not_after": certificates.time_text(deposit.not_after),
        "sha256": deposit.sha256,
        "chain_sha256": deposit.chain_sha256,
        "held": deposit == shelf.current,
        "previous": deposit == shelf.previous,
    }


def _lines(shelf: Shelf) -> Iterator[str]:
    count = len(shelf.deposits)
    site = shelf.site
    yield f"{one_line(site.name)}: {site.region} of {site.account}: {count} bundle{'s' * (count != 1)} in escrow"
    if shelf.deposits:
        yield from lines([_HEAD, *(_row(shelf, deposit) for deposit in reversed(shelf.deposits))])
    if shelf.current is None:
        yield f"ACM holds {shelf.held}, which is not in escrow"


def _row(shelf: Shelf, deposit: Deposit) -> tuple[str, ...]:
    notes = ["in ACM"] * (deposit == shelf.current) + ["rollback takes it"] * (deposit == shelf.previous)
    times = (certificates.time_text(moment) for moment in (deposit.at, deposit.not_after))
    return (*times, deposit.sha256, ", ".join(notes))
