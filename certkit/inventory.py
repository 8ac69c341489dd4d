"""What was seen of certificates, in ACM and elsewhere, and what could not be."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from certkit.errors import AwsAuthError, AwsDeniedError, CertkitError
from certkit.expiry import Threshold
from certkit.record import Summary

_ARN: Final = re.compile(r"arn:\S+")


class State(StrEnum):
    """Whether a place could be seen."""

    SEEN = "seen"
    DENIED = "denied"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Listed:
    """A certificate with where it is, and the name that certkit knows it by.

    Attributes:
        account, region: where in AWS; None for one that is not in ACM.
        name: the tag `certkit:name`.
        owner: the tag `owner`: who is to be told of it.
        source: the file, folder or endpoint that one is from that is not in ACM; its `summary.arn` is empty.
    """

    summary: Summary
    account: str | None
    region: str | None
    name: str | None = None
    owner: str | None = None
    source: str | None = None

    @property
    def place(self) -> str:
        """What tells it from all others: its ARN, or the SOURCE it is from."""
        return self.source if self.source is not None else self.summary.arn


@dataclass(frozen=True, slots=True)
class Coverage:
    """What became of one region of one account, or of one SOURCE.

    Attributes:
        account: None where not even that is known, and for a SOURCE.
        region: None for a SOURCE; also for all further regions of an account that does not say which ones it has.
        reason: why it could not be seen, or its names not read; else empty.
        has_names: whether the tags could be read too.
        source: the SOURCE, None for a region of ACM.
    """

    account: str | None
    region: str | None
    state: State
    reason: str = ""
    has_names: bool = True
    source: str | None = None

    @property
    def is_closed_by_policy(self) -> bool:
        """Whether the organization closed the region: what AWS answers where a service control policy denies."""
        return self.state is State.DENIED and "service control policy" in self.reason


@dataclass(frozen=True, slots=True)
class Inventory:
    """Everything that was seen, soonest expiry first, and how much of all there is that was.

    Attributes:
        at: when it was taken, UTC.
    """

    certificates: tuple[Listed, ...]
    coverage: tuple[Coverage, ...]
    at: dt.datetime

    @property
    def is_complete(self) -> bool:
        """Whether every place was seen."""
        return all(one.state is State.SEEN for one in self.coverage)


@dataclass(frozen=True, slots=True)
class Sight:
    """What was seen of one place."""

    certificates: tuple[Listed, ...]
    coverage: Coverage


def unseen(account: str | None, region: str | None, error: CertkitError) -> Sight:
    """Returns what is seen of a region that could not be asked."""
    return Sight((), Coverage(account, region, state_of(error), error.message))


def state_of(error: CertkitError) -> State:
    """Returns what is known of what could not be asked: whether it was the caller's rights, or anything else."""
    return State.DENIED if isinstance(error, AwsDeniedError | AwsAuthError) else State.FAILED


def gather(sights: Iterable[Sight], at: dt.datetime) -> Inventory:
    """Returns everything that was seen as one inventory: certificates by their end, places by account and region."""
    certificates: list[Listed] = []
    coverage: list[Coverage] = []
    for sight in sights:
        certificates += sight.certificates
        coverage.append(sight.coverage)
    return Inventory(tuple(sorted(certificates, key=soonest_first)), tuple(sorted(coverage, key=_place)), at)


def is_expiring(listed: Listed, now: dt.datetime, threshold: Threshold) -> bool:
    """Tells whether a certificate has no more left than the threshold; one that was never issued has not."""
    summary = listed.summary
    if summary.not_before is None or summary.not_after is None:
        return False
    return threshold.is_reached(summary.not_before, summary.not_after, now)


def soonest_first(listed: Listed) -> tuple[bool, float, str]:
    """Orders certificates by their end; those that were never issued are last."""
    not_after = listed.summary.not_after
    return (not_after is None, not_after.timestamp() if not_after else 0.0, listed.place)


def _place(coverage: Coverage) -> tuple[str, str, str]:
    return (coverage.source or "", coverage.account or "", coverage.region or "")


def problems(inventory: Inventory) -> Iterator[str]:
    """Yields a line for each place that was not seen, or not wholly; regions with the same reason share one."""
    is_alone = len({one.account for one in inventory.coverage if one.source is None}) == 1
    alike: dict[tuple[str, str], list[Coverage]] = {}
    for one in inventory.coverage:
        if one.state is not State.SEEN or not one.has_names:
            alike.setdefault((_what(one), _bare(one)), []).append(one)
    for (what, _), places in alike.items():
        where = places_text(places, names_account=not is_alone)
        is_one = len(places) == 1 and (places[0].region is not None or places[0].source is not None)
        verb = "was" if is_one else "were"
        yield f"{where}{what.format(verb=verb)}: {places[0].reason}"


def places_text(places: Sequence[Coverage], *, names_account: bool) -> str:
    """Returns which places these are: their regions, and the account, or how many accounts these are."""
    if places[0].source is not None:
        return places[0].source
    regions = ", ".join(dict.fromkeys(one.region or "other regions" for one in places))
    accounts = list(dict.fromkeys(one.account or "an unknown account" for one in places))
    if not names_account:
        return regions
    return f"{regions} of {accounts[0] if len(accounts) == 1 else f'{len(accounts)} accounts'}"


def _what(one: Coverage) -> str:
    if one.is_closed_by_policy:
        return " {verb} not seen, closed by policy"
    return " {verb} not seen" if one.state is not State.SEEN else ": the names could not be read"


def _bare(one: Coverage) -> str:
    """Returns the reason without what it says of this place alone, so that the same of another place is alike."""
    if one.source is not None:
        return one.source
    if one.is_closed_by_policy:
        return ""
    reason = one.reason
    for own in filter(None, (one.region, one.account)):
        reason = reason.replace(own, "")
    return _ARN.sub("", reason)
