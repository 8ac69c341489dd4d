"""What clients do that believe their answers, or do not wait: to show that the harness can fail."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from botocore.config import Config

from certkit.apply import Result
from certkit.assembly import encode_parts
from certkit.converge import converge
from certkit.errors import AwsUnreachableError
from certkit.formats.keys import KeyFormat
from certkit.ledger import Outcome
from certkit.plan import Import, wanted_tags
from tests.aws.scene import HOME

if TYPE_CHECKING:
    from certkit.plan import Desired
    from tests.faults.host import Host


def naive(host: Host, desired: Desired) -> Result:
    """Looks up the name in the index, imports or reimports with botocore's own retries, and keeps its record at the end."""
    config = Config(retries={"mode": "standard", "total_max_attempts": 3})
    client: Any = host.aws._session.client("acm", region_name=HOME, config=config)
    try:
        arns = host.acm().arns_named(desired.name or "")
        entry = host.journal().begin(Import(desired, {}))
        arn = _import(client, desired, arns[0] if arns else None)
    except Exception as error:  # noqa: BLE001 -- whatever it is: this client gives up
        return Result(desired, "failed", None, None, error=AwsUnreachableError(str(type(error))))
    host.journal().end(entry, Outcome.DONE, arn=arn)
    return Result(desired, "imported", arn, None)


def _import(client: Any, desired: Desired, arn: str | None) -> str:
    parts = encode_parts(desired.bundle, KeyFormat.PKCS8)
    blobs = {"Certificate": parts.body, "PrivateKey": parts.key, "CertificateChain": parts.chain}
    tags = [{"Key": key, "Value": value} for key, value in wanted_tags(desired).items()]
    if arn is None:
        return str(client.import_certificate(**blobs, Tags=tags)["CertificateArn"])
    client.import_certificate(CertificateArn=arn, **blobs)
    client.add_tags_to_certificate(CertificateArn=arn, Tags=tags)
    return arn


def impatient(host: Host, desired: Desired) -> Result:
    """What certkit would be, were it not to wait for what may be on its way."""
    return converge(host.acm(), desired, host.journal(), replace(host.patience(), settle_seconds=0.0))
