"""Canaries: what bare moto answers wrongly. One that fails means that moto has got better, and we may do with less."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto import mock_aws

from tests.issuing import Request, make_chain

if TYPE_CHECKING:
    from collections.abc import Iterator

RSA = Request(key=("RSA_2048", 0))


@pytest.fixture
def moto_acm(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A client of bare moto."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    with mock_aws():
        yield boto3.client("acm", region_name="us-east-1")


def put(acm: Any, request: Request = RSA, **more: Any) -> str:
    issued = make_chain(leaf=request)
    parts = {"Certificate": issued.pem, "PrivateKey": issued.key_pem}
    return str(acm.import_certificate(**parts | more)["CertificateArn"])


@pytest.mark.parametrize(
    "more",
    [
        {"PrivateKey": make_chain(leaf=Request()).key_pem},
        {"Certificate": make_chain(leaf=RSA).pem + make_chain().chain_pem},
        {"CertificateChain": b"garbage"},
        {"CertificateChain": b""},
        {"CertificateChain": make_chain().issuers[1].pem},
        {"CertificateChain": make_chain(leaf=RSA).pem},
        {"Tags": [{"Key": "a*"}]},
    ],
    ids=["another key", "several certificates", "garbage", "an empty chain", "a gap", "the leaf", "a sign in a tag"],
)
def test_moto_takes_what_acm_refuses(moto_acm: Any, more: dict[str, Any]) -> None:
    arn = put(moto_acm, **more)

    assert arn


def test_moto_takes_keys_that_acm_refuses_and_then_cannot_list_them(moto_acm: Any) -> None:
    put(moto_acm, Request(key=("Ed25519", 0)))

    with pytest.raises(AttributeError):
        moto_acm.list_certificates()


def test_moto_forgets_the_tags_on_a_reimport(moto_acm: Any) -> None:
    arn = put(moto_acm, Tags=[{"Key": "a", "Value": "1"}])

    put(moto_acm, CertificateArn=arn)

    assert moto_acm.list_tags_for_certificate(CertificateArn=arn)["Tags"] == []


def test_moto_takes_tags_and_another_key_type_on_a_reimport(moto_acm: Any) -> None:
    arn = put(moto_acm)

    again = put(moto_acm, Request(), CertificateArn=arn, Tags=[{"Key": "a"}])

    assert again == arn


def test_moto_replaces_a_certificate_of_amazons(moto_acm: Any) -> None:
    arn = moto_acm.request_certificate(DomainName="shop.example.com")["CertificateArn"]

    again = put(moto_acm, CertificateArn=arn)

    assert again == arn


def test_moto_keeps_a_certificate_whose_tags_it_refused(moto_acm: Any) -> None:
    with pytest.raises(moto_acm.exceptions.ClientError):
        put(moto_acm, Tags=[{"Key": "aws:a"}])

    assert len(moto_acm.list_certificates()["CertificateSummaryList"]) == 1


def test_moto_lists_all_key_types_on_one_page(moto_acm: Any) -> None:
    put(moto_acm)
    put(moto_acm, Request())

    page = moto_acm.list_certificates(MaxItems=1)

    assert len(page["CertificateSummaryList"]) == 2
    assert "NextToken" not in page


def test_moto_adds_a_root_of_amazons_to_every_chain(moto_acm: Any) -> None:
    arn = put(moto_acm)

    chain = moto_acm.get_certificate(CertificateArn=arn)["CertificateChain"]

    assert chain.count("BEGIN CERTIFICATE") == 1


def test_moto_spells_algorithms_and_serials_in_its_own_way(moto_acm: Any) -> None:
    arn = put(moto_acm, Request(key=("RSA_2048", 0), serial=0xFF01, organization="Example Ltd"))

    described = moto_acm.describe_certificate(CertificateArn=arn)["Certificate"]

    assert described["KeyAlgorithm"] == "RSA_2048"
    assert described["Serial"] == str(0xFF01)
    assert described["Subject"] == "CN=shop.example.com"
    assert "KeyUsages" not in described
    assert "CreatedAt" not in described


def test_moto_cannot_search(moto_acm: Any) -> None:
    with pytest.raises(NotImplementedError):
        moto_acm.search_certificates()


def test_moto_deletes_a_certificate_in_use(moto_acm: Any) -> None:
    arn = put(moto_acm)
    elb = boto3.client("elb", region_name="us-east-1")
    listener: Any = {"Protocol": "HTTPS", "LoadBalancerPort": 443, "InstancePort": 80, "SSLCertificateId": arn}
    elb.create_load_balancer(LoadBalancerName="shop", Listeners=[listener], AvailabilityZones=["us-east-1a"])

    moto_acm.delete_certificate(CertificateArn=arn)

    assert moto_acm.list_certificates()["CertificateSummaryList"] == []
