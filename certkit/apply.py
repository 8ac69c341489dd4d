"""Carries out one action, and takes it for done only when ACM shows what it was given."""

import itertools
from dataclasses import dataclass
from typing import Final, TypeAlias, assert_never

from cryptography import x509

from certkit import certificate as x
from certkit.assembly import encode_parts
from certkit.aws.acm import Acm, is_nothing_there
from certkit.bundle import Bundle
from certkit.errors import (
    AwsError,
    AwsMismatchError,
    AwsRefusedError,
    AwsThrottledError,
    AwsUnreachableError,
    CertkitError,
)
from certkit.formats.keys import KeyFormat
from certkit.patience import Patience
from certkit.plan import Action, Desired, Held, Import, Nothing, Reimport, Tag
from certkit.record import CertificateRecord, has_chain
from certkit.target import Failure

FROZEN: Final = "frozen"
HELD: Final = "held"
"""The words for what is held back: by a freeze, and by a rollback."""

_PAUSES: Final = (0.2, 0.5, 1.0, 2.0)
"""Seconds between looks; the last one is repeated. DescribeCertificate and GetCertificate allow 10 a second."""


@dataclass(frozen=True, slots=True)
class Withheld:
    """A write that was held back, by a freeze or by a rollback.

    Attributes:
        leaf: what ACM holds instead; None where it holds nothing.
        word: `frozen` or `held`.
        why: what holds it back, for a person.
    """

    leaf: x509.Certificate | None
    word: str
    why: str


@dataclass(frozen=True, slots=True)
class Result:
    """What an action came to.

    Attributes:
        action: `imported`, `reimported`, `tagged`, `unchanged` or `failed`.
        arn: None where there is none, or where ACM did not say which.
        previous_sha256: of the leaf that stood there before, None where there was none.
        warnings: what a person should know although it worked.
        error: why it failed.
        request_id: AWS's, of the write; empty where there was none, or no answer.
        withheld: set where it is `unchanged` because nothing was to be written, and not as desired.
    """

    desired: Desired
    action: str
    arn: str | None
    previous_sha256: str | None
    warnings: tuple[str, ...] = ()
    error: CertkitError | None = None
    request_id: str = ""
    withheld: Withheld | None = None

    @property
    def leaf(self) -> x509.Certificate | None:
        """What ACM then holds, where nothing failed; None for nothing."""
        return self.withheld.leaf if self.withheld else self.desired.bundle.leaf


Row: TypeAlias = Result | Failure
"""What came of one certificate in one region of one account."""


@dataclass(frozen=True, slots=True)
class _Mismatch:
    """What is not yet as it should be."""

    text: str
    holds_leaf: bool = False


def apply_action(acm: Acm, action: Action, patience: Patience | None = None) -> Result:
    """Carries out one action in one region.

    Where ACM refuses, does not answer, or does not show what it was given within the deadline, the result holds the
    error, with the ARN as far as it is known.
    """
    match action:
        case Import():
            return _import(acm, action, patience or Patience())
        case Reimport():
            return _reimport(acm, action, patience or Patience())
        case Tag():
            return _tag(acm, action)
        case Nothing():
            return _result(action, "unchanged", action.warnings)
        case Held():
            return stay(action, HELD, f"{HELD}: {action.hold.told(action.desired.name or '')}")
        case _:
            assert_never(action)


def stay(action: Action, word: str, why: str) -> Result:
    """Returns what becomes of an action that is held back: nothing has changed, and nothing has failed."""
    if isinstance(action, Import):
        return Result(action.desired, "unchanged", None, None, (why,), withheld=Withheld(None, word, why))
    arn, leaf = action.current.arn, action.current.leaf
    return Result(action.desired, "unchanged", arn, x.fingerprint(leaf), (why,), withheld=Withheld(leaf, word, why))


def _import(acm: Acm, action: Import, patience: Patience) -> Result:
    arn, request_id = None, ""
    try:
        arn, request_id = acm.import_new(encode_parts(action.desired.bundle, KeyFormat.PKCS8), action.tags)
        warnings = _read_back(acm, arn, action.desired.bundle, patience)
    except AwsError as error:
        return Result(action.desired, "failed", arn, None, error=error, request_id=request_id or error.request_id)
    return Result(action.desired, "imported", arn, None, warnings, request_id=request_id)


