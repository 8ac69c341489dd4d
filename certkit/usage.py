"""Where a certificate is used: the places in AWS that name its ARN, and the endpoints that show whether they serve it. No I/O.

ACM's own InUseBy misses some, and names load balancers that belong to AWS for others: behind an API, a user pool or an
edge-optimised domain stands one that the account cannot even look at.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from certkit import hosts
from certkit.errors import UsageError
from certkit.inventory import State

HTTPS: Final = 443
_ANY_LABEL: Final = "certkit-verify"
"""Stands for the `*` of a name that is to be asked for: any label does, and this one says in a server's log who asks."""


class Service(StrEnum):
    """A service that takes certificates from ACM, by the name of its API."""

    ELBV2 = "elbv2"
    ELB = "elb"
    CLOUDFRONT = "cloudfront"
    APIGATEWAY = "apigateway"
    APIGATEWAYV2 = "apigatewayv2"
    COGNITO = "cognito-idp"
    APPSYNC = "appsync"
    TRANSFER = "transfer"
    CLIENT_VPN = "client-vpn"
    OPENSEARCH = "opensearch"

    @property
    def label(self) -> str:
        """What people call it."""
        return _LABELS[self]


_LABELS: Final = {
    Service.ELBV2: "load balancer",
    Service.ELB: "classic load balancer",
    Service.CLOUDFRONT: "CloudFront distribution",
    Service.APIGATEWAY: "API Gateway domain",
    Service.APIGATEWAYV2: "API Gateway domain (v2)",
    Service.COGNITO: "Cognito domain",
    Service.APPSYNC: "AppSync domain",
    Service.TRANSFER: "Transfer Family server",
    Service.CLIENT_VPN: "Client VPN endpoint",
    Service.OPENSEARCH: "OpenSearch domain",
}


class Slot(StrEnum):
    """What a user has the certificate for.

    `ownership` proves whose domain it is, and `client-ca` judges clients: neither is ever shown to one.
    """

    DEFAULT = "default"
    SNI = "sni"
    VIEWER = "viewer"
    EDGE = "edge"
    REGIONAL = "regional"
    PRIVATE = "private"
    OWNERSHIP = "ownership"
    DOMAIN = "domain"
    SERVER = "server"
    CLIENT_CA = "client-ca"


_DNS: Final = "DNS:"
_ARN: Final = re.compile(r"arn:\S+")
_UNSEEN: Final = frozenset({Slot.OWNERSHIP, Slot.CLIENT_CA})


@dataclass(frozen=True, slots=True)
class User:
    """One place in AWS that names a certificate.

    Attributes:
        certificate: the ARN that it names.
        arn: its own: a listener's, a distribution's, a domain's; made as AWS writes them where the API does not say it.
        id: what its API asks for: the ARN of a listener, the ID of a distribution or a server, a domain's name.
        name: what people know it by.
        region: its own, which need not be the certificate's; us-east-1 for CloudFront.
        parent: the load balancer of a listener (its ARN, a classic one's name), the user pool of a domain (its ID).
        hosts: the names that it answers to; empty for one that answers to all that its certificate has.
        address: the DNS name that leads to it, None where it cannot be asked by TLS over TCP.
        is_internal: whether only its own network reaches it.
    """

    certificate: str
    service: Service
    slot: Slot
    arn: str
    id: str
    name: str
    account: str
    region: str
    parent: str | None = None
    hosts: tuple[str, ...] = ()
    address: str | None = None
    port: int = HTTPS
    is_internal: bool = False


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where to look whether a certificate is served.

    Attributes:
        host: the name to ask for (SNI).
        connect_to: the DNS name that leads to this very user, wherever `host` leads.
    """

    host: str
    port: int
    connect_to: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """What became of one service in one region of one account.

    Attributes:
        service: None where it is not known in which regions to ask.
        reason: why it could not be asked, else empty.
    """

    account: str
    region: str
    service: Service | None
    state: State
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Usage:
    """What uses the certificates, as far as it could be found out.

    Attributes:
        elsewhere: what ACM names as users of a certificate that is in use and was found nowhere, by its ARN.
        problems: a line for each certificate of which ACM did not say that.
    """

    users: tuple[User, ...]
    coverage: tuple[Coverage, ...]
    elsewhere: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    problems: tuple[str, ...] = ()

    @property
    def is_complete(self) -> bool:
        """Whether every service could be asked everywhere."""
        return all(one.state is State.SEEN for one in self.coverage) and not self.problems

    def of(self, arn: str) -> tuple[User, ...]:
        """Returns the users of one certificate."""
        return tuple(user for user in self.users if user.certificate == arn)


def endpoints(user: User, names: Iterable[str]) -> tuple[Endpoint, ...]:
    """Returns where to look whether `user` serves a certificate with these DNS names, each once.

    Of a wildcard one label is asked for. None for what shows no certificate, or not to TLS over TCP: a Client VPN endpoint
    speaks OpenVPN, and a Transfer Family server FTPS, where TLS begins in the middle of FTP.
    """
    address = user.address
    if address is None or user.slot in _UNSEEN:
        return ()
    known = tuple(names)
    asked = dict.fromkeys(_askable(user.hosts, known) if user.hosts else _askable(known, known))
    return tuple(Endpoint(host, user.port, address) for host in asked)


def merged(users: Iterable[User]) -> tuple[User, ...]:
    """Returns the users in order, each once: both APIs of API Gateway name a domain that either of them made."""
    found: dict[tuple[object, ...], User] = {}
    for user in sorted(users, key=_order):
        found.setdefault((user.certificate, user.arn, user.slot, user.port), user)
    return tuple(found.values())


def dns_names(sans: Iterable[str]) -> tuple[str, ...]:
    """Returns the DNS names among subject alternative names, as a listing has them: `DNS:shop.example.com`."""
    return tuple(name.removeprefix(_DNS) for name in sans if name.startswith(_DNS))


def problems(usage: Usage) -> Iterator[str]:
    """Yields a line for each service that could not be asked, its regions together, and for what ACM did not say."""
    alike: dict[tuple[str, Service | None, State, str], list[Coverage]] = {}
    for one in usage.coverage:
        if one.state is not State.SEEN:
            bare = _ARN.sub("", one.reason.replace(one.region, ""))
            alike.setdefault((one.account, one.service, one.state, bare), []).append(one)
    for (account, service, _, _), places in alike.items():
        where = ", ".join(place.region for place in places)
        what = f"each {service.label} in {where}" if service else "the enabled regions"
        yield f"{what} of {account} could not be asked what it uses: {places[0].reason}"
    yield from usage.problems


def _order(user: User) -> tuple[str | int, ...]:
    return (user.certificate, list(Service).index(user.service), user.region, user.name, user.port, user.slot, user.arn)


def _askable(wanted: Iterable[str], names: Sequence[str]) -> Iterator[str]:
    """Yields the names that can be asked for and that the certificate is for."""
    for name in wanted:
        try:
            host = hosts.parse(name)
        except UsageError:  # what stands in a certificate is somebody else's text
            continue
        if host.labels and hosts.is_any(host, names):
            yield ".".join((_ANY_LABEL if host.labels[0] == "*" else host.labels[0], *host.labels[1:]))
