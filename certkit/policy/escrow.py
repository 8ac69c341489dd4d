"""What a caller may do to an escrow in S3: keep a bundle there, or take one out.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html and list_awskeymanagementservice.html there.
"""

from collections.abc import Iterator

from certkit.escrow.where import InBucket
from certkit.policy.statement import Statement, allow, literal


def keeping(escrow: InBucket, partition: str, account: str) -> Iterator[Statement]:
    """Yields what keeping a bundle takes: to look what is kept and whether the bucket is safe, and to put.

    Args:
        account: that of the caller, or `*`.
    """
    bucket = f"arn:{partition}:s3:::{escrow.bucket}"
    below = {"StringLike": {"s3:prefix": [f"{literal(escrow.prefix)}/*"]}} if escrow.prefix else None
    yield allow("ListEscrow", ["s3:ListBucket"], [bucket], below)
    yield allow("LookAtEscrow", ["s3:GetBucketVersioning", "s3:GetBucketPolicyStatus"], [bucket])
    yield allow("KeepInEscrow", ["s3:PutObject"], _objects(escrow, partition))
    yield _with_key("SealEscrow", "kms:GenerateDataKey", escrow, partition, account)


def taking(escrow: InBucket, partition: str, account: str) -> Iterator[Statement]:
    """Yields what taking a bundle out takes beside that: its private key comes with it."""
    yield allow("TakeFromEscrow", ["s3:GetObject"], _objects(escrow, partition))
    yield _with_key("OpenEscrow", "kms:Decrypt", escrow, partition, account)


def _objects(escrow: InBucket, partition: str) -> list[str]:
    folder = f"{literal(escrow.prefix)}/" if escrow.prefix else ""
    return [f"arn:{partition}:s3:::{escrow.bucket}/{folder}*"]


def _with_key(sid: str, action: str, escrow: InBucket, partition: str, account: str) -> Statement:
    """Returns what using the escrow's key takes; an alias is no resource of KMS's, and so a condition.

    https://docs.aws.amazon.com/kms/latest/developerguide/alias-authorization.html
    """
    key, region = escrow.kms_key, escrow.region or "*"
    if key.startswith("arn:"):
        partition, _, region, account = key.split(":")[1:5]
    _, _, name = key.rpartition(":")
    if not name.startswith("alias/"):
        return allow(sid, [action], [f"arn:{partition}:kms:{region}:{account}:key/{name.removeprefix('key/')}"])
    condition = {"ForAnyValue:StringEquals": {"kms:ResourceAliases": [name]}}
    return allow(sid, [action], [f"arn:{partition}:kms:{region}:{account}:key/*"], condition)
