"""What `certkit validate` shows."""

from collections.abc import Iterable, Mapping

from certkit.judgement import Failure, Judgement
from certkit.report import failure, one_line, reimport
from certkit.rules import Finding, Severity
from certkit.waiver import Waived


def document(results: Iterable[Mapping[str, object]]) -> dict[str, object]:
    """Returns the document `certkit.validate/1`."""
    return {"schema": "certkit.validate/1", "results": list(results)}


def is_importable(findings: Iterable[Finding]) -> bool:
    """Tells whether ACM would take it: no finding of severity error."""
    return all(finding.severity is not Severity.ERROR for finding in findings)


def item(verdict: Judgement | Failure) -> dict[str, object]:
    """Returns one bundle's entry in the document; `waived` and `reimport` stand in it where asked for."""
    if isinstance(verdict, Failure):
        return {"source": verdict.source, "error": failure.detail(verdict.error)}
    entry = {
        "source": verdict.source,
        "importable": is_importable(verdict.findings),
        "findings": [finding_item(finding) for finding in verdict.findings],
    }
    waived = {"waived": [_waived_item(one) for one in verdict.waived]} if verdict.waived else {}
    held = {"reimport": reimport.item(verdict.replaces, verdict.findings)} if verdict.replaces else {}
    return entry | waived | held


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


def _waived_item(waived: Waived) -> dict[str, object]:
    waiver = waived.waiver
    return finding_item(waived.finding) | {"reason": waiver.reason, "until": waiver.until.isoformat()}


def text(judgement: Judgement) -> str:
    """Returns what a person reads: the verdict, then each finding with what to do."""
    verdict = "importable" if is_importable(judgement.findings) else "not importable"
    warnings = sum(finding.severity is Severity.WARNING for finding in judgement.findings)
    count = f", {warnings} warning{'s' * (warnings != 1)}" if warnings else ""
    count += f", {len(judgement.waived)} waived" if judgement.waived else ""
    lines = [f"{one_line(judgement.source)}: {verdict}{count}"]
    lines += [reimport.text(judgement.replaces, judgement.findings)] if judgement.replaces else []
    lines += map(finding_text, judgement.findings)
    return "\n".join([*lines, *map(_waived_text, judgement.waived)])


def finding_text(finding: Finding) -> str:
    """Returns the lines of one finding."""
    lines = [f"  {finding.severity}: {_what(finding)}"]
    if finding.hint:
        lines.append(f"    {one_line(finding.hint)}")
    return "\n".join(lines)


def _waived_text(waived: Waived) -> str:
    waiver = waived.waiver
    return f"  waived: {_what(waived.finding)}\n    until {waiver.until}: {one_line(waiver.reason)}"


def _what(finding: Finding) -> str:
    return f"{finding.part}: {one_line(finding.message)} [{finding.rule}]"
