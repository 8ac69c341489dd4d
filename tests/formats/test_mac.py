"""The MAC of a PFX: whom it accepts, and what is refused before it is computed."""

import pytest

from certkit.errors import AlgorithmUnsupportedError, InputTooLargeError
from certkit.formats import pbe, pfx
from certkit.password import Password
from tests.formats import building as build

PASSWORD = Password(b"changeit")
PLAIN = build.plain_safe(build.certificate_bag(b"certificate"))


@pytest.mark.parametrize(
    ("digest", "oid"),
    [
        ("md5", "1.2.840.113549.2.5"),
        ("sha1", "1.3.14.3.2.26"),
        ("sha224", "2.16.840.1.101.3.4.2.4"),
        ("sha256", "2.16.840.1.101.3.4.2.1"),
        ("sha384", "2.16.840.1.101.3.4.2.2"),
        ("sha512", "2.16.840.1.101.3.4.2.3"),
        ("sha512_224", "2.16.840.1.101.3.4.2.5"),
        ("sha512_256", "2.16.840.1.101.3.4.2.6"),
        ("sha3_256", "2.16.840.1.101.3.4.2.8"),
        ("sha3_512", "2.16.840.1.101.3.4.2.10"),
    ],
)
def test_a_mac_accepts_its_password_and_no_other(digest: str, oid: str) -> None:
    structure = pfx.parse(build.pfx(PLAIN, mac=build.Mac(PASSWORD, 2, digest, oid)))

    assert structure.mac is not None
    accepted = [
        structure.mac.accepts(password, structure.authenticated) for password in (PASSWORD, Password(b"changeit "))
    ]
    assert accepted == [True, False]


def test_a_mac_does_not_accept_other_contents() -> None:
    structure = pfx.parse(build.pfx(PLAIN, mac=build.Mac(PASSWORD)))

    assert structure.mac is not None
    assert not structure.mac.accepts(PASSWORD, structure.authenticated + b"\0")


def test_a_mac_without_a_count_has_one_iteration() -> None:
    version, contents, mac = build.value(build.pfx(PLAIN, mac=build.Mac(PASSWORD, 1))).parts()
    digest, salt, _ = mac.parts()
    encoded = build.sequence(version.encoded, contents.encoded, build.sequence(digest.encoded, salt.encoded))

    structure = pfx.parse(encoded)

    assert structure.mac is not None
    assert structure.mac.accepts(PASSWORD, structure.authenticated)


def _with_mac_algorithm(*algorithm: bytes) -> bytes:
    mac = build.sequence(
        build.sequence(build.sequence(*algorithm), build.octets(bytes(32))), build.octets(b"salt"), build.integer(1)
    )
    version, contents = build.value(build.pfx(PLAIN)).parts()
    return build.sequence(version.encoded, contents.encoded, mac)


def _pbmac1(*, kdf: str = build.PBKDF2, hmac: str = build.HMAC_SHA256, size: int | None = 32) -> bytes:
    length = b"" if size is None else build.integer(size)
    parameters = build.sequence(
        build.octets(b"salt"), build.integer(7), length, build.sequence(build.oid(build.HMAC_SHA256))
    )
    derivation, scheme = build.sequence(build.oid(kdf), parameters), build.sequence(build.oid(hmac))
    return _with_mac_algorithm(build.oid("1.2.840.113549.1.5.14"), build.sequence(derivation, scheme))


def test_pbmac1_is_described() -> None:
    structure = pfx.parse(_pbmac1())

    assert structure.mac is not None
    assert structure.mac.describe() == {"algorithm": "HMAC-SHA256", "kdf": "PBKDF2-HMAC-SHA256", "iterations": 7}


@pytest.mark.parametrize(("size", "expected"), [(None, 32), (1, 1), (1_024, 1_024)])
def test_pbmac1_takes_a_key_of_any_usual_size_and_of_its_hashs_where_none_is_said(
    size: int | None, expected: int
) -> None:
    structure = pfx.parse(_pbmac1(size=size))

    assert structure.mac is not None
    assert structure.mac.key_bytes == expected


@pytest.mark.parametrize("size", [0, -1, 1_025, 2**62])
def test_pbmac1_with_a_key_of_absurd_size_is_refused(size: int) -> None:
    with pytest.raises(InputTooLargeError, match="MAC key"):
        pfx.parse(_pbmac1(size=size))


@pytest.mark.parametrize(
    ("encoded", "message"),
    [
        (_pbmac1(kdf="1.2.3"), "a PBMAC1 of 1.2.3 and 1.2.840.113549.2.9 is not supported"),
        (_pbmac1(hmac="1.2.3"), "a PBMAC1 of 1.2.840.113549.1.5.12 and 1.2.3 is not supported"),
        (_with_mac_algorithm(build.oid("1.2.3")), "the MAC algorithm 1.2.3 is not supported"),
    ],
)
def test_a_mac_that_is_not_supported_is_named(encoded: bytes, message: str) -> None:
    with pytest.raises(AlgorithmUnsupportedError) as caught:
        pfx.parse(encoded)

    assert caught.value.message == message
    assert caught.value.hint == pbe.REENCRYPT
