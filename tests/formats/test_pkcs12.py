"""PKCS#12 opened: which password, what is inside, and why not."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import PrivateFormat
from cryptography.hazmat.primitives.serialization import pkcs12 as writer

from certkit import limits
from certkit.contents import CertificateEntry, Contents
from certkit.errors import (
    AlgorithmUnsupportedError,
    InputTooLargeError,
    InputUnreadableError,
    PasswordMissingError,
    PasswordWrongError,
)
from certkit.formats import der, pkcs12
from certkit.password import ABSENT, EMPTY, Password, Passwords
from tests.formats import building as build
from tests.issuing import make_chain

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.serialization import KeySerializationEncryption

NONE = Passwords()
WORD = b"changeit"
PASSWORD = Password(WORD)
RIGHT = Passwords(PASSWORD)
NO_MAC = "no-mac: nothing guards the integrity of this PFX, it has no MAC"

CERTIFICATE = build.certificate_bag(b"certificate", build.friendly_name("shop"))
KEY = build.bag(build.KEY_BAG, build.pkcs8())


def _locked_key(password: bytes = WORD, iterations: int = 1, number: int = 0) -> bytes:
    return build.bag(build.SHROUDED_KEY_BAG, build.encrypted_key(build.pkcs8(number), password, iterations))


def _usual(*, password: bytes = WORD, mac: Password | None = PASSWORD) -> bytes:
    """A PFX as most programs write it: certificates in one safe, the key in its own bag, a MAC."""
    safes = (build.locked_safe(password, CERTIFICATE), build.plain_safe(_locked_key(password)))
    return build.pfx(*safes, mac=build.Mac(mac) if mac else None)


def _found(contents: Contents) -> tuple[list[tuple[bytes, str | None]], list[tuple[bytes, str | None, bool]]]:
    certificates = [(entry.der, entry.alias) for entry in contents.certificates]
    return certificates, [
        (build.key_der(entry.private_key), entry.alias, entry.was_encrypted) for entry in contents.keys
    ]


USUAL = ([(b"certificate", "shop")], [(build.pkcs8(), None, True)])

MODERN = PrivateFormat.PKCS12.encryption_builder().kdf_rounds(1_000).hmac_hash(hashes.SHA512()).build(WORD)
LEGACY = (
    PrivateFormat.PKCS12.encryption_builder()
    .kdf_rounds(1_000)
    .key_cert_algorithm(writer.PBES.PBESv1SHA1And3KeyTripleDESCBC)
    .hmac_hash(hashes.SHA1())  # noqa: S303 -- what Windows writes
    .build(WORD)
)


@pytest.mark.parametrize("encryption", [MODERN, LEGACY], ids=["modern", "legacy"])
def test_what_another_library_wrote_is_read(encryption: KeySerializationEncryption) -> None:
    leaf = make_chain()
    issuer = leaf.issuers[0].certificate
    data = writer.serialize_key_and_certificates(b"shop", leaf.private_key, leaf.certificate, [issuer], encryption)  # type: ignore[arg-type] # no key of a CA is of another kind

    contents = pkcs12.read(data, RIGHT)

    assert contents.notes == ()
    assert _found(contents) == (
        [(leaf.der, "shop"), (leaf.issuers[0].der, None)],
        [(build.key_der(leaf.private_key), "shop", True)],
    )


def test_the_usual_pfx_is_read() -> None:
    contents = pkcs12.read(_usual(), RIGHT)

    assert (contents.format, contents.notes, _found(contents)) == ("pkcs12", (), USUAL)


def test_a_pfx_without_a_mac_is_read_with_a_note() -> None:
    contents = pkcs12.read(_usual(mac=None), RIGHT)

    assert (contents.notes, _found(contents)) == ((NO_MAC,), USUAL)


@pytest.mark.parametrize("mac", [EMPTY, ABSENT], ids=["empty", "absent"])
def test_without_a_password_none_and_the_empty_one_are_tried(mac: Password) -> None:
    contents = pkcs12.read(_usual(password=b"", mac=mac), NONE)

    assert _found(contents) == USUAL


@pytest.mark.parametrize("mac", [PASSWORD, None], ids=["mac", "no mac"])
def test_without_a_password_a_locked_pfx_asks_for_one(mac: Password | None) -> None:
    with pytest.raises(PasswordMissingError) as caught:
        pkcs12.read(_usual(mac=mac), NONE)

    assert (caught.value.message, caught.value.hint) == (
        "it is encrypted and no password was given",
        "give it with --passin env:NAME or --passin file:PATH",
    )


@pytest.mark.parametrize("mac", [PASSWORD, None], ids=["mac", "no mac"])
@pytest.mark.parametrize(
    ("given", "hint"),
    [
        (b"another", None),
        (b"", None),
        (b"another\n", None),
        (b"changeit\n", "the password ends in a line end; without it, it fits"),
        (b"changeit\r\n", "the password ends in a line end; without it, it fits"),
        (b"\xef\xbb\xbfchangeit", "the password begins with a byte order mark; without it, it fits"),
        (
            b"\xef\xbb\xbfchangeit\r\n",
            "the password begins with a byte order mark and ends in a line end; without it, it fits",
        ),
        (b" changeit\t", "the password has blanks around it; without it, it fits"),
    ],
)
def test_a_wrong_password_says_what_is_nearly_right(mac: Password | None, given: bytes, hint: str | None) -> None:
    with pytest.raises(PasswordWrongError) as caught:
        pkcs12.read(_usual(mac=mac), Passwords(Password(given)))

    assert (caught.value.message, caught.value.hint) == ("the password is wrong, or the file is damaged", hint)


@pytest.mark.parametrize("mac", [EMPTY, ABSENT, None], ids=["empty", "absent", "no mac"])
def test_a_password_for_a_pfx_under_the_empty_one_says_so(mac: Password | None) -> None:
    with pytest.raises(PasswordWrongError) as caught:
        pkcs12.read(_usual(password=b"", mac=mac), RIGHT)

    assert caught.value.hint == "the empty password opens it: give none"


def test_looking_for_what_was_meant_stops_where_the_budget_ends() -> None:
    data = build.pfx(build.plain_safe(CERTIFICATE), mac=build.Mac(PASSWORD, 1_000))

    with pytest.raises(PasswordWrongError) as caught:
        pkcs12.read(data, Passwords(Password(b"changeit\n")), 1_999)

    assert caught.value.hint is None


@pytest.mark.parametrize(("word", "passwords"), [(WORD, RIGHT), (b"", Passwords(EMPTY))], ids=["word", "empty"])
def test_contents_that_open_under_a_mac_that_does_not_fit_were_changed(word: bytes, passwords: Passwords) -> None:
    with pytest.raises(InputUnreadableError) as caught:
        pkcs12.read(_usual(password=word, mac=Password(b"another")), passwords)

    assert caught.value.message == (
        "the file was changed after it was written: its contents open, and its MAC does not fit them"
    )


def test_contents_in_the_clear_say_nothing_about_the_password() -> None:
    data = build.pfx(build.plain_safe(CERTIFICATE, KEY), mac=build.Mac(PASSWORD))

    with pytest.raises(PasswordWrongError):
        pkcs12.read(data, Passwords(Password(b"another")))


def test_contents_that_do_not_open_though_the_mac_fits_are_told_so() -> None:
    with pytest.raises(InputUnreadableError, match="the MAC accepts this password, but the contents do not"):
        pkcs12.read(_usual(password=b"another"), RIGHT)


UNICODE = "pä✓ss".encode()


@pytest.mark.parametrize(
    ("octets", "name"),
    [
        (b"p\xc3\x13ss", "node-forge's encoding"),
        (b"\0p\0d'\x13\0s\0s", "Java's encoding"),
        (b"pd\x13ss", "Java's encoding"),
    ],
)
@pytest.mark.parametrize("mac", [Password(UNICODE), None], ids=["mac", "no mac"])
def test_a_password_in_anothers_encoding_opens_the_contents(octets: bytes, name: str, mac: Password | None) -> None:
    contents = pkcs12.read(_usual(password=octets, mac=mac), Passwords(Password(UNICODE)))

    note = f"password-encoding: what is encrypted in it takes {name} of the password, so other programs may not open it"
    assert (_found(contents), contents.notes) == (USUAL, (note,) if mac else (NO_MAC, note))


def test_a_password_typed_in_latin_1_opens_what_was_written_in_utf_8() -> None:
    data = _usual(password="grün".encode(), mac=Password("grün".encode()))

    contents = pkcs12.read(data, Passwords(Password("grün".encode("latin-1"))))

    assert _found(contents) == USUAL


def test_other_encodings_are_tried_within_the_budget() -> None:
    safe = build.locked_safe(b"\0p\0d'\x13\0s\0s", CERTIFICATE, iterations=1_000)
    data = build.pfx(safe, mac=build.Mac(Password(UNICODE)))

    with pytest.raises(InputUnreadableError, match="the MAC accepts"):
        pkcs12.read(data, Passwords(Password(UNICODE)), 2_999)


@pytest.mark.parametrize("path", ["forge/unicode-aes-256.p12", "forge/unicode-3des.p12", "nss/unicode.p12"])
def test_what_a_program_wrote_under_a_password_beyond_ascii_is_read(path: str) -> None:
    contents = pkcs12.read((build.FIXTURES / path).read_bytes(), Passwords(Password("pässwörd-✓".encode())))

    assert (len(contents.keys), len(contents.certificates) >= 2) == (1, True)


def test_a_key_with_its_own_password_is_opened_with_it() -> None:
    data = build.pfx(build.locked_safe(WORD, CERTIFICATE, _locked_key(b"own")), mac=build.Mac(PASSWORD))

    contents = pkcs12.read(data, Passwords(PASSWORD, Password(b"own")))

    assert _found(contents) == USUAL


@pytest.mark.parametrize("own", [b"own", WORD])
def test_a_safe_behind_a_key_with_its_own_password_is_opened_with_the_bundles(own: bytes) -> None:
    data = build.pfx(build.plain_safe(_locked_key(own)), build.locked_safe(WORD, CERTIFICATE))

    assert _found(pkcs12.read(data, Passwords(PASSWORD, Password(b"own")))) == USUAL


@pytest.mark.parametrize("mac", [PASSWORD, None], ids=["mac", "no mac"])
def test_a_key_that_the_bundles_password_does_not_open_asks_for_its_own(mac: Password | None) -> None:
    data = build.pfx(
        build.locked_safe(WORD, CERTIFICATE), build.plain_safe(_locked_key(b"own")), mac=build.Mac(mac) if mac else None
    )

    with pytest.raises(PasswordWrongError) as caught:
        pkcs12.read(data, RIGHT)

    assert (caught.value.message, caught.value.hint) == (
        "the password opens the PFX, but not the private key in it",
        "give the key's own password with --key-passin",
    )


def test_a_locked_key_in_an_open_pfx_asks_for_its_own_password() -> None:
    data = build.pfx(build.plain_safe(CERTIFICATE, _locked_key(b"own")), mac=build.Mac(EMPTY))

    with pytest.raises(PasswordMissingError) as caught:
        pkcs12.read(data, NONE)

    assert caught.value.hint == "give the key's own password with --key-passin"


def test_a_locked_key_without_a_mac_asks_for_a_password() -> None:
    with pytest.raises(PasswordMissingError, match="the private key is encrypted and no password was given"):
        pkcs12.read(build.pfx(build.plain_safe(CERTIFICATE, _locked_key())), NONE)


@pytest.mark.parametrize(
    ("passwords", "hint"),
    [
        (Passwords(PASSWORD, Password(b"another")), None),
        (Passwords(None, Password(b"another")), None),
        (Passwords(PASSWORD, Password(b"own\n")), "the password ends in a line end; without it, it fits"),
    ],
)
def test_a_wrong_password_for_the_key_alone_is_told_apart(passwords: Passwords, hint: str | None) -> None:
    with pytest.raises(PasswordWrongError) as caught:
        pkcs12.read(build.pfx(build.plain_safe(CERTIFICATE, _locked_key(b"own"))), passwords)

    assert (caught.value.message, caught.value.hint) == ("the password of the private key is wrong", hint)


def test_keys_that_are_not_wanted_are_not_opened() -> None:
    data = build.pfx(build.plain_safe(CERTIFICATE, _locked_key(b"own"), build.bag(build.KEY_BAG, build.sequence())))

    contents = pkcs12.read(data, NONE, wants_keys=False)

    assert _found(contents) == ([(b"certificate", "shop")], [])


def test_every_key_is_read_with_its_name() -> None:
    second = build.bag(build.KEY_BAG, build.pkcs8(1), build.friendly_name("second"))

    contents = pkcs12.read(build.pfx(build.plain_safe(KEY, second)), NONE)

    assert _found(contents)[1] == [(build.pkcs8(), None, False), (build.pkcs8(1), "second", False)]


def test_as_many_keys_as_are_allowed_are_read() -> None:
    contents = pkcs12.read(build.pfx(build.plain_safe(*[KEY] * limits.MAX_KEYS)), NONE)

    assert len(contents.keys) == limits.MAX_KEYS


def test_more_keys_than_are_allowed_are_refused() -> None:
    with pytest.raises(InputTooLargeError, match="more than 32 private keys"):
        pkcs12.read(build.pfx(build.plain_safe(*[KEY] * 33)), NONE)


def test_more_certificates_than_are_allowed_are_refused() -> None:
    with pytest.raises(InputTooLargeError, match="more than 10,000 certificates"):
        pkcs12.read(build.pfx(build.plain_safe(*[CERTIFICATE] * 10_001)), NONE)


def _nested(content: bytes, depth: int) -> bytes:
    for _ in range(depth):
        content = build.bag(build.NESTED_BAG, build.sequence(content))
    return content


@pytest.mark.parametrize("depth", [1, 2, limits.MAX_NESTING])
def test_bags_inside_bags_are_read(depth: int) -> None:
    contents = pkcs12.read(build.pfx(build.plain_safe(_nested(CERTIFICATE, depth), _nested(KEY, depth))), NONE)

    assert _found(contents) == ([(b"certificate", "shop")], [(build.pkcs8(), None, False)])


def test_bags_nested_without_end_are_not_followed() -> None:
    contents = pkcs12.read(build.pfx(build.plain_safe(_nested(CERTIFICATE, 2_000))), NONE)

    assert (_found(contents), len(contents.notes)) == (([], []), 2)


@pytest.mark.parametrize(
    ("passed_over", "what"),
    [
        (build.bag(build.REVOCATION_BAG, build.sequence()), "a revocation list, which is neither key nor certificate"),
        (build.bag(build.SECRET_BAG, build.sequence()), "a secret, which is neither key nor certificate"),
        (build.bag("1.2.3", build.sequence()), "a bag of type 1.2.3, which is neither key nor certificate"),
        (build.certificate_bag(b"", kind="1.2.840.113549.1.9.22.2"), "a certificate that is not an X.509 one"),
    ],
)
def test_what_is_not_read_is_passed_over_with_a_note(passed_over: bytes, what: str) -> None:
    contents = pkcs12.read(build.pfx(build.plain_safe(passed_over, CERTIFICATE), mac=build.Mac(EMPTY)), NONE)

    assert contents.notes == (f"passed-over: {what}",)
    assert contents.certificates == (CertificateEntry(b"certificate", "shop"),)


ENDLESS = 2**31 - 1


@pytest.mark.parametrize(
    "data",
    [
        build.pfx(build.plain_safe(CERTIFICATE), mac=build.Mac(PASSWORD, ENDLESS)),
        build.pfx(build.plain_safe(_locked_key()), mac=build.Mac(PASSWORD, 4_999_999 + 1)),
        build.pfx(*[build.locked_safe(WORD, CERTIFICATE, iterations=2)] * 1_000, mac=build.Mac(PASSWORD, 4_998_001)),
        build.pfx(build.plain_safe(build.bag(build.SHROUDED_KEY_BAG, build.sequence(build.pbes2(ENDLESS), b"\4\0")))),
        build.pfx(
            build.plain_safe(
                _nested(build.bag(build.SHROUDED_KEY_BAG, build.sequence(build.pbes2(ENDLESS), b"\4\0")), 5)
            )
        ),
        build.pfx(
            build.plain_safe(
                *[
                    build.bag(
                        build.SHROUDED_KEY_BAG,
                        build.sequence(build.pbes2(derivation=build.scrypt(2, 8, 2**17)), build.octets(bytes(16))),
                    )
                ]
                * 3
            )
        ),
    ],
    ids=["mac", "one too many", "sum of the safes", "key", "nested key", "scrypt"],
)
def test_a_pfx_that_costs_more_than_the_budget_is_refused_at_once(data: bytes) -> None:
    started = time.thread_time()

    with pytest.raises(InputTooLargeError, match="iterations, with 5,000,000 of 5,000,000 left"):
        pkcs12.read(data, RIGHT)

    assert time.thread_time() - started < 2


def test_a_key_that_shows_in_no_safe_counts_too() -> None:
    data = build.pfx(build.locked_safe(WORD, _locked_key(iterations=1_000)))

    with pytest.raises(InputTooLargeError, match="takes 1,000 iterations, with 998 of 999 left"):
        pkcs12.read(data, RIGHT, 999)


def test_the_budget_can_be_spent_to_the_last() -> None:
    data = build.pfx(build.plain_safe(_locked_key(iterations=600)), mac=build.Mac(PASSWORD, 400))

    assert len(pkcs12.read(data, RIGHT, 1_000).keys) == 1


@pytest.mark.parametrize("iterations", [0, -1])
def test_a_count_below_one_is_malformed(iterations: int) -> None:
    key = build.bag(build.SHROUDED_KEY_BAG, build.sequence(build.pbes2(iterations), build.octets(bytes(16))))
    with pytest.raises(InputUnreadableError, match="below 1"):
        pkcs12.read(build.pfx(build.plain_safe(key)), RIGHT)

    with pytest.raises(InputUnreadableError, match="below 1"):
        pkcs12.read(build.pfx(build.plain_safe(CERTIFICATE), mac=build.Mac(PASSWORD, iterations)), RIGHT)


def test_a_count_of_thousands_of_digits_is_malformed() -> None:
    data = build.pfx(build.plain_safe(CERTIFICATE), mac=build.Mac(PASSWORD, 1 << 20_000))

    with pytest.raises(InputUnreadableError, match="the PFX is malformed"):
        pkcs12.protection(data)


def test_a_pfx_cut_anywhere_is_truncated() -> None:
    data = _usual()

    for end in range(len(data)):
        with pytest.raises(InputUnreadableError, match=f"truncated: it ends at byte {end:,}"):
            pkcs12.read(data[:end], RIGHT)


def test_bytes_behind_a_pfx_are_not_looked_at() -> None:
    assert _found(pkcs12.read(_usual() + b"\0junk", RIGHT)) == USUAL


def test_a_ciphertext_that_lacks_bytes_is_malformed() -> None:
    key = build.bag(build.SHROUDED_KEY_BAG, build.sequence(build.pbes2(), build.octets(bytes(17))))

    with pytest.raises(InputUnreadableError, match="the PFX is malformed"):
        pkcs12.read(build.pfx(build.plain_safe(key)), RIGHT)


def test_a_safe_under_a_cipher_that_is_not_supported_is_named() -> None:
    encrypted = build.sequence(build.oid(build.DATA), build.pbes2(cipher="1.2.410.200046.1.1.12"), b"\x80\0")
    safe = build.sequence(build.oid(build.ENCRYPTED_DATA), build.explicit(build.sequence(build.integer(0), encrypted)))

    with pytest.raises(AlgorithmUnsupportedError, match="ARIA-256-CBC"):
        pkcs12.read(build.pfx(safe), RIGHT)


def _indefinite(value: der.Value) -> bytes:
    """Re-encodes with indefinite lengths throughout, and octet strings in pieces of 100 bytes."""
    if value.tag == der.OCTET_STRING and len(value.content) > 100:
        content = value.content
        pieces = [build.octets(content[start : start + 100]) for start in range(0, len(content), 100)]
        return b"\x24\x80" + b"".join(pieces) + b"\0\0"
    if not value.is_constructed:
        return value.encoded
    return bytes((value.tag, 0x80)) + b"".join(map(_indefinite, value)) + b"\0\0"


@pytest.mark.parametrize(
    "path", ["openssl/pfx/default.pfx", "openssl/pfx/legacy.pfx", "keytool/default.p12", "crafted/pbmac1-sha256.pfx"]
)
def test_ber_and_der_of_the_same_pfx_give_the_same_contents(path: str) -> None:
    data = (build.FIXTURES / path).read_bytes()

    ber = pkcs12.read(_indefinite(der.read_all(data)), RIGHT)

    read = pkcs12.read(data, RIGHT)
    assert (_found(ber), ber.notes) == (_found(read), read.notes)
    assert pkcs12.protection(_indefinite(der.read_all(data))) == pkcs12.protection(data)


def test_a_key_in_ber_is_read() -> None:
    bag = build.bag(build.KEY_BAG, _indefinite(build.value(build.pkcs8())))

    assert _found(pkcs12.read(build.pfx(build.plain_safe(bag)), NONE))[1] == [(build.pkcs8(), None, False)]


def test_neither_contents_nor_errors_show_a_secret() -> None:
    data = _usual(password=b"hunter2-hunter2", mac=Password(b"hunter2-hunter2"))
    contents = pkcs12.read(data, Passwords(Password(b"hunter2-hunter2")))
    with pytest.raises(PasswordWrongError) as caught:
        pkcs12.read(data, Passwords(Password(b"hunter2-hunter2\n")))

    shown = repr(contents) + repr(caught.value) + str(caught.value) + str(caught.value.hint)

    assert "hunter2" not in shown
    assert not any(text in shown for text in (repr(build.pkcs8())[2:-1], build.pkcs8().hex()))
