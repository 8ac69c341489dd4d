"""Password-based encryption: AlgorithmIdentifiers read, described and used."""

import pytest
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat

from certkit.errors import AlgorithmUnsupportedError, InputTooLargeError
from certkit.formats import der, pbe
from certkit.formats.kdf import Budget
from certkit.password import Password
from tests.formats import building as build

PASSWORD = Password(b"changeit")
_PBES1_PARAMETERS = build.sequence(build.octets(b"saltsalt"), build.integer(7))


def _scheme(encoded: bytes) -> pbe.Scheme:
    return pbe.parse(build.value(encoded))


@pytest.mark.parametrize(
    ("oid", "cipher", "kdf"),
    [
        ("1.2.840.113549.1.12.1.1", "RC4-128", "PKCS12-SHA1"),
        ("1.2.840.113549.1.12.1.2", "RC4-40", "PKCS12-SHA1"),
        ("1.2.840.113549.1.12.1.3", "DES-EDE3-CBC", "PKCS12-SHA1"),
        ("1.2.840.113549.1.12.1.4", "DES-EDE-CBC", "PKCS12-SHA1"),
        ("1.2.840.113549.1.12.1.5", "RC2-128-CBC", "PKCS12-SHA1"),
        ("1.2.840.113549.1.12.1.6", "RC2-40-CBC", "PKCS12-SHA1"),
        ("1.2.840.113549.1.5.3", "DES-CBC", "PBKDF1-MD5"),
        ("1.2.840.113549.1.5.6", "RC2-64-CBC", "PBKDF1-MD5"),
        ("1.2.840.113549.1.5.10", "DES-CBC", "PBKDF1-SHA1"),
        ("1.2.840.113549.1.5.11", "RC2-64-CBC", "PBKDF1-SHA1"),
    ],
)
def test_the_old_schemes_are_described_in_openssls_words(oid: str, cipher: str, kdf: str) -> None:
    scheme = _scheme(build.sequence(build.oid(oid), _PBES1_PARAMETERS))

    assert scheme.describe() == {"cipher": cipher, "kdf": kdf, "iterations": 7}


@pytest.mark.parametrize(
    ("prf", "kdf"),
    [
        ("1.2.840.113549.2.7", "PBKDF2-HMAC-SHA1"),
        ("1.2.840.113549.2.11", "PBKDF2-HMAC-SHA512"),
        ("2.16.840.1.101.3.4.2.14", "PBKDF2-HMAC-SHA3_256"),
    ],
)
def test_pbes2_is_described_with_its_hash(prf: str, kdf: str) -> None:
    scheme = _scheme(build.pbes2(9, prf=prf))

    assert scheme.describe() == {"cipher": "AES-256-CBC", "kdf": kdf, "iterations": 9}


def test_pbkdf2_without_a_hash_means_sha_1() -> None:
    kdf = pbe.parse_pbkdf2(build.value(build.sequence(build.octets(b"salt"), build.integer(9), build.integer(32))))

    assert (kdf.name, kdf.iterations) == ("PBKDF2-HMAC-SHA1", 9)


def test_scrypt_is_described_with_its_cost() -> None:
    scheme = _scheme(build.pbes2(derivation=build.scrypt(16_384, 8, 1)))

    assert scheme.describe() == {"cipher": "AES-256-CBC", "kdf": "scrypt", "iterations": 16_384}


@pytest.mark.parametrize(
    ("encoded", "named"),
    [
        (build.sequence(build.oid("1.2.3.4"), _PBES1_PARAMETERS), "encryption scheme 1.2.3.4"),
        (build.pbes2(prf="1.2.3.4"), "PBKDF2 function 1.2.3.4"),
        (build.pbes2(cipher="1.2.3.4"), "cipher 1.2.3.4"),
        (build.pbes2(cipher="2.16.840.1.101.3.4.1.46"), "cipher AES-256-GCM"),
        (build.pbes2(derivation=build.sequence(build.oid("1.2.3.4"))), "key derivation 1.2.3.4"),
    ],
)
def test_an_algorithm_that_is_not_supported_is_named(encoded: bytes, named: str) -> None:
    with pytest.raises(AlgorithmUnsupportedError, match=f"the {named} is not supported"):
        _scheme(encoded)


