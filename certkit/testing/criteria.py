"""What ACM demands of a certificate and its private key; pure functions of bytes and the time.

https://docs.aws.amazon.com/acm/latest/userguide/import-certificate-prerequisites.html
Written from AWS's documentation and users' reports, not from certkit's own rules: the two are held against each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cryptography import x509
from cryptography.x509.oid import AuthorityInformationAccessOID

from certkit.testing.chain import check_chain
from certkit.testing.pem import PemError, read_blocks
from certkit.testing.private_key import check_private_key
from certkit.testing.refusal import invalid

if TYPE_CHECKING:
    from datetime import datetime


MAX_OCSP_URL: Final = 1000
"""Characters; documentation of ImportCertificate in ACM's service model."""

SEVERAL_CERTIFICATES: Final = (
    "The certificate field contains more than one certificate. You can specify only one certificate in this field."
)
"""https://github.com/hashicorp/terraform-provider-aws/issues/19400; also for bytes that are no PEM at all:
https://github.com/aws/aws-cli/issues/6569"""
NO_PEM: Final = "Unable to parse certificate. Please ensure the certificate is in PEM format."
"""https://repost.aws/knowledge-center/acm-import-troubleshooting"""


@dataclass(frozen=True, slots=True)
class Material:
    """What an import leaves in ACM; the private key is checked and forgotten.

    Attributes:
        leaf: The certificate.
        chain: Its issuers as sent, the leaf's own first.
    """

    leaf: x509.Certificate
    chain: tuple[x509.Certificate, ...]


def judge(certificate: bytes, private_key: bytes, chain: bytes | None, now: datetime) -> Material:
    """Reads the three documents of an import as ACM does.

    Raises:
        AwsRefusal: ACM would not take them.
    """
    leaf = parse_certificate(certificate)
    check_private_key(private_key, leaf)
    check_validity(leaf, now)
    issuers = () if chain is None else parse_chain(chain)
    check_chain(leaf, issuers, now)
    return Material(leaf, issuers)


def parse_certificate(pem: bytes) -> x509.Certificate:
    """Reads the one certificate and checks all of it but its key and the time.

    Raises:
        AwsRefusal: It is not one X.509 version 3 certificate in PEM with an issuer.
    """
    certificates = _parse_certificates(pem)
    if len(certificates) != 1:
        raise invalid(SEVERAL_CERTIFICATES)
    (certificate,) = certificates
    if certificate.version is not x509.Version.v3:
        raise invalid("The certificate is not valid.")  # text unsourced for this cause
    _check_readable(certificate)
    if not list(certificate.issuer):
        raise invalid("The certificate issuer must not be empty.")  # text unsourced
    if any(len(url) > MAX_OCSP_URL for url in _ocsp_urls(certificate)):
        raise invalid(f"The OCSP authority URL must not exceed {MAX_OCSP_URL} characters.")  # text unsourced
    return certificate


def parse_chain(pem: bytes) -> tuple[x509.Certificate, ...]:
    """Reads the chain; its order is not looked at.

    Raises:
        AwsRefusal: It is not PEM, or holds no certificate, or something else.
    """
    certificates = _parse_certificates(pem)
    if not certificates:
        # https://repost.aws/knowledge-center/acm-import-troubleshooting
        raise invalid("The certificate chain provided is not in a valid PEM format.")
    return certificates


def check_validity(leaf: x509.Certificate, now: datetime) -> None:
    """Checks that the certificate is valid at this time.

    Raises:
        AwsRefusal: It is not yet or no longer valid. The texts are those of moto, which imitates AWS's of 2017.
    """
    if now > leaf.not_valid_after_utc:
        raise invalid("The certificate has expired, is not valid.")
    if now < leaf.not_valid_before_utc:
        raise invalid("The certificate is not in effect yet, is not valid.")


def _parse_certificates(pem: bytes) -> tuple[x509.Certificate, ...]:
    try:
        blocks = read_blocks(pem)
        if any(block.label != "CERTIFICATE" or block.headers for block in blocks):
            raise invalid(NO_PEM)
        return tuple(x509.load_der_x509_certificate(block.der) for block in blocks)
    except (PemError, ValueError, x509.InvalidVersion) as error:
        raise invalid(NO_PEM) from error


def _check_readable(certificate: x509.Certificate) -> None:
    # These are parsed on first use only, where what is malformed in them would be no refusal any more.
    try:
        _ = certificate.subject, certificate.issuer, certificate.extensions
    except (ValueError, x509.DuplicateExtension, x509.UnsupportedGeneralNameType) as error:
        raise invalid(NO_PEM) from error


def _ocsp_urls(certificate: x509.Certificate) -> list[str]:
    try:
        access = certificate.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    except x509.ExtensionNotFound:
        return []
    return [
        entry.access_location.value
        for entry in access
        if entry.access_method == AuthorityInformationAccessOID.OCSP
        and isinstance(entry.access_location, x509.UniformResourceIdentifier)
    ]
