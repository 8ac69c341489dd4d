"""Each clause on replacing a certificate is a finding of its own rule."""

import pytest

from certkit.reimport import Breach, Clause, Verdict
from certkit.rules import CRITERIA, Finding, Severity
from certkit.rules.replacement import findings

PARTS = {Clause.NOT_IMPORTED: "bundle", Clause.WRONG_REGION: "bundle"}


@pytest.mark.parametrize("clause", Clause)
def test_a_clause_is_a_finding_with_severity_hint_and_source_of_its_rule(clause: Clause) -> None:
    (criterion,) = [one for one in CRITERIA if one.id == clause]
    breach = (Breach(clause, "why"),)
    is_error = criterion.severity is Severity.ERROR

    found = list(findings(Verdict(breach, ()) if is_error else Verdict((), breach)))

    part = PARTS.get(clause, "leaf")
    assert found == [Finding(clause, criterion.severity, part, "why", criterion.hint, criterion.source)]


def test_refusals_stand_before_what_is_lost() -> None:
    both = Verdict((Breach(Clause.KEY, "key"),), (Breach(Clause.SOME_NAMES, "name"),))

    assert [finding.message for finding in findings(both)] == ["key", "name"]


def test_a_good_verdict_has_no_finding() -> None:
    assert list(findings(Verdict((), ()))) == []
