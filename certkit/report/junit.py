"""What `certkit validate` finds as JUnit XML, which GitLab, Jenkins and most others show as test results.

A suite for each SOURCE, in it a case for each rule that was looked at: so a rule that is kept again is seen to be mended. What
makes the exit code 1 has failed; what is waived is skipped; a SOURCE that cannot be read is an error. The form is that of
Jenkins's junit-10.xsd. Everything beyond ASCII is written as a character reference: it is right in every encoding.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

from certkit.judgement import Failure, Judgement
from certkit.report import one_line
from certkit.rules import Criterion, Finding, Severity
from certkit.waiver import Waived


class _Case(NamedTuple):
    """One rule on one bundle.

    Attributes:
        verdict: `failure`, `error` or `skipped`; empty where the rule was kept, or where breaking it does not count.
        message: what a list of results shows.
        text: what stands below it.
    """

    rule: str
    verdict: str = ""
    message: str = ""
    text: str = ""


def document(verdicts: Sequence[Judgement | Failure], criteria: Iterable[Criterion], fail_on: str) -> str:
    """Returns the document.

    Args:
        criteria: what every bundle was held to.
        fail_on: the value of the least `Severity` that is a failure.
    """
    rules = [one.id for one in criteria]
    suites = [(verdict.source, list(_cases(verdict, rules, fail_on))) for verdict in verdicts]
    counts = _counts([case for _, cases in suites for case in cases], "tests", "failures", "errors")
    lines = ['<?xml version="1.0" encoding="utf-8"?>', f'<testsuites name="certkit validate" {counts}>']
    for source, cases in suites:
        lines += _suite(source, cases)
    return "\n".join([*lines, "</testsuites>"]).encode("ascii", "xmlcharrefreplace").decode("ascii")


def _cases(verdict: Judgement | Failure, rules: Sequence[str], fail_on: str) -> Iterator[_Case]:
    if isinstance(verdict, Failure):
        error = verdict.error
        yield _Case(error.code, "error", error.message, error.hint or "")
        return
    broken = [finding.rule for finding in verdict.findings] + [waived.finding.rule for waived in verdict.waived]
    for rule in dict.fromkeys([*(rules if verdict.is_whole else ()), *broken]):
        findings = [finding for finding in verdict.findings if finding.rule == rule]
        waived = [one for one in verdict.waived if one.finding.rule == rule]
        yield _broken(rule, findings, fail_on) if findings else _skipped(rule, waived) if waived else _Case(rule)


def _broken(rule: str, findings: Sequence[Finding], fail_on: str) -> _Case:
    counts = {Severity.ERROR, Severity(fail_on)}
    verdict = "failure" if any(finding.severity in counts for finding in findings) else ""
    hints = dict.fromkeys(finding.hint for finding in findings if finding.hint)
    lines = [f"{finding.severity}: {finding.part}: {finding.message}" for finding in findings]
    lines += [f"to do: {hint}" for hint in hints]
    first = findings[0]
    return _Case(rule, verdict, f"{first.part}: {first.message}", "\n".join(map(one_line, lines)))


def _skipped(rule: str, waived: Sequence[Waived]) -> _Case:
    lines = [f"{one.finding.part}: {one.finding.message}" for one in waived]
    waiver = waived[0].waiver
    message = f"waived until {waiver.until}: {waiver.reason}"
    return _Case(rule, "skipped", message, "\n".join(map(one_line, lines)))


def _suite(source: str, cases: Sequence[_Case]) -> Iterator[str]:
    name = _attribute(source)
    yield f"  <testsuite name={name} {_counts(cases, 'tests', 'failures', 'errors', 'skipped')}>"
    for case in cases:
        opening = f"    <testcase classname={name} name={_attribute(case.rule)}"
        if case.verdict:
            inner = f"<{case.verdict} message={_attribute(case.message)}>{escape(case.text)}</{case.verdict}>"
        elif case.text:
            inner = f"<system-out>{escape(case.text)}</system-out>"
        else:
            yield f"{opening}/>"
            continue
        yield f"{opening}>{inner}</testcase>"
    yield "  </testsuite>"


def _attribute(value: str) -> str:
    return quoteattr(one_line(value))


def _counts(cases: Sequence[_Case], *names: str) -> str:
    verdicts = {"failures": "failure", "errors": "error", "skipped": "skipped"}
    counts = {name: sum(case.verdict == verdict for case in cases) for name, verdict in verdicts.items()}
    counts["tests"] = len(cases)
    return " ".join(f'{name}="{counts[name]}"' for name in names)
