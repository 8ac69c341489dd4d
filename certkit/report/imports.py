"""What `certkit import` shows, and `apply` and `renew` after it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from certkit import certificate as x
from certkit.apply import Result
from certkit.errors import CertkitError
from certkit.proof import Proof, of
from certkit.report import certificate as certificates
from certkit.report import failure, one_line
from certkit.report import proof as proof_report
from certkit.target import Failure

Told: TypeAlias = tuple[Result | Failure, Sequence[str]]
"""What came of one certificate in one region, with the warnings on what was sent."""


def document(command: str, outcomes: Iterable[Told], proofs: Sequence[Proof] | None = None) -> dict[str, object]:
    """Returns the document of `import` or `apply`: what came of it, in the order of name, account and region.

    Args:
        proofs: the endpoints that were looked at, None for a command that looks at none.
    """
    rows = [
        item(outcome, warnings) | ({} if proofs is None else {"served": _served(outcome, proofs)})
        for outcome, warnings in outcomes
    ]
    return {"schema": f"certkit.{command}/1", "results": sorted(rows, key=_place)}


def _served(outcome: Result | Failure, proofs: Sequence[Proof]) -> list[dict[str, object]] | None:
    """Returns the endpoints of a certificate, None where none was looked at; of one that failed nothing is said."""
    if isinstance(outcome, Failure) or outcome.error:
        return None
    return proof_report.items(of(proofs, outcome.desired.name, outcome.arn))


def item(outcome: Result | Failure, warnings: Sequence[str]) -> dict[str, object]:
    """Returns one result as it stands in the document."""
    return _failed_item(outcome, warnings) if isinstance(outcome, Failure) else _item(outcome, warnings)


def _place(row: Mapping[str, object]) -> tuple[str, ...]:
    return tuple(str(row[key] or "") for key in ("name", "account", "region"))


def _failed_item(failed: Failure, warnings: Sequence[str]) -> dict[str, object]:
    leaf = failed.desired.bundle.leaf if failed.desired else None
    return {
        "name": failed.name,
        "account": failed.account,
        "region": failed.region,
        "action": "failed",
        "arn": failed.arn,
        "sha256": x.fingerprint(leaf) if leaf else None,
        "previous_sha256": None,
        "not_after": certificates.time_text(leaf.not_valid_after_utc) if leaf else None,
        "warnings": list(warnings),
        "error": failure.detail(failed.error),
    }


def _item(result: Result, warnings: Sequence[str]) -> dict[str, object]:
    desired, leaf = result.desired, result.leaf
    return {
        "name": desired.name,
        "account": desired.account,
        "region": desired.region,
        "action": result.action,
        "arn": result.arn,
        "sha256": x.fingerprint(leaf) if leaf else None,
        "previous_sha256": result.previous_sha256,
        "not_after": certificates.time_text(leaf.not_valid_after_utc) if leaf else None,
        "warnings": [*warnings, *result.warnings],
        "error": failure.detail(result.error) if result.error else None,
    }


def text(outcome: Result | Failure) -> str:
    """Returns what a person reads; warnings on what was sent have been shown when they were found."""
    if isinstance(outcome, Failure):
        called = one_line(outcome.name or outcome.arn or "")
        return _failed(called, _where(outcome.account, outcome.region), outcome.error)
    desired = outcome.desired
    called, where = one_line(desired.name or outcome.arn or ""), _where(desired.account, desired.region)
    if outcome.error:
        return _failed(called, where, outcome.error)
    return "\n".join([_done(called, where, outcome), *_warnings(outcome)])


def _where(account: str | None, region: str) -> str:
    return f"{region} of {account}" if account else region


def _done(called: str, where: str, result: Result) -> str:
    if result.leaf is None:
        return f"{called}: {result.action}, not yet in {where}"
    until = certificates.date_text(result.leaf.not_valid_after_utc)
    return f"{called}: {result.action}, valid until {until}\n  {result.arn}"


def _warnings(result: Result) -> list[str]:
    return [f"  warning: {one_line(warning)}" for warning in result.warnings]


def _failed(called: str, where: str, error: CertkitError) -> str:
    hints = [f"  hint: {one_line(error.hint)}"] if error.hint else []
    return "\n".join([f"{called}: failed in {where}: {one_line(error.message)}", *hints])
