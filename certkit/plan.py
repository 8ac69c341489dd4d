"""What should be, held against what is: the difference is a plan, and a plan is data. No I/O, no clock."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from certkit import certificate as x
from certkit.bundle import Bundle
from certkit.errors import AmbiguousError, ReimportIncompatibleError
from certkit.record import NAME_TAG, NOT_AFTER_TAG, SHA256_TAG, CertificateRecord, has_chain
from certkit.reimport import losses, refusals


@dataclass(frozen=True, slots=True)
class Desired:
    """A certificate as it should be in one region of one account.

    Attributes:
        name: what certkit knows it by, None where an ARN alone says which is meant.
        arn: the ARN that it is to stand under, None where the name finds it.
        tags: the user's own.
    """

    name: str | None
    arn: str | None
    account: str
    region: str
    bundle: Bundle
    tags: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Observed:
    """What ACM holds there that may be meant.

    Attributes:
        own: those that carry the name, or stand under the ARN.
        strangers: those with the same leaf that do not carry the name.
    """

    own: tuple[CertificateRecord, ...] = ()
    strangers: tuple[CertificateRecord, ...] = ()


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
    """

    desired: Desired
    current: CertificateRecord
    tags: Mapping[str, str]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tag:
    """Tags that differ, under a certificate that does not."""

    desired: Desired
    current: CertificateRecord
    tags: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Nothing:
    """All is as it should be."""

    desired: Desired
    current: CertificateRecord


Action: TypeAlias = Import | Reimport | Tag | Nothing


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
    actions = tuple(sorted((_decide(desired, observed) for desired, observed in pairs), key=_order))
    whole = [{**row(action), "chain": _fingerprints(action.desired.bundle)} for action in actions]
    return Plan(actions, hashlib.sha256(json.dumps(whole).encode()).hexdigest())


def row(action: Action) -> dict[str, object]:
    """Returns an action as it stands in the document `certkit.plan/1`."""
    desired = action.desired
    current = None if isinstance(action, Import) else action.current
    return {
        "name": desired.name,
        "account": desired.account,
        "region": desired.region,
        "action": verb(action),
        "arn": current.arn if current else None,
        "sha256": x.fingerprint(desired.bundle.leaf),
        "previous_sha256": x.fingerprint(current.leaf) if current else None,
        "tags": {} if isinstance(action, Nothing) else dict(sorted(action.tags.items())),
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
        case Nothing():
            return "none"


def wanted_tags(desired: Desired) -> dict[str, str]:
    """Returns all tags that the certificate should carry, certkit's own included."""
    own = {
        SHA256_TAG: x.fingerprint(desired.bundle.leaf),
        NOT_AFTER_TAG: f"{desired.bundle.leaf.not_valid_after_utc:%Y-%m-%dT%H:%M:%SZ}",
    }
    name = {NAME_TAG: desired.name} if desired.name else {}
    return {**desired.tags, **name, **own}


def _decide(desired: Desired, observed: Observed) -> Action:
    if len(observed.own) > 1:
        raise AmbiguousError(
            f"{len(observed.own)} certificates in {desired.region} are called {desired.name!r}: "
            + ", ".join(sorted(record.arn for record in observed.own)),
            hint="say which is meant with --certificate-arn ARN",
        )
    if not observed.own and observed.strangers:
        raise AmbiguousError(
            f"{observed.strangers[0].arn} holds this certificate already, without the name {desired.name!r}",
            hint="take it over with --certificate-arn ARN beside --name, instead of importing it twice",
        )
    tags = wanted_tags(desired)
    if not observed.own:
        return Import(desired, tags)
    return _against(desired, observed.own[0], tags)


def _against(desired: Desired, current: CertificateRecord, tags: Mapping[str, str]) -> Action:
    missing = {key: value for key, value in tags.items() if current.tags.get(key) != value}
    new = desired.bundle
    if current.leaf == new.leaf and has_chain(current, new.chain):
        return Tag(desired, current, missing) if missing else Nothing(desired, current)
    reasons = refusals(new.leaf, current)
    if reasons:
        raise ReimportIncompatibleError(
            f"ACM would refuse it under {current.arn}: {'; '.join(reasons)}",
            hint="import it under another --name, which gives it an ARN of its own, and repoint what uses the old one",
        )
    return Reimport(desired, current, missing, losses(new.leaf, current.leaf))


def _fingerprints(bundle: Bundle) -> list[str]:
    return [x.fingerprint(certificate) for certificate in bundle.chain]


def _order(action: Action) -> tuple[str, ...]:
    desired = action.desired
    return (desired.name or "", desired.account, desired.region, desired.arn or "", x.fingerprint(desired.bundle.leaf))
