"""The names of a certificate that ACM takes for domains."""

import re
from typing import Final

from cryptography import x509

from certkit import limits
from certkit.certificate.fields import common_names, dns_names

_DOMAIN_NAME: Final = re.compile(
    r"(\*\.)?(((?!-)[A-Za-z0-9-]{0,62}[A-Za-z0-9])\.)+((?!-)[A-Za-z0-9-]{1,62}[A-Za-z0-9])"
)
"""https://docs.aws.amazon.com/acm/latest/APIReference/API_CertificateDetail.html, DomainName."""


def domains(certificate: x509.Certificate) -> tuple[str, ...]:
    """Returns the names that ACM would take for domains, each once: common names, then subject alternative names."""
    names = dict.fromkeys((*common_names(certificate), *dns_names(certificate)))
    return tuple(name for name in names if is_domain_name(name))


def is_domain_name(name: str) -> bool:
    """Tells whether ACM would take `name` for a domain: the pattern of DomainNameString in its service model."""
    return len(name) <= limits.MAX_DOMAIN_CHARACTERS and _DOMAIN_NAME.fullmatch(name) is not None
