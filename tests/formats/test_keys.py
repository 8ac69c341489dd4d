"""Private keys loaded, checked number by number, and written again."""

import math
from collections.abc import Callable
from dataclasses import dataclass, fields, replace

import pytest
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, mldsa, mlkem, rsa, x448, x25519
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from certkit import certificate as x
from certkit.contents import KeyEntry, PrivateKey
from certkit.errors import InputTooLargeError, InputUnreadableError, KeyUnsupportedError
from certkit.formats import keys, pbe
from certkit.formats.kdf import Budget
from certkit.formats.keys import KeyFormat
from certkit.password import Password
from tests.formats import building as build

KINDS = ("RSA_1024", "EC_prime256v1", "EC_secp384r1", "EC_secp521r1", "Ed25519", "DSA_1024")


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers of an RSA key, in the order of RFC 8017 appendix A.1.2."""

    n: int
    e: int
    d: int
    p: int
    q: int
    dp: int
    dq: int
    qinv: int

    def encode(self) -> bytes:
        """Encodes them as PKCS#1."""
        return build.sequence(*map(build.integer, (0, *(getattr(self, each.name) for each in fields(self)))))


def _numbers() -> Numbers:
    private_key = build.private_key("RSA_1024")
    assert isinstance(private_key, rsa.RSAPrivateKey)
    found = private_key.private_numbers()
    public = found.public_numbers
    return Numbers(public.n, public.e, found.d, found.p, found.q, found.dmp1, found.dmq1, found.iqmp)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_key_is_loaded_from_pkcs8(kind: str) -> None:
    encoded = build.pkcs8(algorithm=kind)

    assert build.key_der(keys.load(encoded)) == encoded


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "Ed25519"])
def test_every_kind_of_key_is_loaded_from_its_traditional_form(kind: str) -> None:
    encoded = build.private_key(kind).private_bytes(Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption())

    assert build.key_der(keys.load(encoded)) == build.pkcs8(algorithm=kind)


def test_an_ed448_key_is_loaded() -> None:
    private_key = ed448.Ed448PrivateKey.generate()
    encoded = private_key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())

    loaded = keys.load(encoded)

    assert loaded.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()) == encoded


def test_rsa_numbers_that_belong_together_are_accepted() -> None:
    numbers = _numbers()

    assert build.key_der(keys.load(numbers.encode())) == build.pkcs8(algorithm="RSA_1024")


def test_a_private_exponent_modulo_the_least_common_multiple_is_accepted() -> None:
    numbers = _numbers()
    exponent = pow(numbers.e, -1, math.lcm(numbers.p - 1, numbers.q - 1))

    loaded = keys.load(replace(numbers, d=exponent).encode())

    assert isinstance(loaded, rsa.RSAPrivateKey)
    assert loaded.private_numbers().d == exponent


@pytest.mark.parametrize("name", [each.name for each in fields(Numbers)])
@pytest.mark.parametrize("change", [2, -2, 1 << 200])
def test_an_rsa_key_with_a_changed_number_is_refused(name: str, change: int) -> None:
    numbers = _numbers()
    changed = replace(
        numbers, **{name: getattr(numbers, name) ^ change if change > 0 else getattr(numbers, name) + change}
    )

    with pytest.raises(InputUnreadableError):
        keys.load(changed.encode())


@pytest.mark.parametrize("name", [each.name for each in fields(Numbers)])
@pytest.mark.parametrize("number", [0, 1])
def test_an_rsa_key_with_a_number_that_is_none_is_refused(name: str, number: int) -> None:
    with pytest.raises(InputUnreadableError):
        keys.load(replace(_numbers(), **{name: number}).encode())


def test_a_coefficient_beyond_its_prime_is_refused() -> None:
    numbers = _numbers()

    with pytest.raises(InputUnreadableError):
        keys.load(replace(numbers, qinv=numbers.qinv + numbers.p).encode())


def test_the_primes_of_another_key_are_refused() -> None:
    numbers, other = _numbers(), build.private_key("RSA_1024", 1)
    assert isinstance(other, rsa.RSAPrivateKey)
    found = other.private_numbers()

    with pytest.raises(InputUnreadableError):
        keys.load(replace(numbers, p=found.p, q=found.q).encode())


def test_an_rsa_key_larger_than_any_in_use_is_refused() -> None:
    huge = (1 << 20_000) + 1
    numbers = Numbers(huge, 65_537, 3, 3, 3, 3, 3, 3)

    with pytest.raises(InputTooLargeError, match="20,001 bits"):
        keys.load(numbers.encode())


def test_a_key_of_more_bytes_than_any_in_use_is_not_looked_into() -> None:
    with pytest.raises(InputTooLargeError, match="more than 16,384"):
        keys.load(bytes(16_385))


def test_a_dsa_key_that_would_take_long_to_load_is_refused() -> None:
    huge = (1 << 40_000) + 1
    parameters = build.sequence(
        build.oid("1.2.840.10040.4.1"), build.sequence(*map(build.integer, (huge, 7, huge - 2)))
    )

    with pytest.raises(InputTooLargeError, match="more than 2,700"):
        keys.load(build.sequence(build.integer(0), parameters, build.octets(build.integer(huge - 4))))


@pytest.mark.parametrize(
    "encoded", [b"", b"no key", build.sequence(), build.sequence(build.integer(0), build.sequence())]
)
def test_what_is_no_key_is_malformed(encoded: bytes) -> None:
    with pytest.raises(InputUnreadableError, match="malformed"):
        keys.load(encoded)


def test_bytes_behind_a_key_are_refused() -> None:
    with pytest.raises(InputUnreadableError):
        keys.load(build.pkcs8() + b"\0")


