"""Tests of SOURCEs and passwords that stand in AWS, command by command."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Final

import boto3
import pytest

from tests.aws.faults import Refusal
from tests.aws.scene import OTHER, WRITES
from tests.cli.bundles import PASSWORD, pem, pfx, shop
from tests.issuing import Request

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from certkit.testing import StrictAcm
    from tests.aws.faults import Proxy
    from tests.aws.scene import Ran

pytest_plugins = ["tests.aws.fixtures"]

SHOP: Final = shop()
PFX: Final = pfx(SHOP)
ELSEWHERE: Final = "eu-west-1"
SOURCES: Final = (
    "s3://bundles/tls/shop.pfx",
    "secretsmanager://prod/shop/pfx",
    "secretsmanager://prod/shop#tls.pfx",
    "ssm:///shop/pfx",
)
PASSINS: Final = ("secretsmanager://prod/shop#password", "ssm:///shop/password")
DENIED: Final = Refusal("AccessDeniedException", "User: u is not authorized to perform: a:B on resource: r")


@pytest.fixture(autouse=True)
def _stores(wire: Proxy, server: StrictAcm) -> None:
    """A bundle and its password in every store."""
    s3 = boto3.client("s3", endpoint_url=server.url)
    s3.create_bucket(Bucket="bundles")
    s3.put_object(Bucket="bundles", Key="tls/shop.pfx", Body=PFX)
    s3.put_object(Bucket="bundles", Key="tls/shop.pem", Body=pem(SHOP))
    encoded = base64.b64encode(PFX).decode()
    manager = boto3.client("secretsmanager", endpoint_url=server.url)
    manager.create_secret(Name="prod/shop/pfx", SecretBinary=PFX)
    fields = {"password": PASSWORD, "tls": {"pfx": encoded}, "key": SHOP.key_pem.decode(), "body": SHOP.pem.decode()}
    manager.create_secret(Name="prod/shop", SecretString=json.dumps(fields))
    ssm = boto3.client("ssm", endpoint_url=server.url)
    ssm.put_parameter(Name="/shop/pfx", Value=encoded, Type="SecureString", Tier="Advanced")
    ssm.put_parameter(Name="/shop/password", Value=f"{PASSWORD}\n", Type="SecureString")
    wire.forget()


@pytest.mark.parametrize("passin", PASSINS)
@pytest.mark.parametrize("source", SOURCES)
def test_a_bundle_is_inspected_from_every_store(run: Callable[..., Ran], source: str, passin: str) -> None:
    done = run("inspect", source, "--passin", passin, "--format", "json")

    (bundle,) = done.document["bundles"]
    assert (done.code, done.err) == (0, "")
    assert (bundle["source"], bundle["format"], bundle["leaf"]["sha256"]) == (source, "pkcs12", SHOP.sha256)


def test_a_locked_bundle_in_a_store_shows_its_protection(run: Callable[..., Ran]) -> None:
    done = run("inspect", SOURCES[0], "--format", "json")

    (bundle,) = done.document["bundles"]
    assert (done.code, bundle["locked"]) == (0, True)


def test_bundles_from_stores_are_split_each_into_a_folder_of_its_name(run: Callable[..., Ran], tmp_path: Path) -> None:
    done = run("split", *SOURCES[:2], "--passin", PASSINS[0], "--out", tmp_path / "out")

    assert (done.code, done.err) == (0, "")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["pfx", "shop"]
    assert (tmp_path / "out" / "shop" / "cert_body.pem").read_bytes() == SHOP.pem


def test_key_and_certificate_may_stand_in_two_fields(run: Callable[..., Ran], tmp_path: Path) -> None:
    source, key = "secretsmanager://prod/shop#body", "secretsmanager://prod/shop#key"

    done = run("split", source, "--key", key, "--out", tmp_path)

    assert done.code == 0
    assert (tmp_path / "cert_key.pem").read_bytes() == SHOP.traditional_key_pem


def test_a_pfx_is_packed_from_stores_under_a_password_from_one(run: Callable[..., Ran], tmp_path: Path) -> None:
    parts = ("--body", "secretsmanager://prod/shop#body", "--key", "secretsmanager://prod/shop#key")

    packed = run("pack", *parts, "-o", tmp_path / "shop.pfx", "--passout", PASSINS[1])
    read = run("validate", tmp_path / "shop.pfx", "--passin", PASSINS[0])

    assert (packed.code, packed.err) == (0, "")
    assert "password" not in read.err


def test_a_password_to_write_that_no_store_holds_is_named_as_one(run: Callable[..., Ran], tmp_path: Path) -> None:
    parts = ("--body", "s3://bundles/tls/shop.pem", "--key", "s3://bundles/tls/shop.pem")

    done = run("pack", *parts, "-o", tmp_path / "shop.pfx", "--passout", "ssm:///none", "--format", "json")

    assert done.error == (3, "aws-refused")
    assert done.document["error"]["message"].startswith("--passout: ssm:///none: reading the parameter in us-east-1: ")
    assert not (tmp_path / "shop.pfx").exists()


def test_a_bundle_in_a_store_is_validated(run: Callable[..., Ran]) -> None:
    done = run("validate", SOURCES[0], "--passin", PASSINS[0], "--format", "json")

    assert (done.code, done.document["results"][0]["importable"]) == (0, True)


def test_a_bundle_goes_from_a_store_to_acm(run: Callable[..., Ran], wire: Proxy) -> None:
    first = run("import", SOURCES[2], "--passin", PASSINS[0], "--name", "shop", "--no-ledger", "--format", "json")
    again = run("import", SOURCES[0], "--passin", PASSINS[1], "--name", "shop", "--no-ledger", "--format", "json")

    assert (first.result["action"], again.result["action"]) == ("imported", "unchanged")
    assert first.result["sha256"] == SHOP.sha256
    assert [one for one in wire.operations if one in WRITES] == ["ImportCertificate"]


def test_a_manifest_names_what_stands_in_stores(run: Callable[..., Ran], tmp_path: Path) -> None:
    manifest = tmp_path / "certkit.toml"
    lines = [
        f'[certificates.{name}]\nsource = "{source}"\npassin = "{PASSINS[number % 2]}"'
        for number, (name, source) in enumerate(zip("abcd", SOURCES, strict=True))
    ]
    manifest.write_text("\n".join(lines))

    planned = [run("plan", manifest, "--only", name, "--format", "json") for name in "abcd"]
    applied = run("apply", manifest, "--only", "d", "--format", "json", "--no-ledger")

    assert [action["action"] for each in planned for action in each.document["actions"]] == ["import"] * 4
    assert (applied.result["name"], applied.result["action"]) == ("d", "imported")


def test_a_store_that_denies_stops_none_of_the_others(run: Callable[..., Ran], wire: Proxy, tmp_path: Path) -> None:
    wire.always("GetSecretValue", DENIED)
    manifest = tmp_path / "certkit.toml"
    manifest.write_text(
        f'[certificates.a]\nsource = "{SOURCES[1]}"\npassin = "{PASSINS[1]}"\n'
        f'[certificates.b]\nsource = "{SOURCES[0]}"\npassin = "{PASSINS[1]}"\n'
    )

    done = run("apply", manifest, "--format", "json", "--no-ledger")

    assert done.code == 3
    assert [(one["name"], one["action"]) for one in done.results] == [("a", "failed"), ("b", "imported")]
    assert done.results[0]["error"]["code"] == "aws-denied"
    assert done.results[0]["error"]["hint"] == "the caller's policy must allow this action: a:B on r"


def test_of_several_sources_one_that_is_not_there_costs_the_others_nothing(run: Callable[..., Ran]) -> None:
    done = run("inspect", "s3://bundles/none", SOURCES[0], "--passin", PASSINS[0], "--format", "json")

    missing, there = done.document["bundles"]
    assert done.code == 3
    assert missing["error"]["message"].startswith(
        "s3://bundles/none: reading it from S3: the bucket has no object under this key (NoSuchKey: "
    )
    assert there["leaf"]["sha256"] == SHOP.sha256


def test_very_many_sources_in_stores_are_read_as_the_caller_that_was_named(
    run: Callable[..., Ran], wire: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 4)
    versions = [f"s3://bundles/tls/shop.pfx?region=us-east-{number}" for number in range(1, 61)]

    done = run("inspect", *versions, "--role-arn", f"arn:aws:iam::{OTHER}:role/reader", "--format", "json")

    assert len(done.document["bundles"]) == 60
    assert [sent.operation for sent in wire.sent].count("AssumeRole") == 1


def test_what_acm_holds_is_a_source_without_a_key(
    run: Callable[..., Ran], put: Callable[..., str], tmp_path: Path
) -> None:
    arn = put(SHOP, region=ELSEWHERE)

    inspected = run("inspect", arn, "--format", "json").document["bundles"][0]
    split = run("split", arn, "--certificates-only", "--out", tmp_path / "out")
    validated = run("validate", arn, "--certificates-only")
    without = run("split", arn, "--out", tmp_path / "other", "--format", "json")

    assert (inspected["format"], inspected["key"]) == ("pem", None)
    assert (inspected["leaf"]["sha256"], len(inspected["chain"])) == (SHOP.sha256, 1)
    assert (split.code, validated.code) == (0, 0)
    assert (tmp_path / "out" / "cert_body.pem").read_bytes() == SHOP.pem
    assert without.error == (3, "no-key")


@pytest.mark.parametrize(
    ("source", "code", "message"),
    [
        ("arn:aws:iam::111122223333:server-certificate/shop", "usage", "it is not the ARN of a certificate in ACM"),
        ("arn:aws-cn:acm:us-east-1:111122223333:certificate/1", "usage", "it is not the ARN of a certificate in ACM"),
        (
            "arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012",
            "aws-refused",
            "reading it from ACM: there is no certificate under this ARN",
        ),
        ("s3://bundles", "usage", "it names no object in the bucket"),
    ],
)
def test_what_names_nothing_is_said(run: Callable[..., Ran], source: str, code: str, message: str) -> None:
    done = run("inspect", source, "--format", "json")

    assert done.document["error"]["code"] == code
    assert done.document["error"]["message"].startswith(f"{source}: {message}")


@pytest.mark.parametrize("name", ["inspect", "split", "validate"])
def test_a_store_is_read_in_a_role_where_one_is_named(
    run: Callable[..., Ran], wire: Proxy, tmp_path: Path, name: str
) -> None:
    out = ("--out", tmp_path) if name == "split" else ()

    run(name, SOURCES[0], "--role-arn", f"arn:aws:iam::{OTHER}:role/reader", *out)

    assert wire.operations == ["AssumeRole", "GetObject"]


def test_the_users_region_is_where_a_store_is_read(
    run: Callable[..., Ran], server: StrictAcm, wire: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = boto3.client("secretsmanager", region_name=ELSEWHERE, endpoint_url=server.url)
    there.create_secret(Name="there", SecretBinary=pfx(shop(Request("there"))))
    monkeypatch.setenv("AWS_REGION", ELSEWHERE)

    run("validate", "secretsmanager://there", "--passin", "ssm:///shop/password?region=us-east-1")

    assert [(sent.operation, sent.scope[0]) for sent in wire.sent] == [
        ("GetParameter", "us-east-1"),
        ("GetSecretValue", ELSEWHERE),
    ]


def test_one_caller_reads_all(run: Callable[..., Ran], wire: Proxy) -> None:
    role = f"arn:aws:iam::{OTHER}:role/reader"

    run("inspect", *SOURCES, "--passin", PASSINS[0], "--role-arn", role)

    assert wire.operations.count("AssumeRole") == 1
