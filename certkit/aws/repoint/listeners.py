"""Listeners of Application and Network Load Balancers: the default certificate, and the list beside it for SNI.

The default one may stand in the list as well; what is told of a listener then names it twice.
https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeListenerCertificates.html
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from certkit.aws.failures import explained
from certkit.aws.repoint.refusals import REFUSALS
from certkit.aws.repoint.swap import Swap, Swapped
from certkit.aws.sessions import Session
from certkit.usage import User

if TYPE_CHECKING:
    from mypy_boto3_elbv2 import ElasticLoadBalancingv2Client


@dataclass(frozen=True, slots=True)
class _Held:
    """The certificates of a listener."""

    default: str | None
    listed: frozenset[str]


def swap_default(aws: Session, user: User, swap: Swap) -> Swapped:
    """Adds the new one to the list, makes it the default one, and takes it off the list again.

    From the list on, every node of the load balancer has it before any client that names no host meets it; where the old one
    stood in the list as well, the new one stays there.
    """
    client: ElasticLoadBalancingv2Client = aws.client("elbv2", user.region)
    held = _held(client, user.id)
    came = Swapped.ELSEWHERE
    if held.default == swap.old:
        _add(client, user.id, swap.new, held)
        with explained(f"making {swap.new} the default of {user.id}", REFUSALS):
            client.modify_listener(ListenerArn=user.id, Certificates=[{"CertificateArn": swap.new}])
        held, came = _held(client, user.id), Swapped.DONE
    elif held.default == swap.new:
        came = Swapped.ALREADY
    if held.default == swap.new and swap.old not in held.listed:
        _remove(client, user.id, swap.new, held)
    return came


def swap_listed(aws: Session, user: User, swap: Swap) -> Swapped:
    """Adds the new one to the list, then takes the old one off it: at no time is there none for its names."""
    client: ElasticLoadBalancingv2Client = aws.client("elbv2", user.region)
    held = _held(client, user.id)
    if swap.old not in held.listed:
        return Swapped.ALREADY if swap.new in {*held.listed, held.default} else Swapped.ELSEWHERE
    _add(client, user.id, swap.new, held)
    _remove(client, user.id, swap.old, held)
    return Swapped.DONE


def _held(client: "ElasticLoadBalancingv2Client", listener: str) -> _Held:
    with explained(f"reading the certificates of {listener}", REFUSALS):
        pages = client.get_paginator("describe_listener_certificates").paginate(ListenerArn=listener)
        rows = [row for page in pages for row in page["Certificates"]]
        default = next((row["CertificateArn"] for row in rows if row["IsDefault"]), None)
        return _Held(default, frozenset(row["CertificateArn"] for row in rows if not row["IsDefault"]))


def _add(client: "ElasticLoadBalancingv2Client", listener: str, arn: str, held: _Held) -> None:
    if arn in held.listed:
        return
    with explained(f"adding {arn} to {listener}", REFUSALS):
        client.add_listener_certificates(ListenerArn=listener, Certificates=[{"CertificateArn": arn}])


def _remove(client: "ElasticLoadBalancingv2Client", listener: str, arn: str, held: _Held) -> None:
    if arn not in held.listed:
        return
    with explained(f"taking {arn} off the list of {listener}", REFUSALS):
        client.remove_listener_certificates(ListenerArn=listener, Certificates=[{"CertificateArn": arn}])
