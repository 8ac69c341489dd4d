"""What the policies allow, and what nobody can do with them: every sequence of calls is tried on a model of ACM."""

from __future__ import annotations

import ast
import json
import re
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import boto3
import pytest

import certkit
from certkit.aws.sessions import Session
from certkit.aws.table import TableLedger
from certkit.escrow.where import InBucket
from certkit.ledger import Outcome
from certkit.policy import Channels, Role, Scope, Table, document
from tests.aws.faults import Refusal
from tests.aws.scene import ACCOUNT, HOME, WRITES, renewed
from tests.iam import Request, is_allowed, tagged
from tests.issuing import make_chain
from tests.ledger.scene import INTENT, TABLE, ended, later, make_table, notices, waiting_by

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from certkit.testing import SettableClock, StrictAcm
    from tests.aws.faults import Proxy, Sent
    from tests.aws.scene import Ran

pytest_plugins = ["tests.aws.fixtures"]

TOPIC: Final = f"arn:aws:sns:eu-west-1:{ACCOUNT}:web"
ESCROW: Final = InBucket("my-escrow", "certkit", None, "alias/certkit")
SCOPE: Final = Scope(ACCOUNT, (HOME,), Table(TABLE, HOME), Channels((TOPIC,), "default", "certkit"), escrow=ESCROW)
WRITERS: Final = frozenset(Role) - {Role.READER}
ANY: Final = f"arn:aws:acm:{HOME}:{ACCOUNT}:certificate/*"
NAME: Final = "certkit:name"
PREFIXES: Final = {"resourcegroupstaggingapi": "tag", "monitoring": "cloudwatch", "service-quotas": "servicequotas"}
"""What IAM calls a service, where its endpoint is called otherwise."""
ACTIONS: Final = {"s3:ListObjectsV2": "s3:ListBucket"}
"""What IAM calls an operation, where that is called otherwise."""


def _arn(identifier: str) -> str:
    return ANY.replace("*", identifier)


@dataclass(frozen=True, slots=True)
class Held:
    """A certificate in the model of ACM: who put there what stands there now, and its tags."""

    content: str
    tags: frozenset[tuple[str, str]] = frozenset()


World = frozenset[tuple[str, Held]]
START: Final[World] = frozenset(
    {
        ("own", Held("certkit", frozenset({(NAME, "shop"), ("team", "web")}))),
        ("foreign", Held("somebody", frozenset({("team", "db"), ("managed-by", "terraform")}))),
        ("bare", Held("somebody")),
    }
)
TAGS: Final = ((NAME, "shop"), (NAME, "evil"), ("team", "web"), ("managed-by", "certkit"))


def _moves(policy: Mapping[str, Any], world: World) -> Iterator[tuple[str, World]]:
    """Every call that the policy allows and ACM takes, with the world after it."""
    yield from _imports(policy, world)
    for identifier, held in world:
        others = world - {(identifier, held)}
        if _may(policy, "ImportCertificate", identifier, held):  # with tags ACM itself refuses it
            yield f"reimport {identifier}", others | {(identifier, replace(held, content="attacker"))}
        if _may(policy, "DeleteCertificate", identifier, held):
            yield f"delete {identifier}", others
        for move, tags in _taggings(policy, identifier, held):
            yield move, others | {(identifier, replace(held, tags=tags))}


def _imports(policy: Mapping[str, Any], world: World) -> Iterator[tuple[str, World]]:
    for tag in (None, *TAGS):
        tags = dict([tag] if tag else [])
        needed = ["ImportCertificate", *(["AddTagsToCertificate"] if tags else [])]
        if all(is_allowed(policy, Request(f"acm:{one}", ANY, tagged("RequestTag", tags))) for one in needed):
            yield f"import {tags}", world | {("new", Held("attacker", frozenset(tags.items())))}


def _taggings(
    policy: Mapping[str, Any], identifier: str, held: Held
) -> Iterator[tuple[str, frozenset[tuple[str, str]]]]:
    for (key, value), action in product(TAGS, ("AddTagsToCertificate", "TagResource")):
        if _may(policy, action, identifier, held, {key: value}):
            kept = frozenset(tag for tag in held.tags if tag[0] != key)
            yield f"{action} {identifier} {key}={value}", kept | {(key, value)}
    for (key, value), action in product(TAGS, ("RemoveTagsFromCertificate", "UntagResource")):
        if _may(policy, action, identifier, held, {key: value}):
            yield f"{action} {identifier} {key}", frozenset(tag for tag in held.tags if tag[0] != key)


