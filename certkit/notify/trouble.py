"""What became of a certificate in a run, as its owner should hear of it: a refusal once, and that it is over. No I/O."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from certkit import expiry
from certkit.errors import AwsError, CertkitError
from certkit.expiry import Urgency

AGAIN: Final = dt.timedelta(days=7)
"""How often a refusal is told of again where nobody knows how long the certificate in ACM still has."""

WELL: Final = "well"
"""What stands in the ledger where trouble is over."""

Place: TypeAlias = tuple[str, str, str]
"""Name, account and region; the account is empty where the manifest names none, the region for the certificate as a whole."""


@dataclass(frozen=True, slots=True)
class Ends:
    """The lifetime of the certificate that ACM holds."""

    not_before: dt.datetime
    not_after: dt.datetime


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a certificate is not as it should be, in one place.

    Attributes:
        owner: who; None where nobody is named.
        where: the place in words.
        ends: of the certificate that ACM holds, None where nobody knows.
    """

    place: Place
    owner: str | None
    where: str
    error: CertkitError
    ends: Ends | None = None

    def stage(self, now: dt.datetime) -> str:
        """Returns what is told of once: the reason, and whether the certificate in ACM is near its end by now.

        The reason is certkit's own code with AWS's, not the message: what a program says may differ from night to night.
        """
        aws_code = self.error.aws_code if isinstance(self.error, AwsError) else ""
        reason = " ".join(filter(None, (self.error.code, aws_code)))
        return f"{reason}, {self._urgency(now)}" if self._urgency(now) else reason

    def _urgency(self, now: dt.datetime) -> str:
        if self.ends is None:
            return ""
        urgency = expiry.urgency(self.ends.not_before, self.ends.not_after, now)
        return urgency.value if urgency in {Urgency.CRITICAL, Urgency.EXPIRED} else ""


@dataclass(frozen=True, slots=True)
class Recovery:
    """That a certificate is as it should be again, in one place."""

    place: Place
    owner: str | None
    where: str


@dataclass(frozen=True, slots=True)
class Report:
    """What one run has to tell owners, before it is known what they have heard already.

    Attributes:
        owners: of every certificate of which the run says something, by its name.
        untried: places of which it says nothing: whatever was told of them stands.
    """

    troubles: tuple[Trouble, ...]
    owners: Mapping[str, str | None]
    untried: frozenset[Place] = frozenset()

    def of(self, names: Iterable[str]) -> "Report":
        """Returns what it says of some certificates."""
        own = {name: self.owners[name] for name in names}
        return Report(tuple(one for one in self.troubles if one.place[0] in own), own, self.untried)


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody heard last of one place.

    Attributes:
        at: when, UTC.
    """

    stage: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class News:
    """What somebody has not heard yet.

    Attributes:
        passed: what is over of a certificate that has other troubles: nobody is told that it is well.
    """

    troubles: tuple[Trouble, ...]
    recoveries: tuple[Recovery, ...]
    passed: tuple[Recovery, ...] = ()

    def __bool__(self) -> bool:
        """Tells whether there is anything to tell."""
        return bool(self.troubles or self.recoveries)


def news(report: Report, told: Mapping[Place, Told], now: dt.datetime) -> News:
    """Returns what is new to somebody who has heard `told`."""
    troubles = tuple(one for one in report.troubles if _is_new(one, told.get(one.place), now))
    ill = {one.place[0] for one in report.troubles}
    over = [Recovery(place, report.owners[place[0]], where(place)) for place in _over(report, told)]
    return News(
        troubles,
        tuple(one for one in over if one.place[0] not in ill),
        tuple(one for one in over if one.place[0] in ill),
    )


def _over(report: Report, told: Mapping[Place, Told]) -> list[Place]:
    """Returns where trouble that was told of is over; of a certificate that was not tried nobody knows."""
    current = {one.place for one in report.troubles}
    tried = report.owners.keys() - {name for name, _, _ in report.untried}
    return sorted(
        place for place, last in told.items() if last.stage != WELL and place[0] in tried and place not in current
    )


def where(place: Place) -> str:
    """Returns a place in words, without its name."""
    _, account, region = place
    return f"{region} of {account}" if account and region else region or account


def _is_new(trouble: Trouble, last: Told | None, now: dt.datetime) -> bool:
    if last is None or last.stage != trouble.stage(now):
        return True
    return trouble.ends is None and now - last.at >= AGAIN
