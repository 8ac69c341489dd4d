"""Rules on the form of the bytes that would be sent: what certkit writes itself never breaks them, other files do."""

from collections.abc import Iterator
from typing import Final

from certkit import certificate as x
from certkit import limits, pages
from certkit.errors import CertkitError
from certkit.formats import der, pem
from certkit.rules import lines
from certkit.rules.rule import Candidate, Severity, rule

_SPLIT = "write it anew with certkit split"

_KEY_LABELS: Final = ("PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY")
"""The envelopes that ACM documents or was seen to take."""


@rule(Severity.ERROR, source=pages.FORMAT, hint=_SPLIT, only_as_is=True)
def body_not_one_certificate(candidate: Candidate) -> Iterator[tuple[str, str]]:
    """The certificate blob must hold one certificate in PEM, and nothing else that is PEM.

    ACM's message for anything else, garbage included: "The certificate field contains more than one certificate".
    """
    labels = _labels(candidate.parts.body)
    if labels != ["CERTIFICATE"]:
        yield "leaf", _found(candidate.parts.body, labels, "one certificate")
    elif candidate.leaf is None:
        yield "leaf", "what it holds cannot be parsed as a certificate"


@rule(Severity.ERROR, source=pages.IMPORT_CERTIFICATE, hint="send none: leave --chain out", only_as_is=True)
def chain_empty(candidate: Candidate) -> Iterator[tuple[str, str]]:
    """The chain, where one is sent, must have at least one byte. botocore lets an empty one pass, ACM does not."""
    if candidate.sends_chain and not candidate.parts.chain:
        yield "chain", "it is empty"


@rule(Severity.ERROR, source=pages.FORMAT, hint=_SPLIT, only_as_is=True)
def chain_not_certificates(candidate: Candidate) -> Iterator[tuple[str, str]]:
    """The chain blob must hold certificates in PEM, and nothing else that is PEM."""
    labels = _labels(candidate.parts.chain)
    if candidate.parts.chain and set(labels) != {"CERTIFICATE"}:
        yield "chain", _found(candidate.parts.chain, labels, "certificates")
    elif len(labels) != len(candidate.chain):
        yield "chain", f"of its {len(labels)} certificates {len(candidate.chain)} can be parsed"


@rule(Severity.ERROR, source=pages.FORMAT, hint="decrypt it: certkit split writes it unencrypted", only_as_is=True)
def key_encrypted(candidate: Candidate) -> Iterator[tuple[str, str]]:
    """The private key must not be encrypted. ACM's message: "Your private key should not be encrypted"."""
    if _is_encrypted(candidate.parts.key):
        yield "key", "it is encrypted"


@rule(Severity.ERROR, source=pages.FORMAT, hint=_SPLIT, only_as_is=True)
def key_not_one_key(candidate: Candidate) -> Iterator[tuple[str, str]]:
    """The private key blob must hold one private key in PEM; EC PARAMETERS before it are passed over."""
    labels = _labels(candidate.parts.key)
    if not candidate.parts.key or _is_encrypted(candidate.parts.key):
        return
    if labels[:1] == ["EC PARAMETERS"]:
        del labels[0]
    if len(labels) != 1 or labels[0] not in _KEY_LABELS:
        yield "key", _found(candidate.parts.key, labels, "one private key")
    elif candidate.private_key is None and not _has_key_of_another_kind(candidate):
        yield "key", "what it holds cannot be read as a private key"


@rule(Severity.ERROR, source=pages.FORMAT, hint=_SPLIT, only_as_is=True)
def trailing_blanks(candidate: Candidate) -> Iterator[tuple[str, str]]:
    """No line of PEM may end in a blank. ACM's documentation: adding one makes the certificate invalid."""
    for part, blob in _blobs(candidate):
        if lines.has_trailing_blanks(blob):
            yield part, "a line ends in a blank"


@rule(Severity.ERROR, source=pages.FORMAT, hint=_SPLIT, only_as_is=True)
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


def _has_key_of_another_kind(candidate: Candidate) -> bool:
    """Tells whether the certificate's key is of no kind that ACM imports, which is why the private key cannot be read."""
    return candidate.leaf is not None and x.subject_key_algorithm(candidate.leaf) not in limits.KEY_ALGORITHMS


def _is_encrypted(key: bytes) -> bool:
    return pem.ENCRYPTED_KEY_LABEL in _labels(key) or b"Proc-Type: 4,ENCRYPTED" in key


def _labels(blob: bytes) -> list[str]:
    try:
        return [block.label for block in pem.blocks(blob)]
    except CertkitError:
        return []


def _found(blob: bytes, labels: list[str], wanted: str) -> str:
    if labels:
        return f"it must hold {wanted} in PEM, and holds {len(labels)}: {', '.join(sorted(set(labels)))}"
    return f"it must hold {wanted} in PEM, and {_instead(blob)}"


def _instead(blob: bytes) -> str:
    if not blob:
        return "is empty"
    return "is DER" if blob[0] == der.SEQUENCE else "holds none"


RULES = (
    pem_edited,
    trailing_blanks,
    body_not_one_certificate,
    key_encrypted,
    key_not_one_key,
    chain_empty,
    chain_not_certificates,
)
"""What is wrong with the lines comes first: it is why nothing can be read in them."""
