"""Carries out a plan, one action at a time, and believes nothing until ACM has been asked what it holds."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from certkit import certificate as x
from certkit.assembly import encode_parts
from certkit.aws.acm import IN_PROGRESS, NOT_FOUND, Acm
from certkit.bundle import Bundle
from certkit.errors import AwsError, AwsRefusedError
from certkit.formats.keys import KeyFormat
from certkit.plan import Action, Desired, Import, Nothing, Reimport, Tag
from certkit.record import CertificateRecord, has_chain

READ_BACK_SECONDS: Final = 60.0
"""How long ACM may take to show what it was given; it documents no time, "several seconds" for requests."""

_PAUSES: Final = (0.2, 0.5, 1.0, 2.0)
"""Seconds between looks; the last one is repeated. DescribeCertificate and GetCertificate allow 10 a second."""


@dataclass(frozen=True, slots=True)
class Result:
    """What an action came to.

    Attributes:
        action: `imported`, `reimported`, `tagged`, `unchanged` or `failed`.
        previous_sha256: of the leaf that stood there before, None where there was none.
        warnings: what a person should know although it worked.
    """

    desired: Desired
    action: str
    arn: str | None
    previous_sha256: str | None
    warnings: tuple[str, ...] = ()
    error: Exception | None = None


@dataclass(frozen=True, slots=True)
class Patience:
    """How to wait: the tests' clock does not."""

    seconds: float = READ_BACK_SECONDS
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


def apply_action(acm: Acm, action: Action, patience: Patience | None = None) -> Result:
    """Carries out one action in one region.

    Raises:
        AwsError: ACM refused or did not answer, or does not show what it was given within the deadline.
    """
    wait = patience or Patience()
    match action:
        case Import():
            arn = acm.import_new(encode_parts(action.desired.bundle, KeyFormat.PKCS8), action.tags)
            _read_back(acm, arn, action.desired.bundle, wait)
            return Result(action.desired, "imported", arn, None)
        case Reimport():
            return _reimport(acm, action, wait)
        case Tag():
            acm.add_tags(action.current.arn, action.tags)
            return _result(action.desired, "tagged", action.current)
        case Nothing():
            return _result(action.desired, "unchanged", action.current)


def _reimport(acm: Acm, action: Reimport, patience: Patience) -> Result:
    """Replaces the certificate, then its tags; a tag that fails is a warning, which the next run heals."""
    arn = action.current.arn
    acm.reimport(arn, encode_parts(action.desired.bundle, KeyFormat.PKCS8))
    warnings = list(action.warnings)
    if action.tags:
        try:
            acm.add_tags(arn, action.tags)
        except AwsError as error:
            warnings.append(f"the certificate is replaced, its tags are not: {error.message}; the next run tries again")
    _read_back(acm, arn, action.desired.bundle, patience)
    return _result(action.desired, "reimported", action.current, tuple(warnings))


def _result(desired: Desired, word: str, current: CertificateRecord, warnings: tuple[str, ...] = ()) -> Result:
    return Result(desired, word, current.arn, x.fingerprint(current.leaf), warnings)


def _read_back(acm: Acm, arn: str, bundle: Bundle, patience: Patience) -> None:
    """Waits until ACM shows the leaf and the chain that it was given, as issued.

    Raises:
        AwsError: it does not, within the deadline.
    """
    deadline = patience.clock() + patience.seconds
    for look in range(int(patience.seconds / _PAUSES[0]) + 1):
        seen = _look(acm, arn, bundle)
        if seen is None:
            return
        pause = _PAUSES[min(look, len(_PAUSES) - 1)]
        if patience.clock() + pause > deadline:
            raise AwsRefusedError(
                f"{arn}: after {patience.seconds:.0f} s {seen}",
                hint="run again in some minutes: certkit compares, and writes only what differs",
            )
        patience.sleep(pause)


def _look(acm: Acm, arn: str, bundle: Bundle) -> str | None:
    """Returns what is not yet as it should be, None where all is."""
    try:
        record = acm.record(arn)
    except AwsRefusedError as error:
        if error.aws_code in {NOT_FOUND, IN_PROGRESS}:
            return "ACM does not show it"
        raise
    if record.leaf != bundle.leaf:
        return "ACM shows another certificate than the one that it was given"
    if not has_chain(record, bundle.chain):
        return "ACM shows another chain than the one that it was given"
    return None if record.status == "ISSUED" else f"ACM calls it {record.status}, not ISSUED"
