"""The order that ImportCertificate demands of a chain."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.issuing import Issued, Request, ca_request, join_pem, make_chain, make_root, self_signed
from tests.testing.conftest import NOW, refusal

if TYPE_CHECKING:
    from collections.abc import Callable

NOT_ISSUED = ("ValidationException", "Could not validate the certificate with the certificate chain.")


def out_of_order(index: int) -> tuple[str, str]:
    message = (
        "Unable to validate certificate chain. The certificate chain must start with the immediate signing certificate,"
        f" followed by any intermediaries in order. The index within the chain of the invalid certificate is: {index}"
    )
    return "ValidationException", message


def parts(leaf: Issued) -> dict[str, bytes]:
    """The PEM of a leaf under two intermediates, and of what may stand in its chain, by name."""
    lower, upper, root = (issuer.pem for issuer in leaf.issuers)
    namesake = make_root("Example Intermediate 1", key=("EC_prime256v1", 20)).pem
    another = make_root("Another", key=("EC_prime256v1", 20)).pem
    return {"leaf": leaf.pem, "lower": lower, "upper": upper, "root": root, "namesake": namesake, "another": another}


@pytest.mark.parametrize(
    ("order", "answer"),
    [
        ("root", NOT_ISSUED),
        ("upper root", NOT_ISSUED),
        ("another", NOT_ISSUED),
        ("namesake", NOT_ISSUED),
        ("root upper lower", out_of_order(0)),
        ("upper lower", out_of_order(0)),
        ("lower root", out_of_order(1)),
        ("lower lower", out_of_order(1)),
        ("lower upper root lower", out_of_order(3)),
        ("leaf lower upper", out_of_order(0)),
        ("lower upper leaf", out_of_order(2)),
    ],
)
def test_a_chain_out_of_order_is_refused(acm: Any, order: str, answer: tuple[str, str]) -> None:
    leaf = make_chain(intermediates=2)
    chain = b"".join(parts(leaf)[name] for name in order.split())

    got = refusal(acm.import_certificate, Certificate=leaf.pem, PrivateKey=leaf.key_pem, CertificateChain=chain)

    assert got == answer


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda _: b"garbage", "The certificate chain provided is not in a valid PEM format."),
        (lambda _: b"\n", "The certificate chain provided is not in a valid PEM format."),
        (
            lambda pem: pem.replace(b"\n", b" \n"),
            "Unable to parse certificate. Please ensure the certificate is in PEM format.",
        ),
        (
            lambda pem: pem + make_chain().key_pem,
            "Unable to parse certificate. Please ensure the certificate is in PEM format.",
        ),
    ],
    ids=["garbage", "an empty line", "blanks at line ends", "with a key"],
)
def test_a_chain_that_is_no_pem_is_refused(acm: Any, spoil: Callable[[bytes], bytes], message: str) -> None:
    leaf = make_chain()

    got = refusal(
        acm.import_certificate, Certificate=leaf.pem, PrivateKey=leaf.key_pem, CertificateChain=spoil(leaf.chain_pem)
    )

    assert got == ("ValidationException", message)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"not_after": NOW - timedelta(seconds=1)}, "The certificate chain has expired, is not valid."),
        ({"not_before": NOW + timedelta(seconds=1)}, "The certificate chain is not in effect yet, is not valid."),
    ],
    ids=["expired", "not yet valid"],
)
def test_a_chain_that_is_not_valid_now_is_refused(acm: Any, change: dict[str, Any], message: str) -> None:
    intermediate = make_root().issue(replace(ca_request("Old", key=("EC_prime256v1", 11)), **change))
    leaf = intermediate.issue(Request())

    got = refusal(
        acm.import_certificate, Certificate=leaf.pem, PrivateKey=leaf.key_pem, CertificateChain=intermediate.pem
    )

    assert got == ("ValidationException", message)


def test_a_self_signed_certificate_is_refused_as_its_own_chain(acm: Any) -> None:
    issued = self_signed(Request())

    got = refusal(
        acm.import_certificate, Certificate=issued.pem, PrivateKey=issued.key_pem, CertificateChain=issued.pem
    )

    assert got == out_of_order(0)


@pytest.mark.parametrize("length", [1, 2, 3], ids=["the issuer alone", "without the root", "with the root"])
@pytest.mark.parametrize(
    "write",
    [
        b"".join,
        lambda pems: b"".join(b"issuer\n" + pem for pem in pems),
        b"\n".join,
        lambda pems: b"".join(pems).replace(b"\n", b"\r\n"),
    ],
    ids=["plain", "with text between", "with an empty line between", "CRLF"],
)
def test_a_chain_in_order_is_taken_and_given_back(acm: Any, length: int, write: Callable[[list[bytes]], bytes]) -> None:
    leaf = make_chain(intermediates=2)
    issuers = leaf.issuers[:length]
    chain = write([issuer.pem for issuer in issuers])

    arn = acm.import_certificate(Certificate=leaf.pem, PrivateKey=leaf.key_pem, CertificateChain=chain)[
        "CertificateArn"
    ]

    assert acm.get_certificate(CertificateArn=arn)["CertificateChain"].encode() == join_pem(issuers)


def test_a_leaf_of_another_key_type_than_its_issuer_is_taken(put: Callable[..., str]) -> None:
    leaf = make_chain(leaf=Request(key=("RSA_2048", 0)))

    arn = put(leaf)

    assert arn


@pytest.mark.parametrize("algorithm", ["RSA_2048", "EC_secp521r1", "DSA_2048", "Ed25519"])
def test_an_issuer_may_have_any_key(acm: Any, algorithm: str) -> None:
    issuer = make_root(key=(algorithm, 0))
    leaf = issuer.issue(Request())
    impostor = make_root(key=(algorithm, 1)).pem
    sent = {"Certificate": leaf.pem, "PrivateKey": leaf.key_pem}

    answer = refusal(acm.import_certificate, **sent, CertificateChain=impostor)
    taken = acm.import_certificate(**sent, CertificateChain=issuer.pem)

    assert answer == NOT_ISSUED
    assert taken["CertificateArn"]
