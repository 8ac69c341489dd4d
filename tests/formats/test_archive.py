"""The ZIP of a CA's portal, and ZIPs that want to do harm."""

import io
import zipfile
from collections.abc import Mapping
from typing import Final

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.serialization import pkcs7
from hypothesis import given, settings
from hypothesis import strategies as st

from certkit import formats, limits
from certkit.contents import Contents
from certkit.errors import (
    AlgorithmUnsupportedError,
    CertkitError,
    InputTooLargeError,
    InputUnreadableError,
    PasswordMissingError,
    PasswordWrongError,
)
from certkit.password import Password, Passwords
from tests.formats import keystores
from tests.formats.building import encrypted_key, pkcs8
from tests.issuing import make_chain

SHOP: Final = make_chain()
GIVEN: Final = Passwords(Password(b"changeit"))
P7B: Final = pkcs7.serialize_certificates(
    [each.certificate for each in (SHOP, *SHOP.issuers)], serialization.Encoding.DER
)
REQUEST: Final = (
    x509.CertificateSigningRequestBuilder()
    .subject_name(SHOP.certificate.subject)
    .sign(SHOP.private_key, hashes.SHA256())
)
PARAMETERS: Final = b"-----BEGIN DH PARAMETERS-----\nMAA=\n-----END DH PARAMETERS-----\n"
INSTRUCTIONS: Final = b"Paste it:\n-----BEGIN CERTIFICATE-----\n(your certificate)\n-----END CERTIFICATE-----\n"


def archive(members: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as written:
        for name, content in members.items():
            written.writestr(name, content)
    return file.getvalue()


PORTAL: Final = {
    "shop/certificate.crt": SHOP.pem,
    "shop/ca_bundle.crt": SHOP.chain_pem,
    "shop/private.key": SHOP.key_pem,
}


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_what_a_portal_sends_is_one_bundle(method: int) -> None:
    contents = formats.read(archive(PORTAL, method), Passwords())

    assert (contents.format, [entry.der for entry in contents.certificates], len(contents.keys), contents.notes) == (
        "zip",
        [SHOP.der, SHOP.issuers[0].der],
        1,
        (),
    )


def test_members_may_be_of_several_formats_and_a_certificate_counts_once() -> None:
    data = archive(
        {"a.cer": SHOP.der, "a.p7b": P7B, "a.jks": keystores.store(keystores.key_of(SHOP)), "a.pem": SHOP.pem}
    )

    contents = formats.read(data, GIVEN)

    assert sorted(entry.der for entry in contents.certificates) == sorted(each.der for each in (SHOP, *SHOP.issuers))
    assert len(contents.keys) == 1


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("readme.txt", b"Thank you for your order"),
        ("index.html", b"<html></html>"),
        ("instructions.txt", INSTRUCTIONS),
        ("nested.zip", archive(PORTAL)),
        ("empty.pem", b""),
        ("__MACOSX/._certificate.crt", b"\x00\x05\x16\x07" + bytes(20)),
    ],
    ids=["text", "page", "instructions", "archive", "empty", "finder"],
)
def test_what_is_no_bundle_is_passed_over_with_a_note(name: str, content: bytes) -> None:
    contents = formats.read(archive({**PORTAL, name: content}), Passwords())

    assert (len(contents.certificates), len(contents.keys), len(contents.notes)) == (2, 1, 1)
    assert contents.notes[0].startswith(f"passed-over: {name}, which ")


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        (
            "shop.csr",
            REQUEST.public_bytes(serialization.Encoding.PEM),
            "it is a certificate request, which is not read",
        ),
        ("shop.der", REQUEST.public_bytes(serialization.Encoding.DER), "it is a certificate request"),
        ("dh.pem", PARAMETERS, "there is neither a certificate nor a private key in this PEM file"),
    ],
)
def test_a_bundle_comes_with_what_it_was_asked_for_with(name: str, content: bytes, what: str) -> None:
    contents = formats.read(archive({**PORTAL, name: content}), Passwords())

    assert (len(contents.certificates), contents.notes) == (2, (f"passed-over: {name}: {what}",))


def test_a_damaged_member_is_an_error_that_names_it() -> None:
    with pytest.raises(InputUnreadableError, match=r"ca\.crt: the CERTIFICATE block .* has no end"):
        formats.read(archive({**PORTAL, "ca.crt": SHOP.pem[:100]}), Passwords())


def test_a_note_on_a_member_names_it() -> None:
    contents = formats.read(archive({"shop.cer": SHOP.der + b"junk"}), Passwords())

    assert contents.notes == ("trailing-bytes: 4 bytes behind the last value were not read (in shop.cer)",)


@pytest.mark.parametrize(
    ("passwords", "expected"),
    [(Passwords(), PasswordMissingError), (Passwords(Password(b"another")), PasswordWrongError)],
)
def test_a_locked_member_is_named(passwords: Passwords, expected: type[CertkitError]) -> None:
    with pytest.raises(expected, match=r"^shop\.jks: "):
        formats.read(archive({"shop.jks": keystores.store(keystores.key_of(SHOP))}), passwords)


