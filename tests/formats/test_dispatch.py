"""Which format bytes are in, and the table of formats in the manual."""

import base64
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from certkit import formats, limits
from certkit.contents import Contents
from certkit.errors import CertkitError, InputTooLargeError, InputUnreadableError
from certkit.formats import Format, foreign
from certkit.password import Password, Passwords
from certkit.sources import endpoint, folder
from tests.formats import keystores
from tests.formats.test_archive import PORTAL, archive
from tests.formats.test_kubernetes import KUBECTL
from tests.interop.expectations import FIXTURES
from tests.issuing import make_chain

ROOT: Final = Path(__file__).parents[2]
MANUAL: Final = (ROOT / "docs" / "formats.md").read_text("utf-8")
SHOP: Final = make_chain()
GIVEN: Final = Passwords(Password(b"changeit"))
PFX: Final = (FIXTURES / "openssl" / "pfx" / "default.pfx").read_bytes()
NOTE: Final = re.compile(r'f?"([a-z]+(?:-[a-z]+)?): [a-z{]')
"""How a note is written in the readers' code: a word, a colon, a sentence."""

EXAMPLES: Final = {
    Format.PEM: SHOP.pem + SHOP.key_pem,
    Format.DER: SHOP.der,
    Format.PKCS7: (FIXTURES / "openssl" / "pkcs7" / "chain.p7c").read_bytes(),
    Format.PKCS12: PFX,
    Format.JKS: keystores.store(keystores.key_of(SHOP)),
    Format.JCEKS: keystores.store(keystores.jceks_key_of(SHOP), magic=keystores.JCEKS),
    Format.ZIP: archive(PORTAL),
    Format.KUBERNETES: KUBECTL.encode(),
    Format.FOLDER: folder.MARK + b"certbot leaves it: fullchain.pem\n" + SHOP.pem,
    Format.ENDPOINT: endpoint.MARK + b"served over TLSv1.3\n" + SHOP.pem,
}


@pytest.mark.parametrize("kind", list(Format))
def test_every_format_is_told_and_read(kind: Format) -> None:
    data = EXAMPLES[kind]

    assert (formats.format_of(data), formats.read(data, GIVEN).format) == (kind, kind)


@pytest.mark.parametrize("kind", sorted(set(Format) - {Format.FOLDER, Format.ENDPOINT}))
def test_every_format_may_come_in_base64_without_armour(kind: Format) -> None:
    encoded = base64.encodebytes(EXAMPLES[kind])

    assert (formats.format_of(encoded), formats.read(encoded, GIVEN).format) == (kind, kind)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_base64_may_begin_as_powershell_writes_it(encoding: str) -> None:
    encoded = f"{base64.b64encode(PFX).decode()}\r\n".encode(encoding)

    assert formats.format_of(encoded) is Format.PKCS12


@pytest.mark.parametrize("kind", [Format.PKCS12, Format.JKS, Format.JCEKS])
def test_what_a_password_guards_says_how(kind: Format) -> None:
    how = formats.protection(EXAMPLES[kind])

    assert how is not None
    assert how["mac"]
    assert how["bags"]


@pytest.mark.parametrize("kind", [Format.PEM, Format.DER, Format.PKCS7, Format.ZIP, Format.KUBERNETES])
def test_what_no_password_guards_has_no_protection(kind: Format) -> None:
    assert formats.protection(EXAMPLES[kind]) is None


def test_a_keystore_in_a_secret_is_seen_from_outside() -> None:
    store = EXAMPLES[Format.PKCS12]
    secret = b"kind: Secret\ndata:\n  tls.crt: " + base64.b64encode(store) + b"\n  tls.key: ''\n"

    assert formats.protection(secret) == formats.protection(store)


@pytest.mark.parametrize("before", [b"", b"Issuer ...: /CN=Shop CA\nSubject ..: /CN=shop\n\n"])
def test_a_pfx_in_armour_is_read_as_a_pfx(before: bytes) -> None:
    armoured = before + b"-----BEGIN PKCS12-----\n" + base64.encodebytes(PFX) + b"-----END PKCS12-----\n"

    contents, bare = formats.read(armoured, GIVEN), formats.read(PFX, GIVEN)

    assert formats.format_of(armoured) is Format.PKCS12
    assert (contents.format, contents.certificates, len(contents.keys)) == ("pkcs12", bare.certificates, 1)


