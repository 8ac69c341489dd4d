"""What the services take of what ACM holds, each limit with its source."""

from collections.abc import Iterator, Sequence
from typing import Final

from certkit.errors import UsageError
from certkit.rules.rule import Candidate, Criterion, Finding
from certkit.rules.services.fit import LIMITS
from certkit.rules.services.limit import Use
from certkit.rules.services.service import Naming, Service
from certkit.rules.services.table import SERVICES

__all__ = ["CRITERIA", "SERVICES", "Naming", "Service", "check", "findings"]

CRITERIA: Final[tuple[Criterion, ...]] = LIMITS
"""Everything that a finding for a service can be about."""


def check(name: str) -> None:
    """Refuses a service that is none.

    Raises:
        UsageError: there is no such service.
    """
    if name not in SERVICES:
        raise UsageError(f"--for {name!r} is no service that certkit knows", hint=f"one of {', '.join(SERVICES)}")


def findings(name: str | None, candidate: Candidate, regions: Sequence[str]) -> Iterator[Finding]:
    """Yields what keeps the service `name` from using the candidate out of `regions`; nothing without a name.

    Raises:
        UsageError: there is no such service.
    """
    if name is None:
        return
    check(name)
    if candidate.leaf is None:
        return
    use = Use(name, SERVICES[name], candidate, candidate.leaf, regions)
    for limit in LIMITS:
        yield from limit.findings(use)
