"""Finds the users of certificates: where to ask, what the services say, and what ACM says where none of them does."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeAlias

from certkit.aws.acm import Acm
from certkit.aws.sessions import Session
from certkit.aws.usage.asking import Answer, ask
from certkit.aws.usage.questions import questions
from certkit.errors import AwsError, CertkitError
from certkit.inventory import state_of
from certkit.parallel import in_order
from certkit.record import Place, place_of
from certkit.region import HOME_REGION
from certkit.usage import Coverage, Usage, merged

Track: TypeAlias = Callable[[Iterable[Answer], int], Iterable[Answer]]
"""Passes answers on, and shows how many of all there are."""

_PARALLEL: Final = 16
"""Regions asked at a time; within one it is one certificate after the other."""


@dataclass(frozen=True, slots=True)
class Held:
    """A certificate in ACM.

    Attributes:
        in_use: whether ACM says that something uses it.
    """

    arn: str
    in_use: bool


def find(certificates: Iterable[Held], sessions: Mapping[str, Session], track: Track | None = None) -> Usage:
    """Returns who uses these certificates.

    Services are asked in the regions that hold one, whatever ACM says: its own word lags, and is not always true. A
    DescribeCertificate is sent only for what is in use and was found nowhere.

    Args:
        sessions: the caller in each account; certificates of other accounts are left out.
        track: sees the answers pass.
    """
    held = {one.arn: (one, place) for one in certificates if (place := place_of(one.arn)) and place.account in sessions}
    places = dict.fromkeys((place.account, place.region) for _, place in held.values())
    regions, lost = _enabled(places, sessions)
    asked = questions(places, regions)
    answers = list((track or _pass)(ask(asked, sessions), len(asked)))
    users = merged(user for answer in answers for user in answer.users if user.certificate in held)
    named = {user.certificate for user in users}
    unnamed = [(one.arn, place) for one, place in held.values() if one.in_use and one.arn not in named]
    elsewhere, problems = _elsewhere(unnamed, sessions)
    coverage = (*lost, *(answer.coverage for answer in answers if answer.coverage))
    return Usage(users, tuple(sorted(coverage, key=_order)), elsewhere, problems)


def _pass(answers: Iterable[Answer], _: int) -> Iterable[Answer]:
    return answers


def _order(coverage: Coverage) -> tuple[str, str, str]:
    return coverage.account, coverage.region, coverage.service or ""


def _enabled(
    places: Iterable[tuple[str, str]], sessions: Mapping[str, Session]
) -> tuple[dict[str, tuple[str, ...]], list[Coverage]]:
    """Returns the regions of each account that holds certificates in us-east-1, and the accounts that do not say."""
    found: dict[str, tuple[str, ...]] = {}
    lost: list[Coverage] = []
    for account in (account for account, region in places if region == HOME_REGION):
        try:
            found[account] = sessions[account].enabled_regions(HOME_REGION)
        except AwsError as error:
            lost.append(Coverage(account, HOME_REGION, None, state_of(error), error.message))
    return found, lost


def _elsewhere(
    unnamed: Iterable[tuple[str, Place]], sessions: Mapping[str, Session]
) -> tuple[dict[str, tuple[str, ...]], tuple[str, ...]]:
    """Returns what ACM says of certificates, and what it refuses to."""
    groups: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for arn, place in unnamed:
        groups[place.account, place.region].append(arn)
    asked = (partial(_described, Acm(sessions[place[0]], place[1]), arns) for place, arns in groups.items())
    said = [one for some in in_order(asked, _PARALLEL) for one in some]
    problems = tuple(one.message for _, one in said if isinstance(one, CertkitError))
    return {arn: () if isinstance(one, CertkitError) else one for arn, one in said}, problems


def _described(acm: Acm, arns: Sequence[str]) -> list[tuple[str, tuple[str, ...] | CertkitError]]:
    return [(arn, _users(acm, arn)) for arn in arns]


def _users(acm: Acm, arn: str) -> tuple[str, ...] | CertkitError:
    try:
        return acm.in_use_by(arn)
    except CertkitError as error:
        return error