@pytest.mark.parametrize("body", [b"", b"MII\n", b"\x00\xff"])
@pytest.mark.parametrize("end", [b"", b"-----END PKCS12-----\n"])
def test_a_damaged_pfx_in_armour_is_unreadable(body: bytes, end: bytes) -> None:
    with pytest.raises(InputUnreadableError):
        formats.read(b"-----BEGIN PKCS12-----\n" + body + end, GIVEN)


def test_a_pfx_behind_other_pem_is_passed_over_with_a_note() -> None:
    armoured = b"-----BEGIN PKCS12-----\n" + base64.encodebytes(PFX) + b"-----END PKCS12-----\n"

    contents = formats.read(SHOP.pem + SHOP.key_pem + armoured, GIVEN)

    assert (contents.format, len(contents.notes)) == ("pem", 1)


def test_pem_inside_a_binary_format_does_not_make_it_pem() -> None:
    commented = keystores.store(keystores.Trusted("-----BEGIN CERTIFICATE-----", SHOP.der))

    assert formats.read(commented, GIVEN).format == "jks"


FOREIGN: Final = {
    "BKS": (FIXTURES / "bouncycastle" / "store.bks").read_bytes(),
    "UBER": b"\0\0\0\x01\0\0\0\x14" + bytes(40),
    "BCFKS": (FIXTURES / "bouncycastle-macs" / "store.bcfks").read_bytes(),
    "KDB": bytes.fromhex("374803020000000058353039 4b4559") + bytes(40),
    "PVK": bytes.fromhex("1ef1b5b0") + bytes(40),
    "PRIVATEKEYBLOB": bytes.fromhex("0702000000a40000") + b"RSA2" + bytes(40),
    "cert9.db": b"SQLite format 3\0" + bytes(40),
    "keychain": b"kych" + bytes(40),
    "PuTTY": b"PuTTY-User-Key-File-3: ssh-ed25519\n",
    "SSH key": b"---- BEGIN SSH2 PUBLIC KEY ----\n",
    "SSH public key": b"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI shop\n",
    "ECDSA public key": b"ecdsa-sha2-nistp256 AAAA shop\n",
    "gzip": b"\x1f\x8b\x08\x00",
    "bzip2": b"BZh91AY",
    "xz": b"\xfd7zXZ\x00\x00",
    "7z": b"7z\xbc\xaf\x27\x1c\x00\x04",
    "RAR": b"Rar!\x1a\x07\x01\x00",
    "tar": b"shop.pem".ljust(257, b"\0") + b"ustar\x0000",
    "PDF": b"%PDF-1.7\n",
    "OpenSSH": b"-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaA==\n-----END OPENSSH PRIVATE KEY-----\n",
    "PGP": b"-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nlQOY\n=abcd\n-----END PGP PRIVATE KEY BLOCK-----\n",
    "age": b"-----BEGIN AGE ENCRYPTED FILE-----\nYWdl\n-----END AGE ENCRYPTED FILE-----\n",
    "certificate request": b"-----BEGIN CERTIFICATE REQUEST-----\nMAA=\n-----END CERTIFICATE REQUEST-----\n",
    "revocation list": b"-----BEGIN X509 CRL-----\nMAA=\n-----END X509 CRL-----\n",
    "public key": b"-----BEGIN PUBLIC KEY-----\nMAA=\n-----END PUBLIC KEY-----\n",
    "web page": b"\xef\xbb\xbf\n<!DOCTYPE html><html><body>Sign in</body></html>",
}


@pytest.mark.parametrize("name", FOREIGN)
def test_what_is_not_read_is_named(name: str) -> None:
    with pytest.raises(InputUnreadableError) as caught:
        formats.read(FOREIGN[name], GIVEN)

    assert "no format that certkit reads" not in caught.value.message