_NOTHING: Final[dict[str, str]] = {}


def _may(
    policy: Mapping[str, Any], action: str, identifier: str, held: Held, sent: Mapping[str, str] = _NOTHING
) -> bool:
    context = {**tagged("ResourceTag", dict(held.tags)), **tagged("RequestTag", sent)}
    return is_allowed(policy, Request(f"acm:{action}", _arn(identifier), context))


@cache
def _reachable(role: Role, steps: int | None = None) -> dict[World, tuple[str, ...]]:
    """Every world that a caller with this role can bring about, in so many steps, and the shortest way there."""
    policy: dict[str, Any] = document(role, SCOPE)
    ways: dict[World, tuple[str, ...]] = {START: ()}
    todo = [START]
    for world in todo:
        if len(ways[world]) == steps:
            continue
        for move, after in _moves(policy, world):
            if after not in ways:
                ways[after] = (*ways[world], move)
                todo.append(after)
    return ways


def _taken_over(world: World) -> set[str]:
    held = dict(world)
    return {name for name in ("foreign", "bare") if held.get(name) != dict(START)[name]}


def test_a_reader_changes_nothing() -> None:
    assert _reachable(Role.READER) == {START: ()}


def test_a_renewer_cannot_touch_what_is_not_certkits_in_any_number_of_steps() -> None:
    ways = _reachable(Role.RENEWER)

    assert [way for world, way in ways.items() if _taken_over(world)] == []
    assert any(dict(world)["own"].content == "attacker" for world in ways)


def test_a_renewer_makes_deletes_and_renames_nothing() -> None:
    for world in _reachable(Role.RENEWER):
        held = dict(world)
        assert set(held) == {"own", "foreign", "bare"}
        assert dict(held["own"].tags)[NAME] == "shop"


def test_the_page_shows_the_renewers_policy() -> None:
    shown = json.loads(_page().partition("```json\n")[2].partition("```")[0])

    assert shown == document(Role.RENEWER, Scope("*", (HOME,)))


def _page() -> str:
    return Path(certkit.__file__).parents[1].joinpath("docs", "policies.md").read_text("utf-8")


def test_a_creator_can_take_over_a_foreign_certificate_by_naming_it_first_and_the_page_says_so() -> None:
    ways = _reachable(Role.CREATOR, 2)

    shortest = min(
        (way for world, way in ways.items() if dict(world).get("bare", Held("")).content == "attacker"), key=len
    )

    assert shortest in {
        ("AddTagsToCertificate bare certkit:name=" + name, "reimport bare") for name in ("shop", "evil")
    }
    assert "Nothing in IAM closes that hole" in _page()


@pytest.mark.parametrize(("role", "same"), [(Role.RESTORER, Role.RENEWER), (Role.MIGRATOR, Role.CREATOR)])
def test_what_these_can_do_to_certificates_is_what_those_can(role: Role, same: Role) -> None:
    assert _of_certificates(role) == _of_certificates(same)


def _of_certificates(role: Role) -> list[Mapping[str, Any]]:
    policy: dict[str, Any] = document(role, SCOPE)
    return [one for one in policy["Statement"] if any(action.startswith("acm:") for action in one["Action"])]


def test_a_creator_must_name_what_it_imports() -> None:
    new = [dict(world)["new"] for world in _reachable(Role.CREATOR, 1) if "new" in dict(world)]

    assert new
    assert [held for held in new if held == Held("attacker")] == []
    assert not is_allowed(document(Role.CREATOR, SCOPE), Request("acm:ImportCertificate", ANY))


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("arn", [ANY.replace(HOME, "eu-west-1"), ANY.replace(ACCOUNT, "222222222222")])
def test_other_regions_and_accounts_are_out_of_reach(role: Role, arn: str) -> None:
    policy: dict[str, Any] = document(role, SCOPE)
    context = {**tagged("ResourceTag", {NAME: "shop"}), **tagged("RequestTag", {NAME: "shop"})}

    actions = [action for one in policy["Statement"] if one["Resource"] != ["*"] for action in one["Action"]]
    assert [one for one in actions if is_allowed(policy, Request(one, arn, context))] == []


def test_entries_of_the_ledger_can_be_added_and_not_taken_away() -> None:
    table = f"arn:aws:dynamodb:{HOME}:{ACCOUNT}:table/{TABLE}"

    allowed = {
        (role.value, action, key)
        for role, action, key in product(
            Role, ("PutItem", "UpdateItem", "DeleteItem"), ("name#shop", "lock#shop", "open#1")
        )
        if is_allowed(document(role, SCOPE), Request(f"dynamodb:{action}", table, {"dynamodb:LeadingKeys": (key,)}))
    }

    writing = {("PutItem", "name#shop"), *product(("PutItem", "UpdateItem", "DeleteItem"), ("lock#shop", "open#1"))}
    assert allowed == {(role.value, *one) for role in WRITERS for one in writing}


