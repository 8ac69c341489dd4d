"""What ACM calls the things in a certificate: algorithms, usages, domains, serials."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, PublicKeyAlgorithmOID

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes

RSA_SIZES: Final = (1024, 2048, 3072, 4096)
"""https://docs.aws.amazon.com/acm/latest/userguide/import-certificate-prerequisites.html"""
CURVES: Final = {"secp256r1": "EC_prime256v1", "secp384r1": "EC_secp384r1", "secp521r1": "EC_secp521r1"}
"""The same source; the names are those of the enum KeyAlgorithm in ACM's service model."""

_DOMAIN: Final = re.compile(r"(\*\.)?(((?!-)[A-Za-z0-9-]{0,62}[A-Za-z0-9])\.)+((?!-)[A-Za-z0-9-]{1,62}[A-Za-z0-9])")
"""DomainNameString in ACM's service model: what else stands in a certificate is no domain to ACM."""
_MAX_DOMAIN: Final = 253

_KEY_USAGES: Final = {
    "digital_signature": "DIGITAL_SIGNATURE",
    "content_commitment": "NON_REPUDIATION",
    "key_encipherment": "KEY_ENCIPHERMENT",
    "data_encipherment": "DATA_ENCIPHERMENT",
    "key_agreement": "KEY_AGREEMENT",
    "key_cert_sign": "CERTIFICATE_SIGNING",
    "crl_sign": "CRL_SIGNING",
}
_EXTENDED_KEY_USAGES: Final = {
    ExtendedKeyUsageOID.SERVER_AUTH: "TLS_WEB_SERVER_AUTHENTICATION",
    ExtendedKeyUsageOID.CLIENT_AUTH: "TLS_WEB_CLIENT_AUTHENTICATION",
    ExtendedKeyUsageOID.CODE_SIGNING: "CODE_SIGNING",
    ExtendedKeyUsageOID.EMAIL_PROTECTION: "EMAIL_PROTECTION",
    ExtendedKeyUsageOID.TIME_STAMPING: "TIME_STAMPING",
    ExtendedKeyUsageOID.OCSP_SIGNING: "OCSP_SIGNING",
    x509.ObjectIdentifier("1.3.6.1.5.5.7.3.5"): "IPSEC_END_SYSTEM",
    x509.ObjectIdentifier("1.3.6.1.5.5.7.3.6"): "IPSEC_TUNNEL",
    x509.ObjectIdentifier("1.3.6.1.5.5.7.3.7"): "IPSEC_USER",
    ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE: "ANY",
}


def key_algorithm(certificate: x509.Certificate) -> str | None:
    """The certificate's key in ACM's enum form, None for one that ACM does not take."""
    if certificate.public_key_algorithm_oid == PublicKeyAlgorithmOID.RSASSA_PSS:
        return None
    try:
        return _algorithm_of(certificate.public_key())
    except (UnsupportedAlgorithm, ValueError):
        return None


def key_usages(certificate: x509.Certificate) -> tuple[str, ...]:
    """The key usages by ACM's names; empty without the extension."""
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return ()
    names = [name for flag, name in _KEY_USAGES.items() if getattr(usage, flag)]
    if usage.key_agreement and usage.encipher_only:
        names.append("ENCIPHER_ONLY")
    if usage.key_agreement and usage.decipher_only:
        names.append("DECIPHER_ONLY")
    return tuple(names)


def extended_key_usages(certificate: x509.Certificate) -> tuple[tuple[str, str], ...]:
    """The extended key usages as (ACM's name, OID); empty without the extension."""
    try:
        usages = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return ()
    return tuple((_EXTENDED_KEY_USAGES.get(oid, "CUSTOM"), oid.dotted_string) for oid in usages)


def domains(certificate: x509.Certificate) -> tuple[str, ...]:
    """The names that ACM takes for domains, each once: the common name, then the subject alternative names."""
    names = [*_common_names(certificate), *dns_names(certificate)]
    return tuple(dict.fromkeys(name for name in names if len(name) <= _MAX_DOMAIN and _DOMAIN.fullmatch(name)))


def dns_names(certificate: x509.Certificate) -> tuple[str, ...]:
    """The DNS names among the subject alternative names, whatever their form."""
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return ()
    return tuple(names.get_values_for_type(x509.DNSName))


def common_name(certificate: x509.Certificate) -> str | None:
    """The subject's first common name."""
    return next(_common_names(certificate), None)


def serial(certificate: x509.Certificate) -> str:
    """The serial number as lower-case hex pairs with colons between them, without a sign octet."""
    number = abs(certificate.serial_number)  # RFC 5280 wants it positive, and not all are
    return number.to_bytes(max(1, (number.bit_length() + 7) // 8), "big").hex(":")


def _common_names(certificate: x509.Certificate) -> Iterator[str]:
    for attribute in certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME):
        yield str(attribute.value)


def _algorithm_of(key: CertificatePublicKeyTypes) -> str | None:
    if isinstance(key, rsa.RSAPublicKey):
        return f"RSA_{key.key_size}" if key.key_size in RSA_SIZES else None
    if isinstance(key, ec.EllipticCurvePublicKey):
        return CURVES.get(key.curve.name)
    return None
