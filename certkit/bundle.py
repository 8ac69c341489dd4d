"""A bundle in order: the leaf, its chain, its key, and what was left out and why."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from cryptography import x509

from certkit.contents import PrivateKey


class Reason(StrEnum):
    """Why a certificate of the input is not in the bundle."""

    ROOT = "root"
    DUPLICATE = "duplicate"
    LEAF_COPY = "leaf-copy"
    UNRELATED = "unrelated"
    ALTERNATIVE = "alternative"
    EXPIRED = "expired"
    UNREADABLE = "unreadable"


class Dropped(NamedTuple):
    """A certificate that was left out.

    Attributes:
        sha256: the fingerprint of its DER, in lower-case hex.
        certificate: None where it could not be parsed.
        flaw: why it could not be, else empty.
    """

    sha256: str
    reason: Reason
    certificate: x509.Certificate | None = None
    flaw: str = ""


class Addition(NamedTuple):
    """A certificate that the input lacks.

    Attributes:
        origin: where it came from: a SOURCE, or the address that it was fetched from.
    """

    certificate: x509.Certificate
    origin: str


class Bundle(NamedTuple):
    """One leaf with what belongs to it.

    Attributes:
        chain: leaf's issuer first, as far as it goes; a self-signed root at its end only where it was to be kept.
        root: the self-signed certificate at the end of the path, kept or not; None where the input has none.
        private_key: the leaf's, None where the input has none.
        is_complete: whether the input, with the roots given beside it, holds every certificate up to a self-signed one.
        was_reordered: whether the certificates of a PEM file stood in another order.
        notes: what a person would want to know of the input: a word, a colon, a sentence.
        completed: what stands in the chain although the input lacks it.
        incomplete: why issuers that were to be fetched could not be, a line each.
    """

    leaf: x509.Certificate
    chain: tuple[x509.Certificate, ...]
    root: x509.Certificate | None
    private_key: PrivateKey | None
    is_complete: bool
    was_reordered: bool
    dropped: tuple[Dropped, ...]
    notes: tuple[str, ...]
    completed: tuple[Addition, ...] = ()
    incomplete: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """Returns everything but the key."""
        shown = (f"{name}={value!r}" for name, value in self._asdict().items() if name != "private_key")
        return f"Bundle({', '.join(shown)})"

    @property
    def whole_chain(self) -> tuple[x509.Certificate, ...]:
        """The chain with its root, if the input has it."""
        if self.root is None or self.root in (self.leaf, *self.chain):
            return self.chain
        return (*self.chain, self.root)


@dataclass(frozen=True, slots=True)
class Parts:
    """What `split` writes, `validate` judges and `import` sends: the blobs of ImportCertificate, as PEM.

    Attributes:
        body: the leaf.
        key: the unencrypted private key; empty where there is none.
        chain: leaf's issuer first; empty where there is none, and then not sent.
    """

    body: bytes
    key: bytes = field(repr=False)
    chain: bytes = b""
