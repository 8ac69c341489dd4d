"""Counts requests and imports against ACM's limits.

https://docs.aws.amazon.com/acm/latest/userguide/acm-limits.html
"""

from __future__ import annotations

from collections import defaultdict, deque
from datetime import datetime, timedelta
from typing import Final

from certkit.testing.refusal import AwsRefusal

_SECOND: Final = timedelta(seconds=1)
_YEAR: Final = timedelta(days=365)


class Meter:
    """What one account has asked of one Region lately."""

    def __init__(self) -> None:
        self._requests: defaultdict[str, deque[datetime]] = defaultdict(deque)
        self._imports: deque[datetime] = deque()

    def count_request(self, operation: str, limit: int | None, now: datetime) -> None:
        """Counts one request; those that were throttled do not count.

        Raises:
            AwsRefusal: There have been `limit` in the last second.
        """
        admitted = self._requests[operation]
        while admitted and admitted[0] <= now - _SECOND:
            admitted.popleft()
        if limit is not None and len(admitted) >= limit:
            raise AwsRefusal("ThrottlingException", "Rate exceeded")
        admitted.append(now)

    def check_imports(self, limit: int, now: datetime) -> None:
        """Checks that one more import is within the year's quota.

        Raises:
            AwsRefusal: There have been `limit` in the last 365 days.
        """
        while self._imports and self._imports[0] <= now - _YEAR:
            self._imports.popleft()
        if len(self._imports) >= limit:
            # https://github.com/pulumi/pulumi-aws/issues/3290
            message = f"You have imported the maximum number of {limit} certificates in the last year."
            raise AwsRefusal("LimitExceededException", message)

    def count_import(self, now: datetime) -> None:
        """Counts one import; deleting the certificate does not take it back."""
        self._imports.append(now)
