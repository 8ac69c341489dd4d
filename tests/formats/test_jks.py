"""Java keystores: what they hold, whose password is wrong, and what a hostile one may cost."""

import struct
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from certkit import limits
from certkit.contents import Contents
from certkit.errors import (
    AlgorithmUnsupportedError,
    CertkitError,
    InputTooLargeError,
    InputUnreadableError,
    PasswordMissingError,
    PasswordWrongError,
)
from certkit.formats import jks
from certkit.password import Password, Passwords
from tests.formats import keystores
from tests.formats.building import integer, key_der, octets, oid, sequence
from tests.formats.keystores import JCEKS, KeyOf, Raw, Trusted, jceks_key_of, key_of, store
from tests.issuing import Request, make_chain, make_root

SHOP: Final = make_chain()
OTHER: Final = make_chain(leaf=Request(common_name="other.example.com", key=("EC_prime256v1", 1)))
ROOT: Final = make_root("Trusted")
GIVEN: Final = Passwords(Password(b"changeit"))
KEYTOOL: Final = Path(__file__).parents[2] / "fixtures" / "keytool"


def passwords(container: bytes | None, key: bytes | None = None) -> Passwords:
    return Passwords(*(None if each is None else Password(each) for each in (container, key)))


def endless(iterations: int) -> KeyOf:
    parameters = sequence(octets(b"saltSALT"), integer(iterations))
    return KeyOf("shop", keystores.encrypted(sequence(oid("1.3.6.1.4.1.42.2.19.1"), parameters), bytes(64)))


def test_a_key_comes_with_its_chain_under_one_alias() -> None:
    contents = jks.read(store(key_of(SHOP)), GIVEN)

    assert contents.format == "jks"
    assert [(entry.der, entry.alias) for entry in contents.certificates] == [
        (each.der, "shop") for each in (SHOP, *SHOP.issuers)
    ]
    assert [(entry.private_key.public_key(), entry.alias, entry.was_encrypted) for entry in contents.keys] == [
        (SHOP.private_key.public_key(), "shop", True)
    ]


def test_trusted_certificates_have_no_key() -> None:
    contents = jks.read(store(Trusted("ca", ROOT.der)), GIVEN)

    assert ([entry.alias for entry in contents.certificates], contents.keys) == (["ca"], ())


def test_a_jceks_is_read_as_one() -> None:
    contents = jks.read(store(jceks_key_of(SHOP), magic=JCEKS), GIVEN)

    assert (contents.format, len(contents.keys), len(contents.certificates)) == ("jceks", 1, 3)


def test_a_key_protected_as_in_a_jks_is_read_in_a_jceks_too() -> None:
    assert len(jks.read(store(key_of(SHOP), jceks_key_of(OTHER, "other"), magic=JCEKS), GIVEN).keys) == 2


@pytest.mark.parametrize("left", [b"dcba", b"dabd"], ids=["now", "once"])
def test_where_the_halves_of_a_salt_are_equal_java_reverses_one_or_tries_to(left: bytes) -> None:
    """Java 17 reads the first of these, and its keytool refuses the second, which old Java wrote."""
    protected = keystores.protect_with_triple_des(
        key_der(SHOP.private_key), "changeit", b"abcdabcd", 10, (left, b"abcd")
    )

    assert jks.read(store(KeyOf("shop", protected), magic=JCEKS), GIVEN).keys


def test_a_keystore_of_version_1_is_read() -> None:
    assert len(jks.read(store(key_of(SHOP), Trusted("ca", ROOT.der), version=1), GIVEN).certificates) == 4


@pytest.mark.parametrize("password", ["pässwörd-✓", "🔑", ""])
def test_passwords_are_characters_and_not_bytes(password: str) -> None:
    data = store(key_of(SHOP, password=password), password=password)

    assert jks.read(data, passwords(password.encode())).keys


def test_an_empty_password_need_not_be_given() -> None:
    assert jks.read(store(key_of(SHOP, password=""), password=""), Passwords()).keys


@pytest.mark.parametrize("alias", ["schlüssel", "\U0001f511", "a\0b"])
def test_an_alias_is_in_javas_own_encoding(alias: str) -> None:
    """As `DataOutput.writeUTF` has it: each half of a surrogate pair for itself, a zero as two octets."""
    halves = alias.encode("utf-16-be")
    units = [halves[at : at + 2].decode("utf-16-be", "surrogatepass") for at in range(0, len(halves), 2)]
    written = b"".join(b"\xc0\x80" if unit == "\0" else unit.encode("utf-8", "surrogatepass") for unit in units)
    data = store(Trusted("PLACE", ROOT.der)).replace(keystores.text("PLACE"), struct.pack(">H", len(written)) + written)

    (entry,) = jks.read(data, Passwords(), wants_keys=False).certificates

    assert entry.alias == alias


