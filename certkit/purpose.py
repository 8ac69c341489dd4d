"""What a certificate is wanted for, where the user says so: services, names, and whose rules it is under."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from certkit import hosts
from certkit.hosts import Host
from certkit.rules import Candidate, Finding, judge, services
from certkit.trust import Profile


@dataclass(frozen=True, slots=True)
class Purpose:
    """What to judge a bundle by beside ACM's own criteria.

    Attributes:
        services: their names in `certkit.rules.services.SERVICES`.
        hosts: the names that it must cover.
        profile: None: as its chain tells.
        regions: those that it is to be imported into; none where that is not known.
    """

    services: tuple[str, ...] = ()
    hosts: tuple[Host, ...] = ()
    profile: Profile | None = None
    regions: tuple[str, ...] = ()

    def findings(self, candidate: Candidate, *, is_strict: bool = False) -> Iterator[Finding]:
        """Yields everything that is wrong with a candidate: ACM's word first, then each service's.

        Args:
            is_strict: whether what certkit mended counts as an error.
        """
        wanted = replace(candidate, hosts=self.hosts, profile=self.profile or candidate.profile)
        yield from judge(wanted, is_strict=is_strict)
        for name in self.services:
            yield from services.findings(name, wanted, self.regions)


def purpose_of(
    names: Sequence[str], wanted_hosts: Sequence[str], profile: str | None, regions: Sequence[str] = ()
) -> Purpose:
    """Reads what the user says; the same thing twice counts once.

    Raises:
        UsageError: there is no such service, or a host is neither a DNS name nor an IP address.
    """
    for name in names:
        services.check(name)
    return Purpose(
        tuple(dict.fromkeys(names)),
        tuple(dict.fromkeys(map(hosts.parse, wanted_hosts))),
        Profile(profile) if profile else None,
        tuple(dict.fromkeys(regions)),
    )
