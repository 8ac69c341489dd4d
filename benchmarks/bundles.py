"""Bundles for the speed marks: many certificates on few keys, so that they are made in seconds."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from tests.issuing import KEY_USAGES

Key: TypeAlias = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey

_KINDS: Final[dict[str, Callable[[], Key]]] = {
    "rsa": lambda: rsa.generate_private_key(65537, 2048),
    "ec": lambda: ec.generate_private_key(ec.SECP256R1()),
}


@dataclass(frozen=True, slots=True)
class Authority:
    """Whoever issues: a name and a key."""

    name: x509.Name
    key: Key


def write(folder: Path, count: int, kinds: Sequence[str] = ("rsa", "ec")) -> tuple[Path, list[Path]]:
    """Writes `count` bundles, each a leaf, its intermediate and the key, and returns the file of roots and theirs.

    Args:
        kinds: the kinds of key, RSA-2048 and P-256, with as many bundles of each.
    """
    roots, written = b"", []
    for kind in kinds:
        make = _KINDS[kind]
        root, intermediate, key = (
            Authority(_name(f"{kind} root"), make()),
            Authority(_name(f"{kind} CA"), make()),
            make(),
        )
        roots += _authority(root, root)
        tail = _authority(intermediate, root) + key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        for number in range(count // len(kinds)):
            path = folder / f"{kind}-{number:05}.pem"
            path.write_bytes(_leaf(f"{kind}-{number}.example.com", key, intermediate) + tail)
            written.append(path)
    path = folder / "roots.crt"
    path.write_bytes(roots)
    return path, written


def _leaf(host: str, key: Key, issuer: Authority) -> bytes:
    builder = _builder(_name(host), key, issuer, dt.timedelta(days=90))
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
    builder = builder.add_extension(_usage(digital_signature=True), critical=True)
    builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    return _signed(builder, issuer)


def _authority(subject: Authority, issuer: Authority) -> bytes:
    builder = _builder(subject.name, subject.key, issuer, dt.timedelta(days=1_800))
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    return _signed(builder.add_extension(_usage(key_cert_sign=True, crl_sign=True), critical=True), issuer)


def _builder(subject: x509.Name, key: Key, issuer: Authority, validity: dt.timedelta) -> x509.CertificateBuilder:
    start = dt.datetime.now(dt.UTC) - dt.timedelta(hours=1)
    own, above = key.public_key(), issuer.key.public_key()
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.name)
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + validity)
        .public_key(own)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(own), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(above), critical=False)
    )


def _usage(**usages: bool) -> x509.KeyUsage:
    return x509.KeyUsage(**dict.fromkeys(KEY_USAGES, False) | usages)


def _signed(builder: x509.CertificateBuilder, issuer: Authority) -> bytes:
    return builder.sign(issuer.key, hashes.SHA256()).public_bytes(Encoding.PEM)


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
