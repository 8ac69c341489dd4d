"""What is in the wrong place, or takes room for nothing."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Final

from certkit import limits
from certkit.estate.finding import Estate, Found, Weight, kind
from certkit.inventory import Listed
from certkit.rules.services import SERVICES

_SETTLED: Final = dt.timedelta(days=7)
"""An import is there before what is to use it: for so long it is not called unused."""

_YEAR: Final = dt.timedelta(days=365)
"""What the quota of imports counts in: https://docs.aws.amazon.com/acm/latest/userguide/acm-limits.html."""


@kind(Weight.NOTE, hint="certkit prune shows what can be deleted")
def unused(estate: Estate) -> Iterator[Found]:
    """Nothing uses it, and it was imported more than a week ago.

    It counts toward the quota of imported certificates, and its key is one more that could get lost. A manifest that
    names it keeps it where it is.
    """
    for one in estate.imported:
        imported_at = one.summary.imported_at
        is_new = imported_at is not None and estate.now - imported_at < _SETTLED
        is_wanted = estate.services is not None and one.name in estate.services
        if not one.summary.in_use and not is_new and not is_wanted:
            since = f" since it was imported on {imported_at:%Y-%m-%d}" if imported_at else ""
            yield Found((one,), f"nothing uses it{since}")


@kind(Weight.WARNING, hint="name the region in the manifest: regions = [...]")
def wrong_region(estate: Estate) -> Iterator[Found]:
    """The manifest says what it is for, and nothing of that can use it where it is.

    CloudFront, and what is built on it, takes certificates from us-east-1 alone; everything else from its own region.
    """
    for one in estate.imported:
        wanted = _only_regions((estate.services or {}).get(one.name or "", ()))
        if wanted and one.region not in wanted and not one.summary.in_use:
            services = " and ".join((estate.services or {}).get(one.name or "", ()))
            yield Found((one,), f"it is for {services}, which takes it from {' or '.join(sorted(wanted))} alone")


@kind(Weight.WARNING, hint="certkit prune, or ask for more in Service Quotas, before imports are refused")
def quota_nearly_used(estate: Estate) -> Iterator[Found]:
    """A region of an account holds four fifths of the imported certificates that it may hold, or had as many imports.

    2,500 at a time and 5,000 imports in 365 days, unless AWS has raised them. How many imports there were AWS does not
    say: those that are still there count, each once, so that it may be more.
    """
    for place, group in _by_place(estate).items():
        most = estate.quotas.get(place, limits.MAX_IMPORTED)
        if len(group) >= most * limits.NEARLY_USED:
            yield Found((), f"{len(group):,} of {most:,} imported certificates are there", place)
        of_late = [one for one in group if one.summary.imported_at and estate.now - one.summary.imported_at < _YEAR]
        if len(of_late) >= limits.MAX_IMPORTS_A_YEAR * limits.NEARLY_USED:
            most = limits.MAX_IMPORTS_A_YEAR
            yield Found((), f"at least {len(of_late):,} of {most:,} imports of 365 days are used up", place)


@kind(Weight.NOTE, hint="request it from ACM with DNS validation, put it in its place, then certkit prune")
def let_acm_issue_it(estate: Estate) -> Iterator[Found]:
    """A public CA issued it having looked at its domains alone, and services of AWS use it: ACM can issue it instead.

    ACM validates by DNS, issues for nothing, and renews as long as the DNS record stays, so that nobody has to. It is no
    way where the same certificate, or its key, is also needed outside AWS: certkit sees that only of the endpoints and
    files that stand in the same list.
    """
    outside = {one.summary.spki_sha256 for one in estate.inventory.certificates if one.source is not None}
    for one in estate.imported:
        closeup = estate.closeups.get(one.summary.arn)
        if closeup and closeup.is_domain_validated and closeup.in_use_by and closeup.spki_sha256 not in outside:
            names = len(closeup.in_use_by)
            yield Found(
                (one,), f"ACM could issue and renew it: only its domains were looked at, and {names} in AWS use it"
            )


def _by_place(estate: Estate) -> Mapping[tuple[str | None, str | None], list[Listed]]:
    groups: dict[tuple[str | None, str | None], list[Listed]] = defaultdict(list)
    for one in estate.imported:
        groups[one.account, one.region].append(one)
    return groups


def _only_regions(services: tuple[str, ...]) -> set[str]:
    """Returns the only regions that services take certificates from; none where one of them takes it from its own."""
    regions = {SERVICES[name].region for name in services if name in SERVICES}
    return set() if None in regions else {region for region in regions if region}
