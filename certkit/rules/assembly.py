"""What makes a bundle at all: broken, it is a finding in `validate` and an error elsewhere, found by `certkit.assembly`."""

from typing import Final

from certkit import pages
from certkit.rules.rule import Criterion, Severity

CRITERIA: Final = (
    Criterion(
        "no-leaf",
        Severity.ERROR,
        pages.PREREQUISITES,
        "name the file with the certificate",
        "An import needs a certificate; a private key alone is none.",
    ),
    Criterion(
        "several-leaves",
        Severity.ERROR,
        pages.PREREQUISITES,
        "choose one with --name-match DNS or --alias NAME",
        "One certificate is imported at a time, and it must be clear which.\n\n"
        "With a key it is the one that the key belongs to, of several the newest that is valid now; without a key it is the\n"
        "one that issued none of the others.",
    ),
    Criterion(
        "chain-broken",
        Severity.ERROR,
        pages.FORMAT,
        "get the chain from the CA again",
        "Each certificate of the chain must be signed with the key of the next.\n\n"
        "A certificate that carries the issuer's name and has not signed is an altered one, or one for another key.",
    ),
)
"""In the order in which a bundle is put together."""
