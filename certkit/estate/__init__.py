"""Findings about everything that is there: what expires in use, what nothing renews, what is there twice or for nothing."""

from typing import Final

from certkit.estate import copies, lifetime, places
from certkit.estate.finding import Closeup, Estate, Finding, Kind, Weight, findings_of

KINDS: Final[tuple[Kind, ...]] = (
    lifetime.in_use_expired,
    lifetime.in_use_expiring,
    lifetime.in_use_not_renewed,
    lifetime.chain_expires_first,
    copies.same_certificate,
    copies.same_key,
    places.wrong_region,
    places.quota_nearly_used,
    copies.same_names,
    places.unused,
    places.let_acm_issue_it,
)
"""Every kind, what matters most first."""

__all__ = ["KINDS", "Closeup", "Estate", "Finding", "Kind", "Weight", "find"]


def find(estate: Estate) -> tuple[Finding, ...]:
    """Returns everything that is the matter with an estate, what matters most first."""
    return tuple(finding for kind in KINDS for finding in findings_of(kind, estate))
