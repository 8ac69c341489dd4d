"""Proof that an endpoint serves what was imported: a fact of its own, looked at after the import, with its own record.

No I/O. What was not served stays open, and the next run looks again; what was served is not looked at again until
something else is written.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import uuid4

from cryptography import x509

from certkit import certificate as x
from certkit import verify
from certkit.bundle import Bundle
from certkit.ledger import Entry, Outcome
from certkit.memory import chain_sha256
from certkit.sources.endpoint import Endpoint
from certkit.verify import Sight, State

ACTION: Final = "verify"
"""The action of an entry that says whether an endpoint serves the leaf and the chain that it names."""

_WRITES: Final = frozenset({"import", "reimport"})


@dataclass(frozen=True, slots=True)
class Front:
    """Where to look.

    Attributes:
        target: by the name and port that clients use.
        door: where to connect instead, None for where the name leads.
        is_named: whether the user named it; what certkit found by itself may be out of its reach.
    """

    target: Endpoint
    door: Endpoint | None = None
    is_named: bool = True

    @property
    def text(self) -> str:
        """How it is written."""
        return str(self.target) if self.door is None else f"{self.target} at {self.door}"


@dataclass(frozen=True, slots=True)
class Subject:
    """One certificate in ACM, and where it is to be served.

    Attributes:
        name: what certkit knows it by, None where an ARN alone says which is meant.
        arn, account, region: where it stands; of several places the first.
        roots: what may end the chain without being sent, besides the public roots.
        is_written: whether this run has written it.
    """

    name: str | None
    arn: str | None
    account: str
    region: str
    bundle: Bundle
    fronts: tuple[Front, ...]
    roots: tuple[x509.Certificate, ...] = ()
    is_written: bool = True

    @property
    def title(self) -> str:
        """What a person calls it."""
        return self.name or self.arn or ""


@dataclass(frozen=True, slots=True)
class Proof:
    """What a front serves, instead of or as what it is to serve."""

    subject: Subject
    front: Front
    sight: Sight

    @property
    def state(self) -> State:
        """The state of the front: `served` where all its addresses serve it, else the worst of them."""
        return verify.overall(self.sight.views)

    @property
    def is_served(self) -> bool:
        """Whether every address serves it."""
        return self.state is State.SERVED

    @property
    def is_open(self) -> bool:
        """Whether waiting may change it: what cannot be reached from here will not be in a minute either."""
        return self.state not in {State.SERVED, State.UNREACHABLE}

    @property
    def exit_code(self) -> int:
        """3 where an address of a front that the user named could not be seen, 1 where one serves something else, else 0."""
        seen = [view for view in self.sight.views if self.front.is_named or view.state is not State.UNREACHABLE]
        return verify.exit_code(seen)


def exit_code(proofs: Iterable[Proof]) -> int:
    """Returns the highest exit code of all."""
    return max((proof.exit_code for proof in proofs), default=0)


def unproven(subject: Subject, known: Mapping[str, Entry]) -> tuple[Front, ...]:
    """Returns where it must be looked: everywhere after a write, else where the ledger does not say that it is served.

    Args:
        known: what `remembered` returns.
    """
    if subject.is_written:
        return subject.fronts
    served = {front for front, entry in known.items() if entry.outcome is Outcome.DONE}
    return tuple(front for front in subject.fronts if front.text not in served)


def remembered(bundle: Bundle, entries: Iterable[Entry]) -> Mapping[str, Entry]:
    """Returns the last of the entries of one certificate, the oldest first, on each front since the last write."""
    leaf, chain = x.fingerprint(bundle.leaf), chain_sha256(bundle.chain)
    known: dict[str, Entry] = {}
    for entry in entries:
        if entry.action in _WRITES:
            known.clear()
        elif entry.action == ACTION and (entry.sha256, entry.chain_sha256) == (leaf, chain):
            known[entry.detail.partition(_OF)[0]] = entry
    return known


def is_news(entry: Entry, known: Mapping[str, Entry]) -> bool:
    """Tells whether an entry says something else of its front than what was known."""
    last = known.get(entry.detail.partition(_OF)[0])
    return last is None or (last.outcome, last.detail) != (entry.outcome, entry.detail)


def entry_of(proof: Proof, run: str, caller: str, command: str, now: dt.datetime) -> Entry:
    """Returns what the ledger is told: `done` where it is served, `failed` where it is not, or could not be seen."""
    subject = proof.subject
    return Entry(
        id=uuid4().hex,
        at=now,
        run=run,
        caller=caller,
        command=command,
        name=subject.name,
        account=subject.account,
        region=subject.region,
        action=ACTION,
        arn=subject.arn,
        sha256=x.fingerprint(subject.bundle.leaf),
        chain_sha256=chain_sha256(subject.bundle.chain),
        previous_sha256=None,
        outcome=Outcome.DONE if proof.is_served else Outcome.FAILED,
        detail=proof.front.text + _OF + summary(proof),
    )


def summary(proof: Proof) -> str:
    """Returns the state, and at how many of the addresses it is served."""
    views = proof.sight.views
    total = sum(view.address is not None for view in views)
    count = sum(view.state is State.SERVED for view in views)
    state = "" if proof.is_served else f"{proof.state}, "
    return f"{state}served at {count} of {total} address{'es' * (total != 1)}"


def of(proofs: Sequence[Proof], name: str | None, arn: str | None) -> tuple[Proof, ...]:
    """Returns the proofs of one certificate: by its name, or by the ARN where it has none."""
    return tuple(one for one in proofs if (one.subject.name == name if name else one.subject.arn == arn))


_OF: Final = ": "
"""Between a front and what is said of it: no host, port or address has it."""
