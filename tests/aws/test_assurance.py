"""What can be known of an escrow in S3 before anything is put there."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import pytest
from botocore.stub import Stubber

from certkit.aws import assurance
from certkit.aws.sessions import Session
from certkit.errors import AwsDeniedError, AwsError, AwsRefusedError
from certkit.escrow.where import InBucket
from tests.aws.faults import Refusal
from tests.aws.scene import HOME

if TYPE_CHECKING:
    from tests.aws.faults import Proxy

pytest_plugins = ["tests.aws.fixtures"]

IRELAND: Final = "eu-west-1"
WHERE: Final = InBucket("my-escrow", "certkit", None, "alias/certkit")


@pytest.mark.parametrize(
    ("named", "headers", "region"),
    [
        (None, {"x-amz-bucket-region": IRELAND}, IRELAND),
        ("eu-west-2", {"x-amz-bucket-region": IRELAND}, "eu-west-2"),
        (None, {}, None),
    ],
)
@pytest.mark.usefixtures("server")
def test_the_bucket_says_in_which_region_it_is(named: str | None, headers: dict[str, str], region: str | None) -> None:
    """The strict ACM's S3 does not say; AWS's does."""
    client: Any = Session().s3(HOME)
    answer = {"ResponseMetadata": {"HTTPStatusCode": 200, "HTTPHeaders": headers}}
    asked = {"Bucket": WHERE.bucket, "Prefix": "certkit/", "MaxKeys": 1}

    with Stubber(client) as stubber:
        stubber.add_response("list_objects_v2", answer, asked)
        found = assurance.region_of(client, replace(WHERE, region=named))

    assert found == region


@pytest.mark.slow
@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("DryRunOperationException", None),
        ("AccessDeniedException", AwsDeniedError),
        ("NotFoundException", AwsRefusedError),
        ("DisabledException", AwsRefusedError),
    ],
)
def test_a_key_could_be_used_where_the_dry_run_says_so(wire: Proxy, code: str, kind: type[AwsError] | None) -> None:
    wire.always("GenerateDataKey", Refusal(code))
    client: Any = Session().client("kms", HOME)

    came: type[Exception] | None = None
    try:
        assurance.check_key(client, "alias/certkit")
    except AwsError as error:
        came = type(error)

    assert came is kind
