"""The forms in which ACM's answers carry a certificate; the names are those of its service model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID, SignatureAlgorithmOID

from certkit.testing import names
from certkit.testing.behaviour import ChainEcho, KeyAlgorithmStyle, MissingChain
from certkit.testing.record import CertificateType

if TYPE_CHECKING:
    from datetime import datetime

    from cryptography import x509

    from certkit.testing.behaviour import Behaviour
    from certkit.testing.record import Record

MAX_SUMMARY_NAMES: Final = 100
"""Documentation of CertificateSummary in ACM's service model."""

KEY_PAIR_ORIGINS: Final = {
    CertificateType.IMPORTED: "CUSTOMER_PROVIDED",
    CertificateType.AMAZON_ISSUED: "AWS_MANAGED",
}

_SIGNATURES: Final = {
    SignatureAlgorithmOID.RSA_WITH_SHA1: "SHA1WITHRSA",
    SignatureAlgorithmOID.RSA_WITH_SHA256: "SHA256WITHRSA",
    SignatureAlgorithmOID.RSA_WITH_SHA384: "SHA384WITHRSA",
    SignatureAlgorithmOID.RSA_WITH_SHA512: "SHA512WITHRSA",
    SignatureAlgorithmOID.ECDSA_WITH_SHA1: "SHA1WITHECDSA",
    SignatureAlgorithmOID.ECDSA_WITH_SHA256: "SHA256WITHECDSA",
    SignatureAlgorithmOID.ECDSA_WITH_SHA384: "SHA384WITHECDSA",
    SignatureAlgorithmOID.ECDSA_WITH_SHA512: "SHA512WITHECDSA",
}


def summary(record: Record, behaviour: Behaviour, now: datetime) -> dict[str, Any]:
    """The certificate as ListCertificates shows it."""
    domains = record.domains
    answer = _common(record, behaviour, now) | {
        "KeyUsages": list(names.key_usages(record.material.leaf)),
        "ExtendedKeyUsages": [name for name, _ in names.extended_key_usages(record.material.leaf)],
        "InUse": bool(record.in_use_by),
        "HasAdditionalSubjectAlternativeNames": len(domains) > MAX_SUMMARY_NAMES,
    }
    if domains:
        answer["SubjectAlternativeNameSummaries"] = list(domains[:MAX_SUMMARY_NAMES])
    return answer


def detail(record: Record, behaviour: Behaviour, now: datetime) -> dict[str, Any]:
    """The certificate as DescribeCertificate shows it."""
    leaf = record.material.leaf
    answer = _common(record, behaviour, now) | {
        "Subject": leaf.subject.rfc4514_string(),
        "Issuer": _issuer(leaf),
        "Serial": names.serial(leaf),
        "SignatureAlgorithm": _SIGNATURES.get(leaf.signature_algorithm_oid, leaf.signature_algorithm_oid.dotted_string),
        "KeyUsages": [{"Name": name} for name in names.key_usages(leaf)],
        "ExtendedKeyUsages": [{"Name": name, "OID": oid} for name, oid in names.extended_key_usages(leaf)],
        "InUseBy": list(record.in_use_by),
    }
    if record.domains:
        answer["SubjectAlternativeNames"] = list(record.domains)
    return answer


def content(record: Record, behaviour: Behaviour) -> dict[str, str]:
    """The certificate and its chain as GetCertificate shows them: PEM, not the bytes that were sent."""
    answer = {"Certificate": _pem(record.material.leaf)}
    chain = record.material.chain
    if chain:
        answer["CertificateChain"] = _echo(chain, behaviour.chain_echo)
    elif behaviour.missing_chain is MissingChain.EMPTY:
        answer["CertificateChain"] = ""
    elif behaviour.missing_chain is MissingChain.LEAF:
        answer["CertificateChain"] = _pem(record.material.leaf)
    return answer


def key_algorithm(record: Record, behaviour: Behaviour) -> str:
    """The key's algorithm as the service spells it."""
    if behaviour.key_algorithm_style is KeyAlgorithmStyle.HYPHEN:
        return record.key_algorithm.replace("RSA_", "RSA-")
    return record.key_algorithm


def _common(record: Record, behaviour: Behaviour, now: datetime) -> dict[str, Any]:
    leaf = record.material.leaf
    answer: dict[str, Any] = {
        "CertificateArn": record.arn,
        "Status": record.status(now),
        "Type": record.type.value,
        "KeyAlgorithm": key_algorithm(record, behaviour),
        "CertificateKeyPairOrigin": KEY_PAIR_ORIGINS[record.type],
        "RenewalEligibility": "INELIGIBLE",
        "NotBefore": leaf.not_valid_before_utc,
        "NotAfter": leaf.not_valid_after_utc,
        "CreatedAt": record.created_at,
    }
    answer["ImportedAt" if record.type is CertificateType.IMPORTED else "IssuedAt"] = record.imported_at
    if record.domains:
        answer["DomainName"] = record.domains[0]
    return answer


def _issuer(leaf: x509.Certificate) -> str:
    # "Amazon" is what the service says of O=Amazon, CN=Amazon RSA 2048 M02: the organisation, not the common name.
    for oid in (NameOID.ORGANIZATION_NAME, NameOID.COMMON_NAME):
        attributes = leaf.issuer.get_attributes_for_oid(oid)
        if attributes:
            return str(attributes[0].value)
    return leaf.issuer.rfc4514_string()


def _echo(chain: tuple[x509.Certificate, ...], echo: ChainEcho) -> str:
    if echo is ChainEcho.WITHOUT_ROOT and chain[-1].subject == chain[-1].issuer:
        chain = chain[:-1]
    if echo is ChainEcho.FIRST:
        chain = chain[:1]
    pem = "".join(_pem(issuer) for issuer in chain)
    return pem.replace("\n", "\r\n") if echo is ChainEcho.CRLF else pem


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(Encoding.PEM).decode()
