"""Tests of `certkit rules`, and of the page that is made of it."""

from pathlib import Path
from typing import Final

import pytest

from certkit.report import rules as report
from certkit.rules import CRITERIA, Criterion
from tests.cli.running import certkit, program

PAGE: Final = Path(__file__).parents[2] / "docs" / "rules.md"


def test_every_rule_is_listed_with_its_first_sentence() -> None:
    done = certkit("rules")

    listed = [line.split(maxsplit=2) for line in done.stdout.splitlines()]
    assert (done.exit_code, done.stderr) == (0, "")
    assert listed == [[rule.id, rule.severity.value, rule.explanation.partition("\n")[0]] for rule in CRITERIA]


def test_the_severities_stand_in_one_column() -> None:
    done = certkit("rules")

    columns = {
        line.index(f" {rule.severity.value} ") for line, rule in zip(done.stdout.splitlines(), CRITERIA, strict=True)
    }
    assert len(columns) == 1


@pytest.mark.parametrize("rule", CRITERIA, ids=lambda rule: rule.id)
def test_a_rule_is_explained_with_what_to_do_and_who_says_so(rule: Criterion) -> None:
    done = certkit("rules", rule.id)

    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout == (
        f"{rule.id} ({rule.severity.value})\n\n{rule.explanation}\n\nTo do:  {rule.hint}\nSource: {rule.source}\n"
    )


def test_all_rules_are_one_document() -> None:
    done = certkit("rules", "--format", "json")

    assert [each["rule"] for each in done.document["rules"]] == [rule.id for rule in CRITERIA]


def test_one_rule_is_a_document_of_one() -> None:
    rule = CRITERIA[0]

    done = certkit("rules", rule.id, "--format", "json")

    assert done.document == {
        "schema": "certkit.rules/1",
        "rules": [
            {
                "rule": rule.id,
                "severity": rule.severity.value,
                "explanation": rule.explanation,
                "hint": rule.hint,
                "source": rule.source,
            }
        ],
    }


def test_a_rule_that_is_none_is_a_usage_error() -> None:
    done = certkit("rules", "no-such-rule")

    assert (done.exit_code, done.stdout) == (2, "")
    assert "there is no rule 'no-such-rule'" in done.stderr
    assert "certkit rules lists them" in done.stderr


def test_a_rule_that_is_none_is_an_error_document_too() -> None:
    done = certkit("rules", "no-such-rule", "--format", "json")

    assert (done.exit_code, done.error_code) == (2, "usage")


def test_what_is_no_character_in_the_name_of_a_rule_is_shown_escaped() -> None:
    done = certkit("rules", "\x1b[31m")

    assert done.exit_code == 2
    assert "\x1b" not in done.stderr


def test_the_help_is_written_without_loading_cryptography() -> None:
    done = program("rules", "--help", environment={"PYTHONPROFILEIMPORTTIME": "1"})

    assert done.exit_code == 0
    assert "certkit rules chain-missing" in done.stdout
    assert "cryptography" not in done.stderr


def test_the_ids_of_the_rules_are_unique() -> None:
    assert len({rule.id for rule in CRITERIA}) == len(CRITERIA)


@pytest.mark.parametrize("rule", CRITERIA, ids=lambda rule: rule.id)
def test_a_rule_says_its_criterion_in_a_first_sentence_that_stands_alone(rule: Criterion) -> None:
    first, *rest = rule.explanation.split("\n")

    assert first.endswith(".")
    assert not rest or rest[0] == ""


def test_the_page_of_the_rules_is_up_to_date() -> None:
    """`make docs` writes it."""
    assert PAGE.read_text("utf-8") == report.page(CRITERIA)


def test_the_page_has_a_section_for_each_rule() -> None:
    page = report.page(CRITERIA)

    assert [line.removeprefix("## ") for line in page.splitlines() if line.startswith("## ")] == [
        one.id for one in CRITERIA
    ]
    assert "..\n" not in page
