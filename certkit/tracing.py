"""Finds the certificates that an incident is about among those listed, asking ACM where the list does not say enough."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from certkit import certificate as x
from certkit.aws.acm import Acm
from certkit.census import Site
from certkit.errors import CertkitError
from certkit.incident import Hit, Wanted, completed, fits_listing
from certkit.inventory import Listed
from certkit.parallel import in_order

_PARALLEL: Final = 16
"""Regions looked into at a time; within one it is one certificate after the other."""


@dataclass(frozen=True, slots=True)
class Trace:
    """What was found, and a line for each certificate that could not be looked at."""

    hits: tuple[Hit, ...]
    problems: tuple[str, ...]


def trace(certificates: Iterable[Listed], wanted: Wanted, sites: Iterable[Site]) -> Trace:
    """Returns those of the certificates that are wanted, in their order.

    What a listing says is not asked again: a GetCertificate for each is sent only where the fingerprint of a key or of a
    certificate is wanted, or where ListCertificates had to do; a DescribeCertificate only for what is found and in use.
    """
    asked = [one for one in certificates if _may_fit(one, wanted)]
    places: dict[tuple[str | None, str | None], list[Listed]] = {}
    for one in asked:
        places.setdefault((one.account, one.region), []).append(one)
    known: dict[tuple[str | None, str | None], Site] = {(site.account, site.region): site for site in sites}
    looks = (partial(_look, wanted, held, known.get(place)) for place, held in places.items())
    traces = list(in_order(looks, _PARALLEL))
    order = {one.place: number for number, one in enumerate(asked)}
    hits = sorted((hit for found in traces for hit in found.hits), key=lambda hit: order[hit.listed.place])
    return Trace(tuple(hits), tuple(problem for found in traces for problem in found.problems))


def _may_fit(listed: Listed, wanted: Wanted) -> bool:
    return listed.summary.not_after is not None and fits_listing(listed.summary, wanted) is not False


def _look(wanted: Wanted, listed: Sequence[Listed], site: Site | None) -> Trace:
    """Looks at the certificates of one place; those that are not in ACM are known already."""
    if site is None:
        return Trace(tuple(Hit(one) for one in listed if fits_listing(one.summary, wanted)), ())
    acm = Acm(site.aws, site.region)
    hits: list[Hit] = []
    problems: list[str] = []
    for one in listed:
        try:
            whole = _whole(acm, one, wanted)
            if fits_listing(whole.summary, wanted):
                hits.append(Hit(whole, _users(acm, whole)))
        except CertkitError as error:
            problems.append(error.message)
    return Trace(tuple(hits), tuple(problems))


def _whole(acm: Acm, listed: Listed, wanted: Wanted) -> Listed:
    """Returns the row with what is missing in it; what cannot be parsed stays as it is, and fits nothing."""
    if fits_listing(listed.summary, wanted) is not None:
        return listed
    leaf = x.load(acm.leaf_der(listed.summary.arn))
    return completed(listed, leaf) if leaf else listed


def _users(acm: Acm, listed: Listed) -> tuple[str, ...]:
    return acm.in_use_by(listed.summary.arn) if listed.summary.in_use else ()
