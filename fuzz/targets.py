"""What is fuzzed: each target takes any bytes, and ends with a result or a `CertkitError`.

Anything else is a finding: another exception, a panic of cryptography's Rust, a recursion without end.
Where a check stands before the interesting part (a MAC, a digest, base64), the target makes it pass.
"""

import base64
import datetime as dt
import hashlib
import socket
from collections.abc import Callable, Iterable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from typing import Final

from certkit import assembly, expiry, formats, hosts, tags
from certkit import certificate as x
from certkit.bundle import Addition
from certkit.contents import CertificateEntry, Contents, KeyEntry
from certkit.errors import CertkitError
from certkit.formats import der, jks, keys, pem
from certkit.formats.telling import KEYSTORE_MAGICS
from certkit.leaf import Choice
from certkit.opinion import second_opinion
from certkit.password import Password, Passwords
from certkit.report import certificate as report
from certkit.sources.web import Web
from fuzz import records, seeds

MAX_ITERATIONS: Final = 50_000
"""What an input may ask for: less than certkit allows, so that an input that takes seconds is one that it did not foresee."""

_NOW: Final = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
_KNOWN: Final = Passwords(seeds.PASSWORD, Password(b"the key has its own"))
_UNKNOWN: Final = Passwords()
_DATA: Final = bytes.fromhex("06092a864886f70d010701")
_EXPLICIT: Final = 0xA0


@dataclass(frozen=True, slots=True)
class Target:
    """A way into certkit.

    Attributes:
        run: what is done with the bytes.
        seeds: what to start from.
    """

    run: Callable[[bytes], object]
    seeds: Callable[[], Iterable[bytes]]

    def __call__(self, data: bytes) -> None:
        """Runs it; returns where certkit gives a result or names the fault."""
        with suppress(CertkitError):
            self.run(data)


def read_without_password(data: bytes) -> None:
    """Reads any format as `inspect` does: without a password, then without keys, then how it is protected."""
    for wants_keys in (True, False):
        with suppress(CertkitError):
            formats.read(data, _UNKNOWN, MAX_ITERATIONS, wants_keys=wants_keys)
    formats.protection(data)


def read_with_password(data: bytes) -> Contents:
    """Reads any format with the fixtures' password."""
    return formats.read(data, _KNOWN, MAX_ITERATIONS)


def read_der(data: bytes) -> None:
    """Walks ASN.1 and asks every value for everything it could be."""
    with suppress(der.MalformedError):
        der.to_definite(der.read_all(data))
    with suppress(der.MalformedError):
        _walk(der.read(data), depth=8)


def _walk(value: der.Value, depth: int) -> None:
    for look in (value.integer, value.octets, value.oid):
        with suppress(der.MalformedError):
            look()
    if value.is_constructed and depth:
        for part in value:
            _walk(part, depth - 1)


def read_pem(data: bytes) -> None:
    """Cuts text into blocks and decodes each."""
    for block in pem.blocks(pem.as_octets(data)):
        with suppress(CertkitError):
            pem.decode(block)


def read_pfx(data: bytes) -> Contents:
    """Reads a PFX."""
    return formats.read(_as_data(der.encode(der.SEQUENCE, data)), _KNOWN, MAX_ITERATIONS)


def read_safe_contents(data: bytes) -> Contents:
    """Reads what lies inside a PFX, in one without a MAC."""
    return read_pfx(_content_info(data))


def _as_data(authenticated_safe: bytes) -> bytes:
    version = der.encode(der.INTEGER, b"\3")
    return der.encode(der.SEQUENCE, version + _content_info(authenticated_safe))


def _content_info(content: bytes) -> bytes:
    return der.encode(der.SEQUENCE, _DATA + der.encode(_EXPLICIT, der.encode(der.OCTET_STRING, content)))


def read_encrypted_key(data: bytes) -> Contents:
    """Reads a PKCS#8 key under the fixtures' password."""
    return read_with_password(_armoured("ENCRYPTED PRIVATE KEY", data))


def read_algorithm(data: bytes) -> Contents:
    """Reads how something is encrypted, derives the key and decrypts what cannot come out right."""
    return read_encrypted_key(der.encode(der.SEQUENCE, data + der.encode(der.OCTET_STRING, bytes(48))))


def read_dek_key(data: bytes) -> Contents:
    """Reads a key in the form that openssl had before PKCS#8: headers and base64."""
    return read_with_password(b"-----BEGIN RSA PRIVATE KEY-----" + data + b"-----END RSA PRIVATE KEY-----\n")


def load_key(data: bytes) -> object:
    """Loads an unencrypted private key, and writes it in both forms."""
    private_key = keys.load(data)
    for key_format in keys.KeyFormat:
        keys.encode(private_key, key_format)
    return x.key_algorithm(private_key), x.spki_fingerprint(private_key.public_key())


def read_keystore(data: bytes) -> Contents:
    """Reads a Java keystore whose digest fits whatever stands in it."""
    password = (seeds.PASSWORD.value or b"").decode().encode("utf-16-be")
    digest = hashlib.sha1(password + b"Mighty Aphrodite" + data, usedforsecurity=False).digest()
    magic = data[:4] if data[:4] in KEYSTORE_MAGICS else next(iter(KEYSTORE_MAGICS))
    return jks.read(magic + data[4:] + digest, _KNOWN, MAX_ITERATIONS)


