"""A candidate for import to findings: ACM's criteria, and what clients would say, as rules."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from certkit.errors import ContentError
from certkit.rules import blobs, content, repairs
from certkit.rules.rule import Candidate, Finding, Rule, Severity

__all__ = ["RULES", "Candidate", "Finding", "Rule", "Severity", "finding_of", "judge"]

RULES: Final[tuple[Rule, ...]] = (*content.RULES, *blobs.RULES, *repairs.RULES)
"""Every rule, in the order in which findings are shown: what ACM refuses for its content first."""

_ASSEMBLY: Final = "https://docs.aws.amazon.com/acm/latest/userguide/import-certificate-prerequisites.html"


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
    return Finding(error.code, Severity.ERROR, error.part, error.message, error.hint, _ASSEMBLY)
