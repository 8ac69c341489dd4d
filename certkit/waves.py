"""The order in which places get their certificates, and how many failures are enough to stop. No I/O."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from certkit.errors import UsageError

LIMIT_PATTERN: Final = r"[1-9][0-9]{0,8}|(0*[1-9][0-9]?|100)%"
"""A number of failures, or a share of all: `3`, `10%`."""

_FIRST: Final = 1


@dataclass(frozen=True, slots=True)
class Limit:
    """How many failures stop what has not begun.

    Attributes:
        count: so many, None where a share decides.
        percent: so many of a hundred, None where a number decides.
    """

    count: int | None = None
    percent: int | None = None

    def is_reached(self, failures: int, total: int) -> bool:
        """Tells whether so many failures, of `total` certificates in places, are enough."""
        if self.count is not None:
            return failures >= self.count
        return failures > 0 and failures * 100 >= (self.percent or 0) * total

    def __str__(self) -> str:
        """Returns it as it is written."""
        return f"{self.percent}%" if self.count is None else str(self.count)


@dataclass(frozen=True, slots=True)
class Waves:
    """Which place comes when. A place is one region of one account, and in the first wave unless something says otherwise.

    Attributes:
        accounts: the waves of accounts, by their IDs.
        regions: the waves of regions.
        pause: how long to wait after a wave in which something was written.
        limit: the failures that stop what has not begun; None where none do.
    """

    accounts: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    regions: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    pause: dt.timedelta = dt.timedelta(0)
    limit: Limit | None = None

    def number(self, account: str | None, region: str) -> int:
        """Returns the wave of a place: the later one of its account's and its region's, so that none comes sooner than either says."""
        return max(self.accounts.get(account or "", _FIRST), self.regions.get(region, _FIRST))


def parse_limit(text: str) -> Limit:
    """Reads `3`, a number of failures, or `10%`, a share of all certificates in their places.

    Raises:
        UsageError: it is neither, or none at all.
    """
    if not re.fullmatch(LIMIT_PATTERN, text.strip()):
        raise UsageError(
            f"{text!r} is no number of failures", hint="such as 1, which stops at the first, or 10% of all certificates"
        )
    number = int(text.strip().rstrip("%"))
    return Limit(percent=number) if "%" in text else Limit(count=number)