@pytest.mark.parametrize(
    "encoded",
    [
        build.sequence(),
        build.sequence(build.integer(1)),
        build.pbes2(cipher="1.2.840.113549.3.7"),  # a vector of 16 bytes for a cipher that takes 8
    ],
)
def test_parameters_of_another_shape_are_malformed(encoded: bytes) -> None:
    with pytest.raises(der.MalformedError):
        _scheme(encoded)


@pytest.mark.parametrize(("version", "name"), [(160, "RC2-40-CBC"), (120, "RC2-64-CBC"), (58, "RC2-128-CBC")])
def test_rc2_has_its_size_in_its_version(version: int, name: str) -> None:
    scheme = _scheme(_rc2(version))

    assert scheme.cipher.name == name


def test_rc2_of_a_size_that_nobody_uses_is_not_supported() -> None:
    with pytest.raises(AlgorithmUnsupportedError, match="parameter version 1 "):
        _scheme(_rc2(1))


def _rc2(version: int) -> bytes:
    derivation = build.sequence(build.oid(build.PBKDF2), _PBES1_PARAMETERS)
    parameters = build.sequence(build.integer(version), build.octets(bytes(8)))
    cipher = build.sequence(build.oid("1.2.840.113549.3.2"), parameters)
    return build.sequence(build.oid(build.PBES2), build.sequence(derivation, cipher))


def test_what_another_library_encrypted_is_decrypted() -> None:
    private_key = build.private_key()
    encoded = private_key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, BestAvailableEncryption(b"changeit"))
    algorithm, ciphertext = build.value(encoded).parts()

    plain = pbe.parse(algorithm).decrypt_sequence(ciphertext.octets(), PASSWORD, Budget())

    assert plain.encoded == build.key_der(private_key)


def test_a_wrong_password_does_not_pass_for_the_right_one() -> None:
    ciphertext = build.encrypt(build.sequence(), b"changeit")

    with pytest.raises(pbe.WrongPasswordOrDamageError):
        _scheme(build.pbes2()).decrypt_sequence(ciphertext, Password(b"another"), Budget())


def test_what_decrypts_to_no_sequence_is_refused() -> None:
    ciphertext = build.encrypt(build.integer(1), b"changeit")

    with pytest.raises(pbe.WrongPasswordOrDamageError, match="no SEQUENCE"):
        _scheme(build.pbes2()).decrypt_sequence(ciphertext, PASSWORD, Budget())


@pytest.mark.parametrize(("padding", "opens"), [(0, True), (8, True), (16, True), (17, False)])
def test_what_a_stream_cipher_hides_may_be_padded_as_wolfssl_does(padding: int, opens: bool) -> None:
    scheme = _scheme(build.sequence(build.oid("1.2.840.113549.1.12.1.1"), _PBES1_PARAMETERS))
    plain = build.sequence(build.integer(7)) + bytes((padding,)) * padding
    ciphertext = scheme.decrypt(plain, PASSWORD, Budget())  # RC4 undoes itself

    try:
        value = scheme.decrypt_sequence(ciphertext, PASSWORD, Budget())
    except pbe.WrongPasswordOrDamageError:
        assert not opens
    else:
        assert (opens, value.encoded) == (True, build.sequence(build.integer(7)))


def test_the_budget_is_spent_on_a_wrong_password_too() -> None:
    budget, scheme = Budget(1_500), _scheme(build.pbes2(1_000))
    ciphertext = build.encrypt(build.sequence(), b"changeit", 1_000)
    with pytest.raises(pbe.WrongPasswordOrDamageError):
        scheme.decrypt(ciphertext, Password(b"another"), budget)

    with pytest.raises(InputTooLargeError):
        scheme.decrypt(ciphertext, PASSWORD, budget)


def test_a_slow_cipher_counts_by_the_size_of_what_it_hides() -> None:
    scheme = _scheme(build.sequence(build.oid("1.2.840.113549.1.12.1.6"), _PBES1_PARAMETERS))

    with pytest.raises(InputTooLargeError):
        scheme.decrypt(bytes(4_000_000), PASSWORD, Budget())


def test_a_cipher_that_openssl_alone_has_costs_its_derivation_and_is_refused() -> None:
    scheme, budget = _scheme(build.pbes2(1_000, cipher="1.2.410.200046.1.1.12")), Budget(1_000)

    with pytest.raises(AlgorithmUnsupportedError, match="ARIA-256-CBC") as caught:
        scheme.decrypt(bytes(16), PASSWORD, budget)

    assert caught.value.hint == pbe.REENCRYPT

    assert not budget.affords(1)
