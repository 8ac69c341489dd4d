"""Everything that is asked of an import has its rule, or the reason why it has none."""

import re
from typing import Final

import pytest

from certkit.rules import CRITERIA, Severity
from certkit.rules.coverage import TOPICS, Statement
from certkit.rules.services import SERVICES

STATEMENTS: Final = [statement for topic in TOPICS for statement in topic.statements]
IDS: Final = {criterion.id for criterion in CRITERIA}


@pytest.mark.parametrize("statement", STATEMENTS, ids=lambda statement: statement.says)
def test_a_statement_has_a_source_and_rules_that_exist_or_a_reason(statement: Statement) -> None:
    assert re.match("https://", statement.source)
    assert set(statement.rules) <= IDS
    assert statement.rules or statement.remark


def test_no_statement_stands_twice() -> None:
    assert len({statement.says for statement in STATEMENTS}) == len(STATEMENTS)


def test_every_rule_can_be_traced_to_what_somebody_asks() -> None:
    assert {rule for statement in STATEMENTS for rule in statement.rules} == IDS


def test_every_service_is_listed() -> None:
    (topic,) = (topic for topic in TOPICS if topic.title == "The services")

    assert [statement.says for statement in topic.statements[1:]] == [
        f"`--for {name}`: {service.title}" for name, service in SERVICES.items()
    ]


def test_what_aws_contradicts_itself_about_is_never_an_error_alone() -> None:
    (topic,) = (topic for topic in TOPICS if topic.title == "Where AWS contradicts itself")
    severities = {criterion.id: criterion.severity for criterion in CRITERIA}

    found = [{severities[rule] for rule in statement.rules} for statement in topic.statements]

    assert {Severity.ERROR} not in found
