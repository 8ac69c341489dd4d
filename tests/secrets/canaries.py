"""What a private key or a password would look like wherever it might turn up."""

import base64
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

_PIECE = 24
"""Octets that are looked for at once: a part of a key is as bad as the whole."""

_LINE = 64
"""Characters in a line of PEM (RFC 7468)."""


@dataclass(frozen=True, slots=True)
class Traces:
    """Pieces of secrets in every form, none of which may be found."""

    pieces: frozenset[str]

    def found_in(self, text: str | bytes) -> list[str]:
        """Returns the pieces that stand in `text`, bytes taken as Latin-1; line ends, real or literal, do not hide them."""
        whole = text.decode("latin-1") if isinstance(text, bytes) else text
        joined = re.sub(r"\s|\\n", "", whole)
        return sorted(piece for piece in self.pieces if piece in whole or piece in joined)

    def found_in_files(self, folder: Path, *, but: Iterable[Path] = ()) -> list[Path]:
        """Returns the files below `folder` that hold a piece, leaving out those where it belongs."""
        allowed = set(but)
        files = [path for path in folder.rglob("*") if path.is_file() and path not in allowed]
        return [path for path in files if self.found_in(path.read_bytes())]


def traces(key_pem: bytes, *passwords: str) -> Traces:
    """Returns what to look for: the secret numbers of a key, in DER and PEM of both kinds, and passwords.

    Each as it is, in hexadecimal, as Python shows it, and in base64 at each of the three alignments.
    """
    secrets = [*_secrets_of(key_pem), *(password.encode() for password in passwords)]
    return Traces(frozenset(piece for secret in secrets for piece in _forms_of(secret)))


def _secrets_of(key_pem: bytes) -> Iterator[bytes]:
    private_key = load_pem_private_key(key_pem, None)
    for number in _numbers(private_key):
        yield number[:_PIECE]
        for form in (PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL):
            der = private_key.private_bytes(Encoding.DER, form, NoEncryption())
            pem = private_key.private_bytes(Encoding.PEM, form, NoEncryption())
            start = -(-der.index(number) // 3) * 4
            body = pem.partition(b"\n")[2]
            yield body[start + start // _LINE :][:_PIECE]


def _numbers(private_key: object) -> list[bytes]:
    match private_key:
        case ec.EllipticCurvePrivateKey():
            return [private_key.private_numbers().private_value.to_bytes(private_key.key_size // 8, "big")]
        case rsa.RSAPrivateKey():
            numbers = private_key.private_numbers()
            return [one.to_bytes((one.bit_length() + 7) // 8, "big") for one in (numbers.d, numbers.p, numbers.q)]
    raise TypeError("a key of this kind is no canary yet")


def _forms_of(secret: bytes) -> Iterator[str]:
    yield secret.decode("latin-1")
    yield secret.hex()
    yield secret.hex().upper()
    yield secret.hex(":")
    yield repr(secret)[2:-1]
    for shift in range(3):
        encoded = base64.b64encode(b"\0" * shift + secret)
        # The first and the last characters also depend on what stands beside it.
        yield encoded[4 if shift else 0 : -4].decode()
