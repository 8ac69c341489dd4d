"""Tests of what is read from S3, Secrets Manager and Systems Manager, over HTTP."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import boto3
import pytest

from certkit import limits
from certkit.aws import stores
from certkit.aws.refusals import Translation, translate
from certkit.aws.refusals.stores import OWN, TRANSLATIONS
from certkit.aws.sessions import Session
from certkit.errors import (
    AwsAuthError,
    AwsDeniedError,
    AwsError,
    AwsRefusedError,
    AwsThrottledError,
    AwsUnreachableError,
    InputTooLargeError,
    InputUnreadableError,
)
from certkit.sources import store
from tests.aws.faults import Fault, Page, Refusal
from tests.cli.bundles import pfx, shop

if TYPE_CHECKING:
    from collections.abc import Callable

    from certkit.testing import StrictAcm
    from tests.aws.faults import Proxy

pytest_plugins = ["tests.aws.fixtures"]

DATA: Final = b"\x00\xff\r\n certificates"
CALLS: Final = {
    "s3://bundles/shop.pfx": "GetObject",
    "secretsmanager://prod/shop": "GetSecretValue",
    "secretsmanager://prod/shop/pfx": "GetSecretValue",
    "ssm:///shop/password": "GetParameter",
}
PAGE: Final = Path(__file__).parents[2] / "docs" / "sources.md"
HOME: Final = "us-east-1"
ELSEWHERE: Final = "eu-west-1"
DENIED: Final = (
    "User: arn:aws:iam::111122223333:user/ci is not authorized to perform: {action} on resource: {resource} because no "
    "identity-based policy allows the {action} action"
)


@pytest.fixture
def client(server: StrictAcm) -> Callable[..., Any]:
    """Clients that fill the stores as somebody else would, past the proxy."""
    return lambda service, region=HOME: boto3.client(service, region_name=region, endpoint_url=server.url)


@pytest.fixture
def read(wire: Proxy) -> Callable[..., bytes]:  # noqa: ARG001 -- it leads there
    """Reads an address as a command does."""
    return lambda address, region=None: stores.read(Session(region=region), store.parse(address))


@pytest.fixture
def bucket(client: Callable[..., Any]) -> Any:
    """A client of S3 with a versioned bucket `bundles`."""
    s3 = client("s3")
    s3.create_bucket(Bucket="bundles")
    s3.put_bucket_versioning(Bucket="bundles", VersioningConfiguration={"Status": "Enabled"})
    return s3


@pytest.fixture
def secrets(client: Callable[..., Any]) -> Any:
    """A client of Secrets Manager with some secrets."""
    manager = client("secretsmanager")
    manager.create_secret(Name="prod/shop/pfx", SecretBinary=DATA)
    manager.create_secret(Name="prod/shop", SecretString=json.dumps({"password": "wörd", "tls": {"pfx": "AAAA"}}))
    return manager


@pytest.fixture
def parameters(client: Callable[..., Any]) -> Any:
    """A client of Systems Manager with a parameter."""
    ssm = client("ssm")
    ssm.put_parameter(Name="/shop/password", Value="wörd", Type="SecureString")
    return ssm


@pytest.mark.parametrize("key", ["shop.pfx", "tls/shop.pfx", "a b+c%20ü.pfx", "what?.pfx", "odd#key", "/slash"])
def test_an_object_is_read_by_its_very_key(bucket: Any, read: Callable[..., bytes], key: str) -> None:
    bucket.put_object(Bucket="bundles", Key=key, Body=DATA)

    assert read(f"s3://bundles/{key}") == DATA


def test_a_version_of_an_object_is_read_where_one_is_named(bucket: Any, read: Callable[..., bytes]) -> None:
    version = bucket.put_object(Bucket="bundles", Key="shop.pfx", Body=DATA)["VersionId"]
    bucket.put_object(Bucket="bundles", Key="shop.pfx", Body=b"later")

    assert read(f"s3://bundles/shop.pfx?versionId={version}") == DATA
    assert read("s3://bundles/shop.pfx") == b"later"


def test_an_object_that_is_too_large_is_refused_before_it_is_read(bucket: Any, read: Callable[..., bytes]) -> None:
    bucket.put_object(Bucket="bundles", Key="junk", Body=bytes(limits.MAX_SOURCE_BYTES + 1))

    with pytest.raises(InputTooLargeError, match=r"^it has 16,777,217 bytes, and no bundle has more than 16 MiB$"):
        read("s3://bundles/junk")


def test_an_object_that_breaks_off_is_no_bundle(bucket: Any, read: Callable[..., bytes], wire: Proxy) -> None:
    bucket.put_object(Bucket="bundles", Key="shop.pfx", Body=DATA)
    wire.script("GetObject", Fault.HALF_AFTER)

    with pytest.raises(AwsUnreachableError, match="the answer broke off, or was damaged on its way"):
        read("s3://bundles/shop.pfx")


def test_a_bucket_in_another_region_is_found(
    client: Callable[..., Any], read: Callable[..., bytes], wire: Proxy
) -> None:
    s3 = client("s3", ELSEWHERE)
    s3.create_bucket(Bucket="far", CreateBucketConfiguration={"LocationConstraint": ELSEWHERE})
    s3.put_object(Bucket="far", Key="shop.pfx", Body=DATA)
    wire.script("GetObject", Refusal("PermanentRedirect", status=301), region=HOME)

    assert read("s3://far/shop.pfx") == DATA
    assert [(sent.operation, sent.scope[0]) for sent in wire.sent] == [
        ("GetObject", HOME),
        ("HeadBucket", HOME),
        ("GetObject", ELSEWHERE),
    ]


def test_a_binary_secret_is_read_as_it_is(secrets: Any, read: Callable[..., bytes]) -> None:
    arn = secrets.describe_secret(SecretId="prod/shop/pfx")["ARN"]

    assert read("secretsmanager://prod/shop/pfx") == DATA
    assert read(f"secretsmanager://{arn}") == DATA


@pytest.mark.usefixtures("secrets")
def test_a_field_of_a_secret_is_read(read: Callable[..., bytes]) -> None:
    assert read("secretsmanager://prod/shop#password") == "wörd".encode()
    assert read("secretsmanager://prod/shop#tls.pfx") == b"AAAA"


def test_of_a_secret_the_current_value_counts_unless_another_is_named(secrets: Any, read: Callable[..., bytes]) -> None:
    before = secrets.get_secret_value(SecretId="prod/shop/pfx")["VersionId"]
    secrets.put_secret_value(SecretId="prod/shop/pfx", SecretBinary=b"later")

    assert read("secretsmanager://prod/shop/pfx") == b"later"
    assert read("secretsmanager://prod/shop/pfx?versionStage=AWSPREVIOUS") == DATA
    assert read(f"secretsmanager://prod/shop/pfx?versionId={before}") == DATA


@pytest.mark.usefixtures("parameters")
def test_a_parameter_is_read_decrypted(read: Callable[..., bytes], wire: Proxy) -> None:
    assert read("ssm:///shop/password") == "wörd".encode()
    assert wire.sent[0].body == {"Name": "/shop/password", "WithDecryption": True}


def test_a_version_of_a_parameter_is_read_where_one_is_named(parameters: Any, read: Callable[..., bytes]) -> None:
    parameters.put_parameter(Name="/shop/password", Value="later", Type="SecureString", Overwrite=True)

    assert read("ssm:///shop/password:1") == "wörd".encode()
    assert read("ssm:///shop/password") == b"later"


@pytest.mark.parametrize(("size", "tier"), [(4_096, "standard"), (8_192, "advanced")])
def test_a_bundle_that_the_parameter_has_cut_off_is_said(
    client: Callable[..., Any], read: Callable[..., bytes], size: int, tier: str
) -> None:
    junk = b"\x30\x82" + (16_000).to_bytes(2, "big") + bytes(16_000)
    client("ssm").put_parameter(Name="pfx", Value=base64.b64encode(junk).decode()[:size], Type="String")

    with pytest.raises(InputUnreadableError) as caught:
        read("ssm://pfx")

    assert caught.value.message == (
        f"its {size:,} characters are a bundle that is cut off: a {tier} parameter holds no more"
    )


def test_a_whole_bundle_in_a_parameter_is_not_taken_for_one_that_is_cut_off(
    client: Callable[..., Any], read: Callable[..., bytes]
) -> None:
    encoded = base64.b64encode(pfx(shop())).decode()
    client("ssm").put_parameter(Name="pfx", Value=encoded, Type="SecureString", Tier="Advanced")

    assert read("ssm://pfx") == encoded.encode()


def test_the_region_is_that_of_the_address_else_the_users_else_us_east_1(
    client: Callable[..., Any], read: Callable[..., bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    for region in (HOME, ELSEWHERE, "eu-west-2"):
        client("secretsmanager", region).create_secret(Name="where", SecretString=region)
    arn = client("secretsmanager", "eu-west-2").describe_secret(SecretId="where")["ARN"]
    monkeypatch.delenv("AWS_DEFAULT_REGION")

    assert read("secretsmanager://where") == HOME.encode()
    assert read("secretsmanager://where", ELSEWHERE) == ELSEWHERE.encode()
    assert read("secretsmanager://where?region=eu-west-2", ELSEWHERE) == b"eu-west-2"
    assert read(f"secretsmanager://{arn}", ELSEWHERE) == b"eu-west-2"


@pytest.mark.usefixtures("bucket", "secrets", "parameters")
@pytest.mark.parametrize(
    ("address", "code", "cause"),
    [
        ("s3://bundles/none", "NoSuchKey", "the bucket has no object under this key"),
        ("s3://nobody/none", "NoSuchBucket", "there is no bucket of this name"),
        ("secretsmanager://none", "ResourceNotFoundException", "there is no secret of this name"),
        ("ssm:///none", "ParameterNotFound", "there is no parameter of this name"),
        ("ssm:///shop/password:9", "ParameterVersionNotFound", "the parameter has no such version"),
    ],
)
def test_what_is_not_there_is_said(read: Callable[..., bytes], address: str, code: str, cause: str) -> None:
    with pytest.raises(AwsRefusedError) as caught:
        read(address)

    assert caught.value.aws_code == code
    assert cause in caught.value.message
    assert caught.value.hint


def test_an_object_that_was_deleted_is_not_there(bucket: Any, read: Callable[..., bytes]) -> None:
    bucket.put_object(Bucket="bundles", Key="shop.pfx", Body=DATA)
    bucket.delete_object(Bucket="bundles", Key="shop.pfx")

    with pytest.raises(AwsRefusedError, match="the bucket has no object under this key"):
        read("s3://bundles/shop.pfx")


@pytest.mark.parametrize(
    ("address", "refusal", "cause"),
    [
        (
            "s3://bundles/shop.pfx?versionId=1",
            Refusal("MethodNotAllowed", "The specified method is not allowed against this resource.", 405),
            "this version is a mark that the object was deleted",
        ),
        (
            "s3://bundles/shop.pfx?versionId=1",
            Refusal("InvalidArgument", "Invalid version id specified"),
            "the object has no such version",
        ),
        (
            "s3://bundles/shop.pfx",
            Refusal("InvalidObjectState", "The operation is not valid for the object's storage class", 403),
            "the object is in an archive, from where it must be restored first",
        ),
        (
            "s3://bundles/shop.pfx",
            Refusal("KMS.DisabledException", "arn:aws:kms:us-east-1:111122223333:key/1 is disabled."),
            "the KMS key that it is encrypted with is disabled, about to be deleted, or gone",
        ),
        (
            "secretsmanager://prod/shop?versionStage=AWSPENDING",
            Refusal(
                "ResourceNotFoundException",
                "Secrets Manager can't find the specified secret value for staging label: AWSPENDING",
            ),
            "the secret has no such version",
        ),
        (
            "secretsmanager://prod/shop",
            Refusal("DecryptionFailure", "Secrets Manager can't decrypt the protected secret text."),
            "the caller may read it, and may not decrypt it, or its key is gone",
        ),
    ],
)
def test_what_a_store_refuses_is_said_in_words_that_name_the_cause(
    read: Callable[..., bytes], wire: Proxy, address: str, refusal: Refusal, cause: str
) -> None:
    wire.script(CALLS[address.partition("?")[0]], refusal)

    with pytest.raises(AwsRefusedError) as caught:
        read(address)

    assert f": {cause} ({refusal.code}: " in caught.value.message
    assert caught.value.hint


def test_a_secret_that_is_about_to_be_deleted_is_said(secrets: Any, read: Callable[..., bytes]) -> None:
    secrets.delete_secret(SecretId="prod/shop/pfx")

    with pytest.raises(AwsRefusedError, match="the secret is about to be deleted") as caught:
        read("secretsmanager://prod/shop/pfx")

    assert caught.value.hint == "aws secretsmanager restore-secret brings it back"


@pytest.mark.parametrize(
    ("address", "refusal", "hint"),
    [
        (
            "secretsmanager://prod/shop/pfx",
            Refusal(
                "AccessDeniedException",
                DENIED.format(action="secretsmanager:GetSecretValue", resource="prod/shop/pfx"),
            ),
            "the caller's policy must allow this action: secretsmanager:GetSecretValue on prod/shop/pfx",
        ),
        (
            "ssm:///shop/password",
            Refusal("AccessDeniedException", DENIED.format(action="kms:Decrypt", resource="arn:aws:kms:1")),
            "allow kms:Decrypt on its key, in the caller's policy and, across accounts, in the key's: arn:aws:kms:1",
        ),
        (
            "s3://bundles/shop.pfx",
            Refusal("AccessDenied", DENIED.format(action="kms:Decrypt", resource="arn:aws:kms:1"), 403),
            "allow kms:Decrypt on its key, in the caller's policy and, across accounts, in the key's: arn:aws:kms:1",
        ),
        (
            "s3://bundles/shop.pfx",
            Refusal("AccessDenied", "Access Denied", 403),
            "allow s3:GetObject on the object, s3:GetObjectVersion for a version, and s3:ListBucket on the bucket",
        ),
        (
            "s3://bundles/shop.pfx",
            Refusal(
                "AccessDenied",
                "User: u is not authorized to perform: s3:GetObject on resource: r with an explicit deny in a service "
                "control policy",
                403,
            ),
            "a policy forbids s3:GetObject outright, perhaps one of the organisation's: no other policy can allow it",
        ),
        (
            "secretsmanager://prod/shop/pfx",
            Refusal("AccessDeniedException", "Access to KMS is not allowed"),
            "allow kms:Decrypt on its key, and look whether the key is disabled",
        ),
    ],
)
def test_who_may_not_read_is_told_what_to_allow(
    read: Callable[..., bytes], wire: Proxy, address: str, refusal: Refusal, hint: str
) -> None:
    wire.script(CALLS[address], refusal)

    with pytest.raises(AwsDeniedError) as caught:
        read(address)

    assert caught.value.hint == hint


@pytest.mark.parametrize("address", CALLS)
@pytest.mark.parametrize(
    ("step", "kind"),
    [
        (Refusal("ExpiredToken", "The provided token has expired."), AwsAuthError),
        (Refusal("ThrottlingException", "Rate exceeded"), AwsThrottledError),
        (Fault.RESET_BEFORE, AwsUnreachableError),
        (Fault.ERROR_BEFORE, AwsUnreachableError),
    ],
    ids=["expired", "throttled", "reset", "500"],
)
def test_a_store_that_does_not_answer_is_an_error_of_its_kind(
    read: Callable[..., bytes], wire: Proxy, address: str, step: Refusal | Fault, kind: type[AwsError]
) -> None:
    wire.always(CALLS[address], step)

    with pytest.raises(kind) as caught:
        read(address)

    assert "ACM" not in f"{caught.value.message}{caught.value.hint}"


@pytest.mark.parametrize("address", ["secretsmanager://prod/shop/pfx", "ssm:///shop/password"])
def test_an_answer_that_is_none_of_awss_is_said(read: Callable[..., bytes], wire: Proxy, address: str) -> None:
    wire.always(CALLS[address], Page())

    with pytest.raises(AwsUnreachableError, match="the answer is none of AWS's"):
        read(address)


@pytest.mark.parametrize("one", OWN, ids=lambda one: f"{one.codes[0]} {one.pattern[:20]}")
def test_every_translation_is_the_one_that_its_example_comes_to(one: Translation) -> None:
    match = one.match(one.codes[0], one.example)

    assert match
    assert one.cause in PAGE.read_text()
    found = {name: value or "?" for name, value in match.groupdict().items()}
    told = translate(one.codes[0], one.example, TRANSLATIONS)
    assert told == (one.cause.format_map(found), one.fix.format_map(found))
