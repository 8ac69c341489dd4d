"""What `certkit status --usage` shows of what uses certificates."""

from collections.abc import Iterable, Iterator
from typing import Final

from certkit.inventory import Listed, State
from certkit.record import Summary
from certkit.report import one_line
from certkit.usage import Service, Usage, User, dns_names, endpoints

_BY_PORT: Final = frozenset({Service.ELBV2, Service.ELB})
_FEW: Final = 3
"""As many regions as fit a line; all of them stand in the warning."""


def item(usage: Usage, summary: Summary) -> dict[str, object]:
    """Returns what one certificate has more in the document; `in_use_by` only where ACM was asked for it."""
    names = dns_names(summary.sans)
    found: dict[str, object] = {"usage": [_user(user, names) for user in usage.of(summary.arn)]}
    elsewhere = usage.elsewhere.get(summary.arn)
    return found if elsewhere is None else found | {"in_use_by": list(elsewhere)}


def coverage(usage: Usage) -> list[dict[str, object]]:
    """Returns which services could be asked, as it stands in the document."""
    return [
        {"account": one.account, "region": one.region, "service": one.service, "state": str(one.state)}
        for one in usage.coverage
    ]


def unasked(usage: Usage) -> Iterator[str]:
    """Yields a line for each state in which services could not be asked, account by account."""
    groups: dict[tuple[State, str], dict[str, list[str]]] = {}
    for one in usage.coverage:
        if one.state is not State.SEEN:
            label = one.service.label if one.service else "other regions"
            groups.setdefault((one.state, one.account), {}).setdefault(label, []).append(one.region)
    for (state, account), services in groups.items():
        named = "; ".join(f"{label} in {_regions(regions)}" for label, regions in services.items())
        yield one_line(f"  {state}, of {account}: {named}")


def lines(usage: Usage, certificates: Iterable[Listed]) -> Iterator[str]:
    """Yields what uses each certificate; those that nothing uses are left out."""
    for listed in certificates:
        found = list(_lines(usage, listed.summary))
        if found:
            yield one_line(f"  {listed.summary.domain or '-'}  {listed.summary.arn}")
            yield from (one_line(f"    {line}") for line in found)


def named(user: User) -> str:
    """Returns a user as people know it, with what it has the certificate for."""
    port = f":{user.port}" if user.service in _BY_PORT else ""
    hosts = [host for host in user.hosts if host != user.name]
    inside = " (internal)" if user.is_internal else ""
    line = f"{user.service.label} {user.name}{port} in {user.region}{inside}: {user.slot}"
    return f"{line}, for {', '.join(hosts)}" if hosts else line


def _regions(regions: list[str]) -> str:
    return ", ".join(regions) if len(regions) <= _FEW else f"{len(regions)} regions"


def _lines(usage: Usage, summary: Summary) -> Iterator[str]:
    users = usage.of(summary.arn)
    yield from map(named, users)
    if users and not summary.in_use:
        yield "ACM says that nothing uses it: its own word lags"
    elsewhere = usage.elsewhere.get(summary.arn)
    if elsewhere is not None:
        yield from (f"in use, by nothing that was asked; ACM names {arn}" for arn in elsewhere or ("nothing",))


def _user(user: User, names: tuple[str, ...]) -> dict[str, object]:
    return {
        "service": str(user.service),
        "slot": str(user.slot),
        "arn": user.arn,
        "id": user.id,
        "name": user.name,
        "account": user.account,
        "region": user.region,
        "internal": user.is_internal,
        "endpoints": [
            {"host": one.host, "port": one.port, "connect_to": one.connect_to} for one in endpoints(user, names)
        ],
    }