def _reimport(acm: Acm, action: Reimport, patience: Patience) -> Result:
    """Replaces the certificate, then its tags; a tag that fails is a warning, which the next run heals."""
    warnings, request_id = action.warnings, ""
    try:
        request_id = acm.reimport(action.current.arn, encode_parts(action.desired.bundle, KeyFormat.PKCS8))
        warnings += _add_tags(acm, action)
        warnings += _read_back(acm, action.current.arn, action.desired.bundle, patience)
    except AwsError as error:
        return _result(action, "failed", warnings, error, request_id or error.request_id)
    return _result(action, "reimported", warnings, request_id=request_id)


def _add_tags(acm: Acm, action: Reimport) -> tuple[str, ...]:
    """Changes the tags that differ and returns the warning where that fails."""
    try:
        _change_tags(acm, action)
    except AwsError as error:
        return (f"the certificate is replaced, its tags are not: {error.message}; the next run tries again",)
    return ()


def _tag(acm: Acm, action: Tag) -> Result:
    try:
        request_id = _change_tags(acm, action)
    except AwsError as error:
        return _result(action, "failed", action.warnings, error, error.request_id)
    return _result(action, "tagged", action.warnings, request_id=request_id)


def _change_tags(acm: Acm, action: Reimport | Tag) -> str:
    """Takes away before it adds, since 50 is the most at any time; returns the ID of the last request."""
    request_id = ""
    if action.removed:
        request_id = acm.remove_tags(action.current.arn, action.removed)
    if action.tags:
        request_id = acm.add_tags(action.current.arn, action.tags)
    return request_id


def _result(
    action: Reimport | Tag | Nothing,
    word: str,
    warnings: tuple[str, ...] = (),
    error: AwsError | None = None,
    request_id: str = "",
) -> Result:
    previous = x.fingerprint(action.current.leaf)
    return Result(action.desired, word, action.current.arn, previous, warnings, error, request_id)


def _read_back(acm: Acm, arn: str, bundle: Bundle, patience: Patience) -> tuple[str, ...]:
    """Waits until ACM shows the leaf and the chain that it was given, as issued, and returns what is odd about them.

    Raises:
        AwsError: it does not, within the deadline, or the caller may not look.
    """
    deadline = patience.clock() + patience.seconds
    pauses = itertools.chain(_PAUSES, itertools.repeat(_PAUSES[-1]))
    while isinstance(seen := _look(acm, arn, bundle), _Mismatch):
        pause = next(pauses)
        if patience.clock() + pause > deadline:
            raise AwsMismatchError(
                f"{arn}: after {patience.seconds:.0f} s {seen.text}",
                hint="run again in some minutes: certkit compares, and writes only what differs",
                holds_leaf=seen.holds_leaf,
            )
        patience.sleep(pause)
    return (_ROOT_LEFT_OUT,) if _is_without_root(seen, bundle) else ()


def _look(acm: Acm, arn: str, bundle: Bundle) -> CertificateRecord | _Mismatch:
    """Returns what ACM holds, or what is not yet as it should be."""
    try:
        record = acm.record(arn)
    except (AwsThrottledError, AwsUnreachableError) as error:
        return _Mismatch(f"ACM does not say what it holds: {error.message}")
    except AwsRefusedError as error:
        if is_nothing_there(error):
            return _Mismatch("ACM does not show it")
        raise
    if record.leaf != bundle.leaf:
        return _Mismatch("ACM shows another certificate than the one that it was given")
    if record.status != "ISSUED":
        return _Mismatch(f"ACM calls it {record.status}, not ISSUED")
    if not has_chain(record, bundle.chain) and not _is_without_root(record, bundle):
        return _Mismatch("ACM shows another chain than the one that it was given", holds_leaf=True)
    return record


def _is_without_root(record: CertificateRecord, bundle: Bundle) -> bool:
    """Tells whether ACM shows the chain without the root that was sent at its end.

    Whether it ever does nobody outside knows.
    """
    return bool(bundle.chain) and record.chain == bundle.chain[:-1] and x.is_self_signed(bundle.chain[-1])


_ROOT_LEFT_OUT: Final = (
    "ACM shows the chain without its root: import it without --include-root, or each run sends it again"
)
