"""What `certkit validate --against` shows beside the findings: may it replace what stands there?"""

from collections.abc import Iterable
from typing import Final

from certkit.report import one_line
from certkit.rules import Finding, Severity, replacement

_CLAUSES: Final = frozenset(one.id for one in replacement.CRITERIA if one.severity is Severity.ERROR)


def item(against: str, findings: Iterable[Finding]) -> dict[str, object]:
    """Returns the verdict as it stands in documents; `reasons` are the rules that speak against it."""
    reasons = _reasons(findings)
    return {"verdict": _verdict(reasons), "against": against, "reasons": reasons}


def text(against: str, findings: Iterable[Finding]) -> str:
    """Returns the verdict as a line."""
    reasons = _reasons(findings)
    why = f"it cannot replace {one_line(against)} [{', '.join(reasons)}]"
    return f"  {_verdict(reasons)}: {why if reasons else f'it may replace {one_line(against)}'}"


def _verdict(reasons: Iterable[str]) -> str:
    return "new-arn-required" if reasons else "reimport-ok"


def _reasons(findings: Iterable[Finding]) -> list[str]:
    return list(dict.fromkeys(str(finding.rule) for finding in findings if finding.rule in _CLAUSES))
