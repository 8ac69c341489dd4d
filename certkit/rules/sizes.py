"""Rules on the sizes of the three blobs of ImportCertificate, as PEM and in bytes."""

from collections.abc import Iterator

from certkit import limits, pages
from certkit.rules.rule import Candidate, Severity, rule

_SPLIT = "write it anew with certkit split"


@rule(Severity.ERROR, source=pages.IMPORT_CERTIFICATE, hint="leave out names or text that it does not need")
def body_too_large(candidate: Candidate) -> Iterator[tuple[str, str]]:
    """The certificate, as PEM, must have between 1 and 32,768 bytes."""
    size = len(candidate.parts.body)
    if size > limits.MAX_BODY_BYTES:
        yield "leaf", f"it has {size:,} bytes, more than {limits.MAX_BODY_BYTES:,}"


@rule(Severity.ERROR, source=pages.IMPORT_CERTIFICATE, hint=_SPLIT)
def key_too_large(candidate: Candidate) -> Iterator[tuple[str, str]]:
    """The private key, as PEM, must have at most 8,192 bytes: the limit of the service model since October 2026."""
    size = len(candidate.parts.key)
    if size > limits.MAX_KEY_BYTES:
        yield "key", f"it has {size:,} bytes, more than {limits.MAX_KEY_BYTES:,}"


@rule(Severity.WARNING, source=pages.PREREQUISITES, hint=_SPLIT)
def key_over_documented_size(candidate: Candidate) -> Iterator[tuple[str, str]]:
    """The private key, as PEM, should have at most 5,120 bytes.

    AWS contradicts itself: the user guide says 5,120, the service model 8,192. No key that ACM imports is that long.
    """
    size = len(candidate.parts.key)
    if limits.DOCUMENTED_KEY_BYTES < size <= limits.MAX_KEY_BYTES:
        yield "key", f"it has {size:,} bytes, more than the user guide's {limits.DOCUMENTED_KEY_BYTES:,}"


@rule(
    Severity.ERROR, source=pages.IMPORT_CERTIFICATE, hint="leave out certificates that are not on the path to the root"
)
def chain_too_large(candidate: Candidate) -> Iterator[tuple[str, str]]:
    """The chain, as PEM, must have at most 2,097,152 bytes."""
    size = len(candidate.parts.chain)
    if size > limits.MAX_CHAIN_BYTES:
        yield "chain", f"it has {size:,} bytes, more than {limits.MAX_CHAIN_BYTES:,}"


RULES = (body_too_large, key_too_large, chain_too_large, key_over_documented_size)
