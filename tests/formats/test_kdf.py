"""Key derivation against published vectors, and what bounds it."""

import pytest

from certkit.errors import InputTooLargeError, InputUnreadableError
from certkit.formats.kdf import (
    INITIALISATION_VECTOR,
    KEY_MATERIAL,
    MAC_MATERIAL,
    Budget,
    Pbkdf1,
    Pbkdf2,
    Pkcs12Kdf,
    Scrypt,
)
from certkit.password import ABSENT, EMPTY, Password


@pytest.mark.parametrize(
    ("password", "salt", "iterations", "expected"),
    [
        (b"password", b"salt", 1, "0c60c80f961f0e71f3a9b524af6012062fe037a6"),
        (b"password", b"salt", 2, "ea6c014dc72d6f8ccd1ed92ace1d41f0d8de8957"),
        (b"password", b"salt", 4096, "4b007901b765489abead49d926f721d065a429c1"),
        (
            b"passwordPASSWORDpassword",
            b"saltSALTsaltSALTsaltSALTsaltSALTsalt",
            4096,
            "3d2eec4fe41c849b80c8d83662c0e44a8b291a964cf2f07038",
        ),
        (b"pass\0word", b"sa\0lt", 4096, "56fa6aa75548099dcc37d7f03425e0c3"),
    ],
)
def test_pbkdf2_derives_what_rfc_6070_says(password: bytes, salt: bytes, iterations: int, expected: str) -> None:
    derived = Pbkdf2("sha1", salt, iterations).derive(Password(password), len(expected) // 2)

    assert derived.hex() == expected


@pytest.mark.parametrize(
    ("password", "kdf", "expected"),
    [
        (
            b"",
            Scrypt(b"", 16, 1, 1),
            (
                "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442"
                "fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906"
            ),
        ),
        (
            b"password",
            Scrypt(b"NaCl", 1024, 8, 16),
            (
                "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"
                "2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640"
            ),
        ),
    ],
)
def test_scrypt_derives_what_rfc_7914_says(password: bytes, kdf: Scrypt, expected: str) -> None:
    assert kdf.derive(Password(password), 64).hex() == expected


@pytest.mark.parametrize(
    ("password", "salt", "iterations", "purpose", "expected"),
    [
        # Those of OpenSSL's and Bouncy Castle's test suites; the last one is Go's, with a block that begins with zeros.
        (b"smeg", "0a58cf64530d823f", 1, KEY_MATERIAL, "8aaae6297b6cb04642ab5b077851284eb7128f1a2a7fbca3"),
        (b"smeg", "0a58cf64530d823f", 1, INITIALISATION_VECTOR, "79993dfe048d3b76"),
        (b"smeg", "3d83c0e4546ac140", 1, MAC_MATERIAL, "8d967d88f6caa9d714800ab3d48051d63f73a312"),
        (b"queeg", "05dec959acff72f7", 1000, KEY_MATERIAL, "ed2034e36328830ff09df1e1a07dd357185dac0d4f9eb3d4"),
        (b"queeg", "05dec959acff72f7", 1000, INITIALISATION_VECTOR, "11dedad7758d4860"),
        (b"queeg", "263216fcc2fab31c", 1000, MAC_MATERIAL, "5ec4c7a80df652294c3925b6489a7ab857c83476"),
        (b"", "f37e05b518324b4b", 2048, KEY_MATERIAL, "00f759ff47d14dd03665d5943cb3c4a39a2555c02aed66e1"),
    ],
)
def test_pkcs12_derives_what_other_programs_derive(
    password: bytes, salt: str, iterations: int, purpose: int, expected: str
) -> None:
    kdf = Pkcs12Kdf("sha1", bytes.fromhex(salt), iterations)

    assert kdf.derive(Password(password), purpose, len(expected) // 2).hex() == expected


def test_pkcs12_tells_no_password_from_the_empty_one() -> None:
    kdf = Pkcs12Kdf("sha1", b"salt", 1)

    assert kdf.derive(ABSENT, KEY_MATERIAL, 8) != kdf.derive(EMPTY, KEY_MATERIAL, 8)


@pytest.mark.parametrize(
    "digest",
    ["md5", "sha224", "sha384", "sha512", "sha512_224", "sha512_256", "sha3_224", "sha3_256", "sha3_384", "sha3_512"],
)
def test_pkcs12_takes_every_hash_that_a_mac_can_name(digest: str) -> None:
    assert len(Pkcs12Kdf(digest, b"salt", 2).derive(Password(b"word"), MAC_MATERIAL, 100)) == 100


def test_pbkdf1_hashes_the_hash() -> None:
    # RFC 8018 section 5.1, with the vector of the PKCS #5 test suites: 1,000 times SHA-1
    derived = Pbkdf1("sha1", bytes.fromhex("78578e5a5d63cb06"), 1000).derive(Password(b"password"), 16)

    assert derived.hex() == "dc19847e05c64d2faf10ebfb4a3d2a20"


@pytest.mark.parametrize(
    ("kdf", "password", "name", "cost", "encoded"),
    [
        (Pkcs12Kdf("sha1", b"", 7), b"a", "PKCS12-SHA1", 7, b"\0a\0\0"),
        (Pbkdf1("md5", b"", 7), b"a", "PBKDF1-MD5", 7, b"a"),
        (Pbkdf2("sha256", b"", 7), b"a", "PBKDF2-HMAC-SHA256", 7, b"a"),
        (Scrypt(b"", 16, 8, 2), b"a", "scrypt", 256, b"a"),
    ],
)
def test_a_derivation_says_what_it_is_and_costs(
    kdf: Pkcs12Kdf | Pbkdf1 | Pbkdf2 | Scrypt, password: bytes, name: str, cost: int, encoded: bytes
) -> None:
    assert (kdf.name, kdf.cost, kdf.encode(Password(password))) == (name, cost, encoded)


@pytest.mark.parametrize(
    "numbers", [(0, 8, 1), (1, 8, 1), (-2, 8, 1), (3, 8, 1), (16, 0, 2**70), (16, 8, 0), (16, -8, -1)]
)
def test_scrypt_parameters_that_are_none_are_malformed(numbers: tuple[int, int, int]) -> None:
    with pytest.raises(InputUnreadableError, match="not valid"):
        Scrypt(b"salt", *numbers).derive(EMPTY, 32)


@pytest.mark.parametrize("numbers", [(2**30, 8, 1), (2**22, 8, 1), (16, 8, 2**20), (2, 2**21, 1), (2**15, 8, 17)])
def test_scrypt_that_takes_too_much_is_refused_before_it_runs(numbers: tuple[int, int, int]) -> None:
    with pytest.raises(InputTooLargeError, match="take too much"):
        Scrypt(b"salt", *numbers).derive(EMPTY, 32)


def test_a_budget_is_a_sum() -> None:
    budget = Budget(1_000)
    budget.spend(600)

    with pytest.raises(InputTooLargeError, match="takes 401 iterations, with 400 of 1,000 left"):
        budget.spend(401)


def test_a_budget_can_be_spent_to_the_last() -> None:
    budget = Budget(1_000)

    budget.spend(1_000)

    assert not budget.affords(1)


def test_looking_takes_nothing_from_a_budget() -> None:
    budget = Budget(1_000)

    budget.check(500, 500)

    assert budget.affords(1_000)


def test_what_is_looked_at_together_counts_together() -> None:
    with pytest.raises(InputTooLargeError):
        Budget(1_000).check(500, 501)


@pytest.mark.parametrize("iterations", [0, -1, -(2**31)])
def test_a_count_below_one_is_malformed(iterations: int) -> None:
    with pytest.raises(InputUnreadableError, match="below 1"):
        Budget(1_000).spend(iterations)


@pytest.mark.parametrize(("iterations", "is_afforded"), [(0, False), (1, True), (10, True), (11, False)])
def test_a_budget_affords_what_is_left_of_it(iterations: int, is_afforded: bool) -> None:
    assert Budget(10).affords(iterations) is is_afforded