def test_a_key_with_a_password_of_its_own_takes_key_passin() -> None:
    data = store(key_of(SHOP, password="its own"), key_of(OTHER, "other"))

    assert len(jks.read(data, passwords(b"changeit", b"its own")).keys) == 2


def test_a_key_with_a_password_of_its_own_is_told_from_a_locked_store() -> None:
    with pytest.raises(PasswordWrongError, match="opens the keystore, but not the private key 'shop'") as caught:
        jks.read(store(key_of(SHOP, password="its own")), GIVEN)

    assert caught.value.hint == "give the key's own password with --key-passin"


def test_a_wrong_key_password_is_named_as_one() -> None:
    with pytest.raises(PasswordWrongError, match="password of the private key 'shop' is wrong"):
        jks.read(store(key_of(SHOP, password="its own")), passwords(b"changeit", b"another"))


def test_no_password_where_one_is_needed_is_missing() -> None:
    with pytest.raises(PasswordMissingError):
        jks.read(store(key_of(SHOP)), Passwords())


def test_the_wrong_password_is_wrong() -> None:
    with pytest.raises(PasswordWrongError):
        jks.read(store(key_of(SHOP)), passwords(b"not the password"))


def test_a_password_with_a_line_end_gets_a_hint() -> None:
    with pytest.raises(PasswordWrongError) as caught:
        jks.read(store(Trusted("ca", ROOT.der)), passwords(b"changeit\n"))

    assert "line end" in str(caught.value.hint)


def test_a_changed_store_is_told_from_a_wrong_password_by_its_key() -> None:
    data = bytearray(store(key_of(SHOP)))
    data[-30] ^= 1  # inside the last certificate

    with pytest.raises(InputUnreadableError, match="was changed after it was written"):
        jks.read(bytes(data), GIVEN)


def test_a_changed_store_whose_key_is_no_key_is_told_from_a_wrong_password_too() -> None:
    protected = keystores.protect(sequence(integer(0)), "changeit")
    data = bytearray(store(KeyOf("shop", protected), Trusted("ca", ROOT.der)))
    data[-30] ^= 1

    with pytest.raises(InputUnreadableError, match="was changed after it was written"):
        jks.read(bytes(data), GIVEN)


def test_a_changed_store_whose_key_costs_too_much_is_not_told_from_a_wrong_password() -> None:
    data = bytearray(store(jceks_key_of(SHOP, iterations=1_000), magic=JCEKS))
    data[-30] ^= 1

    with pytest.raises(PasswordWrongError, match="the password is wrong, or the file is damaged"):
        jks.read(bytes(data), GIVEN, 100, wants_keys=False)


def test_without_a_password_certificates_are_listed_and_not_vouched_for() -> None:
    contents = jks.read(store(key_of(SHOP)), Passwords(), wants_keys=False)

    assert (len(contents.certificates), contents.keys) == (3, ())
    assert contents.notes[0].startswith("unverified: ")


def test_a_wrong_password_counts_also_where_no_key_is_wanted() -> None:
    with pytest.raises(PasswordWrongError):
        jks.read(store(key_of(SHOP)), passwords(b"not the password"), wants_keys=False)


def test_its_protection_is_seen_from_outside() -> None:
    data = store(jceks_key_of(SHOP, iterations=200_000), Trusted("ca", ROOT.der), magic=JCEKS)
    plain = {"content": "certificate", "cipher": None, "kdf": None, "iterations": None}

    assert jks.protection(data) == {
        "mac": {"algorithm": "SHA1", "kdf": "none", "iterations": 1},
        "bags": [
            {"content": "key", "cipher": "DES-EDE3-CBC", "kdf": "JCEKS-MD5", "iterations": 200_000},
            *[plain] * 4,
        ],
    }


def test_a_certificate_of_another_kind_is_passed_over_with_a_note() -> None:
    contents = jks.read(store(Trusted("odd", b"whatever", kind="PGP"), Trusted("ca", ROOT.der)), GIVEN)

    assert (len(contents.certificates), len(contents.notes)) == (1, 1)


