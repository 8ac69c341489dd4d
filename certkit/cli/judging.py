"""How the user wants bundles to be judged: which rules count, how much, what is waived, and how it is shown."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from certkit.cli.options import ReportFormat
from certkit.purpose import Purpose
from certkit.reimport import Target, verdict
from certkit.rules import RULES, Candidate, Criterion, Finding, Severity, assembly, replacement, services
from certkit.waiver import Waiver, Weighed, apply

_WITH_PLACES: Final = frozenset({ReportFormat.SARIF, ReportFormat.GITHUB})
"""The reports that say in which lines a finding is."""


@dataclass(frozen=True, slots=True)
class Judging:
    """What counts, and how it is shown.

    Attributes:
        rules: the IDs of the rules that count.
        fail_on: the value of the least `Severity` that makes the exit code 1.
        is_strict: whether what certkit mends is an error.
        is_as_is: whether bytes are judged as they are, in which nothing is mended.
        waivers: those of the configuration.
        purpose: what the bundles are wanted for.
        target: what each of them is to replace, where that was asked.
    """

    rules: frozenset[str]
    fail_on: str
    output_format: ReportFormat
    is_strict: bool = False
    is_as_is: bool = False
    waivers: tuple[Waiver, ...] = ()
    purpose: Purpose = field(default_factory=Purpose)
    target: Target | None = None

    @property
    def wants_places(self) -> bool:
        """Whether the lines that a part of a bundle stands in are shown."""
        return self.output_format in _WITH_PLACES

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        """What every bundle is held to, in the order in which findings are shown."""
        if self.is_as_is:
            every: Iterable[Criterion] = (rule for rule in RULES if not rule.is_repair)
        else:
            every = (*assembly.CRITERIA, *(rule for rule in RULES if not rule.only_as_is))
        of_services = services.CRITERIA if self.purpose.services else ()
        of_target = replacement.CRITERIA if self.target else ()
        return tuple(one for one in (*every, *of_services, *of_target) if one.id in self.rules)

    def findings(self, candidate: Candidate) -> Iterator[Finding]:
        """Yields everything that is wrong with a bundle, whether it counts or not."""
        yield from self.purpose.findings(candidate, is_strict=self.is_strict)
        if self.target and candidate.leaf:
            yield from replacement.findings(verdict(candidate.leaf, self.target))

    def replaced(self, candidate: Candidate | None) -> str | None:
        """Returns the name of what the candidate was held against; None for what could not be, or was not to be."""
        return self.target.name if self.target and candidate and candidate.leaf else None

    def weigh(self, names: Sequence[str], findings: Iterable[Finding], now: dt.datetime) -> Weighed:
        """Returns what the rules and the waivers leave of the findings on the bundle that goes by `names`."""
        return apply(self.waivers, [finding for finding in findings if finding.rule in self.rules], names, now)

    def exit_code(self, findings: Iterable[Finding]) -> int:
        """Returns 1 where one of the findings that count is severe enough, else 0."""
        counts = {Severity.ERROR, Severity(self.fail_on)}
        return int(any(finding.severity in counts for finding in findings))
