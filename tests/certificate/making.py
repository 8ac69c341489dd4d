"""Certificates that the tests of certkit.certificate are about."""

from dataclasses import replace
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509.name import _ASN1Type
from cryptography.x509.oid import NameOID

from tests.issuing import (
    NOT_AFTER,
    NOT_BEFORE,
    Issued,
    Request,
    make_chain,
    make_key,
)


def leaf(**changes: Any) -> Issued:
    """A leaf under an intermediate, with some of it changed."""
    return make_chain(leaf=replace(Request(), **changes))


def name(
    *parts: tuple[x509.ObjectIdentifier, str], kind: _ASN1Type = _ASN1Type.UTF8String, together: bool = False
) -> x509.Name:
    """A distinguished name."""
    attributes = [x509.NameAttribute(oid, value, kind) for oid, value in parts]
    if together:
        return x509.Name([x509.RelativeDistinguishedName(attributes)])
    return x509.Name(attributes)


def raw(key: Any, *, rsa_padding: Any = None, digest: Any = None) -> x509.Certificate:
    """A self-signed certificate of a key of any kind."""
    subject = name((NameOID.COMMON_NAME, "shop.example.com"))
    builder = x509.CertificateBuilder(subject, subject, key.public_key(), 1, NOT_BEFORE, NOT_AFTER)
    return builder.sign(key, digest, rsa_padding=rsa_padding)


def with_names(*common_names: str, sans: tuple[str, ...] = ()) -> x509.Certificate:
    """A self-signed certificate with several common names."""
    key = make_key()
    subject = name(*((NameOID.COMMON_NAME, each) for each in common_names))
    builder = x509.CertificateBuilder(subject, subject, key.public_key(), 1, NOT_BEFORE, NOT_AFTER)
    if sans:
        builder = builder.add_extension(
            x509.SubjectAlternativeName([x509.DNSName(each) for each in sans]), critical=False
        )
    return builder.sign(key, hashes.SHA256())
