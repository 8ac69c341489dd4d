"""What a reimport may change and what it may not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.issuing import CLIENT_AUTH, SERVER_AUTH, Request, make_chain
from tests.testing.conftest import NOW, refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from certkit.testing import SettableClock, StrictAcm

MISSING = "New certificate is missing one or more {} supported by the currently imported certificate"
SIGN_AND_ENCIPHER = ("digital_signature", "key_encipherment")


def certificate(**changes: Any) -> dict[str, bytes]:
    issued = make_chain(leaf=replace(Request(), **changes))
    return {"Certificate": issued.pem, "PrivateKey": issued.key_pem, "CertificateChain": issued.chain_pem}


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        (
            {"key": ("EC_secp384r1", 0)},
            {"key": ("EC_prime256v1", 0)},
            "New certificate has a key of EC_prime256v1 which is different from EC_secp384r1 in the current certificate.",
        ),
        (
            {"key": ("RSA_2048", 0)},
            {"key": ("RSA_1024", 0)},
            "New certificate has a key of RSA_1024 which is different from RSA_2048 in the current certificate.",
        ),
        (
            {"key": ("RSA_2048", 0)},
            {"key": ("EC_prime256v1", 0)},
            "New certificate has a key of EC_prime256v1 which is different from RSA_2048 in the current certificate.",
        ),
        ({"key_usages": SIGN_AND_ENCIPHER}, {"key_usages": ("key_encipherment",)}, MISSING.format("Key Usages")),
        ({"key_usages": SIGN_AND_ENCIPHER}, {}, MISSING.format("Key Usages")),
        (
            {"key": ("RSA_2048", 0), "key_usages": SIGN_AND_ENCIPHER},
            {"key": ("RSA_2048", 1), "key_usages": ("digital_signature",)},
            MISSING.format("Key Usages"),
        ),
        (
            {"extended_key_usages": (SERVER_AUTH, CLIENT_AUTH)},
            {"extended_key_usages": (CLIENT_AUTH,)},
            MISSING.format("Extended Key Usages"),
        ),
        ({"extended_key_usages": (CLIENT_AUTH,)}, {}, MISSING.format("Extended Key Usages")),
        ({}, {"common_name": "localhost"}, "New certificate does not have a domain name."),
    ],
    ids=[
        "another curve",
        "another size",
        "another algorithm",
        "a key usage less",
        "no key usages any more",
        "no key encipherment any more, for RSA",
        "an extended key usage less",
        "no extended key usages any more",
        "no domain any more",
    ],
)
def test_a_reimport_that_takes_something_away_is_refused(
    acm: Any, before: dict[str, Any], after: dict[str, Any], message: str
) -> None:
    first = certificate(**before)
    arn = acm.import_certificate(**first)["CertificateArn"]

    answer = refusal(acm.import_certificate, CertificateArn=arn, **certificate(**after))

    assert answer == ("ValidationException", message)
    assert acm.get_certificate(CertificateArn=arn)["Certificate"].encode() == first["Certificate"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"key_usages": SIGN_AND_ENCIPHER}, {"key_usages": ("digital_signature",)}),
        ({"extended_key_usages": (SERVER_AUTH, CLIENT_AUTH)}, {"extended_key_usages": (SERVER_AUTH,)}),
        ({"extended_key_usages": (SERVER_AUTH,)}, {"extended_key_usages": (SERVER_AUTH, CLIENT_AUTH)}),
        ({}, {"key_usages": ("digital_signature",), "extended_key_usages": (SERVER_AUTH,)}),
        ({}, {"key": ("EC_prime256v1", 1), "common_name": "other.example.com"}),
        ({"common_name": "localhost"}, {"common_name": "localhost"}),
    ],
    ids=[
        "no key encipherment any more, for ECDSA",
        "no client authentication any more",
        "a usage more",
        "usages where there were none",
        "another key of the same kind, another domain",
        "no domain, as before",
    ],
)
def test_a_reimport_that_acm_documents_as_possible_is_taken(
    acm: Any, before: dict[str, Any], after: dict[str, Any]
) -> None:
    arn = acm.import_certificate(**certificate(**before))["CertificateArn"]
    second = certificate(**after)

    answer = acm.import_certificate(CertificateArn=arn, **second)

    assert answer["CertificateArn"] == arn
    assert acm.get_certificate(CertificateArn=arn)["Certificate"].encode() == second["Certificate"]


def test_a_reimport_keeps_tags_associations_and_the_first_import(
    acm: Any, server: StrictAcm, clock: SettableClock
) -> None:
    tags = [{"Key": "a", "Value": "1"}, {"Key": "b"}]
    arn = acm.import_certificate(**certificate(), Tags=tags)["CertificateArn"]
    server.set_in_use(arn, "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/shop/1")
    clock.advance(timedelta(days=30))

    acm.import_certificate(CertificateArn=arn, **certificate())

    described = acm.describe_certificate(CertificateArn=arn)["Certificate"]
    assert acm.list_tags_for_certificate(CertificateArn=arn)["Tags"] == tags
    assert described["InUseBy"] == ["arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/shop/1"]
    assert (described["CreatedAt"], described["ImportedAt"]) == (NOW, NOW + timedelta(days=30))


def test_tags_are_refused_on_a_reimport(acm: Any) -> None:
    arn = acm.import_certificate(**certificate())["CertificateArn"]

    answer = refusal(acm.import_certificate, CertificateArn=arn, Tags=[{"Key": "a"}], **certificate())

    assert answer == ("ValidationException", "Tagging is not permitted on re-import.")


def test_a_certificate_of_amazons_cannot_be_replaced(acm: Any) -> None:
    arn = acm.request_certificate(DomainName="shop.example.com")["CertificateArn"]

    answer = refusal(acm.import_certificate, CertificateArn=arn, **certificate(key=("RSA_2048", 0)))

    assert answer == ("ValidationException", f"Certificate {arn} is not an imported certificate.")
    assert acm.describe_certificate(CertificateArn=arn)["Certificate"]["Type"] == "AMAZON_ISSUED"


@pytest.mark.parametrize("region", ["us-east-1", "eu-central-1"])
def test_an_arn_that_nothing_has_cannot_be_replaced(acm: Any, region: str) -> None:
    arn = f"arn:aws:acm:{region}:123456789012:certificate/00000000-0000-0000-0000-000000000000"

    answer = refusal(acm.import_certificate, CertificateArn=arn, **certificate())

    assert answer == ("ResourceNotFoundException", f"Could not find certificate {arn}.")


def test_a_refused_reimport_leaves_the_former_certificate(acm: Any, put: Callable[..., str]) -> None:
    issued = make_chain()
    arn = put(issued)

    refusal(acm.import_certificate, CertificateArn=arn, **certificate(not_after=NOW - timedelta(days=1)))

    assert acm.get_certificate(CertificateArn=arn)["Certificate"].encode() == issued.pem


@pytest.mark.parametrize("keeps", [False, True])
def test_a_reimport_without_a_chain_does_as_it_is_set(acm: Any, server: StrictAcm, *, keeps: bool) -> None:
    server.behaviour = replace(server.behaviour, reimport_keeps_chain=keeps)
    first = certificate()
    arn = acm.import_certificate(**first)["CertificateArn"]
    second = certificate()
    del second["CertificateChain"]

    acm.import_certificate(CertificateArn=arn, **second)

    assert ("CertificateChain" in acm.get_certificate(CertificateArn=arn)) is keeps
