"""Keys that OpenSSL reads and cryptography's own parser refuses."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from certkit.errors import InputTooLargeError, InputUnreadableError
from certkit.formats import der, keys, rewrap
from certkit.formats.kdf import Budget
from certkit.formats.pbe import WrongPasswordOrDamageError
from certkit.password import Password
from tests.formats import building as build

P256 = "1.2.840.10045.3.1.7"

# An elliptic key that openssl wrote: pkcs8 -topk8 -v2 aria-256-cbc -iter 2048 -passout pass:changeit
ARIA = base64.b64decode(
    "MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAi9vE/IxmlJrAICCAAwDAYIKoZIhvcNAgkFADAdBgkqgxqMmm4BAQwE"
    "EHp2WCedAgkhq0uSedePcxIEgZCxEbaATVP5aQ3V10g6jHpEUFi1S/7oyb5uuzbgZ4jCgVc1L+QD9HIWiyU38gogEXSLL6iDlQVM"
    "Owx3kyu2LUj26nRIsOw700tEfxQp25StBAxzEHE+w4JbmqPRlcz4n/qQBb5zk04cPdQmdc/b+ZrPOMEFitxeF1dM3Uo8vYAUoN/l"
    "7QQ70tZSBuDhEtpYN44="
)
ARIA_PLAIN = base64.b64decode(
    "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgu6VqD+zNwAmrkUhMiybE1mVnlMfgfXtCHqG+yOo+MrKhRANCAATS"
    "a/haDhHthx/8sX4RLEs1y2ldpgTFVcm4luTrgRy5s1PW/kuTz6s/Udi0vPaC1pDZYcxP0mHwVzUXXSUrAQjs"
)
ARIA_PASSWORD = Password(b"changeit")


def _short_scalar(public_key_of: int = 12_345, *, names_curve: bool = True) -> bytes:
    """A SEC1 key whose number, 12345, is written without its leading zeros."""
    public_key = ec.derive_private_key(public_key_of, ec.SECP256R1()).public_key()
    point = public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    curve = (build.explicit(build.oid(P256)),) if names_curve else ()
    bits = der.encode(0xA1, der.encode(der.BIT_STRING, b"\0" + point))
    return build.sequence(build.integer(1), build.octets((12_345).to_bytes(2, "big")), *curve, bits)


def _pkcs8(secret: bytes, kind: bytes) -> bytes:
    return build.sequence(build.integer(0), kind, build.octets(secret))


_ELLIPTIC = build.sequence(build.oid("1.2.840.10045.2.1"), build.oid(P256))


@pytest.mark.parametrize(
    "encoded",
    [_short_scalar(), _pkcs8(_short_scalar(names_curve=False), _ELLIPTIC)],
    ids=["sec1", "pkcs8"],
)
def test_an_elliptic_key_that_lost_its_leading_zeros_is_loaded(encoded: bytes) -> None:
    loaded = keys.load(encoded)

    assert isinstance(loaded, ec.EllipticCurvePrivateKey)
    assert loaded.private_numbers() == ec.derive_private_key(12_345, ec.SECP256R1()).private_numbers()


@pytest.mark.parametrize(
    "encoded",
    [
        _short_scalar(public_key_of=54_321),
        _short_scalar(names_curve=False),
        _pkcs8(_short_scalar(54_321, names_curve=False), _ELLIPTIC),
    ],
    ids=["another public key", "no curve", "another public key in pkcs8"],
)
def test_an_elliptic_key_that_openssl_refuses_too_is_malformed(encoded: bytes) -> None:
    with pytest.raises(InputUnreadableError, match="malformed"):
        keys.load(encoded)


def test_a_key_that_carries_its_public_one_is_loaded() -> None:
    private_key = build.private_key("Ed25519")
    secret = private_key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
    public = private_key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    kind = build.sequence(build.oid("1.3.101.112"))
    encoded = build.sequence(
        build.integer(1), kind, build.octets(build.octets(secret)), der.encode(0x81, b"\0" + public)
    )

    assert build.key_der(keys.load(encoded)) == build.pkcs8(algorithm="Ed25519")


def test_a_curve_that_is_spelled_out_is_not_handed_over() -> None:
    spelled_out = build.sequence(build.oid("1.2.840.10045.2.1"), build.sequence(build.integer(1), build.sequence()))

    assert rewrap.load_key(_pkcs8(_short_scalar(names_curve=False), spelled_out)) is None


def test_an_rsa_key_is_not_handed_over() -> None:
    assert rewrap.load_key(build.pkcs8(algorithm="RSA_1024")) is None


@pytest.mark.parametrize("encoded", [b"", build.sequence(), build.sequence(build.integer(0), build.sequence())])
def test_what_is_no_key_is_not_handed_over(encoded: bytes) -> None:
    assert rewrap.load_key(encoded) is None


def test_a_key_under_aria_is_opened() -> None:
    opened = keys.open_pkcs8(build.value(ARIA), ARIA_PASSWORD, Budget())

    assert build.key_der(opened) == ARIA_PLAIN


def test_the_budget_comes_before_openssl() -> None:
    with pytest.raises(InputTooLargeError, match="2,048 iterations"):
        keys.open_pkcs8(build.value(ARIA), ARIA_PASSWORD, Budget(2_047))


# cryptography would panic at the zero and print the password, and has no other text than UTF-8.
@pytest.mark.parametrize("password", [b"another", b"change\0it", b"\xff\xfe", b""])
def test_a_password_that_does_not_fit_is_told_from_damage_nowhere(
    password: bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(WrongPasswordOrDamageError, match="ARIA-256-CBC"):
        keys.open_pkcs8(build.value(ARIA), Password(password), Budget())

    assert capfd.readouterr() == ("", "")


def test_a_key_that_would_take_long_to_check_is_refused() -> None:
    algorithm, ciphertext = build.value(ARIA).parts()
    encoded = build.sequence(algorithm.encoded, build.octets(ciphertext.octets() * 30))

    with pytest.raises(InputTooLargeError, match="this rare"):
        keys.open_pkcs8(build.value(encoded), ARIA_PASSWORD, Budget())
