"""The wiring of `status --findings`: what is the matter with everything that was seen."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Final

from certkit.cli.progress import track
from certkit.cli.session import Session
from certkit.errors import CertkitError
from certkit.estate import Closeup, Estate, Finding, find
from certkit.estate.closeup import closeup_of, worth_looking_at
from certkit.inventory import Inventory, Listed
from certkit.manifest import Manifest
from certkit.parallel import in_order

if TYPE_CHECKING:
    from certkit.aws.acm import Acm
    from certkit.census import Site

_PARALLEL: Final = 16
"""Regions asked at a time; within one ACM allows ten DescribeCertificate a second, and they go one after the other."""


@dataclass(frozen=True, slots=True)
class Appraisal:
    """What was found.

    Attributes:
        problems: what could not be looked at closely, each in a line.
    """

    findings: tuple[Finding, ...]
    problems: tuple[str, ...] = ()


def appraise(
    session: Session, inventory: Inventory, found: Manifest | None, sites: Sequence["Site"] | None = None
) -> Appraisal:
    """Returns what is the matter with what was seen.

    Args:
        found: the configuration.
        sites: where to look closely; None to go by the listings alone.
    """
    services = {spec.name: spec.services for spec in found.certificates} if found and found.certificates else None
    estate = Estate(inventory, services)
    if sites is None:
        return Appraisal(find(estate))
    chosen = worth_looking_at(estate)
    looks = list(track(session, _closely(sites, chosen), len(chosen), "certificates"))
    closeups = {place: seen for place, seen in looks if isinstance(seen, Closeup)}
    problems = tuple(dict.fromkeys(seen.message for _, seen in looks if isinstance(seen, CertkitError)))
    return Appraisal(find(replace(estate, closeups=closeups)), problems)


def _closely(sites: Sequence["Site"], chosen: Iterable[Listed]) -> Iterator[tuple[str, Closeup | CertkitError]]:
    """Returns what each certificate says, or why it cannot be read."""
    from certkit.aws.acm import Acm

    groups: Mapping[tuple[str | None, str | None], list[Listed]] = defaultdict(list)
    for one in chosen:
        groups[one.account, one.region].append(one)
    places = [(site, groups[site.account, site.region]) for site in sites if (site.account, site.region) in groups]
    looks = (partial(_of_region, Acm(site.aws, site.region), held) for site, held in places)
    return chain.from_iterable(in_order(looks, _PARALLEL))


def _of_region(acm: "Acm", held: Sequence[Listed]) -> list[tuple[str, Closeup | CertkitError]]:
    return [(one.place, _look(acm, one.summary.arn)) for one in held]


def _look(acm: "Acm", arn: str) -> Closeup | CertkitError:
    try:
        return closeup_of(acm.record(arn))
    except CertkitError as error:
        return error