def test_bytes_behind_the_keystore_are_noted() -> None:
    assert jks.read(store(key_of(SHOP)) + b"\r\n", GIVEN).notes == (
        "trailing-bytes: 2 bytes behind the keystore were not read",
    )


def test_a_secret_key_that_java_serialised_is_passed_over() -> None:
    serialised = bytes.fromhex("aced0005740003") + b"AES"

    contents = jks.read(store(Raw("aes", 3, serialised), jceks_key_of(SHOP), magic=JCEKS), GIVEN)

    assert (len(contents.keys), contents.notes) == (
        1,
        ("passed-over: the secret key 'aes', which is no private key",),
    )


def test_what_java_would_not_serialise_is_malformed() -> None:
    serialised = bytes.fromhex("aced0005ff") + b"whatever"

    with pytest.raises(InputUnreadableError, match="malformed"):
        jks.read(store(Raw("aes", 3, serialised), magic=JCEKS), GIVEN)


def test_an_unknown_protector_is_named() -> None:
    protected = keystores.encrypted(sequence(oid("1.2.3.4")), b"hidden")

    with pytest.raises(AlgorithmUnsupportedError, match=r"1\.2\.3\.4"):
        jks.read(store(KeyOf("shop", protected)), GIVEN)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (store(version=7), "version 7"),
        (store(Raw("odd", 9, b"")), "malformed"),
        (store(KeyOf("shop", octets(b""))), "malformed"),
        (store(KeyOf("shop", keystores.encrypted(sequence(oid("1.3.6.1.4.1.42.2.17.1.1")), b"short"))), "malformed"),
        (store(jceks_key_of(SHOP, salt=b"four"), magic=JCEKS), "malformed"),
        (store(key_of(SHOP))[:100], "ends at byte 100"),
        (store(key_of(SHOP))[:-1], "truncated"),
        (store()[:6], "ends at byte 6"),
        (store(endless(0), magic=JCEKS), "below 1"),
    ],
    ids=range(9),
)
def test_damage_is_named(data: bytes, message: str) -> None:
    with pytest.raises(InputUnreadableError, match=message):
        jks.read(data, GIVEN)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (store(count=2**32 - 1), "4,294,967,295 entries"),
        (store(*[key_of(SHOP)] * (limits.MAX_KEYS + 1)), "more than 32 private keys"),
        (store(*[Trusted("ca", b"0")] * (limits.MAX_CERTIFICATES + 1)), "more than 10,000 certificates"),
        (store(KeyOf("shop", bytes(limits.MAX_ENCRYPTED_KEY_BYTES + 1))), "65,537 bytes"),
        (store(endless(2**31), magic=JCEKS), "2,147,483,648 iterations"),
        (store(*[endless(1_000_000)] * 6, magic=JCEKS), "6,000,000 iterations"),
    ],
    ids=range(6),
)
def test_what_costs_too_much_is_refused_before_it_is_done(data: bytes, message: str) -> None:
    with pytest.raises(InputTooLargeError, match=message):
        jks.read(data, GIVEN)


def test_iterations_of_a_wrong_key_password_count_too() -> None:
    with pytest.raises(InputTooLargeError):
        jks.read(store(endless(60), magic=JCEKS), passwords(b"changeit", b"its own"), max_iterations=100)


@pytest.mark.parametrize("name", ["store.jks", "store.jceks", "two-entries.jks", "trusted-only.jks"])
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_any_mutation_of_a_keystore_gives_contents_or_an_error(name: str, data: st.DataObject) -> None:
    mutated = bytearray((KEYTOOL / name).read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        mutated[data.draw(st.integers(0, len(mutated) - 1))] = data.draw(st.integers(0, 255))
    del mutated[data.draw(st.integers(0, len(mutated))) :: data.draw(st.sampled_from((1, 10_000)))]
    mutated[:4] = (KEYTOOL / name).read_bytes()[:4]

    try:
        contents = jks.read(bytes(mutated), GIVEN, 1_000_000, wants_keys=data.draw(st.booleans()))
    except CertkitError:
        return

    assert isinstance(contents, Contents)


@given(st.binary(max_size=400))
@settings(max_examples=300, deadline=None)
def test_any_bytes_behind_the_magic_give_contents_or_an_error(behind: bytes) -> None:
    try:
        contents = jks.read(JCEKS + struct.pack(">II", 2, 1) + behind, GIVEN, wants_keys=False)
    except CertkitError:
        return

    assert isinstance(contents, Contents)