@pytest.mark.parametrize(
    ("region", "partition"), [("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov"), ("*", "aws")]
)
def test_a_policy_is_of_the_partition_of_its_regions(region: str, partition: str) -> None:
    policy: dict[str, Any] = document(Role.RENEWER, Scope("*", (region,)))

    arns = {arn for one in policy["Statement"] for arn in one["Resource"] if arn != "*"}
    assert arns == {f"arn:{partition}:acm:{region}:*:certificate/*"}


def _operations_in_the_code() -> set[str]:
    """Every operation of AWS that stands in certkit/aws, as the action that IAM knows it by."""
    folder = Path(certkit.__file__).parent / "aws"
    words = {
        getattr(node, "attr", None) or getattr(node, "value", None)
        for path in folder.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute | ast.Constant)
    }
    found = set()
    for service in (
        "acm",
        "cloudwatch",
        "dynamodb",
        "ec2",
        "events",
        "iam",
        "kms",
        "s3",
        "sns",
        "resourcegroupstaggingapi",
        "service-quotas",
        "sts",
    ):
        for method, operation in boto3.client(service, region_name=HOME).meta.method_to_api_mapping.items():
            if method in words:
                action = f"{PREFIXES.get(service, service)}:{operation}"
                found.add(ACTIONS.get(action, action))
    return found


@pytest.mark.usefixtures("server")
def test_the_policies_allow_what_the_code_calls_and_no_more() -> None:
    everything: list[Mapping[str, Any]] = [document(role, SCOPE) for role in (Role.CREATOR, Role.RESTORER)]
    actions = {action for policy in everything for one in policy["Statement"] for action in one["Action"]}
    without_permission = {"sts:GetCallerIdentity"}
    of_the_doctor = {"iam:SimulatePrincipalPolicy", "servicequotas:ListServiceQuotas"}
    by_other_means = {"sts:AssumeRole"}  # the role's own trust, and the caller's policy in its account
    as_its_parts = {"dynamodb:TransactWriteItems"}  # IAM asks for PutItem and DeleteItem

    called = _operations_in_the_code()

    assert called - actions == without_permission | of_the_doctor | by_other_means | as_its_parts
    assert actions <= called | {"dynamodb:PutItem", "dynamodb:DeleteItem", "kms:Decrypt"}  # which S3 asks KMS for


@pytest.mark.parametrize(
    ("action", "resource", "namespace", "is_right"),
    [
        ("sns:Publish", TOPIC, None, True),
        ("sns:Publish", f"{TOPIC}2", None, False),
        ("sns:Subscribe", TOPIC, None, False),
        ("events:PutEvents", f"arn:aws:events:{HOME}:{ACCOUNT}:event-bus/default", None, True),
        ("events:PutEvents", f"arn:aws:events:{HOME}:{ACCOUNT}:event-bus/other", None, False),
        ("cloudwatch:PutMetricData", "*", "certkit", True),
        ("cloudwatch:PutMetricData", "*", "AWS/Billing", False),
    ],
)
def test_who_writes_may_also_tell_whom_the_configuration_names(
    action: str, resource: str, namespace: str | None, is_right: bool
) -> None:
    request = Request(action, resource, {"cloudwatch:namespace": (namespace,)} if namespace else {})

    allowed = {role for role in Role if is_allowed(document(role, SCOPE), request)}

    assert allowed == (WRITERS if is_right else set())


def _requests(server: StrictAcm, sent: Sent) -> Iterator[Request]:
    """What IAM is asked about one request to ACM: tags are a second action."""
    arn = sent.body.get("CertificateArn", ANY)
    held = server.backend(ACCOUNT, HOME)._records
    carried = {key: value or "" for key, value in held[arn].tags.items()} if arn in held else {}
    tags = {tag["Key"]: tag.get("Value", "") for tag in sent.body.get("Tags", ())}
    context = {**tagged("ResourceTag", carried), **tagged("RequestTag", tags)}
    service = PREFIXES.get(sent.scope[1], sent.scope[1]).replace("tagging", "tag")
    yield Request(f"{service}:{sent.operation}", arn if arn != ANY or sent.operation in WRITES else "*", context)
    if sent.operation == "ImportCertificate" and tags:
        yield Request("acm:AddTagsToCertificate", arn, context)


