"""The rule on the names that the user asks for with `--host`."""

from collections.abc import Iterator
from typing import Final

from cryptography import x509

from certkit import certificate as x
from certkit import hosts
from certkit.hosts import Host
from certkit.rules.rule import Candidate, Severity, rule

_MATCHING: Final = "https://www.rfc-editor.org/rfc/rfc9525#section-6.3"

_SHOWN: Final = 5
"""Names that a message lists: a certificate may have thousands."""


@rule(Severity.ERROR, source=_MATCHING, hint="ask the CA for a certificate that lists it as a subject alternative name")
def host_not_covered(candidate: Candidate) -> Iterator[tuple[str, str]]:
    """The certificate must cover every name that `--host` gives.

    ACM would import it all the same: this rule alone is an error because the user asked. A `*` stands for one whole label,
    the first; an address is covered by the same address alone; the common name does not count, whatever it says (RFC 9525).
    """
    if candidate.leaf is None:
        return
    for host in candidate.hosts:
        if not hosts.covers(candidate.leaf, host):
            yield "leaf", f"it does not cover {host.text}: {_instead(candidate.leaf, host)}"


def _instead(certificate: x509.Certificate, host: Host) -> str:
    """Says what it is for."""
    if any(hosts.is_covered(host, name) or name == host.text for name in x.common_names(certificate)):
        return "only its common name does, and clients do not look at that"
    names = x.sans(certificate)
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return f"it is for {', '.join(names[:_SHOWN])}{more}" if names else "it has no subject alternative name"


RULES = (host_not_covered,)
