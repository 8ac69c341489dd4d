"""What `certkit validate` shows."""

from collections.abc import Iterable, Mapping, Sequence

from certkit.report import one_line
from certkit.rules import Finding, Severity


def document(results: Iterable[Mapping[str, object]]) -> dict[str, object]:
    """Returns the document `certkit.validate/1`."""
    return {"schema": "certkit.validate/1", "results": list(results)}


def is_importable(findings: Iterable[Finding]) -> bool:
    """Tells whether ACM would take it: no finding of severity error."""
    return all(finding.severity is not Severity.ERROR for finding in findings)


def item(source: str, findings: Sequence[Finding]) -> dict[str, object]:
    """Returns one bundle's entry in the document."""
    return {
        "source": source,
        "importable": is_importable(findings),
        "findings": [finding_item(finding) for finding in findings],
    }


def finding_item(finding: Finding) -> dict[str, object]:
    """Returns a finding as it stands in documents."""
    return {
        "rule": finding.rule,
        "severity": str(finding.severity),
        "part": finding.part,
        "message": finding.message,
        "hint": finding.hint,
        "source": finding.source,
    }


def text(source: str, findings: Sequence[Finding]) -> str:
    """Returns what a person reads: the verdict, then each finding with what to do."""
    verdict = "importable" if is_importable(findings) else "not importable"
    warnings = sum(finding.severity is Severity.WARNING for finding in findings)
    count = f", {warnings} warning{'s' * (warnings != 1)}" if warnings else ""
    return "\n".join([f"{one_line(source)}: {verdict}{count}", *map(finding_text, findings)])


def finding_text(finding: Finding) -> str:
    """Returns the lines of one finding."""
    lines = [f"  {finding.severity}: {finding.part}: {one_line(finding.message)} [{finding.rule}]"]
    if finding.hint:
        lines.append(f"    {one_line(finding.hint)}")
    return "\n".join(lines)
