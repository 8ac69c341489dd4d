"""Rows of a listing, as the findings about an estate see them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from certkit.inventory import Coverage, Inventory, Listed, State
from certkit.record import Summary

NOW: Final = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
ACCOUNT: Final = "123456789012"
HOME: Final = "us-east-1"
_LISTED: Final = {"account", "region", "name", "owner", "source"}


def row(number: int = 1, *, left: float = 60, life: float = 90, **more: Any) -> Listed:
    """A certificate of 90 days with 60 left, imported when it was issued, that nothing uses."""
    ends = NOW + timedelta(days=left)
    begins = ends - timedelta(days=life)
    summary = Summary(
        arn=f"arn:aws:acm:{more.get('region', HOME)}:{more.get('account', ACCOUNT)}:certificate/{number}",
        domain="shop.example.com",
        sans=("DNS:shop.example.com",),
        kind="IMPORTED",
        status="ISSUED" if left > 0 else "EXPIRED",
        key_algorithm="EC_prime256v1",
        not_before=begins,
        not_after=ends,
        imported_at=begins,
        in_use=False,
        issuer="CN=Issuing CA",
        serial=f"{number:02x}",
    )
    own = {key: value for key, value in more.items() if key not in _LISTED}
    place = {"account": ACCOUNT, "region": HOME, **{key: value for key, value in more.items() if key in _LISTED}}
    return Listed(replace(summary, **own), **place)


def inventory(*rows: Listed, **coverage: Any) -> Inventory:
    """What was seen of one region, at `NOW`."""
    seen = Coverage(ACCOUNT, HOME, State.SEEN)
    return Inventory(rows, (replace(seen, **coverage),), NOW)
