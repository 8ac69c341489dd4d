"""What the policies allow of an escrow in S3: to keep there, and whom to take out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs, urlsplit

import boto3
import pytest

from certkit.aws import assurance
from certkit.aws.bucket import BucketStore
from certkit.aws.sessions import Session
from certkit.escrow.envelope import Plain
from certkit.escrow.vault import Escrow
from certkit.escrow.where import InBucket
from certkit.policy import Role, Scope, document
from tests.aws.scene import ACCOUNT, HOME
from tests.escrow.scene import ARN, NOW, SITE, bundle
from tests.iam import Request, is_allowed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from certkit.testing import StrictAcm
    from tests.aws.faults import Proxy, Sent

pytest_plugins = ["tests.aws.fixtures"]

WHERE: Final = InBucket("my-escrow", "certkit", None, "alias/certkit")
KEY: Final = f"arn:aws:kms:{HOME}:{ACCOUNT}:key/1"
ALIAS: Final = {"kms:ResourceAliases": ("alias/certkit", "alias/other")}
OBJECT: Final = "arn:aws:s3:::my-escrow/certkit/a"


def _policy(role: Role, where: InBucket = WHERE, account: str = ACCOUNT) -> dict[str, Any]:
    return document(role, Scope(account, (HOME,), escrow=where))


def _allowed(request: Request, where: InBucket = WHERE) -> set[str]:
    return {role.value for role in Role if is_allowed(_policy(role, where), request)}


@pytest.mark.parametrize(
    ("action", "resource", "roles"),
    [
        ("s3:PutObject", OBJECT, {"renewer", "restorer", "creator", "migrator"}),
        ("s3:GetObject", OBJECT, {"restorer"}),
        ("s3:DeleteObject", OBJECT, set()),
        ("s3:PutObject", "arn:aws:s3:::my-escrow/other/a", set()),
        ("s3:PutObject", "arn:aws:s3:::my-escrow/certkit2/a", set()),
        ("s3:GetObject", "arn:aws:s3:::my-escrow2/certkit/a", set()),
        ("s3:GetBucketVersioning", "arn:aws:s3:::my-escrow", {"renewer", "restorer", "creator", "migrator"}),
        ("s3:PutBucketPolicy", "arn:aws:s3:::my-escrow", set()),
    ],
)
def test_who_writes_may_keep_and_the_restorer_alone_may_take(action: str, resource: str, roles: set[str]) -> None:
    assert _allowed(Request(action, resource)) == roles


@pytest.mark.parametrize(
    ("prefix", "is_right"), [("certkit/1/2/shop/", True), ("certkit/", True), ("certkit2/", False), ("", False)]
)
def test_only_what_is_below_the_prefix_is_listed(prefix: str, is_right: bool) -> None:
    request = Request("s3:ListBucket", "arn:aws:s3:::my-escrow", {"s3:prefix": prefix})

    assert (_allowed(request) != set()) is is_right


def test_without_a_prefix_the_bucket_is_the_escrows() -> None:
    where = InBucket("my-escrow", "", None, "alias/certkit")

    assert _allowed(Request("s3:ListBucket", "arn:aws:s3:::my-escrow", {"s3:prefix": "1/2/shop/"}), where) != set()
    assert _allowed(Request("s3:GetObject", "arn:aws:s3:::my-escrow/1/2/shop/a"), where) == {"restorer"}


def test_an_asterisk_in_the_prefix_is_one() -> None:
    where = InBucket("my-escrow", "a*", None, "alias/certkit")

    assert _allowed(Request("s3:GetObject", "arn:aws:s3:::my-escrow/a*/b"), where) == {"restorer"}
    assert _allowed(Request("s3:GetObject", "arn:aws:s3:::my-escrow/ab/b"), where) == set()


@pytest.mark.parametrize(
    ("name", "key", "context", "is_right"),
    [
        ("alias/certkit", KEY, ALIAS, True),
        ("alias/certkit", KEY, {"kms:ResourceAliases": ("alias/other",)}, False),
        ("alias/certkit", KEY, {}, False),
        ("alias/certkit", KEY.replace(ACCOUNT, "222222222222"), ALIAS, False),
        (f"arn:aws:kms:{HOME}:{ACCOUNT}:alias/certkit", KEY, ALIAS, True),
        (f"arn:aws:kms:eu-west-1:{ACCOUNT}:alias/certkit", KEY, ALIAS, False),
        (KEY, KEY, {}, True),
        (KEY, KEY.replace("key/1", "key/12"), {}, False),
        ("1", KEY, {}, True),
        ("2", KEY, {}, False),
    ],
)
def test_the_key_is_the_one_that_is_named(
    name: str, key: str, context: dict[str, tuple[str, ...]], is_right: bool
) -> None:
    where = InBucket("my-escrow", "certkit", None, name)

    assert (_allowed(Request("kms:Decrypt", key, context), where) == {"restorer"}) is is_right
    assert (_allowed(Request("kms:GenerateDataKey", key, context), where) != set()) is is_right


def test_the_key_is_in_the_region_of_the_bucket_where_that_is_named() -> None:
    where = InBucket("my-escrow", "certkit", "eu-west-1", "1")

    assert _allowed(Request("kms:Decrypt", KEY), where) == set()
    assert _allowed(Request("kms:Decrypt", KEY.replace(HOME, "eu-west-1")), where) == {"restorer"}


def test_in_china_bucket_and_key_are_of_its_partition() -> None:
    policy: dict[str, Any] = document(Role.RESTORER, Scope(ACCOUNT, ("cn-north-1",), escrow=WHERE))

    arns = {arn.split(":")[1] for one in policy["Statement"] for arn in one["Resource"] if arn != "*"}
    assert arns == {"aws-cn"}


def _asked(sent: Sent) -> Iterator[Request]:
    """What IAM is asked about one request to S3; of an object that is encrypted, KMS is asked too."""
    parts = urlsplit(sent.path)
    arn = f"arn:aws:s3:::{parts.path.strip('/')}"
    prefix = parse_qs(parts.query).get("prefix")
    action = {"ListObjectsV2": "ListBucket"}.get(sent.operation, sent.operation)
    yield Request(f"s3:{action}", arn, {"s3:prefix": prefix[0]} if prefix else {})
    if sent.operation in {"PutObject", "GetObject"}:
        yield Request(f"kms:{'GenerateDataKey' if sent.operation == 'PutObject' else 'Decrypt'}", KEY, ALIAS)


def _denied(role: Role, wire: Proxy) -> list[str]:
    return [one.action for sent in wire.sent for one in _asked(sent) if not is_allowed(_policy(role), one)]


def test_what_certkit_asks_of_s3_is_allowed(server: StrictAcm, wire: Proxy) -> None:
    s3 = boto3.client("s3", endpoint_url=server.url, region_name=HOME)
    s3.create_bucket(Bucket=WHERE.bucket)
    s3.put_bucket_versioning(Bucket=WHERE.bucket, VersioningConfiguration={"Status": "Enabled"})
    client = Session().s3(HOME)
    escrow = Escrow(BucketStore(client, WHERE), Plain())

    assurance.region_of(client, WHERE)
    assert escrow.keep(SITE, ARN, bundle(0), NOW) == ()
    kept = _denied(Role.RENEWER, wire)
    escrow.fetch(*escrow.deposits(SITE))

    assert kept == []
    assert _denied(Role.RENEWER, wire) == ["s3:GetObject", "kms:Decrypt"]
    assert _denied(Role.RESTORER, wire) == []