@pytest.mark.parametrize("data", [b"hello", b"0x00", b"0" * 200, "Grüße".encode("latin-1"), b"AAAA", bytes(range(256))])
def test_the_rest_gets_an_answer_too(data: bytes) -> None:
    with pytest.raises(InputUnreadableError, match="no format that certkit reads"):
        formats.read(data, GIVEN)


def test_a_certificate_beside_what_is_not_read_is_read() -> None:
    contents = formats.read(FOREIGN["OpenSSH"] + SHOP.pem, GIVEN)

    assert (len(contents.certificates), len(contents.notes)) == (1, 1)


@pytest.mark.parametrize(("data", "message"), [(b"", "empty"), (b" \r\n\0", "nothing but blanks")])
def test_nothing_is_named_as_nothing(data: bytes, message: str) -> None:
    with pytest.raises(InputUnreadableError, match=message):
        formats.read(data, GIVEN)


def test_more_than_any_bundle_is_refused() -> None:
    with pytest.raises(InputTooLargeError):
        formats.read(b"0" * (limits.MAX_SOURCE_BYTES + 1), GIVEN)


@given(st.binary(max_size=300))
@settings(max_examples=300, deadline=None)
def test_any_bytes_give_contents_or_an_error(data: bytes) -> None:
    try:
        contents = formats.read(data, GIVEN)
    except CertkitError:
        return

    assert isinstance(contents, Contents)


@given(data=st.data())
@settings(max_examples=300, deadline=None)
def test_any_beginning_behind_which_anything_stands_gives_contents_or_an_error(data: st.DataObject) -> None:
    example = data.draw(st.sampled_from(sorted(EXAMPLES.values())))
    head = example[: data.draw(st.integers(0, min(len(example), 64)))]

    try:
        contents = formats.read(head + data.draw(st.binary(max_size=200)), GIVEN)
        formats.protection(head)
    except CertkitError:
        return

    assert isinstance(contents, Contents)


@pytest.mark.parametrize("module", ["zipfile", "json"])
def test_a_pfx_is_read_without_what_other_formats_need(module: str) -> None:
    """Each costs about 10 ms of every start."""
    script = (
        "import sys; from certkit import formats; from certkit.password import Password, Passwords;"
        "formats.read(sys.stdin.buffer.read(), Passwords(Password(b'changeit'))); print(sys.argv[1] in sys.modules)"
    )

    unmeasured = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}

    done = subprocess.run(
        (sys.executable, "-c", script, module), input=PFX, env=unmeasured, capture_output=True, check=True
    )

    assert done.stdout.strip() == b"False"


def rows(heading: str) -> dict[str, list[str]]:
    """The rows of the table under a heading of the manual, by their first cell."""
    section = MANUAL.partition(f"## {heading}\n")[2].partition("\n##")[0]
    lines = [line.strip("| ").split(" | ") for line in section.splitlines() if line.startswith("| ")]
    return {cells[0].strip("`"): cells for cells in lines[2:]}


def test_the_manual_lists_every_format_that_is_read() -> None:
    assert list(rows("What is read")) == [str(kind) for kind in Format]


def test_the_manual_names_fixtures_of_each_program_that_writes_a_format() -> None:
    named = {path for path in re.findall(r"`fixtures/([^`]+)`", MANUAL) if not (FIXTURES / path).exists()}

    assert named == set()


def test_the_manual_explains_every_word_that_a_note_begins_with() -> None:
    sources = (ROOT / "certkit" / "formats").glob("*.py")
    written = {word for path in sources for word in NOTE.findall(path.read_text("utf-8"))}

    assert sorted(rows("Notes")) == sorted(written)


def test_the_manual_lists_everything_that_is_named() -> None:
    listed = rows("What is not read")

    assert list(listed) == list(dict.fromkeys(name for name, _ in foreign.known()))


def test_the_manual_gives_the_command_that_converts_each() -> None:
    listed = rows("What is not read")

    for name, way_out in foreign.known():
        assert (way_out or "-") in listed[name][1].replace("\\|", "|"), name
