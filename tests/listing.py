"""Rows of an inventory, made for tests of what is done with them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from certkit.inventory import Coverage, Inventory, Listed, Sight, State
from certkit.record import Summary
from tests.aws.scene import ACCOUNT, HOME, NOW

if TYPE_CHECKING:
    from collections.abc import Sequence

ID: Final = "certificate/00000000-0000-0000-0000-{:012}"


def summary(*, lived: float = 60, left: float | None = 30, number: int = 1, **more: Any) -> Summary:
    """A certificate that has lived for so many days and has so many left; None: it was never issued."""
    made = Summary(
        arn=f"arn:aws:acm:{HOME}:{ACCOUNT}:{ID.format(number)}",
        domain="shop.example.com",
        sans=("DNS:shop.example.com", "DNS:www.example.com"),
        kind="IMPORTED",
        status="ISSUED",
        key_algorithm="EC_prime256v1",
        not_before=None if left is None else NOW - timedelta(days=lived),
        not_after=None if left is None else NOW + timedelta(days=left),
        imported_at=NOW,
        in_use=False,
        issuer="CN=Example CA,O=Example,C=DE",
        serial="0a:1b",
    )
    return replace(made, **more)


def listed(
    *,
    account: str | None = ACCOUNT,
    region: str | None = HOME,
    name: str | None = None,
    owner: str | None = None,
    source: str | None = None,
    **more: Any,
) -> Listed:
    """A row; without a SOURCE it is one of ACM's."""
    made = summary(**more)
    if source is not None:
        return Listed(replace(made, arn="", kind=more.get("kind", "FILE")), None, None, source=source)
    if "arn" not in more:
        number = more.get("number", 1)
        made = replace(made, arn=f"arn:aws:acm:{region}:{account}:{ID.format(number)}")
    return Listed(made, account, region, name, owner)


def sight(*certificates: Listed, coverage: Coverage | None = None, source: str | None = None) -> Sight:
    """What was seen of one place."""
    place = Coverage(None, None, State.SEEN, source=source) if source else Coverage(ACCOUNT, HOME, State.SEEN)
    return Sight(certificates, coverage or place)


def inventory(*certificates: Listed, coverage: Sequence[Coverage] = ()) -> Inventory:
    """An inventory of these, as they stand; without other coverage their places were seen."""
    places = dict.fromkeys((one.account, one.region, one.source) for one in certificates)
    seen = tuple(Coverage(account, region, State.SEEN, source=source) for account, region, source in places)
    return Inventory(certificates, tuple(coverage) or seen, NOW)
