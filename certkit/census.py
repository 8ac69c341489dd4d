"""Takes the inventory of ACM: every region of every account, in parallel, within the rates that AWS documents."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final

from certkit.aws.acm import Acm
from certkit.aws.pacing import ReadingPaces
from certkit.aws.sessions import Session
from certkit.errors import AwsError
from certkit.inventory import Coverage, Listed, Sight, State, unseen
from certkit.parallel import as_done
from certkit.record import NAME_TAG

_OWNER_TAG: Final = "owner"
"""Names who is to be told, in capitals or not: AWS's own guide to tagging spells such keys in either way."""


@dataclass(frozen=True, slots=True)
class Site:
    """A region of an account, and the caller in it.

    Attributes:
        paces: of the requests; None for those that the documented rates ask for.
    """

    aws: Session
    account: str
    region: str
    paces: ReadingPaces | None = None


def look(sites: Iterable[Site]) -> Iterator[Sight]:
    """Yields what is seen of each site, as soon as it is; one that cannot be seen says so in its coverage.

    Two requests for each where it may search, three where it may only list, and one more for each further page.

    Raises:
        UsageError: a region is none.
    """
    return as_done(partial(_look, Acm(site.aws, site.region, paces=site.paces), site.account) for site in sites)


def _look(acm: Acm, account: str) -> Sight:
    try:
        summaries = list(acm.found())
    except AwsError as error:
        return unseen(account, acm.region, error)
    tags, coverage = _tags(acm, account)
    nobody = (None, None)
    listed = (Listed(one, account, acm.region, *tags.get(one.arn, nobody)) for one in summaries)
    return Sight(tuple(listed), coverage)


def _tags(acm: Acm, account: str) -> tuple[dict[str, tuple[str | None, str | None]], Coverage]:
    """Returns the name and the owner of each certificate that has one, by ARN."""
    try:
        tags = {arn: (tags.get(NAME_TAG) or None, _owner(tags)) for arn, tags in acm.tagged()}
    except AwsError as error:
        return {}, Coverage(account, acm.region, State.SEEN, error.message, has_names=False)
    return tags, Coverage(account, acm.region, State.SEEN)


def _owner(tags: dict[str, str]) -> str | None:
    return next((value for key, value in tags.items() if key.lower() == _OWNER_TAG and value), None)
