"""An escrow in S3, over HTTP: what is put there, what is asked for, and what is refused."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import boto3
import pytest

from certkit.aws.bucket import BucketStore
from certkit.aws.sessions import Session
from certkit.errors import AwsDeniedError, AwsError, AwsRefusedError, CertkitError, EscrowError, EscrowUnreadableError
from certkit.escrow.envelope import Envelope, Plain
from certkit.escrow.vault import Escrow
from certkit.escrow.where import InBucket
from tests.aws.faults import Fault, Refusal
from tests.aws.scene import HOME
from tests.escrow.scene import ARN, NOW, SITE, bundle, envelope, issued
from tests.secrets.canaries import traces

if TYPE_CHECKING:
    from collections.abc import Callable

    from certkit.testing import StrictAcm
    from tests.aws.faults import Proxy

pytest_plugins = ["tests.aws.fixtures"]

BUCKET: Final = "my-escrow"
WHERE: Final = InBucket(BUCKET, "certkit", None, "alias/certkit")
DENIED_KEY: Final = (
    "User: arn:aws:iam::111122223333:user/ci is not authorized to perform: {} on resource: "
    "arn:aws:kms:us-east-1:111122223333:key/1 because no identity-based policy allows the {} action"
)


@pytest.fixture
def s3(server: StrictAcm) -> Any:
    """S3 past the proxy, with a bucket that keeps versions."""
    client = boto3.client("s3", endpoint_url=server.url, region_name=HOME)
    client.create_bucket(Bucket=BUCKET)
    client.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    return client


@pytest.fixture
def escrow(s3: Any, wire: Proxy) -> Escrow:  # noqa: ARG001 -- they are there
    """An escrow in that bucket, behind the proxy."""
    return Escrow(BucketStore(Session().s3(HOME), WHERE), Plain())


def failure(call: Callable[..., object], *arguments: object) -> CertkitError:
    with pytest.raises(CertkitError) as caught:
        call(*arguments)
    return caught.value


def test_what_was_put_away_comes_out_as_it_was(escrow: Escrow) -> None:
    warnings = escrow.keep(SITE, ARN, bundle(0), NOW)

    (kept,) = escrow.deposits(SITE)
    found = escrow.fetch(kept)
    assert warnings == ()
    assert (found.leaf, found.chain) == (bundle(0).leaf, bundle(0).chain)


def test_each_object_is_encrypted_under_the_key_and_has_a_version(escrow: Escrow, s3: Any) -> None:
    escrow.keep(SITE, ARN, bundle(0), NOW)

    (kept,) = escrow.deposits(SITE)
    head = s3.head_object(Bucket=BUCKET, Key=f"certkit/{kept.path}")
    assert (head["ServerSideEncryption"], head["SSEKMSKeyId"]) == ("aws:kms", "alias/certkit")
    assert head["VersionId"] != "null"


def test_closed_to_a_recipient_s3_never_sees_the_key(escrow: Escrow, s3: Any) -> None:
    closed = Escrow(escrow.store, envelope())

    closed.keep(SITE, ARN, bundle(0), NOW)

    (kept,) = closed.deposits(SITE)
    content = s3.get_object(Bucket=BUCKET, Key=f"certkit/{kept.path}")["Body"].read()
    assert traces(issued(0).key_pem).found_in(content) == []
    assert closed.fetch(kept).leaf == bundle(0).leaf
    assert isinstance(closed.seal, Envelope)


@pytest.mark.slow
def test_more_than_a_page_of_bundles_is_listed_whole(escrow: Escrow, s3: Any) -> None:
    escrow.keep(SITE, ARN, bundle(0), NOW)
    (kept,) = escrow.deposits(SITE)
    for number in range(1_005):
        s3.put_object(Bucket=BUCKET, Key=f"certkit/{SITE.folder}/{kept.file.replace('.0000', f'.{number:04}', 1)}")

    assert len(escrow.deposits(SITE)) == 1_005


def test_the_bucket_is_looked_at_once(escrow: Escrow, wire: Proxy) -> None:
    for number in range(3):
        escrow.keep(SITE, ARN, bundle(number), NOW)

    assert wire.operations.count("GetBucketVersioning") == wire.operations.count("GetBucketPolicyStatus") == 1
    assert wire.operations.count("PutObject") == 3


@pytest.mark.parametrize("status", ["Suspended", None])
def test_a_bucket_without_versions_gets_no_key(s3: Any, escrow: Escrow, status: str | None, wire: Proxy) -> None:
    if status is None:
        s3.delete_bucket(Bucket=BUCKET)
        s3.create_bucket(Bucket=BUCKET)
    else:
        s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": status})

    (warning,) = escrow.keep(SITE, ARN, bundle(0), NOW)

    assert "the bucket my-escrow keeps no versions" in warning
    assert "aws s3api put-bucket-versioning --bucket my-escrow" in warning
    assert "PutObject" not in wire.operations


def test_a_public_bucket_gets_no_key(s3: Any, escrow: Escrow, wire: Proxy) -> None:
    statement = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{BUCKET}/*"}
    s3.put_bucket_policy(Bucket=BUCKET, Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))

    error = failure(escrow.store.put, "a", b"b")

    assert isinstance(error, EscrowError)
    assert "is public" in error.message
    assert "PutObject" not in wire.operations


def test_where_the_caller_may_not_look_the_answer_still_tells_of_missing_versions(
    s3: Any, escrow: Escrow, wire: Proxy
) -> None:
    wire.always("GetBucketVersioning", Refusal("AccessDenied", "Access Denied", 403))
    escrow.store.put("a", b"b")
    s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Suspended"})

    error = failure(escrow.store.put, "c", b"d")

    assert "keeps no versions" in error.message


def test_a_policy_that_the_caller_may_not_look_at_does_not_stop_it(escrow: Escrow, wire: Proxy) -> None:
    wire.always("GetBucketPolicyStatus", Refusal("AccessDenied", "Access Denied", 403))

    assert escrow.keep(SITE, ARN, bundle(0), NOW) == ()


@pytest.mark.parametrize(
    ("operation", "refusal", "kind", "cause", "way_out"),
    [
        (
            "PutObject",
            Refusal("AccessDenied", DENIED_KEY.format(*["kms:GenerateDataKey"] * 2), 403),
            AwsDeniedError,
            "may use the bucket, and not its KMS key",
            "allow kms:GenerateDataKey on the key",
        ),
        ("PutObject", Refusal("AccessDenied", "Access Denied", 403), AwsDeniedError, "may not use", "s3:PutObject"),
        (
            "PutObject",
            Refusal("KMS.DisabledException", "arn:aws:kms:us-east-1:111122223333:key/1 is disabled.", 400),
            AwsRefusedError,
            "KMS key cannot be used",
            "in the region of the bucket",
        ),
        (
            "ListObjectsV2",
            Refusal("NoSuchBucket", "no", 404),
            AwsRefusedError,
            "does not exist",
            "make it, with versioning on",
        ),
        (
            "ListObjectsV2",
            Refusal("AccessDenied", "Access Denied", 403),
            AwsDeniedError,
            "may not use",
            "s3:ListBucket",
        ),
        ("ListObjectsV2", Refusal("SlowDown", "Please reduce your request rate.", 503), AwsError, "SlowDown", "minute"),
    ],
)
def test_what_is_refused_is_told_with_the_way_out(
    escrow: Escrow, wire: Proxy, operation: str, refusal: Refusal, kind: type[AwsError], cause: str, way_out: str
) -> None:
    wire.always(operation, refusal)
    call = {"PutObject": lambda: escrow.store.put("a", b"b"), "ListObjectsV2": lambda: escrow.deposits(SITE)}

    error = failure(call[operation])

    assert isinstance(error, kind)
    assert cause in error.message
    assert f"in s3://{BUCKET}/certkit" in error.message
    assert way_out in str(error.hint)


def test_a_key_that_may_not_decrypt_is_told_of(escrow: Escrow, wire: Proxy) -> None:
    escrow.keep(SITE, ARN, bundle(0), NOW)
    (kept,) = escrow.deposits(SITE)
    wire.always("GetObject", Refusal("AccessDenied", DENIED_KEY.format(*["kms:Decrypt"] * 2), 403))

    error = failure(escrow.fetch, kept)

    assert isinstance(error, AwsDeniedError)
    assert "allow kms:Decrypt on the key" in str(error.hint)


@pytest.mark.parametrize("fault", [Fault.RESET_AFTER, Fault.ERROR_AFTER])
def test_a_lost_answer_keeps_the_bundle_once(escrow: Escrow, wire: Proxy, fault: Fault) -> None:
    wire.script("PutObject", fault)

    warnings = escrow.keep(SITE, ARN, bundle(0), NOW)

    assert warnings == ()
    assert len(escrow.deposits(SITE)) == 1
    assert wire.operations.count("PutObject") == 2


def test_an_object_that_is_larger_than_any_bundle_is_not_read(s3: Any) -> None:
    s3.put_object(Bucket=BUCKET, Key="certkit/a", Body=b"0" * (5 << 20))

    error = failure(BucketStore(s3, WHERE).get, "a")

    assert isinstance(error, EscrowUnreadableError)
    assert error.message == "a: it is larger than any deposit"
