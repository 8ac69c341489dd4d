"""What ACM holds that a desired certificate may mean: by tag, by ARN, and by content, since indexes lag."""

import datetime as dt
from collections.abc import Iterator
from typing import Final

from cryptography import x509

from certkit import certificate as x
from certkit.aws.acm import NOT_FOUND, Acm
from certkit.errors import AwsRefusedError, UsageError
from certkit.plan import Desired, Observed
from certkit.record import NAME_TAG, CertificateRecord, Summary

_INDEX_LAG: Final = dt.timedelta(hours=24)
"""How long an import may be missing from the tagging index at the most: far more than has been seen."""


def observe(acm: Acm, desired: Desired, now: dt.datetime) -> Observed:
    """Looks for what `desired` may mean in one region.

    The tagging index finds by name and ACM itself confirms. Where it finds nothing, every certificate is listed, since
    absence from an index proves nothing, and those that could be it are looked at one by one.

    Raises:
        AwsError: ACM cannot be asked.
        UsageError: the ARN is not there.
    """
    if desired.arn is not None:
        return Observed(own=(_by_arn(acm, desired.arn),))
    name = desired.name or ""
    own = tuple(record for arn in acm.arns_named(name) for record in _present(acm, arn) if record.name == name)
    if own:
        return Observed(own=own)
    likely = [summary.arn for summary in acm.summaries() if _may_be(summary, desired.bundle.leaf, now)]
    found = [record for arn in likely if _is_it(acm, arn, name, desired.bundle.leaf) for record in _present(acm, arn)]
    return Observed(
        own=tuple(record for record in found if record.name == name),
        strangers=tuple(record for record in found if record.name != name),
    )


def _by_arn(acm: Acm, arn: str) -> CertificateRecord:
    for record in _present(acm, arn):
        return record
    raise UsageError(f"there is no certificate {arn}", hint="certkit status shows those that are there")


def _present(acm: Acm, arn: str) -> Iterator[CertificateRecord]:
    """Yields the record of an ARN, nothing where it has been deleted: an index may still name it."""
    try:
        yield acm.record(arn)
    except AwsRefusedError as error:
        if error.aws_code != NOT_FOUND:
            raise


def _may_be(summary: Summary, leaf: x509.Certificate, now: dt.datetime) -> bool:
    """Tells whether a listed certificate is worth a closer look: imported, and recent or with a name in common."""
    if summary.kind != "IMPORTED":
        return False
    if summary.imported_at is None or now - summary.imported_at < _INDEX_LAG:
        return True
    names = {*x.dns_names(leaf), x.common_name(leaf)}
    return bool(names & {*summary.sans, summary.domain}) or summary.not_after == leaf.not_valid_after_utc


def _is_it(acm: Acm, arn: str, name: str, leaf: x509.Certificate) -> bool:
    """Tells whether a certificate carries the name, or holds the leaf."""
    try:
        return acm.tags(arn).get(NAME_TAG) == name or acm.leaf(arn) == leaf
    except AwsRefusedError as error:
        if error.aws_code != NOT_FOUND:
            raise
        return False