@pytest.mark.parametrize(
    "make",
    [
        mldsa.MLDSA44PrivateKey.generate,
        mldsa.MLDSA65PrivateKey.generate,
        mldsa.MLDSA87PrivateKey.generate,
        mlkem.MLKEM768PrivateKey.generate,
        mlkem.MLKEM1024PrivateKey.generate,
        x25519.X25519PrivateKey.generate,
        x448.X448PrivateKey.generate,
    ],
)
def test_a_key_that_acm_does_not_take_is_loaded_and_written_all_the_same(make: Callable[[], PrivateKey]) -> None:
    private_key = make()
    encoded = private_key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())

    loaded = keys.load(encoded)

    assert build.key_der(loaded) == encoded
    assert x.key_algorithm(loaded) == x.key_algorithm(loaded.public_key()) != "unknown"
    assert keys.encode(loaded, KeyFormat.TRADITIONAL).startswith(b"-----BEGIN PRIVATE KEY-----")


ELLIPTIC = "1.2.840.10045.2.1"
SEC1 = build.sequence(build.integer(1), build.octets(b"1"))


@pytest.mark.parametrize(
    ("algorithm", "named"),
    [
        (build.sequence(build.oid(ELLIPTIC), build.oid("1.2.3.4")), "1.2.3.4"),
        (build.sequence(build.oid("1.2.643.7.1.1.1.1"), build.sequence()), "1.2.643.7.1.1.1.1"),
        (build.sequence(build.oid("1.2.840.113549.1.3.1"), build.sequence()), "1.2.840.113549.1.3.1"),
    ],
    ids=["a curve", "a kind", "Diffie-Hellman"],
)
def test_a_kind_or_a_curve_that_cannot_be_used_is_named(algorithm: bytes, named: str) -> None:
    with pytest.raises(KeyUnsupportedError) as caught:
        keys.load(build.sequence(build.integer(0), algorithm, build.octets(SEC1)))

    assert caught.value.message == f"the private key is of a kind or on a curve ({named}) that is not supported"
    assert caught.value.algorithm == algorithm


def test_a_curve_that_cannot_be_used_is_named_in_the_traditional_form_too() -> None:
    curve = build.oid("1.3.132.0.6")

    with pytest.raises(KeyUnsupportedError) as caught:
        keys.load(build.sequence(build.integer(1), build.octets(b"1"), build.explicit(curve)))

    assert caught.value.algorithm == build.sequence(build.oid(ELLIPTIC), curve)


def test_an_elliptic_key_with_another_public_key_is_refused() -> None:
    def point(number: int) -> bytes:
        return build.private_key(number=number).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    encoded = build.pkcs8()
    assert point(0) in encoded

    with pytest.raises(InputUnreadableError):
        keys.load(encoded.replace(point(0), point(1)))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("key_format", KeyFormat)
def test_a_key_that_is_written_reads_back(kind: str, key_format: KeyFormat) -> None:
    private_key = keys.load(build.pkcs8(algorithm=kind))

    written = keys.encode(private_key, key_format)

    read_back = load_pem_private_key(written, None)
    assert read_back.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()) == build.pkcs8(algorithm=kind)


@pytest.mark.parametrize(
    ("kind", "label"),
    [
        ("RSA_1024", b"RSA PRIVATE KEY"),
        ("EC_prime256v1", b"EC PRIVATE KEY"),
        ("DSA_1024", b"DSA PRIVATE KEY"),
        ("Ed25519", b"PRIVATE KEY"),
    ],
)
def test_the_traditional_form_is_that_of_the_kind(kind: str, label: bytes) -> None:
    written = keys.encode(keys.load(build.pkcs8(algorithm=kind)), KeyFormat.TRADITIONAL)

    assert written.startswith(b"-----BEGIN " + label + b"-----\n")


@pytest.mark.parametrize(
    ("private_key", "has_one"),
    [
        (ed448.Ed448PrivateKey.generate(), False),
        (ed25519.Ed25519PrivateKey.generate(), False),
        (ec.generate_private_key(ec.SECP256R1()), True),
        (dsa.generate_private_key(2048), True),
    ],
    ids=["ed448", "ed25519", "ec", "dsa"],
)
def test_edwards_keys_have_no_traditional_form(
    private_key: ed448.Ed448PrivateKey | ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey | dsa.DSAPrivateKey,
    has_one: bool,
) -> None:
    assert keys.has_traditional_form(private_key) is has_one


def test_an_encrypted_key_is_opened() -> None:
    encrypted = build.value(build.encrypted_key(build.pkcs8(), b"changeit"))

    opened = keys.open_pkcs8(encrypted, Password(b"changeit"), Budget())

    assert build.key_der(opened) == build.pkcs8()


def test_an_encrypted_key_that_decrypts_to_broken_parts_is_damaged() -> None:
    encrypted = build.value(build.encrypted_key(build.sequence(b"\x30\x05"), b"changeit"))

    with pytest.raises(pbe.WrongPasswordOrDamageError):
        keys.decrypt_pkcs8(encrypted, Password(b"changeit"), Budget())


def test_no_error_and_no_representation_shows_a_key() -> None:
    numbers = _numbers()
    secrets = {str(number) for number in (numbers.d, numbers.p, numbers.q)}

    with pytest.raises(InputUnreadableError) as caught:
        keys.load(replace(numbers, qinv=5).encode())
    shown = [str(caught.value), repr(caught.value), repr(KeyEntry(keys.load(numbers.encode()), alias="shop"))]

    assert shown[2] == "KeyEntry(alias='shop', was_encrypted=False)"
    assert not [each for each in shown if any(secret in each for secret in secrets)]
