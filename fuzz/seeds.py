"""Where each target starts: what the fixtures hold, taken apart as far as the target looks inside."""

import base64
import binascii
import io
import json
import re
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Final

from certkit.errors import CertkitError
from certkit.formats import der, pfx
from certkit.formats.kdf import Budget
from certkit.password import Password

FIXTURES: Final = Path(__file__).parents[1] / "fixtures"
PASSWORD: Final = Password(b"changeit")
"""What most of the fixtures are locked with."""

_QUICK: Final = 50_000
"""Iterations that a seed may cost; NSS writes 600,000."""

_DESCRIBING: Final = frozenset({".md", ".json", ".py", ".java", ".js"})
_BLOCK: Final = re.compile(rb"-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \1-----", re.DOTALL)


def bundles() -> Iterator[bytes]:
    """Yields every fixture."""
    for path in sorted(FIXTURES.glob("**/*")):
        if path.is_file() and path.suffix not in _DESCRIBING:
            yield path.read_bytes()


def texts() -> Iterator[bytes]:
    """Yields every fixture in PEM."""
    return (data for data in bundles() if b"-----BEGIN" in data)


def archives() -> Iterator[bytes]:
    """Yields ZIP files with a certificate and its key, stored and deflated."""
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", method) as archive:
            for name in ("unrelated.crt", "unrelated.key"):
                archive.writestr(f"unrelated/{name}", (FIXTURES / "pki" / name).read_bytes())
        yield file.getvalue()


def secrets() -> Iterator[bytes]:
    """Yields Kubernetes secrets of the type `kubernetes.io/tls`, in YAML and in JSON."""
    certificate, key = ((FIXTURES / "pki" / f"unrelated.{kind}").read_bytes() for kind in ("crt", "key"))
    data = {"tls.crt": base64.b64encode(certificate).decode(), "tls.key": base64.b64encode(key).decode()}
    secret = {"apiVersion": "v1", "kind": "Secret", "type": "kubernetes.io/tls", "data": data}
    yield json.dumps(secret).encode()
    lines = [f"{name}: {value}" for name, value in secret.items() if isinstance(value, str)]
    yield "\n".join([*lines, "data:", *(f"  {name}: {value}" for name, value in data.items())]).encode()


def keystores() -> Iterator[bytes]:
    """Yields Java keystores without the digest at their end."""
    return (path.read_bytes()[:-20] for path in sorted(FIXTURES.glob("keytool*/*.j*ks")))


def pfx_files() -> Iterator[bytes]:
    """Yields every PFX."""
    return (path.read_bytes() for path in sorted(FIXTURES.glob("**/*")) if path.suffix in {".pfx", ".p12"})


def safe_contents() -> Iterator[bytes]:
    """Yields what lies inside each PFX: its SafeContents, decrypted where that is quick."""
    for data in pfx_files():
        try:
            for safe in pfx.parse(data).safes:
                yield safe.scheme.decrypt(safe.content, PASSWORD, Budget(_QUICK)) if safe.scheme else safe.content
        except (CertkitError, ValueError):
            continue


def private_keys() -> Iterator[bytes]:
    """Yields every private key that stands in PEM, decoded, encrypted ones too."""
    return (encoded for label, encoded in _decoded() if label.endswith(b"PRIVATE KEY"))


def encrypted_keys() -> Iterator[bytes]:
    """Yields every PKCS#8 key that is encrypted."""
    return (encoded for label, encoded in _decoded() if label == b"ENCRYPTED PRIVATE KEY")


def algorithms() -> Iterator[bytes]:
    """Yields the AlgorithmIdentifier of each encryption under a password."""
    for encoded in encrypted_keys():
        yield der.read(encoded).parts()[0].encoded


def dek_headers() -> Iterator[bytes]:
    """Yields keys in the form that openssl had before PKCS#8, without their boundaries."""
    return (body for data in texts() for _, body in _BLOCK.findall(data) if b"DEK-Info" in body)


def decode(text: bytes) -> bytes:
    """Returns what the first block of PEM in `text` holds."""
    return base64.b64decode(_BLOCK.findall(text)[0][1])


@cache
def certificates() -> tuple[bytes, ...]:
    """Returns every certificate of the fixtures' authorities as DER, in a fixed order."""
    return tuple(decode(path.read_bytes()) for path in sorted((FIXTURES / "pki").glob("*.crt")))


def picks() -> Iterator[bytes]:
    """Yields numbers of certificates in several orders."""
    numbers = bytes(range(len(certificates())))
    yield b"\0" + numbers
    yield b"\1" + bytes(reversed(numbers))
    yield b"\0" + numbers[:4]


def answers() -> Iterator[bytes]:
    """Yields what a web server may answer."""
    yield b"HTTP/1.1 200 OK\r\nContent-Type: application/pkix-cert\r\nContent-Length: 4\r\n\r\n0000"
    yield b"HTTP/1.0 200 OK\r\n\r\nbody"
    yield b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4;x=y\r\nbody\r\n0\r\nA: b\r\n\r\n"
    yield b"HTTP/1.1 302 Found\r\nLocation: //93.184.215.14:80/issuing.crt?a#b\r\n\r\n"
    yield b"HTTP/1.1 301 Moved\r\nLocation: http://user@[::ffff:127.0.0.1%25lo]:443/\r\nContent-Length: 0\r\n\r\n"


def arguments() -> Iterator[bytes]:
    """Yields tags, thresholds and names as people type them."""
    yield from (b"team=web", b"Key=team,Value=web", b"a=b=c", b"certkit:name=x", "käse=straße".encode())
    yield from (b"30d", b"33%", b"12h", b"2w", b"1.5d", b"shop.example.com", b"*.example.com")


def _decoded() -> Iterator[tuple[bytes, bytes]]:
    """Yields label and content of every block of PEM that has no headers."""
    for data in texts():
        for label, body in _BLOCK.findall(data):
            if b":" not in body:
                with suppress(binascii.Error):
                    yield label, base64.b64decode(body)
