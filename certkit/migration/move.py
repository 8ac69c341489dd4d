"""One user of the old ARN, and how it comes to name the new one. No I/O."""

import shlex
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from certkit.migration.keeper import Keeper
from certkit.usage import Service, Slot, User

_ORDER: Final = (
    (Service.ELBV2, Slot.SNI),
    (Service.ELBV2, Slot.DEFAULT),
    (Service.APIGATEWAY, Slot.REGIONAL),
    (Service.APIGATEWAYV2, Slot.REGIONAL),
    (Service.APIGATEWAY, Slot.EDGE),
    (Service.APIGATEWAYV2, Slot.EDGE),
    (Service.CLOUDFRONT, Slot.VIEWER),
)
"""What certkit repoints, in this order: first what is seen, and can be taken back, within seconds; the edges take the longest."""

_COMMANDS: Final = {
    Service.ELB: "aws elb set-load-balancer-listener-ssl-certificate --load-balancer-name {parent} --load-balancer-port {port} "
    "--ssl-certificate-id {new}",
    Service.COGNITO: "aws cognito-idp update-user-pool-domain --domain {id} --user-pool-id {parent} "
    "--custom-domain-config CertificateArn={new}",
    Service.TRANSFER: "aws transfer update-server --server-id {id} --certificate {new}",
    Service.OPENSEARCH: "aws opensearch update-domain-config --domain-name {id} "
    "--domain-endpoint-options CustomEndpointCertificateArn={new}",
}
"""What repoints the others: each of these calls also sets, or may interrupt, what certkit cannot see."""

_WORDS: Final = {
    Service.APPSYNC: "its certificate cannot be changed: make the domain anew with {new}",
    Service.CLIENT_VPN: "aws ec2 modify-client-vpn-endpoint --client-vpn-endpoint-id {id} --server-certificate-arn {new}, which "
    "ends the connections that there are",
}
_ELSEWHERE: Final = "name {new} there in place of {old}"


@dataclass(frozen=True, slots=True)
class Move:
    """A user that names one ARN and is to name another.

    Attributes:
        keeper: who would bring the old ARN back.
        why: why it cannot be told who keeps it, empty where it can.
    """

    user: User
    keeper: Keeper | None = None
    why: str = ""

    @property
    def is_ours(self) -> bool:
        """Whether certkit may repoint it."""
        return can_repoint(self.user) and self.keeper is None and not self.why

    def by_hand(self, old: str, new: str | None) -> str:
        """Returns what a person has to do.

        Args:
            new: the new ARN, None where there is none yet.
        """
        target = new or "NEW_ARN"
        if self.keeper:
            return f"{self.keeper.name} keeps it: {self.keeper.change.format(old=old, new=target)}"
        if self.why:
            return self.why
        user = self.user
        if user.service in _COMMANDS and user.slot not in {Slot.OWNERSHIP, Slot.CLIENT_CA}:
            command = _COMMANDS[user.service]
            return command.format(
                id=shlex.quote(user.id), parent=shlex.quote(user.parent or ""), port=user.port, new=target
            )
        return _WORDS.get(user.service, _ELSEWHERE).format(id=shlex.quote(user.id), old=old, new=target)


def can_repoint(user: User) -> bool:
    """Tells whether certkit knows how to; a tenant of a distribution, which has one for its parent, is not one."""
    is_tenant = user.service is Service.CLOUDFRONT and user.parent is not None
    return (user.service, user.slot) in _ORDER and not is_tenant


def ordered(moves: Iterable[Move]) -> tuple[Move, ...]:
    """Returns moves in the order in which they are made; what certkit does not repoint stands last."""
    return tuple(sorted(moves, key=_key))


def describe(user: User) -> str:
    """Returns what a person knows a user by."""
    return f"{user.service.label} {user.name} ({user.slot.value}, {user.region})"


def _key(move: Move) -> tuple[bool, int, str, str, str]:
    user = move.user
    kind = (user.service, user.slot)
    rank = _ORDER.index(kind) if kind in _ORDER else len(_ORDER)
    return (not move.is_ours, rank, user.region, user.name, user.arn)
