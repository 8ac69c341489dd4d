"""What is wrong with a chain that still works."""

from collections.abc import Iterator
from typing import Final

from certkit import certificate as x
from certkit import pages
from certkit.rules.rule import Candidate, Severity, rule
from certkit.trust import Profile

_PATH: Final = "https://www.rfc-editor.org/rfc/rfc5280#section-6.1.3"


@rule(Severity.WARNING, source=pages.CLOUDFRONT, hint="leave it out, as certkit does without --include-root")
def root_in_public_chain(candidate: Candidate) -> Iterator[tuple[str, str]]:
    """The chain of a public certificate should end below the root.

    Clients have the root or do not trust it: sent along it costs a kilobyte in every handshake, and CloudFront's page forbids
    it. A private CA's root may be there: ACM's own page asks for it.
    """
    if candidate.profile is not Profile.PUBLIC:
        return
    for position, certificate in enumerate(candidate.chain):
        if x.is_named_issuer(certificate, certificate) and x.is_self_signed(certificate):
            yield f"chain[{position}]", "it is a root"


@rule(Severity.WARNING, source=_PATH, hint="get the chain again from the CA: it has a newer intermediate, or will soon")
def intermediate_expires_soon(candidate: Candidate) -> Iterator[tuple[str, str]]:
    """No certificate of the chain should expire sooner than the leaf does, be it public or private.

    From that day on clients that know no other way refuse a certificate that is valid itself.
    """
    if candidate.leaf is None:
        return
    last = candidate.leaf.not_valid_after_utc
    for position, certificate in enumerate(candidate.chain):
        if candidate.now <= certificate.not_valid_after_utc < last:
            until = f"{certificate.not_valid_after_utc:%Y-%m-%d}"
            yield (
                f"chain[{position}]",
                f"it expires on {until}, before the certificate, which is valid until {last:%Y-%m-%d}",
            )


RULES = (root_in_public_chain, intermediate_expires_soon)
