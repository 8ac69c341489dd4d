"""Will a run work? What was found out, and what it means. No I/O."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from certkit import limits
from certkit.errors import CertkitError
from certkit.escrow.where import CLOSE, KEEP_VERSIONS

MAX_SKEW: Final = dt.timedelta(minutes=5)
"""AWS refuses a request that is signed with another time: https://docs.aws.amazon.com/IAM/latest/UserGuide/signing-elements.html."""

_NOTABLE_SKEW: Final = dt.timedelta(seconds=30)
_ALLOW: Final = "certkit policy renewer prints what it takes, restorer for a rollback"


class State(StrEnum):
    """How something is."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Check:
    """What was found out about one thing.

    Attributes:
        about: the thing, in one word, and where there are several of it which.
        state: `UNKNOWN` where it could not be asked.
        hint: what to do.
    """

    about: str
    state: State
    message: str
    hint: str | None = None


def of_error(about: str, error: CertkitError, state: State = State.UNKNOWN) -> Check:
    """Returns the check that an error ended."""
    return Check(about, state, error.message, error.hint)


def of_clock(ours: dt.datetime, theirs: dt.datetime | None) -> Check:
    """Holds our clock against AWS's, which says whole seconds."""
    if theirs is None:
        return Check("clock", State.WARN, "AWS does not say what time it is")
    skew = ours - theirs
    seconds = abs(skew).total_seconds()
    if seconds < _NOTABLE_SKEW.total_seconds():
        return Check("clock", State.OK, f"within {_NOTABLE_SKEW.seconds} s of AWS's")
    text = f"{seconds:.0f} s {'ahead of' if ours > theirs else 'behind'} AWS's"
    if abs(skew) >= MAX_SKEW:
        return Check(
            "clock", State.FAIL, f"{text}, which refuses what is signed so", "set the clock: timedatectl, chronyc"
        )
    return Check("clock", State.WARN, text, "set the clock: AWS refuses from 5 minutes on")


def of_permissions(role: str, denied: Iterable[str]) -> Check:
    """Says whether the caller's policies allow what a role takes."""
    missing, about = sorted(denied), "permissions"
    if not missing:
        return Check(about, State.OK, f"the caller's policies allow what a {role} does")
    hint = f"certkit policy {role} prints what it takes; --for says what the caller is for"
    return Check(about, State.FAIL, f"a {role} also needs {', '.join(missing)}", hint)


def of_bucket(where: str, keeps_versions: bool | None, is_public: bool | None) -> Check:
    """Says whether bundles are safe in the escrow's bucket; None for what the caller may not look at."""
    if is_public:
        return Check("escrow", State.FAIL, f"{where}: the bucket's policy opens it to everybody", CLOSE)
    if keeps_versions is False:
        hint = KEEP_VERSIONS.format(bucket=where.removeprefix("s3://").partition("/")[0])
        return Check("escrow", State.FAIL, f"{where}: the bucket keeps no versions", hint)
    answers = {"whether it keeps versions": keeps_versions, "whether it is public": is_public}
    unseen = [question for question, answer in answers.items() if answer is None]
    if unseen:
        return Check("escrow", State.WARN, f"{where}: it is reached; {' and '.join(unseen)} cannot be seen", _ALLOW)
    return Check("escrow", State.OK, f"{where}: it is reached, keeps versions and is not public")


def of_escrow(role: str, denied: Iterable[str]) -> Check:
    """Says whether the caller's own policies allow what a role does in an escrow; bucket and key have theirs besides."""
    missing = sorted(denied)
    rest = "whether those of bucket and key do, the first bundle shows"
    if not missing:
        return Check("escrow permissions", State.OK, f"the caller's policies allow what a {role} does there; {rest}")
    return Check(
        "escrow permissions", State.WARN, f"the caller's policies do not allow {', '.join(missing)}; {rest}", _ALLOW
    )


def of_recipient(subject: str, not_after: dt.datetime, now: dt.datetime) -> Check:
    """Says whom bundles are closed to. An expired certificate closes them as well as any, and its key may be gone."""
    about = "escrow recipient"
    if now <= not_after:
        return Check(about, State.OK, f"bundles are closed to {subject}, valid until {not_after:%Y-%m-%d}")
    text = f"bundles are closed to {subject}, which expired on {not_after:%Y-%m-%d}"
    return Check(about, State.WARN, text, "make sure that its private key is kept, or name the certificate of another")


def of_quota(region: str, count: int, quota: int | None) -> Check:
    """Holds what is imported against the quota; how many imports of the year are used up AWS does not say."""
    most = limits.MAX_IMPORTED if quota is None else quota
    source = " by the documented default" if quota is None else ""
    text = f"{count} of {most} imported certificates{source}; the imports of the last 365 days cannot be read"
    about = f"quota {region}"
    hint = "delete what nothing uses, or ask for more in Service Quotas"
    if count >= most:
        return Check(about, State.FAIL, text, hint)
    return Check(about, State.WARN, text, hint) if count >= most * limits.NEARLY_USED else Check(about, State.OK, text)


def exit_code(checks: Iterable[Check]) -> int:
    """Returns 3 where something could not be asked, else 1 where something fails, else 0."""
    states = {check.state for check in checks}
    if State.UNKNOWN in states:
        return CertkitError.exit_code
    return int(State.FAIL in states)
