"""What should be, held against what is: the difference is a plan, and a plan is data. No I/O, no clock."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, TypeAlias

from certkit import certificate as x
from certkit import limits
from certkit.bundle import Bundle
from certkit.errors import AmbiguousError, ReimportIncompatibleError, UsageError
from certkit.hold import Hold
from certkit.record import FOLLOWS_TAG, NAME_TAG, NOT_AFTER_TAG, SHA256_TAG, CertificateRecord, has_chain
from certkit.reimport import Breach, losses, refusals
from certkit.tags import AWS_PREFIX, CERTKIT_PREFIX
from certkit.twins import spares, winner

_REWRITTEN: Final = (
    "ACM shows another chain than the one that it was given, and did so again when it was given it again: it is not sent"
    " a third time"
)
_RESERVED: Final = (AWS_PREFIX, CERTKIT_PREFIX)
"""How the keys begin that are never taken away."""


@dataclass(frozen=True, slots=True)
class Desired:
    """A certificate as it should be in one region of one account.

    Attributes:
        name: what certkit knows it by, None where an ARN alone says which is meant.
        arn: the ARN that it is to stand under, None where the name finds it.
        tags: the user's own.
        is_purged: whether every tag goes that is neither the user's nor certkit's nor AWS's own.
        ignored: why a clause of `certkit.reimport` is passed over, by its rule: ACM itself is then asked.
        follows: the ARN of the certificate of this name whose place it takes, None where it takes none's.
        heeds_holds: whether it stays away where it was rolled back from; what a person asks for by itself does not.
    """

    name: str | None
    arn: str | None
    account: str
    region: str
    bundle: Bundle
    tags: Mapping[str, str]
    is_purged: bool = False
    ignored: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    follows: str | None = None
    heeds_holds: bool = False


@dataclass(frozen=True, slots=True)
class Observed:
    """What ACM holds there that may be meant.

    Attributes:
        own: those that carry the name, or stand under the ARN.
        strangers: those with the same leaf that do not carry the name.
        resent: the ARNs to which just this chain was sent again already, under the leaf that was there.
        made: the ARNs that certkit imported, as far as a ledger knows.
        hold: that just what is desired was rolled back from, as far as a ledger knows.
    """

    own: tuple[CertificateRecord, ...] = ()
    strangers: tuple[CertificateRecord, ...] = ()
    resent: frozenset[str] = frozenset()
    made: frozenset[str] = frozenset()
    hold: Hold | None = None


@dataclass(frozen=True, slots=True)
class Import:
    """A new certificate under a new ARN, its tags within the same call."""

    desired: Desired
    tags: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Reimport:
    """Another certificate or chain under the same ARN; the tags that differ follow in a second call.

    Attributes:
        warnings: what is lost by it.
        removed: the keys of the tags that go.
    """

    desired: Desired
    current: CertificateRecord
    tags: Mapping[str, str]
    warnings: tuple[str, ...]
    removed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tag:
    """Tags that differ, under a certificate that does not.

    Attributes:
        removed: the keys of the tags that go.
    """

    desired: Desired
    current: CertificateRecord
    tags: Mapping[str, str]
    removed: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Nothing:
    """All is as it should be, or as far as ACM lets it."""

    desired: Desired
    current: CertificateRecord
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Held:
    """What is desired was rolled back from, and what ACM holds stays."""

    desired: Desired
    current: CertificateRecord
    hold: Hold


Action: TypeAlias = Import | Reimport | Tag | Nothing | Held


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done, in the order of name, account and region.

    Attributes:
        digest: the SHA-256 of all of it, chains included, the same for the same plan.
    """

    actions: tuple[Action, ...]
    digest: str


def make_plan(pairs: Iterable[tuple[Desired, Observed]]) -> Plan:
    """Returns the plan that makes each desired certificate of what was observed for it.

    Raises:
        AmbiguousError: more than one certificate in ACM could be meant, or a stranger already holds the leaf.
        ReimportIncompatibleError: ACM would refuse the reimport.
    """
    return plan_of(_decide(desired, observed) for desired, observed in pairs)


def plan_of(actions: Iterable[Action]) -> Plan:
    """Returns the plan that consists of `actions`, in its order."""
    ordered = tuple(sorted(actions, key=_order))
    whole = json.dumps([*map(_whole, ordered)])
    return Plan(ordered, hashlib.sha256(whole.encode()).hexdigest())


def row(action: Action) -> dict[str, object]:
    """Returns an action as it stands in the document `certkit.plan/1`."""
    desired = action.desired
    current = None if isinstance(action, Import) else action.current
    leaf = action.current.leaf if isinstance(action, Held) else desired.bundle.leaf
    return {
        "name": desired.name,
        "account": desired.account,
        "region": desired.region,
        "action": verb(action),
        "arn": current.arn if current else None,
        "sha256": x.fingerprint(leaf),
        "previous_sha256": x.fingerprint(current.leaf) if current else None,
        "tags": _changes(action),
    }


def verb(action: Action) -> str:
    """Returns the word for an action: `import`, `reimport`, `tag` or `none`."""
    match action:
        case Import():
            return "import"
        case Reimport():
            return "reimport"
        case Tag():
            return "tag"
        case Nothing() | Held():
            return "none"


def wanted_tags(desired: Desired) -> dict[str, str]:
    """Returns all tags that the certificate should carry, certkit's own included."""
    own = {
        SHA256_TAG: x.fingerprint(desired.bundle.leaf),
        NOT_AFTER_TAG: f"{desired.bundle.leaf.not_valid_after_utc:%Y-%m-%dT%H:%M:%SZ}",
    }
    name = {NAME_TAG: desired.name} if desired.name else {}
    place = {FOLLOWS_TAG: desired.follows} if desired.follows else {}
    return {**desired.tags, **name, **own, **place}