def _denied(role: Role, server: StrictAcm, wire: Proxy) -> list[str]:
    requests = [one for sent in wire.sent if sent.scope[1] != "sts" for one in _requests(server, sent)]
    assert requests
    return [one.action for one in requests if not is_allowed(document(role, SCOPE), one)]


def test_a_reader_may_ask_for_the_status(
    run: Callable[..., Ran], put: Callable[..., str], server: StrictAcm, wire: Proxy
) -> None:
    put(make_chain(), certkit_name="shop")

    assert run("status").code == 0

    assert _denied(Role.READER, server, wire) == []


def test_a_creator_may_import_and_a_renewer_may_not(
    run: Callable[..., Ran], save: Callable[..., Path], server: StrictAcm, wire: Proxy
) -> None:
    assert run("import", save(make_chain()), "--name", "shop", "--tag", "team=web").code == 0

    assert _denied(Role.CREATOR, server, wire) == []
    assert _denied(Role.RENEWER, server, wire) == ["acm:ImportCertificate", "acm:AddTagsToCertificate"]


def test_a_renewer_may_reimport_and_tag_what_carries_the_name(
    run: Callable[..., Ran], put: Callable[..., str], save: Callable[..., Path], server: StrictAcm, wire: Proxy
) -> None:
    put(make_chain(), certkit_name="shop")

    assert run("import", save(renewed()), "--name", "shop", "--tag", "team=web").code == 0

    assert {"ImportCertificate", "AddTagsToCertificate"} <= set(wire.operations)
    assert _denied(Role.RENEWER, server, wire) == []
    assert _denied(Role.READER, server, wire) == ["acm:ImportCertificate", "acm:AddTagsToCertificate"]


def test_a_creator_may_prune_what_carries_the_name_and_a_renewer_may_not(
    run: Callable[..., Ran], put: Callable[..., str], server: StrictAcm, wire: Proxy, clock: SettableClock
) -> None:
    issued = make_chain()
    for _ in range(2):
        put(issued, certkit_name="shop")
        clock.advance(timedelta(days=1))

    wire.script("DeleteCertificate", Refusal("ResourceInUseException"))  # so that its tags can be looked at afterwards
    assert run("prune", "--yes", "--no-ledger").code == 3

    assert "DeleteCertificate" in wire.operations
    assert _denied(Role.CREATOR, server, wire) == []
    assert _denied(Role.RENEWER, server, wire) == ["acm:DeleteCertificate"]


def _on_the_table(sent: Sent) -> Iterator[Request]:
    """What IAM is asked about one request to DynamoDB: for a transaction each of its parts."""
    table = f"arn:aws:dynamodb:{HOME}:{ACCOUNT}:table/{TABLE}"
    steps = [(f"{kind}Item", step) for one in sent.body.get("TransactItems", ()) for kind, step in one.items()]
    for operation, step in steps or [(sent.operation, sent.body)]:
        key = step.get("Item", step.get("Key", {})).get("pk") or step.get("ExpressionAttributeValues", {}).get(":key")
        yield Request(f"dynamodb:{operation}", table, {"dynamodb:LeadingKeys": (key["S"],)} if key else {})


def test_a_renewer_may_keep_the_ledger_and_a_reader_may_read_it(
    wire: Proxy, server: StrictAcm, clock: SettableClock
) -> None:
    make_table(server.url)
    ledger = TableLedger(Session().dynamodb(HOME), TABLE, clock, notices().tell, waiting_by(clock))

    with ledger.lock("shop", "anna", 0):
        for entry in (INTENT, ended(INTENT, Outcome.UNKNOWN), later(ended(INTENT), 5)):
            ledger.write(entry)
    written = [request for sent in wire.sent for request in _on_the_table(sent)]
    wire.sent.clear()
    ledger.open_intents(ACCOUNT, HOME)
    list(ledger.entries("shop"))
    list(ledger.entries())
    read = [request for sent in wire.sent for request in _on_the_table(sent)]

    assert [one for one in [*written, *read] if not is_allowed(document(Role.RENEWER, SCOPE), one)] == []
    assert [one for one in read if not is_allowed(document(Role.READER, SCOPE), one)] == []
    assert [one for one in written if is_allowed(document(Role.READER, SCOPE), one)] == []
    assert {re.sub("#.*", "", str(one.context["dynamodb:LeadingKeys"])) for one in written} == {
        "('lock",
        "('name",
        "('open",
    }
