"""What the migrator's policy allows of what uses certificates: what `migrate` asks of it, and no more."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs, urlsplit

import boto3
import pytest

import certkit.aws.repoint
from certkit.aws.repoint import Swap, Swapped, repoint
from certkit.aws.repoint.keeping import move_of
from certkit.aws.sessions import Session
from certkit.aws.usage import Held, find
from certkit.policy import Role, Scope, document
from tests.aws.scene import ACCOUNT, HOME
from tests.aws.usage.scene import Neighbours, enabled, of_acm
from tests.iam import Request, is_allowed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from certkit.testing import StrictAcm
    from tests.aws.faults import Proxy, Sent

pytest_plugins = ["tests.aws.fixtures"]

SCOPE: Final = Scope(ACCOUNT, (HOME,), sees_usage=True)
POLICY: Final[dict[str, Any]] = document(Role.MIGRATOR, SCOPE)
PREFIXES: Final = {"elbv2": "elasticloadbalancing", "cloudfront": "cloudfront"}
"""What IAM calls a service by which users are repointed, by botocore's name; both APIs of API Gateway have methods of HTTP."""

GATEWAYS: Final = {"apigateway", "apigatewayv2"}


def _actions(role: Role) -> set[str]:
    policy: dict[str, Any] = document(role, SCOPE)
    return {action for one in policy["Statement"] for action in one["Action"]}


def _called() -> Iterator[str]:
    """Every operation that stands in certkit/aws/repoint, as the action that IAM knows it by."""
    make: Callable[..., Any] = boto3.client
    for path in Path(certkit.aws.repoint.__file__).parent.glob("*.py"):
        nodes = list(ast.walk(ast.parse(path.read_text("utf-8"))))
        words = {getattr(one, "attr", None) or getattr(one, "value", None) for one in nodes if _is_word(one)}
        for api in words & {*PREFIXES, *GATEWAYS}:
            for method, operation in make(str(api), region_name=HOME).meta.method_to_api_mapping.items():
                if method in words and api in GATEWAYS:
                    yield {"get": "apigateway:GET", "update": "apigateway:PATCH"}[method.partition("_")[0]]
                elif method in words:
                    yield f"{PREFIXES[str(api)]}:{operation}"


def _is_word(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


@pytest.mark.usefixtures("server")
def test_the_migrator_may_do_what_repointing_calls_and_no_more() -> None:
    more = _actions(Role.MIGRATOR) - _actions(Role.CREATOR)

    called = set(_called())

    assert more - called == set()
    assert called - more == {"apigateway:GET", "elasticloadbalancing:DescribeListenerCertificates"}
    assert called <= _actions(Role.MIGRATOR)


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("elasticloadbalancing:ModifyListener", f"arn:aws:elasticloadbalancing:eu-west-1:{ACCOUNT}:listener/app/a/b/c"),
        ("elasticloadbalancing:ModifyListener", f"arn:aws:elasticloadbalancing:{HOME}:{ACCOUNT}:listener/gwy/a/b/c"),
        ("elasticloadbalancing:DeleteListener", f"arn:aws:elasticloadbalancing:{HOME}:{ACCOUNT}:listener/app/a/b/c"),
        ("apigateway:PATCH", f"arn:aws:apigateway:{HOME}::/restapis/a"),
        ("apigateway:DELETE", f"arn:aws:apigateway:{HOME}::/domainnames/a"),
        ("apigateway:GET", f"arn:aws:apigateway:{HOME}::/apikeys"),
        ("cloudfront:DeleteDistribution", f"arn:aws:cloudfront::{ACCOUNT}:distribution/E1"),
    ],
)
def test_what_repointing_does_not_take_is_not_allowed(action: str, resource: str) -> None:
    assert not is_allowed(POLICY, Request(action, resource))


def _request(sent: Sent) -> Request:
    """What IAM is asked about one request to a service that uses certificates."""
    region, service = sent.scope
    parts = urlsplit(sent.path)
    match service:
        case "elasticloadbalancing":
            return Request(f"{service}:{sent.operation}", sent.body.get("ListenerArn", "*"))
        case "apigateway":
            verb = "PATCH" if sent.operation.startswith("Update") else "GET"
            return Request(f"{service}:{verb}", f"arn:aws:apigateway:{region}::{parts.path.removeprefix('/v2')}")
        case "cloudfront":
            named = parse_qs(parts.query).get("Resource", [f"arn:aws:cloudfront::{ACCOUNT}:{_thing(parts.path)}"])
            return Request(f"{service}:{sent.operation}", named[0])
    return Request("", "")


def _thing(path: str) -> str:
    return "/".join(path.strip("/").split("/")[1:3])


@pytest.mark.slow
def test_what_repointing_asks_of_each_service_is_allowed_on_the_very_thing(server: StrictAcm, wire: Proxy) -> None:
    wire.always("DescribeRegions", enabled(HOME))
    neighbours = Neighbours.of(server)
    old, new = neighbours.imported(), neighbours.imported()
    neighbours.load_balancer(old, new)
    neighbours.load_balancer(old, name="net", kind="network")
    neighbours.distribution(of_acm(old), "shop.example.com")
    neighbours.client("apigateway").create_domain_name(
        domainName="a.example.com", regionalCertificateArn=old, endpointConfiguration={"types": ["REGIONAL"]}
    )
    neighbours.client("apigatewayv2").create_domain_name(
        DomainName="b.example.com", DomainNameConfigurations=[{"CertificateArn": old, "EndpointType": "REGIONAL"}]
    )
    aws = Session()
    users = find([Held(old, in_use=False)], {ACCOUNT: aws}).of(old)
    wire.forget()

    came = [repoint(aws, move_of(aws, user).user, Swap(old, new)) for user in users]

    asked = [_request(sent) for sent in wire.sent]
    assert came == [Swapped.DONE] * len(users)
    assert {one.action.partition(":")[0] for one in asked} == {"apigateway", "cloudfront", "elasticloadbalancing"}
    assert [one for one in asked if not is_allowed(POLICY, one)] == []
