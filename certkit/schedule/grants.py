"""What a job on AWS must be allowed beside ACM, the ledger and telling: to read what its manifest names, and to become roles.

Actions and resources: https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html.
"""

from collections.abc import Iterator
from typing import Final, assert_never

from certkit.escrow.where import InBucket
from certkit.manifest import Manifest
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
    """Yields what takes reading every SOURCE of a manifest and `more`, becoming its roles, and keeping in its escrow.

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
            yield _allow(sid, action, resources)
    roles = sorted({account.role for spec in manifest.certificates for account in spec.accounts if account.role})
    if roles:
        yield _allow("BecomeRoles", ["sts:AssumeRole"], roles)
    if isinstance(manifest.escrow, InBucket):
        yield from _keeping(manifest.escrow)


def _arn(address: Address) -> str:
    match address:
        case S3Object():
            return f"arn:{PARTITION}:s3:::{_literal(f'{address.bucket}/{address.key}')}"
        case Secret():
            if address.id.startswith("arn:"):
                return address.id
            place = f"{address.region or REGION}:{ACCOUNT}"
            return f"arn:{PARTITION}:secretsmanager:{place}:secret:{_literal(address.id)}{_SUFFIX}"
        case Parameter():
            if address.name.startswith("arn:"):
                return address.name
            name = _literal(address.name.partition(":")[0].lstrip("/"))
            return f"arn:{PARTITION}:ssm:{address.region or REGION}:{ACCOUNT}:parameter/{name}"
    assert_never(address)


def _keeping(escrow: InBucket) -> Iterator[Statement]:
    """Yields what putting a bundle into escrow takes: docs/rollback.md."""
    bucket = f"arn:{PARTITION}:s3:::{escrow.bucket}"
    looks = ["s3:ListBucket", "s3:GetBucketVersioning", "s3:GetBucketPolicyStatus"]
    yield _allow("LookAtEscrow", looks, [bucket])
    yield _allow("KeepInEscrow", ["s3:PutObject"], [f"{bucket}/{escrow.prefix}/*" if escrow.prefix else f"{bucket}/*"])
    yield _sealing(escrow.kms_key)


def _sealing(key: str) -> Statement:
    """Returns what encrypting under a key takes; an alias is no resource of KMS's, and so a condition.

    https://docs.aws.amazon.com/kms/latest/developerguide/alias-authorization.html
    """
    if key.startswith("arn:") and ":alias/" not in key:
        return _allow("SealEscrow", ["kms:GenerateDataKey"], [key])
    anywhere = f"arn:{PARTITION}:kms:*:{ACCOUNT}:key/"
    if "alias/" not in key:
        return _allow("SealEscrow", ["kms:GenerateDataKey"], [anywhere + key])
    alias = {"ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/" + key.partition("alias/")[2]}}
    owner = key.split(":")[4] if key.startswith("arn:") else ACCOUNT
    resource = f"arn:{PARTITION}:kms:*:{owner}:key/*"
    return {**_allow("SealEscrow", ["kms:GenerateDataKey"], [resource]), "Condition": alias}


def _literal(name: str) -> str:
    """Returns a name in which neither IAM nor CloudFormation finds a pattern or a variable.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-specialchars, in the form
    in which `Fn::Sub` leaves it: `${!Literal}`.
    """
    return "".join(f"${{!{one}}}" if one in "*?$" else one for one in name)


def _allow(sid: str, actions: list[str], resources: list[str]) -> Statement:
    return {"Sid": sid, "Effect": "Allow", "Action": sorted(actions), "Resource": resources}
