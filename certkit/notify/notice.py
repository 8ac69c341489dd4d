"""What somebody should be told now: a certificate that nears its end, and how near it has come. No I/O."""

import datetime as dt
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from certkit import expiry
from certkit.expiry import Urgency
from certkit.inventory import Inventory, Listed

_RENEWED_BY_ACM: Final = frozenset({"AMAZON_ISSUED", "PRIVATE"})
_MOST_HALVINGS: Final = 5
"""Half of half, and so on: of 90 days the last stage begins with one left, of six days with two hours."""

_AGAIN: Final = dt.timedelta(days=7)
"""How often what has expired, and is still in use, is told of again."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A certificate that somebody should know of.

    Attributes:
        owner: who; None where nobody is named.
        stage: how far it has come; each is told of once.
    """

    listed: Listed
    owner: str | None
    stage: str
    urgency: Urgency
    not_after: dt.datetime


def due(inventory: Inventory, owners: Mapping[str, str]) -> Iterator[Notice]:
    """Yields what there is to tell, soonest expiry first; whether it was told already the register knows.

    What nothing uses and certkit does not know is nobody's concern. Of what ACM renews itself only what it has not
    renewed in time is.

    Args:
        owners: of the certificates of the manifest, by name; they count more than tags, which anybody can set.
    """
    for one in inventory.certificates:
        starts, ends = one.summary.not_before, one.summary.not_after
        if starts is None or ends is None or not _matters(one):
            continue
        stage = stage_of(starts, ends, inventory.at)
        urgency = expiry.urgency(starts, ends, inventory.at)
        is_late = urgency in {Urgency.CRITICAL, Urgency.EXPIRED}
        if stage and (is_late or one.summary.kind not in _RENEWED_BY_ACM):
            yield Notice(one, owners.get(one.name or "") or one.owner, stage, urgency, ends)


def stage_of(not_before: dt.datetime, not_after: dt.datetime, now: dt.datetime) -> str | None:
    """Returns how far a certificate has come, None where it has time.

    The first stage begins with a third of its lifetime left (half of it where that is under ten days), each further one
    with half as much left as the one before. Once it has expired, each week is a stage.
    """
    left = not_after - now
    if left < dt.timedelta(0):
        return f"expired {-left // _AGAIN}"
    margin = expiry.DEFAULT.margin(not_after - not_before)
    if left > margin:
        return None
    halvings = math.floor(math.log2(margin / left)) if left else _MOST_HALVINGS
    return f"left {min(halvings, _MOST_HALVINGS)}"


def _matters(one: Listed) -> bool:
    return (
        one.summary.in_use
        or one.source is not None
        or (one.name is not None and one.summary.kind not in _RENEWED_BY_ACM)
    )
