"""May this certificate replace that one under its ARN? ACM's rules, before ACM is asked.

https://docs.aws.amazon.com/acm/latest/userguide/import-reimport.html and, for the exceptions,
https://docs.aws.amazon.com/acm/latest/userguide/import-certificate-prerequisites.html.
"""

from collections.abc import Iterator
from typing import Final

from cryptography import x509

from certkit import certificate as x
from certkit.record import CertificateRecord

_KEY_USAGES: Final = {
    "digital_signature": "digitalSignature",
    "content_commitment": "nonRepudiation",
    "key_encipherment": "keyEncipherment",
    "data_encipherment": "dataEncipherment",
    "key_agreement": "keyAgreement",
    "key_cert_sign": "keyCertSign",
    "crl_sign": "cRLSign",
}
"""cryptography's names of the bits to RFC 5280's (section 4.2.1.3)."""

_CLIENT_AUTH: Final = "1.3.6.1.5.5.7.3.2"


def refusals(new: x509.Certificate, current: CertificateRecord) -> tuple[str, ...]:
    """Returns why ACM would refuse to put `new` under the ARN of `current`; nothing where it would not."""
    if current.kind != "IMPORTED":
        return (f"the certificate there is of type {current.kind}, and only an imported one can be replaced",)
    return tuple(_refusals(new, current.leaf))


def losses(new: x509.Certificate, old: x509.Certificate) -> tuple[str, ...]:
    """Returns what ACM takes away without a word when `new` replaces `old`."""
    lost_names = sorted(set(x.dns_names(old)) - set(x.dns_names(new)))
    lost = [f"the name {name} is lost" for name in lost_names]
    if _CLIENT_AUTH in _extended_usages(old) - _extended_usages(new):
        lost.append("the extended key usage clientAuth is lost, which breaks its use as a client certificate")
    return tuple(lost)


def _refusals(new: x509.Certificate, old: x509.Certificate) -> Iterator[str]:
    algorithm, before = x.key_algorithm(x.public_key(new)), x.key_algorithm(x.public_key(old))
    if algorithm != before:
        yield f"its key is {algorithm}, the one there is {before}: ACM changes neither type nor size under an ARN"
    if _domains(old) and not _domains(new):
        yield "it has no domain name left, and ACM lets one lose some names, not all"
    lost = _usages(old) - _usages(new)
    if algorithm.startswith("EC_"):
        lost -= {"keyEncipherment"}  # RFC 5480 section 3 forbids it on EC, so ACM lets it go
    if lost:
        yield f"it lacks the key usage {', '.join(sorted(lost))}, which the one there has"
    lost = _extended_usages(old) - _extended_usages(new) - {_CLIENT_AUTH}
    if lost:
        yield f"it lacks the extended key usage {', '.join(sorted(lost))}, which the one there has"


def _domains(certificate: x509.Certificate) -> set[str]:
    names = {*x.dns_names(certificate), x.common_name(certificate) or ""}
    return {name for name in names if x.is_domain_name(name)}


def _usages(certificate: x509.Certificate) -> set[str]:
    usage = x.extension(certificate, x509.KeyUsage)
    return {name for bit, name in _KEY_USAGES.items() if getattr(usage, bit)} if usage else set()


def _extended_usages(certificate: x509.Certificate) -> set[str]:
    usages = x.extension(certificate, x509.ExtendedKeyUsage)
    return {usage.dotted_string for usage in usages} if usages else set()
