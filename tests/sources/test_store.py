"""Tests of the addresses of what stands in a store."""

import pytest

from certkit.errors import UsageError
from certkit.sources.store import Address, Parameter, S3Object, Secret, parse

ARN = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/shop-AbCdEf"
VERSION = "EXAMPLE1-90ab-cdef-fedc-ba987EXAMPLE"
PARAMETER_ARN = "arn:aws:ssm:eu-west-1:111122223333:parameter/shop"


@pytest.mark.parametrize(
    ("source", "address"),
    [
        ("s3://bundles/shop.pfx", S3Object("bundles", "shop.pfx")),
        ("s3://bundles/a/b/shop.pfx", S3Object("bundles", "a/b/shop.pfx")),
        ("s3://bundles//shop.pfx", S3Object("bundles", "/shop.pfx")),
        ("s3://bundles/a b%20+ü#1.pfx", S3Object("bundles", "a b%20+ü#1.pfx")),
        ("s3://bundles/what?.pfx", S3Object("bundles", "what?.pfx")),
        ("s3://bundles/what?=no.pfx", S3Object("bundles", "what?=no.pfx")),
        ("s3://bundles/shop.pfx?versionId=3/L4kqtJl", S3Object("bundles", "shop.pfx", "3/L4kqtJl")),
        ("s3://bundles/a?b?versionId=1", S3Object("bundles", "a?b", "1")),
        ("s3://bundles/shop.pfx?region=eu-west-1&versionId=1", S3Object("bundles", "shop.pfx", "1", "eu-west-1")),
        ("secretsmanager://shop", Secret("shop")),
        ("secretsmanager://prod/shop#pfx", Secret("prod/shop", field="pfx")),
        ("secretsmanager:///prod/shop", Secret("/prod/shop")),
        ("secretsmanager://shop#a.b#c?region=x", Secret("shop", field="a.b#c?region=x")),
        ("secretsmanager://shop?versionStage=AWSPENDING#pfx", Secret("shop", stage="AWSPENDING", field="pfx")),
        (f"secretsmanager://shop?versionId={VERSION}&region=eu-west-1", Secret("shop", VERSION, region="eu-west-1")),
        (f"secretsmanager://{ARN}#pfx", Secret(ARN, region="eu-west-1", field="pfx")),
        (f"secretsmanager://{ARN}?region=eu-west-1", Secret(ARN, region="eu-west-1")),
        ("ssm:///shop/pfx", Parameter("/shop/pfx")),
        ("ssm://shop", Parameter("shop")),
        ("ssm:///shop:3#pfx", Parameter("/shop:3", field="pfx")),
        ("ssm:///shop?region=eu-west-1", Parameter("/shop", "eu-west-1")),
        (f"ssm://{PARAMETER_ARN}", Parameter(PARAMETER_ARN, "eu-west-1")),
    ],
)
def test_an_address_is_taken_apart(source: str, address: Address) -> None:
    assert parse(source) == address


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("s3://", "it names no bucket"),
        ("s3:///shop.pfx", "it names no bucket"),
        ("s3://bu cket/shop.pfx", "it names no bucket"),
        ("s3://bundles", "it names no object in the bucket"),
        ("s3://bundles/tls/", "it names no object in the bucket"),
        ("s3://bundles/shop.pfx?versionId=", "the setting 'versionId' is not understood"),
        ("s3://bundles/shop.pfx?versionId=1&versionId=2", "the setting 'versionId' is not understood"),
        ("s3://bundles/shop.pfx?region=eu-west-1&stage=x", "the setting 'stage' is not understood"),
        ("s3://bundles/shop.pfx?versionStage=x", "the setting 'versionStage' is not understood"),
        ("s3://bundles/shop.pfx?region=evil.example/", "'evil.example/' is no region"),
        ("s3://bundles/\udcff", "it is not in UTF-8"),
        ("secretsmanager://", "it names nothing"),
        ("secretsmanager://#pfx", "it names nothing"),
        ("secretsmanager://shop#", "behind the # no field is named"),
        ("secretsmanager://shop?version=1", "what stands behind the ? is not understood"),
        ("secretsmanager://shop?versionId=1", "the ID of a secret's version has 32 to 64 characters"),
        (f"secretsmanager://{PARAMETER_ARN}", "the ARN is none of this service's"),
        (f"secretsmanager://{ARN}?region=us-east-1", "the ARN is in eu-west-1, and the region named is us-east-1"),
        ("secretsmanager://arn:aws:secretsmanager:evil.example/:1:secret:x", "the ARN is none of this service's"),
        ("ssm:///", "it names nothing"),
        ("ssm:///shop?versionId=1", "the setting 'versionId' is not understood"),
        (f"ssm://{ARN}", "the ARN is none of this service's"),
        ("gs://bundles/shop.pfx", "it is in no store that is read"),
    ],
)
def test_what_is_no_address_is_said(source: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse(source)

    assert caught.value.message == message