def test_the_protection_of_what_is_inside_is_seen_from_outside() -> None:
    store = keystores.store(keystores.key_of(SHOP))

    assert formats.protection(archive({"readme.txt": b"", "shop.jks": store})) == formats.protection(store)


def test_without_keystores_there_is_no_protection() -> None:
    assert formats.protection(archive(PORTAL)) is None


def test_a_name_from_a_hostile_archive_is_shown_without_control_characters() -> None:
    contents = formats.read(archive({**PORTAL, "\x1b[2J\n" + 100 * "x": b"?"}), Passwords())

    assert contents.notes[0].startswith("passed-over: ?[2J?xxx")
    assert len(contents.notes[0]) < 160


def test_a_path_that_climbs_is_only_a_name() -> None:
    assert formats.read(archive({"../../etc/shop.pem": SHOP.pem + SHOP.key_pem}), Passwords()).keys


def encrypted_archive() -> bytes:
    data = bytearray(archive({"shop.pem": SHOP.pem}))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (encrypted_archive(), "shop.pem is encrypted by the ZIP itself"),
        (archive({"shop.pem": SHOP.pem}, zipfile.ZIP_BZIP2), "shop.pem is compressed by method 12"),
        (archive({"shop.pem": SHOP.pem}, zipfile.ZIP_LZMA), "shop.pem is compressed by method 14"),
    ],
    ids=["encrypted", "bzip2", "lzma"],
)
def test_what_the_archive_hides_is_refused_with_the_way_out(data: bytes, message: str) -> None:
    with pytest.raises(AlgorithmUnsupportedError, match=message) as caught:
        formats.read(data, Passwords())

    assert caught.value.hint == "unpack it and name the file inside"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (archive({}), "neither a certificate nor a private key"),
        (archive({"readme.txt": b"hello"}), "neither a certificate nor a private key"),
        (archive(PORTAL)[:-30], "the ZIP is damaged"),
        (archive(PORTAL)[:200], "the ZIP is damaged"),
        (archive(PORTAL, zipfile.ZIP_STORED).replace(b"BEGIN", b"begin"), "the ZIP is damaged"),
        (b"PK\x03\x04", "the ZIP is damaged"),
    ],
    ids=["empty", "text", "tail", "head", "content", "magic"],
)
def test_damage_is_named(data: bytes, message: str) -> None:
    with pytest.raises(InputUnreadableError, match=message):
        formats.read(data, Passwords())


def lying_archive() -> bytes:
    """An archive whose directory says that its member of 32 MiB has one byte."""
    data = bytearray(archive({"shop.pem": bytes(2 * limits.MAX_SOURCE_BYTES)}))
    directory = data.index(b"PK\x01\x02")
    data[directory + 24 : directory + 28] = (1).to_bytes(4, "little")
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (archive({f"{number}.pem": b"" for number in range(limits.MAX_ARCHIVE_MEMBERS + 1)}), "more than 100 members"),
        (archive({"zeros": bytes(1_000_000)}), "more than 100 times its size"),
        (archive({"zeros": bytes(limits.MAX_SOURCE_BYTES + 1)}), "more than 16 MiB"),
        (
            archive({f"{n}.jks": keystores.store(keystores.key_of(SHOP)) for n in range(33)}),
            "more than 32 private keys",
        ),
    ],
    ids=["members", "ratio", "bytes", "keys"],
)
def test_what_costs_too_much_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(InputTooLargeError, match=message):
        formats.read(data, GIVEN)


def test_a_directory_that_lies_about_a_size_does_not_unpack_more() -> None:
    """`zipfile` stops at the size that the directory states, and then finds that the checksum does not fit."""
    with pytest.raises((InputTooLargeError, InputUnreadableError)):
        formats.read(lying_archive(), Passwords())


def test_members_share_the_iterations() -> None:
    locked = {f"{number}.key": encrypted_key(pkcs8(number), b"changeit", 600) for number in range(2)}

    with pytest.raises(InputTooLargeError, match="iterations"):
        formats.read(archive(locked), GIVEN, 1_000)


def test_plain_members_do_not_take_from_the_iterations_of_others() -> None:
    members = {**PORTAL, "shop.key": encrypted_key(pkcs8(1), b"changeit", 600)}

    assert len(formats.read(archive(members), GIVEN, 1_000).keys) == 2


def test_keys_that_are_not_wanted_are_passed_over() -> None:
    contents = formats.read(archive({"shop.key": SHOP.key_pem}), Passwords(), wants_keys=False)

    assert (contents.format, contents.certificates, contents.keys) == ("zip", (), ())


@given(data=st.data())
@settings(max_examples=200, deadline=None)
def test_any_mutation_of_an_archive_gives_contents_or_an_error(data: st.DataObject) -> None:
    method = data.draw(st.sampled_from((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)))
    mutated = bytearray(archive({**PORTAL, "shop.cer": SHOP.der}, method))
    directory = mutated.index(b"PK\x01\x02")
    for _ in range(data.draw(st.integers(1, 6))):
        start = data.draw(st.sampled_from((4, directory)))
        mutated[data.draw(st.integers(start, len(mutated) - 1))] = data.draw(st.integers(0, 255))

    try:
        contents = formats.read(bytes(mutated), Passwords())
    except CertkitError:
        return

    assert isinstance(contents, Contents)
