"""Whether one certificate issued another: proved by signature, whatever the algorithm."""

from dataclasses import replace

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from certkit import certificate as x
from tests.certificate.making import leaf, raw
from tests.given import MD2_WITH_RSA, MD5_WITH_RSA, SHA256_WITH_RSA
from tests.issuing import (
    Request,
    altered,
    ca_request,
    make_key,
    make_root,
    self_signed,
    signed_with_sha1,
    with_broken_signature,
)


@pytest.mark.parametrize(
    "key", [("RSA_2048", 3), ("EC_prime256v1", 3), ("EC_secp521r1", 3), ("DSA_2048", 3), ("Ed25519", 3)]
)
def test_a_signature_is_verified_whatever_the_issuers_key(key: tuple[str, int]) -> None:
    root, twin = make_root(key=key), make_root(key=(key[0], 4))
    issued = root.issue(Request())

    assert (x.verifies(root.certificate, issued.certificate), x.refutes(root.certificate, issued.certificate)) == (
        True,
        False,
    )
    assert (x.verifies(twin.certificate, issued.certificate), x.refutes(twin.certificate, issued.certificate)) == (
        False,
        True,
    )


def test_a_pss_signature_is_verified() -> None:
    key = make_key("RSA_2048", 3)
    assert isinstance(key, rsa.RSAPrivateKey)
    scheme = padding.PSS(padding.MGF1(hashes.SHA256()), padding.PSS.DIGEST_LENGTH)

    certificate = raw(key, rsa_padding=scheme, digest=hashes.SHA256())

    assert (x.is_self_signed(certificate), x.signature_algorithm(certificate)) == (True, "rsassaPss")


def test_a_signature_of_another_kind_than_the_key_is_refuted() -> None:
    issued = make_root(key=("Ed25519", 3)).issue(Request())

    assert x.refutes(make_root(key=("RSA_2048", 3)).certificate, issued.certificate)
    assert x.refutes(make_root(key=("EC_prime256v1", 3)).certificate, issued.certificate)


def test_sha1_and_md5_signatures_are_verified() -> None:
    root = make_root(key=("RSA_2048", 3))
    with_md5 = altered(root.issue(Request()), (SHA256_WITH_RSA, MD5_WITH_RSA), hash_algorithm=hashes.MD5())  # noqa: S303 -- what is tested
    ec_leaf = leaf()
    with_sha1 = x509.load_pem_x509_certificate(signed_with_sha1(ec_leaf))

    assert ec_leaf.issuer is not None
    assert x.issued(root.certificate, with_md5)
    assert x.issued(ec_leaf.issuer.certificate, with_sha1)
    assert [x.signature_algorithm(one) for one in (with_md5, with_sha1)] == ["md5WithRSAEncryption", "ecdsa-with-SHA1"]
    assert isinstance(x.signature_hash(with_md5), hashes.MD5)


def test_a_signature_that_cannot_be_checked_is_neither_verified_nor_refuted() -> None:
    root = make_root(key=("RSA_2048", 3))
    with_md2 = altered(root.issue(Request()), (SHA256_WITH_RSA, MD2_WITH_RSA))

    assert (x.verifies(root.certificate, with_md2), x.refutes(root.certificate, with_md2)) == (False, False)
    assert (x.signature_hash(with_md2), x.signature_algorithm(with_md2)) == (None, "1.2.840.113549.1.1.2")


def test_a_broken_signature_is_refuted() -> None:
    issued = leaf()
    assert issued.issuer is not None

    assert x.refutes(issued.issuer.certificate, with_broken_signature(issued))


def test_a_namesake_with_another_key_identifier_does_not_claim_to_be_the_issuer() -> None:
    root = make_root(key=("EC_prime256v1", 10))
    key = root.certificate.public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    issued = root.issue(Request(extensions=(x509.AuthorityKeyIdentifier.from_issuer_public_key(key),)))
    twin_key = make_key("EC_prime256v1", 12).public_key()
    request = ca_request("Example Root", key=("EC_prime256v1", 12))
    twin = self_signed(replace(request, extensions=(x509.SubjectKeyIdentifier.from_public_key(twin_key),)))

    assert x.is_named_issuer(root.certificate, issued.certificate)
    assert not x.is_named_issuer(twin.certificate, issued.certificate)


def test_the_signature_decides_who_is_self_signed() -> None:
    identifiers = (x509.SubjectKeyIdentifier(b"\1" * 20), x509.AuthorityKeyIdentifier(b"\2" * 20, None, None))
    odd = self_signed(Request(extensions=identifiers))
    same_name = make_root("shop.example.com").issue(Request())

    assert x.is_self_signed(odd.certificate)
    assert not x.is_self_signed(same_name.certificate)