def look_at_certificate(data: bytes) -> None:
    """Asks a certificate for everything that certkit wants to know of one."""
    certificate = x.load(data)
    if certificate is None:
        return
    for look in (x.to_pem, x.fingerprint, x.signature_algorithm, x.signature_hash, x.common_name, x.title, x.dns_names):
        look(certificate)
    hosts.covers(certificate, hosts.parse("shop.example.com"))
    x.is_valid_at(certificate, _NOW)
    report.document(certificate)
    for other in map(x.load, seeds.certificates()[:2]):
        if other:
            x.issued(certificate, other)
            x.issued(other, certificate)
            x.is_named_issuer(other, certificate)


def put_in_order(data: bytes) -> None:
    """Puts certificates in order: the first byte says how, the next ones which of the fixtures', the rest is one more."""
    how, numbers, more = data[:1], data[1:25], data[25:]
    pool = seeds.certificates()
    picked = [CertificateEntry(pool[number % len(pool)], alias=str(number % 5)) for number in numbers]
    flags = how[0] if how else 0
    certificates = (*picked, CertificateEntry(more)) if more else tuple(picked)
    roots = tuple(filter(None, (x.load(pool[flags % len(pool)]),)))
    choice = Choice(str(flags >> 5) if flags & 4 else None, "shop.example.com" if flags & 2 else None)
    beside = tuple(Addition(one, "beside") for one in roots if flags & 8)
    name = "Fixture Elder Root" if flags & 16 else None
    wishes = assembly.Wishes(choice, include_root=bool(flags & 1), roots=roots, additions=beside, root_name=name)
    bundle = assembly.assemble(Contents("pem", certificates, _keys(flags)), _NOW, wishes)
    parsed = sum(x.load(entry.der) is not None for entry in certificates)
    assert len(bundle.chain) + 1 <= parsed + len(bundle.completed), "more certificates than there were"
    second_opinion(bundle, roots, _NOW)


def _keys(flags: int) -> tuple[KeyEntry, ...]:
    names = ("unrelated", "shop-p256") if flags & 8 else ()
    texts = ((seeds.FIXTURES / "pki" / f"{name}.key").read_bytes() for name in names)
    return tuple(KeyEntry(keys.load(seeds.decode(text))) for text in texts)


def fetch(data: bytes) -> None:
    """Fetches from a server that answers every request so, and says what it fetched and where from."""
    with ExitStack() as servers:
        web = Web(seconds=5, resolve=_resolve, connect=lambda *_: _connection(data, servers))
        with suppress(CertkitError):
            web.fetch("http://ca.example/issuing.crt")
        web.fetch(data.decode("latin-1"))


def _resolve(host: str, _: int) -> tuple[str, ...]:
    return (host if host[:1].isdigit() or ":" in host else "93.184.215.14",)


def _connection(data: bytes, servers: ExitStack) -> socket.socket:
    """Returns a connection in which the answer stands already; none of them is larger than its buffer."""
    near, far = socket.socketpair()
    servers.enter_context(far).sendall(data)
    far.shutdown(socket.SHUT_WR)
    return near


def parse_arguments(data: bytes) -> None:
    """Parses what people type: a tag, a name, a threshold, as the operating system hands it over."""
    text = data.decode("utf-8", "surrogateescape")
    for parse in (lambda: tags.parse(text.split("\n")), lambda: tags.check_name(text)):
        with suppress(CertkitError):
            parse()
    x.is_domain_name(text)
    expiry.parse_threshold(text).is_reached(_NOW - dt.timedelta(days=90), _NOW, _NOW)


def _armoured(label: str, encoded: bytes) -> bytes:
    body = base64.encodebytes(encoded)
    return b"-----BEGIN %b-----\n%b-----END %b-----\n" % (label.encode(), body, label.encode())


TARGETS: Final = {
    "read-without-password": Target(read_without_password, seeds.bundles),
    "read-with-password": Target(read_with_password, seeds.bundles),
    "der": Target(read_der, seeds.pfx_files),
    "pem": Target(read_pem, seeds.texts),
    "pfx-without-mac": Target(read_pfx, seeds.safe_contents),
    "pfx-inside": Target(read_safe_contents, seeds.safe_contents),
    "algorithm": Target(read_algorithm, seeds.algorithms),
    "encrypted-key": Target(read_encrypted_key, seeds.encrypted_keys),
    "dek-key": Target(read_dek_key, seeds.dek_headers),
    "key": Target(load_key, seeds.private_keys),
    "keystore": Target(read_keystore, seeds.keystores),
    "archive": Target(read_with_password, seeds.archives),
    "secret": Target(read_with_password, seeds.secrets),
    "certificate": Target(look_at_certificate, seeds.certificates),
    "chain": Target(put_in_order, seeds.picks),
    "web": Target(fetch, seeds.answers),
    "arguments": Target(parse_arguments, seeds.arguments),
    "manifest": Target(records.read_manifest, seeds.manifests),
    "ledger-row": Target(records.read_row, seeds.rows),
    "status-document": Target(records.read_status, seeds.statuses),
    "escrow": Target(records.open_deposit, seeds.deposits),
    "starttls": Target(records.begin_tls, seeds.greetings),
    "words": Target(records.read_words, seeds.words),
    "hook": Target(records.hear_hook, seeds.hooks),
}
"""Every target by its name."""
