"""What a public certificate may name."""

from collections.abc import Iterator
from typing import Final

from cryptography import x509

from certkit import certificate as x
from certkit import pages
from certkit.rules.clients.public import PROFILE, for_public
from certkit.rules.rule import Severity, rule

_INTERNAL: Final = pages.BASELINE + "#422-approval-or-rejection-of-certificate-applications"

_INTERNAL_DOMAINS: Final = frozenset(
    ("alt", "example", "internal", "invalid", "local", "localhost", "test", "corp", "home", "mail", "lan", "intranet")
)
"""Top-level names that nobody can be given: RFC 6761, RFC 6762, RFC 9476, ICANN's `internal`, `corp`, `home` and `mail`,
and two that are only used at home."""


@rule(Severity.WARNING, source=PROFILE, hint="ask the CA for a certificate with names that clients can match")
@for_public
def dns_name_malformed(leaf: x509.Certificate) -> Iterator[str]:
    """The DNS names of a public certificate must be made of letters, digits and hyphens; `*` only as the whole first label.

    An underscore is forbidden since 2019. Clients match none of them, or not all of them do.
    """
    for name in x.dns_names(leaf):
        labels = name.removeprefix("*.").split(".")
        if not all(_is_label(label) for label in labels):
            yield f"{name} is no name that a public certificate may have"


@rule(Severity.WARNING, source=_INTERNAL, hint="get it from a private CA, or for a name that is registered")
@for_public
def internal_name(leaf: x509.Certificate) -> Iterator[str]:
    """A public certificate must name nothing that only an internal network knows: no single label, no reserved address.

    Names under `local`, `internal`, `test` and their like count too. Public CAs must revoke such a certificate.
    """
    names = x.extension(leaf, x509.SubjectAlternativeName)
    for name in names.get_values_for_type(x509.DNSName) if names else ():
        if "." not in name or name.lower().removesuffix(".").rpartition(".")[2] in _INTERNAL_DOMAINS:
            yield f"{name} is an internal name"
    for address in names.get_values_for_type(x509.IPAddress) if names else ():
        if not address.is_global:
            yield f"{address} is a reserved address"


@rule(
    Severity.WARNING, source=PROFILE, hint="ask the CA for a certificate in which the common name is one of the others"
)
@for_public
def common_name_not_in_san(leaf: x509.Certificate) -> Iterator[str]:
    """The common name of a public certificate, if it has one, must be one of its subject alternative names, letter by letter.

    Clients do not look at the common name, so a name that stands there alone is not covered.
    """
    names = {san.partition(":")[2] for san in x.sans(leaf)}
    for name in x.common_names(leaf) if names else ():
        if name not in names:
            yield f"its common name {name} is none of its subject alternative names"


@rule(Severity.WARNING, source=PROFILE, hint="ask the CA for a certificate that marks the extension as it must be")
@for_public
def san_criticality(leaf: x509.Certificate) -> Iterator[str]:
    """The subject alternative names of a public certificate must be critical where its subject is empty, and nowhere else."""
    subject = x.subject(leaf)
    if subject is None:
        return
    is_empty = not list(subject)
    for extension in leaf.extensions:
        if extension.oid == x509.SubjectAlternativeName.oid and extension.critical != is_empty:
            yield f"its subject is {_not(is_empty)}empty, and its alternative names are {_not(extension.critical)}critical"


def _not(is_so: bool) -> str:
    return "" if is_so else "not "


def _is_label(label: str) -> bool:
    is_bounded = 0 < len(label) <= 63 and label[0] != "-" and label[-1] != "-"  # noqa: PLR2004 -- RFC 1035, 2.3.4
    return is_bounded and label.isascii() and label.replace("-", "").isalnum()


RULES = (dns_name_malformed, internal_name, common_name_not_in_san, san_criticality)
