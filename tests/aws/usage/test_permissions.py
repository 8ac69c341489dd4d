"""What the policies allow of other services: what the readers ask, and no more."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import boto3
import pytest

import certkit.aws.usage
from certkit.aws.usage.asking import READERS
from certkit.policy import Role, Scope, document
from tests.aws.scene import ACCOUNT, HOME
from tests.iam import Request, is_allowed

if TYPE_CHECKING:
    from collections.abc import Callable

    from certkit.testing import StrictAcm

pytest_plugins = ["tests.aws.fixtures"]

PREFIXES: Final = {"elb": "elasticloadbalancing", "elbv2": "elasticloadbalancing", "opensearch": "es"}
"""What IAM calls a service, where its endpoint is called otherwise."""

GATEWAYS: Final = frozenset({"apigateway", "apigatewayv2"})


def _actions_in_the_code(client: Callable[[str], Any]) -> set[str]:
    """Every operation that a reader names, as the action that IAM knows it by."""
    words: dict[str, set[str]] = {}
    for path in Path(certkit.aws.usage.__file__).parent.glob("*.py"):
        nodes = list(ast.walk(ast.parse(path.read_text("utf-8"))))
        words[path.stem] = {str(getattr(one, "attr", None) or getattr(one, "value", None)) for one in nodes}
    found = set()
    for reader in READERS.values():
        operations = client(reader.api).meta.method_to_api_mapping
        for method in words[reader.read.__module__.rpartition(".")[2]] & set(operations):
            prefix = PREFIXES.get(reader.api, reader.api)
            found.add("apigateway:GET" if reader.api in GATEWAYS else f"{prefix}:{operations[method]}")
    return found


def test_what_the_readers_ask_is_allowed_and_nothing_else(server: StrictAcm) -> None:
    without: dict[str, Any] = document(Role.READER, Scope(ACCOUNT, (HOME,)))
    wanted: dict[str, Any] = document(Role.READER, Scope(ACCOUNT, (HOME,), sees_usage=True))

    more = [one for one in wanted["Statement"] if one not in without["Statement"]]

    actions = {action for one in more for action in one["Action"]}
    make: Callable[..., Any] = boto3.client
    assert actions == _actions_in_the_code(lambda api: make(api, endpoint_url=server.url))


@pytest.mark.parametrize(
    ("resource", "is_right"),
    [
        ("arn:aws:apigateway:eu-west-1::/domainnames", True),
        ("arn:aws:apigateway:eu-west-1::/domainnames/api.example.com", False),
        ("arn:aws:apigateway:eu-west-1::/apikeys", False),
    ],
)
def test_of_api_gateway_the_list_of_domains_alone_may_be_read(resource: str, is_right: bool) -> None:
    policy: dict[str, Any] = document(Role.READER, Scope(ACCOUNT, (HOME,), sees_usage=True))

    assert is_allowed(policy, Request("apigateway:GET", resource)) is is_right
