"""What a rule is, what it looks at, and what it finds."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from inspect import cleandoc
from typing import TypeAlias

from cryptography import x509

from certkit.bundle import Bundle, Parts
from certkit.contents import PrivateKey
from certkit.hosts import Host
from certkit.trust import Profile


class Severity(StrEnum):
    """Whether ACM refuses.

    ERROR: it does, and the source is documented or reported and uncontradicted. WARNING: everything else.
    """

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Candidate:
    """What would be sent to ACM, parsed, with the time at which it would be.

    Attributes:
        parts: the bytes of ImportCertificate's blobs.
        leaf: the certificate in `parts.body`, of several the one that the key belongs to, else the first; None where there is
            none that can be parsed.
        chain: the certificates in `parts.chain`, in their order.
        private_key: the key in `parts.key`, None where there is none that can be read, or more than one.
        bundle: how the parts came about, None where they are judged as they are.
        needs_key: whether a missing key is a fault.
        profile: whose rules it is under, beside ACM's.
        hosts: the names that the user wants it to cover.
        sends_chain: whether a chain is sent though it be empty.
    """

    parts: Parts
    leaf: x509.Certificate | None
    chain: tuple[x509.Certificate, ...]
    private_key: PrivateKey | None = field(repr=False)
    now: dt.datetime
    bundle: Bundle | None = None
    needs_key: bool = True
    profile: Profile = Profile.PRIVATE
    hosts: tuple[Host, ...] = ()
    sends_chain: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """One broken rule.

    Attributes:
        part: where: `leaf`, `key`, `chain[0]` or `bundle`.
        message: what is wrong, in lower case, without a full stop.
        hint: what to do.
        source: who says so: a page of AWS's, a section of an RFC.
    """

    rule: str
    severity: Severity
    part: str
    message: str
    hint: str | None
    source: str


Check: TypeAlias = Callable[[Candidate], Iterator[tuple[str, str]]]
"""Yields part and message of each breach."""


@dataclass(frozen=True, slots=True)
class Criterion:
    """Something that is asked of a bundle.

    Attributes:
        id: a word, or several with hyphens; stable.
        explanation: what `certkit rules ID` shows.
    """

    id: str
    severity: Severity
    source: str
    hint: str
    explanation: str


@dataclass(frozen=True, slots=True)
class Rule(Criterion):
    """A criterion that can be checked on a candidate alone.

    Attributes:
        is_repair: whether it is about what certkit mended; `--strict` makes those errors.
        only_as_is: whether what certkit itself puts in order and encodes cannot break it; judged on the bytes of others.
    """

    check: Check
    is_repair: bool = False
    only_as_is: bool = False

    def findings(self, candidate: Candidate) -> Iterator[Finding]:
        """Yields every breach of this rule in `candidate`."""
        for part, message in self.check(candidate):
            yield Finding(self.id, self.severity, part, message, self.hint, self.source)


def rule(
    severity: Severity, *, source: str, hint: str, is_repair: bool = False, only_as_is: bool = False
) -> Callable[[Check], Rule]:
    """Makes a check a rule: its ID from its name, its explanation from its docstring."""

    def decorate(check: Check) -> Rule:
        identifier = check.__name__.replace("_", "-")
        explanation = cleandoc(check.__doc__ or "")
        return Rule(identifier, severity, source, hint, explanation, check, is_repair, only_as_is)

    return decorate
