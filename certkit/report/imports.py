"""What `certkit import` shows, and `apply` and `renew` after it."""

from collections.abc import Iterable, Sequence

from certkit import certificate as x
from certkit.apply import Result
from certkit.report import certificate as certificates
from certkit.report import failure, one_line


def document(results: Iterable[tuple[Result, Sequence[str]]]) -> dict[str, object]:
    """Returns the document `certkit.import/1` for results with the warnings on what was sent."""
    return {"schema": "certkit.import/1", "results": [item(result, warnings) for result, warnings in results]}


def item(result: Result, warnings: Sequence[str]) -> dict[str, object]:
    """Returns one result as it stands in the document."""
    desired = result.desired
    return {
        "name": desired.name,
        "account": desired.account,
        "region": desired.region,
        "action": result.action,
        "arn": result.arn,
        "sha256": x.fingerprint(desired.bundle.leaf),
        "previous_sha256": result.previous_sha256,
        "not_after": certificates.time_text(desired.bundle.leaf.not_valid_after_utc),
        "warnings": [*warnings, *result.warnings],
        "error": failure.detail(result.error) if result.error else None,
    }


def text(result: Result) -> str:
    """Returns what a person reads; warnings on what was sent have been shown when they were found."""
    desired = result.desired
    called = one_line(desired.name or result.arn or "")
    if result.error:
        lines = [f"{called}: failed in {desired.region}: {one_line(result.error.message)}"]
        return "\n".join([*lines, *(f"  hint: {one_line(hint)}" for hint in [result.error.hint] if hint)])
    until = certificates.time_text(desired.bundle.leaf.not_valid_after_utc)[:10]
    lines = [f"{called}: {result.action}, valid until {until}", f"  {result.arn}"]
    return "\n".join([*lines, *(f"  warning: {one_line(warning)}" for warning in result.warnings)])
