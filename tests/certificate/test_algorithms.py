"""What keys and signatures are called, unknown ones included."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ed448, mldsa

from certkit import certificate as x
from tests.certificate.making import leaf, raw
from tests.given import CURVE_P256, CURVE_UNKNOWN, PSS_KEY, RSA_KEY
from tests.issuing import (
    altered,
)


@pytest.mark.parametrize(
    ("algorithm", "expected"),
    [
        ("RSA_1024", "RSA_1024"),
        ("RSA_1536", "RSA_1536"),
        ("EC_prime256v1", "EC_prime256v1"),
        ("EC_secp384r1", "EC_secp384r1"),
        ("EC_secp521r1", "EC_secp521r1"),
        ("EC_secp256k1", "EC_secp256k1"),
        ("DSA_2048", "DSA_2048"),
        ("Ed25519", "Ed25519"),
    ],
)
def test_a_key_is_named_in_the_manner_of_acms_enum(algorithm: str, expected: str) -> None:
    issued = leaf(key=(algorithm, 0))

    assert x.subject_key_algorithm(issued.certificate) == expected
    assert x.key_algorithm(issued.private_key) == expected


def test_keys_beyond_the_enum_have_names_too() -> None:
    certificates = [raw(ed448.Ed448PrivateKey.generate()), raw(mldsa.MLDSA65PrivateKey.generate())]

    named = [(x.subject_key_algorithm(one), x.signature_algorithm(one), x.is_self_signed(one)) for one in certificates]

    assert named == [("Ed448", "ED448", True), ("ML_DSA_65", "ML-DSA-65", True)]
    assert x.key_algorithm(None) == "unknown"


def test_an_rsa_key_bound_to_pss_is_a_kind_of_its_own() -> None:
    certificate = altered(leaf(key=("RSA_2048", 0)), (RSA_KEY, PSS_KEY))

    assert x.subject_key_algorithm(certificate) == "RSASSA_PSS_2048"


def test_a_key_on_an_unknown_curve_is_unknown_and_costs_nothing_else() -> None:
    certificate = altered(leaf(sans=("shop.example.com",)), (CURVE_P256, CURVE_UNKNOWN))

    assert (x.public_key(certificate), x.subject_key_algorithm(certificate)) == (None, "unknown")
    assert x.sans(certificate) == ("DNS:shop.example.com",)
    assert not x.verifies(certificate, certificate)
    assert not x.refutes(certificate, certificate)


def test_the_same_key_has_the_same_fingerprint_in_every_certificate() -> None:
    keys = [x.public_key(leaf(common_name=each).certificate) for each in ("a.example.com", "b.example.com")]

    assert len({x.spki_fingerprint(key) for key in keys if key is not None}) == 1
