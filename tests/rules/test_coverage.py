"""Everything that is asked of an import has its rule, or the reason why it has none."""

import re
from typing import Final

import pytest

from certkit.rules import CRITERIA, Severity
from certkit.rules.coverage import TOPICS, Statement
from certkit.rules.services import SERVICES
from tests.rules.test_services import BREACHES, found

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


@pytest.mark.parametrize(
    "rule",
    [
        rule
        for rule in BREACHES
        if rule not in {"service-key-algorithm", "service-extended-key-usage", "service-domain-name"}
    ],
)
def test_a_service_is_listed_with_a_rule_if_it_asks_for_it(rule: str) -> None:
    """The three that are left out ask different things of different services, so that no one candidate breaks them all."""
    (topic,) = (topic for topic in TOPICS if topic.title == "The services")
    _, candidate, regions = BREACHES[rule]

    listed = [name for name, of in zip(SERVICES, topic.statements[1:], strict=True) if rule in of.rules]

    assert listed == [name for name in SERVICES if rule in found(name, candidate, *regions)]


def test_a_service_has_its_note_and_says_where_nothing_is_documented() -> None:
    (topic,) = (topic for topic in TOPICS if topic.title == "The services")

    for service, statement in zip(SERVICES.values(), topic.statements[1:], strict=True):
        unknown = "" if statement.rules else "it is not documented what it takes. "
        assert statement.remark == f"{unknown}{service.note}".strip()


def test_what_aws_contradicts_itself_about_is_never_an_error_alone() -> None:
    (topic,) = (topic for topic in TOPICS if topic.title == "Where AWS contradicts itself")
    severities = {criterion.id: criterion.severity for criterion in CRITERIA}

    found = [{severities[rule] for rule in statement.rules} for statement in topic.statements]

    assert {Severity.ERROR} not in found
