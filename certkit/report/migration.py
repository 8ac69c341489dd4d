"""What `certkit migrate` shows, and the document of it."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from cryptography import x509

from certkit import certificate as x
from certkit.errors import CertkitError
from certkit.migration import Migration, Move, Obstacle, Stage
from certkit.record import CertificateRecord
from certkit.report import certificate as certificates
from certkit.report import failure
from certkit.usage import Endpoint, User
from certkit.verify import Sight

FORWARD: Final = "forward"
BACK: Final = "back"
"""Which way the users go: to the new ARN, or back to the old one."""


@dataclass(frozen=True, slots=True)
class Told:
    """A user, and what came of it in this run.

    Attributes:
        came: `repointed`, `unchanged`, `elsewhere` or `failed`; None where nothing was tried.
    """

    move: Move
    came: str | None = None
    error: CertkitError | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen of one endpoint."""

    endpoint: Endpoint
    sight: Sight


@dataclass(frozen=True, slots=True)
class Account:
    """All that is told of one run.

    Attributes:
        direction: `forward`, or `back` where it reverts.
        wanted: what is to be imported, None where nothing is read.
        tags: what a new one is to carry.
        verdict: why it cannot be reimported, or what is lost.
        done: what came of each user, in order.
        sights: what is served.
    """

    migration: Migration
    direction: str
    now: dt.datetime
    wanted: x509.Certificate | None = None
    tags: Mapping[str, str] | None = None
    verdict: tuple[str, ...] = ()
    done: tuple[Told, ...] = ()
    sights: tuple[Seen, ...] = ()
    events: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def stage(self) -> Stage:
        """What is to be done next."""
        if self.direction == FORWARD:
            return self.migration.stage(self.now)
        if not self.migration.moves:
            return Stage.DONE
        return Stage.REPOINT if any(move.is_ours for move in self.migration.moves) else Stage.BY_HAND

    @property
    def obstacles(self) -> tuple[Obstacle, ...]:
        """What keeps the old one from being retired; of the way back nothing."""
        return tuple(self.migration.obstacles(self.now)) if self.direction == FORWARD else ()


def document(account: Account) -> dict[str, object]:
    """Returns the document `certkit.migrate/1`."""
    migration = account.migration
    is_forward = account.direction == FORWARD
    due, since = (migration.due, migration.unused_since) if is_forward else (None, None)
    return {
        "schema": "certkit.migrate/1",
        "at": certificates.time_text(account.now),
        "name": migration.name,
        "account": migration.account,
        "region": migration.region,
        "direction": account.direction,
        "stage": account.stage.value,
        "old": _record(migration.old),
        "new": _record(migration.new),
        "sha256": x.fingerprint(account.wanted) if account.wanted else None,
        "tags": dict(account.tags or {}),
        "verdict": list(account.verdict),
        "users": [_row(migration, told) for told in users(account)],
        "moved": [_user(user) for user in migration.moved],
        "obstacles": [{"message": one.message, "hint": one.hint} for one in account.obstacles],
        "unused_since": certificates.time_text(since) if since else None,
        "retire_after": certificates.time_text(due) if due else None,
        "served": [row for seen in account.sights for row in served(seen)],
        "events": list(account.events),
        "warnings": list(account.warnings),
    }


def users(account: Account) -> Sequence[Told]:
    """Returns the users with what came of them; those that are left where nothing was tried."""
    tried = {told.move.user: told for told in account.done}
    rest = [Told(move) for move in account.migration.moves if move.user not in tried]
    return (*account.done, *rest)


def _record(record: CertificateRecord | None) -> dict[str, object] | None:
    if record is None:
        return None
    return {
        "arn": record.arn,
        "sha256": x.fingerprint(record.leaf),
        "key_algorithm": x.subject_key_algorithm(record.leaf),
        "not_after": certificates.time_text(record.leaf.not_valid_after_utc),
        "in_use_by": list(record.in_use_by),
    }


def _row(migration: Migration, told: Told) -> dict[str, object]:
    move = told.move
    return {
        **_user(move.user),
        "action": "repoint" if move.is_ours else "by-hand",
        "keeper": move.keeper.name if move.keeper else None,
        "instruction": None if move.is_ours else by_hand(migration, move),
        "result": told.came,
        "error": failure.detail(told.error) if told.error else None,
    }


def by_hand(migration: Migration, move: Move) -> str:
    """Returns what a person has to do about a user, whichever way it is to go."""
    old = migration.old.arn if migration.old else move.user.certificate
    new = migration.new.arn if migration.new else None
    return move.by_hand(old, new) if move.user.certificate == old else move.by_hand(new or "", old)


def _user(user: User) -> dict[str, object]:
    return {
        "service": user.service.value,
        "slot": user.slot.value,
        "arn": user.arn,
        "name": user.name,
        "region": user.region,
        "certificate": user.certificate,
    }


def served(seen: Seen) -> Iterator[dict[str, object]]:
    """Yields what each address of an endpoint serves, as it stands in the document."""
    for view in seen.sight.views:
        yield {
            "host": seen.endpoint.host,
            "port": seen.endpoint.port,
            "connect_to": seen.endpoint.connect_to,
            "address": view.address,
            "state": view.state.value,
            "notes": list(view.notes),
            "error": failure.detail(view.error) if view.error else None,
        }
