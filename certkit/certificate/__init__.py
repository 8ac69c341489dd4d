"""Reading one X.509 certificate: what it says of itself, and whether one issued another (RFC 5280).

cryptography parses lazily: a certificate can load and then fail at its subject, its key or its extensions. Every function
here has an answer for such a one, so that an odd certificate in a bundle never costs the others.
"""

from certkit.certificate.algorithms import (
    key_algorithm,
    public_key,
    signature_algorithm,
    signature_hash,
    spki,
    spki_fingerprint,
    subject_key_algorithm,
)
from certkit.certificate.domain_names import domains, is_domain_name
from certkit.certificate.fields import (
    NameKey,
    common_name,
    common_names,
    dns_names,
    extension,
    fingerprint,
    is_ca,
    is_called,
    is_valid_at,
    issuer,
    load,
    name_key,
    sans,
    serial_number,
    serial_text,
    subject,
    title,
    to_der,
    to_pem,
    unreadable_parts,
)
from certkit.certificate.signatures import is_named_issuer, is_self_signed, issued, refutes, verifies

__all__ = [
    "NameKey",
    "common_name",
    "common_names",
    "dns_names",
    "domains",
    "extension",
    "fingerprint",
    "is_ca",
    "is_called",
    "is_domain_name",
    "is_named_issuer",
    "is_self_signed",
    "is_valid_at",
    "issued",
    "issuer",
    "key_algorithm",
    "load",
    "name_key",
    "public_key",
    "refutes",
    "sans",
    "serial_number",
    "serial_text",
    "signature_algorithm",
    "signature_hash",
    "spki",
    "spki_fingerprint",
    "subject",
    "subject_key_algorithm",
    "title",
    "to_der",
    "to_pem",
    "unreadable_parts",
    "verifies",
]
