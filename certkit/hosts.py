"""The names that clients call a server by, and whether a certificate is for them (RFC 9525)."""

import ipaddress
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, TypeAlias

from cryptography import x509

from certkit import certificate as x
from certkit import limits
from certkit.errors import UsageError

_Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address

_LABEL: Final = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
"""A label as DNS servers have it: letters, digits and hyphens (RFC 1123, 2.1), and the underscore that some use."""

_DOTS: Final = str.maketrans(dict.fromkeys("\u3002\uff0e\uff61", "."))
"""The dots of other scripts (UTS 46, section 2.3)."""

_DEVIATIONS: Final = frozenset("\u00df\u03c2\u200c\u200d")
"""What IDNA 2003 mapped to something else or to nothing, and IDNA 2008 keeps (UTS 46, section 7)."""


@dataclass(frozen=True, slots=True)
class Host:
    """A name or an address that clients connect to.

    Attributes:
        text: as it was given.
        labels: of a DNS name, as A-labels in lower case; empty for an address.
        address: None for a DNS name.
    """

    text: str
    labels: tuple[str, ...] = ()
    address: _Address | None = None


def parse(text: str) -> Host:
    """Reads a DNS name or an IP address; names beyond ASCII become A-labels, as browsers have them (UTS 46).

    A `*` as the first label asks for that very wildcard.

    Raises:
        UsageError: it is neither.
    """
    address = _address(text.removeprefix("[").removesuffix("]"))
    if address is not None:
        return Host(text, address=address)
    labels = _a_labels(text)
    body = labels[1:] if labels[0] == "*" else labels
    if (
        not body
        or not all(map(_LABEL.fullmatch, body))
        or body[-1].isdigit()
        or len(".".join(labels)) > limits.MAX_DOMAIN_CHARACTERS
    ):
        raise UsageError(
            f"{text!r} is neither a DNS name nor an IP address", hint="without scheme, port and path: shop.example.com"
        )
    return Host(text, labels)


def covers(certificate: x509.Certificate, host: Host) -> bool:
    """Tells whether a client that connects to `host` takes the certificate for its own (RFC 9525, 6.3 and 6.4).

    A DNS name is looked for among the DNS names, an address among the IP addresses; the common name never counts.
    """
    names = x.extension(certificate, x509.SubjectAlternativeName)
    if names is None:
        return False
    if host.address is not None:
        return host.address in names.get_values_for_type(x509.IPAddress)
    return is_any(host, names.get_values_for_type(x509.DNSName))


def is_any(host: Host, names: Iterable[str]) -> bool:
    """Tells whether any of these DNS names of a certificate is for `host`."""
    return any(is_covered(host, name) for name in names)


def is_covered(host: Host, name: str) -> bool:
    """Tells whether the DNS name `name` of a certificate is for `host`.

    Case does not count; `*` stands for one whole label, the first, and not for a part of it (RFC 9525, 6.3).
    """
    presented = tuple(name.lower().split("."))
    if not host.labels or len(presented) != len(host.labels):
        return False
    is_wildcard = presented[0] == "*" and len(presented) > 1
    return presented == host.labels or (is_wildcard and presented[1:] == host.labels[1:])


def _address(text: str) -> _Address | None:
    """Returns the address that `text` is; one with a zone is none that a certificate can name (RFC 6874, 1)."""
    try:
        return ipaddress.ip_address(text) if "%" not in text else None
    except ValueError:
        return None


def _a_labels(text: str) -> tuple[str, ...]:
    labels = text.translate(_DOTS).removesuffix(".").split(".")
    return tuple(label.lower() if label.isascii() else _a_label(label) for label in labels)


def _a_label(label: str) -> str:
    """Encodes a label beyond ASCII; whether a registry would take it is not checked.

    No dependency knows IDNA 2008, and the standard library's IDNA 2003 makes another name of `straße`.
    """
    mapped = "".join(one if one in _DEVIATIONS else one.casefold() for one in unicodedata.normalize("NFKC", label))
    mapped = unicodedata.normalize("NFC", mapped)
    return mapped if mapped.isascii() else f"xn--{mapped.encode('punycode').decode('ascii')}"