def removable(desired: Desired, observed: Observed) -> tuple[CertificateRecord, ...]:
    """Returns the copies that certkit made by accident and that applying takes away.

    Raises:
        AmbiguousError: several carry the name, and they are no such copies.
    """
    return spares(observed.own, wanted_tags(desired), observed.made) if observed.own else ()


def _changes(action: Action) -> dict[str, str | None]:
    """Returns what becomes of which tags; None for one that goes."""
    match action:
        case Import():
            return dict(sorted(action.tags.items()))
        case Reimport() | Tag():
            return dict(sorted({**action.tags, **dict.fromkeys(action.removed)}.items()))
        case Nothing() | Held():
            return {}


def _decide(desired: Desired, observed: Observed) -> Action:
    if not observed.own and observed.strangers:
        raise _held_by(observed.strangers[0], desired)
    tags = wanted_tags(desired)
    if not observed.own:
        return Import(desired, tags)
    removable(desired, observed)
    current = winner(observed.own)
    return _against(desired, observed, current, tags)


def _held_by(stranger: CertificateRecord, desired: Desired) -> AmbiguousError:
    """Returns the error for a leaf that ACM holds under another name, or under none."""
    if stranger.name is None:
        return AmbiguousError(
            f"{stranger.arn} holds this certificate already, without the name {desired.name!r}",
            hint="take it over with --certificate-arn ARN beside --name, instead of importing it twice",
        )
    return AmbiguousError(
        f"{stranger.arn} holds this certificate already, under the name {stranger.name!r} and not {desired.name!r}",
        hint="keep that name, or rename it with --certificate-arn ARN beside --name, instead of importing it twice",
    )


def _against(desired: Desired, observed: Observed, current: CertificateRecord, tags: Mapping[str, str]) -> Action:
    new = desired.bundle
    is_there = current.leaf == new.leaf and (current.arn in observed.resent or has_chain(current, new.chain))
    if observed.hold and desired.heeds_holds and not is_there:
        return Held(desired, current, observed.hold)
    missing = {key: value for key, value in tags.items() if current.tags.get(key) != value}
    removed = _foreign(current, tags) if desired.is_purged else ()
    _check_room(current, missing, removed)
    if is_there:
        warnings = () if has_chain(current, new.chain) else (_REWRITTEN,)
        if missing or removed:
            return Tag(desired, current, missing, removed, warnings)
        return Nothing(desired, current, warnings)
    held = (str(observed.hold),) if observed.hold else ()
    return Reimport(desired, current, missing, (*_accepted(desired, current), *held), removed)


def _accepted(desired: Desired, current: CertificateRecord) -> tuple[str, ...]:
    """Returns what a person should know of a reimport; of what was passed over, why.

    Raises:
        ReimportIncompatibleError: ACM would refuse it.
    """
    new = desired.bundle
    refused, lost = refusals(new.leaf, current), losses(new.leaf, current.leaf)
    reasons = [f"{breach.message} [{breach.clause}]" for breach in refused if breach.clause not in desired.ignored]
    if reasons:
        raise ReimportIncompatibleError(
            f"ACM would refuse it under {current.arn}: {'; '.join(reasons)}",
            hint=_new_arn(desired.name),
        )
    return tuple(_warnings(desired, (*refused, *lost)))


def _new_arn(name: str | None) -> str:
    """Returns how what cannot be reimported comes to an ARN of its own."""
    if name:
        return f"certkit migrate {name} --to SOURCE gives it an ARN of its own, and repoints what uses the old one"
    return "import it with --name, which gives it an ARN of its own, and repoint what uses the old one"


def _warnings(desired: Desired, breaches: Iterable[Breach]) -> Iterator[str]:
    """Yields each breach, and of one that was passed over the reason."""
    for breach in breaches:
        reason = desired.ignored.get(breach.clause)
        yield breach.message if reason is None else f"{breach.clause} ignored: {reason}"


def _foreign(current: CertificateRecord, tags: Mapping[str, str]) -> tuple[str, ...]:
    """Returns the keys of the tags that are not among `tags`, less those that are certkit's or AWS's own."""
    return tuple(sorted(key for key in current.tags if key not in tags and not key.lower().startswith(_RESERVED)))


def _check_room(current: CertificateRecord, missing: Mapping[str, str], removed: tuple[str, ...]) -> None:
    """Checks that the tags fit beside those of others; AWS's own do not count.

    Raises:
        UsageError: there would be more than ACM takes.
    """
    keys = {key for key in {*current.tags, *missing} - {*removed} if not key.lower().startswith(AWS_PREFIX)}
    if missing and len(keys) > limits.MAX_TAGS:
        raise UsageError(
            f"{current.arn} would have {len(keys)} tags, those of others included, and ACM takes {limits.MAX_TAGS}",
            hint="name fewer, or take those away that nobody needs",
        )


def _whole(action: Action) -> dict[str, object]:
    """Returns what the digest of a plan is made of: what is held is a part of it, since another one would be written."""
    bundle = action.desired.bundle
    held = {"held": x.fingerprint(bundle.leaf)} if isinstance(action, Held) else {}
    return {**row(action), "chain": [x.fingerprint(certificate) for certificate in bundle.chain], **held}


def _order(action: Action) -> tuple[str, ...]:
    desired = action.desired
    return (desired.name or "", desired.account, desired.region, desired.arn or "", x.fingerprint(desired.bundle.leaf))
