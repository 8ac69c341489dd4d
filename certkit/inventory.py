"""What is in ACM, over regions, and what of it could not be seen."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from certkit.aws.acm import Acm
from certkit.aws.sessions import Session
from certkit.errors import AwsAuthError, AwsDeniedError, AwsError
from certkit.record import Summary

_PARALLEL: Final = 8
"""Regions asked at a time; the rates hold for each region on its own."""


class State(StrEnum):
    """Whether a region could be seen."""

    SEEN = "seen"
    DENIED = "denied"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Listed:
    """A certificate with its region, and the name that certkit knows it by."""

    summary: Summary
    region: str
    name: str | None


@dataclass(frozen=True, slots=True)
class Coverage:
    """What became of one region.

    Attributes:
        reason: why it could not be seen, empty where it was.
        has_names: whether the names could be read too.
    """

    region: str
    state: State
    reason: str = ""
    has_names: bool = True


@dataclass(frozen=True, slots=True)
class Inventory:
    """Everything that was seen, soonest expiry first, and how much of all there is that was."""

    certificates: tuple[Listed, ...]
    coverage: tuple[Coverage, ...]

    @property
    def is_complete(self) -> bool:
        """Whether every region was seen."""
        return all(one.state is State.SEEN for one in self.coverage)


def take(session: Session, regions: Sequence[str]) -> Inventory:
    """Lists the certificates in all `regions`, in parallel; a region that cannot be seen is told in the coverage."""
    clients = [Acm(session, region) for region in regions]
    with ThreadPoolExecutor(_PARALLEL) as pool:
        seen = list(pool.map(_look, clients))
    certificates = [listed for found, _ in seen for listed in found]
    return Inventory(tuple(sorted(certificates, key=_soonest_first)), tuple(coverage for _, coverage in seen))


def _look(acm: Acm) -> tuple[list[Listed], Coverage]:
    try:
        summaries = list(acm.summaries())
    except AwsError as error:
        state = State.DENIED if isinstance(error, AwsDeniedError | AwsAuthError) else State.FAILED
        return [], Coverage(acm.region, state, error.message)
    names, coverage = _names(acm)
    return [Listed(summary, acm.region, names.get(summary.arn)) for summary in summaries], coverage


def _names(acm: Acm) -> tuple[dict[str, str], Coverage]:
    try:
        return acm.names(), Coverage(acm.region, State.SEEN)
    except AwsError as error:
        return {}, Coverage(acm.region, State.SEEN, error.message, has_names=False)


def _soonest_first(listed: Listed) -> tuple[bool, float, str]:
    not_after = listed.summary.not_after
    return (not_after is None, not_after.timestamp() if not_after else 0.0, listed.summary.arn)


def problems(inventory: Inventory) -> Iterator[str]:
    """Yields a line for each thing that could not be seen."""
    for one in inventory.coverage:
        if one.state is not State.SEEN:
            yield f"{one.region} was not seen: {one.reason}"
        elif not one.has_names:
            yield f"{one.region}: the names could not be read: {one.reason}"
