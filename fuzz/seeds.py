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


def manifests() -> Iterator[bytes]:
    """Yields manifests: the example of every key, and what Python's reader and ours may see differently."""
    own = FIXTURES.parent / "docs"
    for page in ("manifest.md", "waves.md", "rollback.md", "notify.md"):
        yield from re.findall(rb"```toml\n(.*?)```", (own / page).read_bytes(), re.DOTALL)
    yield b'[certificates."a.b"]\nsource = """\\\n a"""\ntags = { "x.y" = \'z\', w = "\\u00e4" }\n[[waiver]]\nuntil = 2027-01-31\n'


def rows() -> Iterator[bytes]:
    """Yields a row of a ledger."""
    entry = {
        "id": "1",
        "at": "2026-11-22T12:00:00.000000+00:00",
        "run": "2",
        "caller": "arn:aws:sts::111122223333:assumed-role/a/b",
        "command": "import",
        "name": "shop",
        "account": "111122223333",
        "region": "us-east-1",
        "action": "import",
        "sha256": "0" * 64,
        "outcome": "done",
    }
    yield "\n".join(f"{key}={value}" for key, value in entry.items()).encode()


def statuses() -> Iterator[bytes]:
    """Yields a document of `certkit status`."""
    place = {"account": "111122223333", "region": "us-east-1"}
    certificate = {
        **place,
        "arn": "arn:aws:acm:us-east-1:111122223333:certificate/1",
        "domain": "a.example",
        "name": "a",
    }
    coverage = [{**place, "state": "seen"}]
    document = {"schema": "certkit.status/1", "at": "2026-11-22T12:00:00Z", "coverage": coverage}
    yield json.dumps({**document, "certificates": [certificate]}).encode()


def deposits() -> Iterator[bytes]:
    """Yields what escrow holds, in the clear, and a CMS envelope."""
    facts = {"schema": "certkit.escrow/1", "name": "shop", "account": "111122223333", "region": "us-east-1"}
    text = b"".join((FIXTURES / "pki" / f"self-signed.{kind}").read_bytes() for kind in ("key", "crt"))
    name = b"20261122T120000.000000Z_20270101T000000.000000Z_" + b"0" * 64 + b"_none.pem\n"
    yield name + json.dumps(facts).encode() + b"\n" + text
    yield from (b"\n" + data for data in bundles() if b"\x2a\x86\x48\x86\xf7\x0d\x01\x07" in data[:64])


def greetings() -> Iterator[bytes]:
    """Yields what servers say before TLS begins, behind the number of the protocol."""
    yield b"\x00220 a\r\n250-b\r\n250 STARTTLS\r\n220 go\r\n"
    yield b"\x01* OK\r\n* x\r\na1 OK\r\n"
    yield b"\x02+OK\r\n+OK\r\n"
    yield b"\x03220-a\r\n220 b\r\n234 c\r\n"
    yield b"\x04\x30\x0c\x02\x01\x01\x78\x07\x0a\x01\x00\x04\x00\x04\x00"
    yield b"\x05S"


def words() -> Iterator[bytes]:
    """Yields addresses, hosts, times and limits."""
    yield from (
        b"dynamodb://certkit?region=us-east-1",
        b"s3://b/p?kms_key=alias/a&region=eu-west-1",
        b"file:/v?recipient=r.crt",
    )
    yield from (
        b"s3://b/k?versionId=1",
        b"secretsmanager://a#b.c",
        b"ssm:///a/b?region=us-east-1",
        b"https://[::1]:443",
    )
    yield from (
        b"shop.example.com:8443",
        "*.käse.example".encode(),
        b"1h30m",
        b"66%",
        b"12-24",
        b"Europe/Berlin",
        b"10%",
    )
    yield from (b"0a:1b", b"00" * 32, b"arn:aws:acm:us-east-1:111122223333:certificate/1", b"Value 'x' at 'y' failed")


def hooks() -> Iterator[bytes]:
    """Yields the environments of deploy hooks, and the events of a function."""
    yield b"RENEWED_LINEAGE=/live/a\nRENEWED_DOMAINS=a.example b.example"
    yield b"LEGO_HOOK_CERT_PATH=/c/a.crt\nLEGO_HOOK_CERT_KEY_PATH=/c/a.key\nLEGO_HOOK_CERT_DOMAINS=a,b"
    yield b"CERT_PATH=/a/a.cer\nCERT_KEY_PATH=/a/a.key\nLe_Domain=a.example"
    yield from (b"{}", b'{"command": ["renew", "--only", "shop"]}', b'{"command": ["status", "--within=30d"]}')
