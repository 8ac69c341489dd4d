"""A candidate for import to findings: ACM's criteria, and what clients would say, as rules."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from certkit.errors import ContentError
from certkit.rules import assembly, blobs, chain, clients, content, hosts, path, repairs, replacement, services, sizes
from certkit.rules.rule import Candidate, Criterion, Finding, Rule, Severity

__all__ = ["CRITERIA", "RULES", "Candidate", "Criterion", "Finding", "Rule", "Severity", "finding_of", "judge"]

_BY_SUBJECT: Final = (
    *blobs.RULES,
    *content.RULES,
    *chain.RULES,
    *path.RULES,
    *sizes.RULES,
    *repairs.RULES,
    *hosts.RULES,
    *clients.RULES,
)
"""Causes before what follows from them: bytes that are no PEM, then what they say, then how long they are."""

RULES: Final[tuple[Rule, ...]] = (
    *(rule for rule in _BY_SUBJECT if rule.severity is Severity.ERROR),
    *(rule for rule in _BY_SUBJECT if rule.severity is Severity.WARNING),
)
"""Every rule, in the order in which findings are shown: what ACM refuses first, and of that the cause."""

CRITERIA: Final[tuple[Criterion, ...]] = (*assembly.CRITERIA, *RULES, *services.CRITERIA, *replacement.CRITERIA)
"""Everything that a finding can be about."""


def judge(candidate: Candidate, *, is_strict: bool = False) -> Iterator[Finding]:
    """Yields what each rule finds in `candidate`, in the order of `RULES`.

    Args:
        is_strict: whether what certkit mended counts as an error.
    """
    for rule in RULES:
        if rule.only_as_is and candidate.bundle is not None:
            continue
        for finding in rule.findings(candidate):
            yield replace(finding, severity=Severity.ERROR) if is_strict and rule.is_repair else finding


def finding_of(error: ContentError) -> Finding:
    """Returns the finding for a bundle that could not be put in order; its rule is the error's code."""
    (criterion,) = (one for one in CRITERIA if one.id == error.code)
    return Finding(
        criterion.id, criterion.severity, error.part, error.message, error.hint or criterion.hint, criterion.source
    )
