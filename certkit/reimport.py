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

_AGREEMENT_USAGES: Final = {"encipher_only": "encipherOnly", "decipher_only": "decipherOnly"}
"""The bits that mean something beside keyAgreement alone."""

_CLIENT_AUTH: Final = "1.3.6.1.5.5.7.3.2"


def refusals(new: x509.Certificate, current: CertificateRecord) -> tuple[str, ...]:
    """Returns why ACM would refuse to put `new` under the ARN of `current`; nothing where it would not."""
    if current.kind != "IMPORTED":
        return (f"the certificate there is of type {current.kind}, and only an imported one can be replaced",)
    return tuple(_refusals(new, current.leaf))


def losses(new: x509.Certificate, old: x509.Certificate) -> tuple[str, ...]:
    """Returns what ACM takes away without a word when `new` replaces `old`."""
    lost_names = sorted(_names(old) - _names(new))
    lost = [f"the name {name} is lost" for name in lost_names]
    if _CLIENT_AUTH in _extended_usages(old) - _extended_usages(new):
        lost.append("the extended key usage clientAuth is lost, which breaks its use as a client certificate")
    return tuple(lost)


def _refusals(new: x509.Certificate, old: x509.Certificate) -> Iterator[str]:
    algorithm, before = x.subject_key_algorithm(new), x.subject_key_algorithm(old)
    if algorithm != before:
        yield f"its key is {algorithm}, the one there is {before}: ACM changes neither type nor size under an ARN"
    if x.domains(old) and not x.domains(new):
        yield "it has no domain name left, and ACM lets one lose some names, not all"
    may_go = {"keyEncipherment"} if before.startswith("EC_") else set()  # RFC 5480 section 3 forbids it on EC
    yield from _missing("key usage", _usages(new), _usages(old), may_go)
    yield from _missing("extended key usage", _extended_usages(new), _extended_usages(old), {_CLIENT_AUTH})


def _missing(what: str, new: set[str], old: set[str], may_go: set[str]) -> Iterator[str]:
    """Yields what `new` lacks of `old`; values of `may_go` may be dropped from an extension, not the extension with them."""
    lost = old - new - may_go
    if lost:
        yield f"it lacks the {what} {', '.join(sorted(lost))}, which the one there has"
    elif old and not new:
        yield f"it has no {what} left, and ACM lets one lose some values, not the extension"


def _names(certificate: x509.Certificate) -> set[str]:
    return {name.lower() for name in (*x.dns_names(certificate), *x.domains(certificate))}


def _usages(certificate: x509.Certificate) -> set[str]:
    usage = x.extension(certificate, x509.KeyUsage)
    if usage is None:
        return set()
    bits = _KEY_USAGES | (_AGREEMENT_USAGES if usage.key_agreement else {})
    return {name for bit, name in bits.items() if getattr(usage, bit)}


def _extended_usages(certificate: x509.Certificate) -> set[str]:
    usages = x.extension(certificate, x509.ExtendedKeyUsage)
    return {usage.dotted_string for usage in usages} if usages else set()
