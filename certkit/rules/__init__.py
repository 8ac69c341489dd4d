"""A candidate for import to findings: ACM's criteria, and what clients would say, as rules."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from certkit.errors import ContentError
from certkit.rules import assembly, blobs, content, repairs, services
from certkit.rules.rule import Candidate, Criterion, Finding, Rule, Severity

__all__ = ["CRITERIA", "RULES", "Candidate", "Criterion", "Finding", "Rule", "Severity", "finding_of", "judge"]

RULES: Final[tuple[Rule, ...]] = (*content.RULES, *blobs.RULES, *repairs.RULES)
"""Every rule, in the order in which findings are shown: what ACM refuses for its content first."""

CRITERIA: Final[tuple[Criterion, ...]] = (*assembly.CRITERIA, *RULES, *services.CRITERIA)
"""Everything that a finding can be about."""


def judge(candidate: Candidate, *, is_strict: bool = False) -> Iterator[Finding]:
    """Yields what each rule finds in `candidate`, in the order of `RULES`.

    Args:
        is_strict: whether what certkit mended counts as an error.
    """
    for rule in RULES:
        for finding in rule.findings(candidate):
            yield replace(finding, severity=Severity.ERROR) if is_strict and rule.is_repair else finding


def finding_of(error: ContentError) -> Finding:
    """Returns the finding for a bundle that could not be put in order; its rule is the error's code."""
    (criterion,) = (one for one in CRITERIA if one.id == error.code)
    return Finding(
        criterion.id, criterion.severity, error.part, error.message, error.hint or criterion.hint, criterion.source
    )
