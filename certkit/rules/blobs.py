"""Rules on the bytes that would be sent: what certkit writes itself never breaks them, other files do."""

from collections.abc import Iterator
from typing import Final

from certkit import limits
from certkit.errors import CertkitError
from certkit.formats import pem
from certkit.rules import lines
from certkit.rules.rule import Candidate, Severity, rule

_OPERATION = "https://docs.aws.amazon.com/acm/latest/APIReference/API_ImportCertificate.html"
_FORMAT = "https://docs.aws.amazon.com/acm/latest/userguide/import-certificate-format.html"
_PREREQUISITES = "https://docs.aws.amazon.com/acm/latest/userguide/import-certificate-prerequisites.html"
_SPLIT = "write it anew with certkit split"

_KEY_LABELS: Final = ("PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY")
"""The envelopes that ACM documents or was seen to take."""


@rule(Severity.ERROR, source=_OPERATION, hint="leave out certificates that it does not need")
def body_too_large(candidate: Candidate) -> Iterator[tuple[str, str]]:
    """The certificate, as PEM, must have between 1 and 32,768 bytes."""
    size = len(candidate.parts.body)
    if size > limits.MAX_BODY_BYTES:
        yield "leaf", f"it has {size:,} bytes, more than {limits.MAX_BODY_BYTES:,}"


@rule(Severity.ERROR, source=_OPERATION, hint=_SPLIT)
def key_too_large(candidate: Candidate) -> Iterator[tuple[str, str]]:
    """The private key, as PEM, must have at most 8,192 bytes: the limit of the service model since October 2026."""
    size = len(candidate.parts.key)
    if size > limits.MAX_KEY_BYTES:
        yield "key", f"it has {size:,} bytes, more than {limits.MAX_KEY_BYTES:,}"


@rule(Severity.WARNING, source=_PREREQUISITES, hint=_SPLIT)
def key_over_documented_size(candidate: Candidate) -> Iterator[tuple[str, str]]:
    """The private key, as PEM, should have at most 5,120 bytes.

    AWS contradicts itself: the user guide says 5,120, the service model 8,192. No key that ACM imports is that long.
    """
    size = len(candidate.parts.key)
    if limits.DOCUMENTED_KEY_BYTES < size <= limits.MAX_KEY_BYTES:
        yield "key", f"it has {size:,} bytes, more than the user guide's {limits.DOCUMENTED_KEY_BYTES:,}"


@rule(Severity.ERROR, source=_OPERATION, hint="leave out certificates that are not on the path to the root")
def chain_too_large(candidate: Candidate) -> Iterator[tuple[str, str]]:
    """The chain, as PEM, must have at most 2,097,152 bytes."""
    size = len(candidate.parts.chain)
    if size > limits.MAX_CHAIN_BYTES:
        yield "chain", f"it has {size:,} bytes, more than {limits.MAX_CHAIN_BYTES:,}"


@rule(Severity.ERROR, source=_FORMAT, hint=_SPLIT)
def body_not_one_certificate(candidate: Candidate) -> Iterator[tuple[str, str]]:
    """The certificate blob must hold one certificate in PEM, and nothing else that is PEM.

    ACM's message for anything else, garbage included: "The certificate field contains more than one certificate".
    """
    labels = _labels(candidate.parts.body)
    if labels != ["CERTIFICATE"]:
        yield "leaf", _found(labels, "one certificate")
    elif candidate.leaf is None:
        yield "leaf", "what it holds cannot be parsed as a certificate"


@rule(Severity.ERROR, source=_FORMAT, hint=_SPLIT)
def chain_not_certificates(candidate: Candidate) -> Iterator[tuple[str, str]]:
    """The chain blob must hold certificates in PEM, and nothing else that is PEM."""
    labels = _labels(candidate.parts.chain)
    if candidate.parts.chain and set(labels) != {"CERTIFICATE"}:
        yield "chain", _found(labels, "certificates")
    elif len(labels) != len(candidate.chain):
        yield "chain", f"of its {len(labels)} certificates {len(candidate.chain)} can be parsed"


@rule(Severity.ERROR, source=_FORMAT, hint="decrypt it: certkit split writes it unencrypted")
def key_encrypted(candidate: Candidate) -> Iterator[tuple[str, str]]:
    """The private key must not be encrypted. ACM's message: "Your private key should not be encrypted"."""
    if _is_encrypted(candidate.parts.key):
        yield "key", "it is encrypted"


@rule(Severity.ERROR, source=_FORMAT, hint=_SPLIT)
def key_not_one_key(candidate: Candidate) -> Iterator[tuple[str, str]]:
    """The private key blob must hold one private key in PEM; EC PARAMETERS before it are passed over."""
    labels = _labels(candidate.parts.key)
    if not candidate.parts.key or _is_encrypted(candidate.parts.key):
        return
    if labels[:1] == ["EC PARAMETERS"]:
        del labels[0]
    if len(labels) != 1 or labels[0] not in _KEY_LABELS:
        yield "key", _found(labels, "one private key")
    elif candidate.private_key is None:
        yield "key", "what it holds cannot be read as a private key"


@rule(Severity.ERROR, source=_FORMAT, hint=_SPLIT)
def trailing_blanks(candidate: Candidate) -> Iterator[tuple[str, str]]:
    """No line of PEM may end in a blank. ACM's documentation: adding one makes the certificate invalid."""
    for part, blob in _blobs(candidate):
        if lines.has_trailing_blanks(blob):
            yield part, "a line ends in a blank"


@rule(Severity.ERROR, source=_FORMAT, hint=_SPLIT)
def pem_edited(candidate: Candidate) -> Iterator[tuple[str, str]]:
    """PEM must be as it was written: boundaries on lines of their own, nothing but base64 between them, nothing behind.

    ACM's documentation: "You must not add lines or spaces". Other programs overlook an empty line, a byte order mark, a
    block on one line; ACM answers "Unable to parse certificate". Text before a block, as openssl writes it, is taken.
    """
    for part, blob in _blobs(candidate):
        flaw = lines.flaw(blob) if _labels(blob) else None
        if flaw:
            yield part, flaw


def _blobs(candidate: Candidate) -> Iterator[tuple[str, bytes]]:
    yield "leaf", candidate.parts.body
    yield "key", candidate.parts.key
    yield "chain", candidate.parts.chain


def _is_encrypted(key: bytes) -> bool:
    return pem.ENCRYPTED_KEY_LABEL in _labels(key) or b"Proc-Type: 4,ENCRYPTED" in key


def _labels(blob: bytes) -> list[str]:
    try:
        return [block.label for block in pem.blocks(blob)]
    except CertkitError:
        return []


def _found(labels: list[str], wanted: str) -> str:
    if not labels:
        return f"it must hold {wanted} in PEM, and holds none"
    return f"it must hold {wanted} in PEM, and holds {len(labels)}: {', '.join(sorted(set(labels)))}"


RULES = (
    body_too_large,
    key_too_large,
    key_over_documented_size,
    chain_too_large,
    body_not_one_certificate,
    chain_not_certificates,
    key_encrypted,
    key_not_one_key,
    trailing_blanks,
    pem_edited,
)
