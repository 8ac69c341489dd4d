"""`certkit migrate` for people: where it stands, the steps in their order, what is served, and what is next."""

import datetime as dt
from collections.abc import Iterator
from typing import Final

from certkit import certificate as x
from certkit.migration import Stage
from certkit.migration.move import describe
from certkit.record import CertificateRecord
from certkit.report import certificate as certificates
from certkit.report import one_line
from certkit.report.migration import FORWARD, Account, Seen, by_hand, served, users


def text(account: Account) -> str:
    """Returns what a person reads: where it stands, the steps in their order, and what is next."""
    return "\n".join(map(one_line, _lines(account)))


def _lines(account: Account) -> Iterator[str]:
    migration = account.migration
    heads = _HEADS if account.direction == FORWARD else _BACK_HEADS
    yield f"{migration.name}: {migration.account} {migration.region}: {heads[account.stage]}"
    yield from (f"  {label}  {_one(record)}" for label, record in _pair(account) if record)
    yield from (f"  why   {reason}" for reason in account.verdict)
    yield from (f"  {event}" for event in account.events)
    yield from _steps(account)
    yield from (line for seen in account.sights for line in _sight(seen))
    if migration.new is not None and migration.old is not None and not migration.moves:
        yield from (f"  before the old one goes: {one.message}" for one in account.obstacles)
    yield from (f"  warning: {warning}" for warning in account.warnings)


def _steps(account: Account) -> Iterator[str]:
    """Yields what is to be done, or came of it."""
    migration = account.migration
    number = 0
    if account.stage is Stage.IMPORT and account.wanted is not None:
        number += 1
        yield f"  {number}. import {x.title(account.wanted)}, sha256 {x.fingerprint(account.wanted)}, with these tags:"
        yield from (f"       {key}={value}" for key, value in sorted((account.tags or {}).items()))
    for told in users(account):
        number += 1
        user = told.move.user
        word = told.came or ("repoint" if told.move.is_ours else "by hand")
        yield f"  {number}. {word}: {describe(user)}  {user.arn}"
        if told.error:
            yield f"       {told.error.message}"
            yield from [f"       {told.error.hint}"] if told.error.hint else []
        elif not told.move.is_ours:
            yield f"       {by_hand(migration, told.move)}"
    yield from _end(account, number) if account.direction == FORWARD else ()


def _end(account: Account, number: int) -> Iterator[str]:
    migration = account.migration
    if account.stage in {Stage.IMPORT, Stage.REPOINT} and not account.done:
        yield f"  {number + 1}. look what the endpoints of these serve"
        yield f"  {number + 2}. retire the old one, once nothing has used it for {_long(migration.quiet)}: --retire"


def _sight(seen: Seen) -> Iterator[str]:
    """Yields a line for each address that was looked at, and why it is not as it should be."""
    for row, view in zip(served(seen), seen.sight.views, strict=True):
        through = f"{row['connect_to']}, {view.address}" if view.address else str(row["connect_to"])
        yield f"  {view.state.value}: {row['host']}:{row['port']} at {through}"
        yield from (f"       {note}" for note in ([view.error.message] if view.error else view.notes))


def _long(time: dt.timedelta) -> str:
    """Returns a time as people say it, in days where it has some."""
    seconds = int(time.total_seconds())
    for unit, size in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        count, rest = divmod(seconds, size)
        if count and not rest:
            return f"{count} {unit}{'s' * (count != 1)}"
    return f"{seconds} s"


_HEADS: Final = {
    Stage.IMPORT: "the new one is to be imported",
    Stage.REPOINT: "what uses the old one is to be repointed",
    Stage.BY_HAND: "what still uses the old one is left to others",
    Stage.QUIET: "nothing is left to repoint: the old one stays for its quiet period",
    Stage.RETIRE: "the old one can be retired",
    Stage.DONE: "done: the old one is retired",
}
_BACK_HEADS: Final = {
    Stage.REPOINT: "what uses the new one is to go back to the old one",
    Stage.BY_HAND: "what still uses the new one is left to others",
    Stage.DONE: "nothing uses the new one",
}


def _pair(account: Account) -> tuple[tuple[str, CertificateRecord | None], ...]:
    return (("old ", account.migration.old), ("new ", account.migration.new))


def _one(record: CertificateRecord) -> str:
    until = certificates.date_text(record.leaf.not_valid_after_utc)
    algorithm = x.subject_key_algorithm(record.leaf)
    return f"{record.arn}  {algorithm}, valid until {until}, sha256 {x.fingerprint(record.leaf)[:16]}…"
