"""Finds the certificates in ACM that a desired one may mean: by tag, by ARN, and by content, since indexes lag."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from cryptography import x509

from certkit import certificate as x
from certkit.aws.acm import IN_PROGRESS, NOT_FOUND, Acm, is_nothing_there
from certkit.aws.lore import ALWAYS, HOLDS_SECONDS
from certkit.errors import AmbiguousError, AwsRefusedError, ReimportIncompatibleError, UsageError
from certkit.memory import Memory
from certkit.plan import Desired, Observed
from certkit.record import IMPORTED, CertificateRecord, Summary

_INDEX_LAG: Final = dt.timedelta(hours=24)
"""How long an import may be missing from the tagging index at the most: far more than has been seen."""

_NO_MEMORY: Final = Memory()


def observe(
    acm: Acm, desired: Desired, now: dt.datetime, memory: Memory = _NO_MEMORY, *, is_fresh: bool = True
) -> Observed:
    """Looks for what `desired` may mean in one region.

    The tagging index finds by name, and a ledger by what it remembers; ACM itself confirms. Where they find nothing, every
    certificate is listed, since absence from an index proves nothing, and those that could be it are looked at one by one.

    Args:
        is_fresh: whether to list them anew. What is only planned may go by a list of the last minutes: before a write ACM
            is asked again.

    Raises:
        AwsError: ACM cannot be asked.
        UsageError: the ARN is not there.
        ReimportIncompatibleError: nothing was ever issued under the ARN.
        AmbiguousError: what stands under the ARN is to take a name that another certificate has.
    """
    name = desired.name or ""
    if desired.arn is not None:
        record = _by_arn(acm, desired.arn)
        if name and record.name != name:
            _check_free(acm, name, desired)
        return _remembered(desired, Observed(own=(record,)), memory)
    own = _meant(holders(acm, name, memory.arns), desired)
    listed = [] if own else _listed(acm, is_fresh=is_fresh)
    found = own or list(filter(None, map(acm.find, _search(acm, listed, name, desired.bundle.leaf, now))))
    seen = Observed(
        own=_meant((record for record in found if record.name == name), desired),
        strangers=tuple(record for record in found if record.name != name),
    )
    return _remembered(desired, seen, memory)


def _remembered(desired: Desired, seen: Observed, memory: Memory) -> Observed:
    """Adds to what was seen what the ledger remembers of it."""
    bundle = desired.bundle
    resent = [record.arn for record in seen.own if memory.has_resent(record.arn, bundle.leaf, bundle.chain)]
    hold = memory.hold_on(bundle.leaf, bundle.chain)
    return replace(seen, resent=frozenset(resent), made=memory.made, hold=hold)


def _meant(named: Iterable[CertificateRecord], desired: Desired) -> tuple[CertificateRecord, ...]:
    """Returns those of the name without the one whose place is to be taken: it keeps the name until it is retired."""
    return tuple(record for record in named if record.arn != desired.follows)


def _by_arn(acm: Acm, arn: str) -> CertificateRecord:
    try:
        return acm.record(arn)
    except AwsRefusedError as error:
        if error.aws_code == IN_PROGRESS:
            raise ReimportIncompatibleError(
                f"nothing has been issued under {arn}: it was requested, and only an imported one can be replaced",
                hint="import it with --name alone, which gives it an ARN of its own",
            ) from error
        if error.aws_code != NOT_FOUND:
            raise
        raise UsageError(f"there is no certificate {arn}", hint="certkit status shows those that are there") from error


def holders(acm: Acm, name: str, remembered: tuple[str, ...] = ()) -> list[CertificateRecord]:
    """Returns those that the index knows under `name`, and of those remembered, where ACM confirms the name.

    Raises:
        AwsError: ACM cannot be asked.
    """
    arns = dict.fromkeys((*acm.arns_named(name), *remembered))
    return [record for record in map(acm.find, arns) if record and record.name == name]


def _check_free(acm: Acm, name: str, desired: Desired) -> None:
    """Checks that `desired.arn` may be given the name: with two of it, the next run could not tell which is meant.

    Raises:
        AmbiguousError: another certificate has it.
    """
    for other in _meant(holders(acm, name), desired):
        raise AmbiguousError(
            f"{other.arn} is called {name!r} already, and {desired.arn} is not",
            hint="choose another --name, or take the tag certkit:name off the one that has it",
        )


def _listed(acm: Acm, *, is_fresh: bool) -> list[Summary]:
    """Returns what was imported."""
    seconds = 0.0 if is_fresh else HOLDS_SECONDS
    listed = acm.lore.recall("listing", lambda: tuple(acm.summaries()), seconds)
    return [summary for summary in listed if summary.kind in {IMPORTED, ""}]


def _search(acm: Acm, listed: Iterable[Summary], name: str, leaf: x509.Certificate, now: dt.datetime) -> Iterator[str]:
    """Yields the ARNs of the certificates that carry the name unseen by the index, or hold the leaf.

    Of thousands only a few are looked at: those with the same lifetime, those with a name in common, and recent imports
    that the index does not know yet. Each is looked at once in a run, or once in some minutes where other runs may change
    it. What this run has imported is known without a look, before any list shows it.
    """
    der, ours = x.to_der(leaf), _names(leaf)
    yield from (own.arn for own in acm.lore.own() if own.name == name or own.leaf == der)
    others = [summary for summary in listed if acm.lore.imported(summary.arn) is None]
    has_recent = any(_is_recent(summary, now) for summary in others)
    indexed = acm.lore.recall("names", acm.names) if has_recent else {}
    for summary in others:
        is_unindexed = _is_recent(summary, now) and indexed.get(summary.arn, name) == name
        may_be_named = is_unindexed or _shares_name(summary, ours)
        if (may_be_named and _is_called(acm, summary.arn, name)) or (
            _may_hold(summary, leaf) and _holds(acm, summary, der)
        ):
            yield summary.arn


def _is_recent(summary: Summary, now: dt.datetime) -> bool:
    return summary.imported_at is None or now - summary.imported_at < _INDEX_LAG


def _names(leaf: x509.Certificate) -> frozenset[str]:
    return frozenset(name.lower() for name in (*x.dns_names(leaf), x.common_name(leaf)) if name)


def _shares_name(summary: Summary, ours: frozenset[str]) -> bool:
    theirs = (*(san.removeprefix("DNS:") for san in summary.sans), summary.domain)
    return not ours.isdisjoint(name.lower() for name in theirs if name)


def _may_hold(summary: Summary, leaf: x509.Certificate) -> bool:
    """Tells whether a listed certificate has the lifetime of `leaf`; one of which ACM does not say may have it."""
    starts, ends = summary.not_before, summary.not_after
    return starts in {None, leaf.not_valid_before_utc} and ends in {None, leaf.not_valid_after_utc}


def _is_called(acm: Acm, arn: str, name: str) -> bool:
    try:
        return acm.lore.recall(("name", arn), lambda: acm.name_of(arn)) == name
    except AwsRefusedError as error:
        if not is_nothing_there(error):
            raise
        return False


def _holds(acm: Acm, summary: Summary, der: bytes) -> bool:
    """Tells whether ACM holds a leaf under an ARN: by its DER, since others' need not be parsable.

    What it holds changes with its import alone, of which the list has the time.
    """
    about = ("leaf", summary.arn, summary.imported_at)
    seconds = ALWAYS if summary.imported_at else 0.0
    try:
        return acm.lore.recall(about, lambda: acm.leaf_der(summary.arn), seconds) == der
    except AwsRefusedError as error:
        if not is_nothing_there(error):
            raise
        return False
