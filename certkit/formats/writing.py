"""A bundle to one file: PFX, PKCS#7 or PEM."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Final, TypeAlias

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PrivateFormat, pkcs7, pkcs12

from certkit import certificate as x
from certkit.contents import PrivateKey
from certkit.errors import AlgorithmUnsupportedError, UsageError
from certkit.formats.keys import KeyFormat, encode
from certkit.password import Password

_ITERATIONS: Final = 2_048
"""What cryptography gives the MAC, and openssl everything; more for the contents alone would not slow a guesser."""

_InPfx: TypeAlias = (
    rsa.RSAPrivateKey
    | ec.EllipticCurvePrivateKey
    | ed25519.Ed25519PrivateKey
    | ed448.Ed448PrivateKey
    | dsa.DSAPrivateKey
)
"""The kinds of key that cryptography writes into a PFX."""


class Container(StrEnum):
    """What a bundle can be packed into."""

    PFX = "pfx"
    P7B = "p7b"
    PEM = "pem"


def to_pem(private_key: PrivateKey, certificates: Sequence[x509.Certificate], key_format: KeyFormat) -> bytes:
    """Returns the key, then the certificates, leaf first, in one PEM text."""
    return encode(private_key, key_format) + b"".join(map(x.to_pem, certificates))


def to_p7b(certificates: Sequence[x509.Certificate]) -> bytes:
    """Returns the certificates as a certs-only PKCS#7 in PEM (RFC 5652 section 5), as Windows imports them. No key."""
    return pkcs7.serialize_certificates(list(certificates), Encoding.PEM)


def to_pfx(
    private_key: PrivateKey,
    certificates: Sequence[x509.Certificate],
    password: Password,
    alias: str | None,
    *,
    is_legacy: bool,
) -> bytes:
    """Returns a PFX: AES-256 and SHA-256, or the triple DES and SHA-1 that old Windows and Java know.

    Args:
        certificates: leaf first.
        password: not empty.
        alias: the friendly name of key and leaf.

    Raises:
        UsageError: the password is not UTF-8, which PKCS#12's encodings of it start from.
        AlgorithmUnsupportedError: cryptography writes no PFX with a key of this kind.
    """
    if not isinstance(private_key, _InPfx):
        raise AlgorithmUnsupportedError(
            f"a PFX with an {x.key_algorithm(private_key)} key is not written", hint="write one PEM: -o FILE.pem"
        )
    if not _is_utf_8(password.octets):
        raise UsageError("the password of a PFX must be UTF-8")
    builder = PrivateFormat.PKCS12.encryption_builder().kdf_rounds(_ITERATIONS)
    if is_legacy:
        builder = builder.hmac_hash(hashes.SHA1())  # noqa: S303 -- what such programs know
        builder = builder.key_cert_algorithm(pkcs12.PBES.PBESv1SHA1And3KeyTripleDESCBC)
    else:
        builder = builder.hmac_hash(hashes.SHA256())
        builder = builder.key_cert_algorithm(pkcs12.PBES.PBESv2SHA256AndAES256CBC)
    encryption = builder.build(password.octets)
    name = alias.encode() if alias else None
    leaf, *chain = certificates
    return pkcs12.serialize_key_and_certificates(name, private_key, leaf, chain or None, encryption)


def _is_utf_8(octets: bytes) -> bool:
    try:
        octets.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
