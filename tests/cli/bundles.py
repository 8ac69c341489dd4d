"""Bundles to run certkit on, issued for the tests."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12

from tests.issuing import Issued, Request, make_chain, self_signed

SHOP: Final = Request(sans=("shop.example.com", "www.shop.example.com"))
EXPIRED: Final = Request(
    sans=("old.example.com",),
    not_before=datetime(2020, 1, 1, tzinfo=UTC),
    not_after=datetime(2021, 1, 1, tzinfo=UTC),
)
PASSWORD: Final = "correct horse"
HOSTILE_NAME: Final = "evil\x1b[31mred\r\n\u202eesrever\u200b\x07"
"""Escapes, controls, a line end, a bidirectional override, a character without width."""


def shop(request: Request = SHOP) -> Issued:
    """A leaf under one intermediate under a root."""
    return make_chain(leaf=request)


def pem(issued: Issued, key: bytes | None = None) -> bytes:
    """Leaf, chain without root, and the key (PKCS#8 unless given)."""
    return issued.pem + issued.chain_pem + (issued.key_pem if key is None else key)


def pfx(issued: Issued, password: str = PASSWORD, name: bytes | None = None) -> bytes:
    """The same as a PFX."""
    issuers = [one.certificate for one in issued.issuers[:-1] or issued.issuers]
    return pkcs12.serialize_key_and_certificates(
        name,
        issued.private_key,  # type: ignore[arg-type]  # the kinds that issue certificates, but for two
        issued.certificate,
        issuers,
        BestAvailableEncryption(password.encode()),
    )


def hostile() -> Issued:
    """A certificate whose names are made to deceive whoever reads them on a terminal."""
    names = x509.SubjectAlternativeName([x509.UniformResourceIdentifier("http://x/\x1b]0;title\x07")])
    return self_signed(
        Request(common_name=HOSTILE_NAME.replace("\x00", ""), organization=HOSTILE_NAME, extensions=(names,))
    )


def save(folder: Path, name: str, content: bytes) -> Path:
    """Writes a bundle and returns its path."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path
