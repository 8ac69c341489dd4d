"""How far one certificate has come on its way to a new ARN, told by what AWS itself shows. No I/O."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from certkit.migration.move import Move, describe
from certkit.record import UNUSED_SINCE_TAG, CertificateRecord
from certkit.usage import Coverage, User

_TIME: Final = "%Y-%m-%dT%H:%M:%SZ"
"""How times stand in tags and documents: RFC 3339, UTC."""


class Stage(StrEnum):
    """What is to be done next."""

    IMPORT = "import"
    REPOINT = "repoint"
    BY_HAND = "by-hand"
    QUIET = "quiet"
    RETIRE = "retire"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What keeps the old one from being retired, and the way out."""

    message: str
    hint: str


@dataclass(frozen=True, slots=True)
class Migration:
    """How far it has come.

    Attributes:
        old: None once it is retired.
        new: None before it is imported.
        moves: the users of the old one, in their order.
        moved: the users of the new one.
        strangers: what ACM names as users of the old one and no service does.
        unseen: the services that could not be asked.
        quiet: how long nothing must have used the old one before it goes.
        latest: when certkit last wrote to a user, as far as the ledger knows.
    """

    name: str
    account: str
    region: str
    old: CertificateRecord | None
    new: CertificateRecord | None
    moves: tuple[Move, ...]
    moved: tuple[User, ...]
    strangers: tuple[str, ...]
    unseen: tuple[Coverage, ...]
    quiet: dt.timedelta
    latest: dt.datetime | None = None

    @property
    def is_unused(self) -> bool:
        """Whether every service was asked, and none names the old one."""
        return self.old is not None and not self.moves and not self.unseen

    @property
    def unused_since(self) -> dt.datetime | None:
        """Since when nothing uses the old one, None where that was not seen yet or is not so any more."""
        if self.old is None or not self.is_unused:
            return None
        seen = parsed(self.old.tags.get(UNUSED_SINCE_TAG, ""))
        return max(filter(None, (seen, self.latest))) if seen else None

    @property
    def due(self) -> dt.datetime | None:
        """When the quiet period ends, None before it has begun."""
        return self.unused_since + self.quiet if self.unused_since else None

    def stage(self, now: dt.datetime) -> Stage:
        """Returns what is to be done next."""
        if self.new is None:
            return Stage.IMPORT
        if self.old is None:
            return Stage.DONE
        if any(move.is_ours for move in self.moves):
            return Stage.REPOINT
        if self.moves:
            return Stage.BY_HAND
        return Stage.QUIET if any(self.obstacles(now)) else Stage.RETIRE

    def obstacles(self, now: dt.datetime) -> Iterator[Obstacle]:
        """Yields what keeps the old one from being retired."""
        if self.new is None or self.old is None:
            yield Obstacle("there is no new one yet", f"certkit migrate {self.name} --to SOURCE --apply imports it")
            return
        for move in self.moves:
            yield Obstacle(f"{describe(move.user)} names it", move.by_hand(self.old.arn, self.new.arn))
        for stranger in self.strangers:
            yield Obstacle(
                f"ACM says that {stranger} uses it", "ACM may take a quarter of an hour to see that it does not"
            )
        for one in self.unseen:
            service = one.service.label if one.service else "service"
            yield Obstacle(
                f"no {service} in {one.region} could be looked at",
                one.reason or "certkit policy migrator prints the permissions",
            )
        yield from self._wait(now)

    def _wait(self, now: dt.datetime) -> Iterator[Obstacle]:
        if not self.is_unused:
            return
        if self.due is None:
            yield Obstacle(
                "its quiet period has not begun", f"certkit migrate {self.name} --apply notes that nothing uses it"
            )
        elif now < self.due:
            yield Obstacle(
                f"its quiet period ends {self.due.strftime(_TIME)}", "run it again then, or shorten --quiet-for"
            )


def stamp(moment: dt.datetime) -> str:
    """Returns a time as it stands in the tag `certkit:unused-since`."""
    return moment.astimezone(dt.UTC).strftime(_TIME)


def parsed(text: str) -> dt.datetime | None:
    """Returns the time in the tag `certkit:unused-since`, None for what is none: others may write tags too."""
    try:
        return dt.datetime.strptime(text, _TIME).replace(tzinfo=dt.UTC)
    except ValueError:
        return None
