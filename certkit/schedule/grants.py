"""What a job on AWS must be allowed beside ACM, the ledger and telling: to read what its manifest names, and to become roles.

Actions and resources: https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html.
"""

from collections.abc import Iterator
from typing import Final, assert_never

from certkit.escrow.where import InBucket
from certkit.manifest import Manifest
from certkit.policy.escrow import keeping
from certkit.policy.statement import allow, literal
from certkit.schedule.policies import ACCOUNT, PARTITION, REGION, Statement
from certkit.sources import is_remote
from certkit.sources.store import Address, Parameter, S3Object, Secret, parse

_STORES: Final = ("s3://", "secretsmanager://", "ssm://")
_SUFFIX: Final = "-??????"
"""What Secrets Manager appends to a name: https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_iam-policies.html."""


def named(manifest: Manifest) -> Iterator[tuple[str, str]]:
    """Yields everything that a run over a manifest reads: where it is named, and the SOURCE."""
    for spec in manifest.certificates:
        origin = spec.origin
        for key in ("source", "key", "chain", "passin", "key_passin", "roots"):
            if value := getattr(origin, key):
                yield f"certificates.{spec.name}: {key}", value
    for owner, address in {"": manifest.telling.default, **manifest.telling.owners}.items():
        if address.webhook:
            yield f"owners.{owner}: webhook" if owner else "notify: webhook", address.webhook
    if manifest.job.ping:
        yield "job: ping", manifest.job.ping


def left_behind(manifest: Manifest) -> Iterator[tuple[str, str]]:
    """Yields what a run reads and what no other machine has: a file of this one, or a variable of its environment."""
    yield from ((where, source) for where, source in named(manifest) if not is_remote(source))
    escrow = manifest.escrow
    if escrow is not None and not isinstance(escrow, InBucket):
        yield "escrow: folder", str(escrow)
    elif escrow is not None and escrow.recipient is not None:
        yield "escrow: recipient", str(escrow.recipient)


def statements(manifest: Manifest, more: tuple[str, ...] = ()) -> Iterator[Statement]:
    """Yields what it takes to read every SOURCE of a manifest and `more`, to become its roles, and to keep in its escrow.

    Raises:
        UsageError: a SOURCE is none.
    """
    sources = [source for _, source in named(manifest)]
    addresses = [parse(source) for source in (*sources, *more) if source.startswith(_STORES)]
    for sid, action, kind in (
        ("ReadObjects", ["s3:GetObject", "s3:GetObjectVersion"], S3Object),
        ("ReadSecrets", ["secretsmanager:GetSecretValue"], Secret),
        ("ReadParameters", ["ssm:GetParameter"], Parameter),
    ):
        resources = sorted({_arn(address) for address in addresses if isinstance(address, kind)})
        if resources:
            yield allow(sid, action, resources)
    roles = sorted({account.role for spec in manifest.certificates for account in spec.accounts if account.role})
    if roles:
        yield allow("BecomeRoles", ["sts:AssumeRole"], roles)
    if isinstance(manifest.escrow, InBucket):
        yield from keeping(manifest.escrow, PARTITION, ACCOUNT)


def _arn(address: Address) -> str:
    match address:
        case S3Object():
            return f"arn:{PARTITION}:s3:::{literal(f'{address.bucket}/{address.key}')}"
        case Secret():
            if address.id.startswith("arn:"):
                return address.id
            place = f"{address.region or REGION}:{ACCOUNT}"
            return f"arn:{PARTITION}:secretsmanager:{place}:secret:{literal(address.id)}{_SUFFIX}"
        case Parameter():
            if address.name.startswith("arn:"):
                return address.name
            name = literal(address.name.partition(":")[0].lstrip("/"))
            return f"arn:{PARTITION}:ssm:{address.region or REGION}:{ACCOUNT}:parameter/{name}"
    assert_never(address)
