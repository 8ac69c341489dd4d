"""Tests of the options: what they take, which the commands repeat so as not to import the library, and what they set."""

from enum import StrEnum

import pytest
import typer
from typer.core import TyperCommand, TyperOption

import certkit.hook
import certkit.policy
import certkit.schedule
from certkit import rules, trust
from certkit.cli import hook, options, pack, policy, schedule, validate, verify
from certkit.cli.session import Session
from certkit.formats import keys, writing
from certkit.sources import starttls


@pytest.mark.parametrize(
    ("choices", "library"),
    [
        (options.KeyFormat, keys.KeyFormat),
        (hook.Client, certkit.hook.Client),
        (pack.Container, writing.Container),
        (policy.Role, certkit.policy.Role),
        (schedule.Kind, certkit.schedule.Kind),
        (validate.Profile, trust.Profile),
        (validate.Severity, rules.Severity),
        (verify.Starttls, starttls.Protocol),
    ],
)
def test_the_choices_of_an_option_are_those_of_the_library(choices: type[StrEnum], library: type[StrEnum]) -> None:
    assert [one.value for one in choices] == [one.value for one in library]


@pytest.mark.parametrize(
    ("made", "group", "name", "value", "expected"),
    [
        (options.ledger_options(), "ledger_options", "lock_timeout", 0.0, 0.0),
        (options.ledger_options(), "ledger_options", "no_ledger", True, True),
        (options.aws_options(), "aws_options", "profile", "", None),
        (options.aws_options(), "aws_options", "region", ("eu-west-1",), ("eu-west-1",)),
        (options.reading_options(), "reading_options", "alias", "", ""),
        (options.reading_options(), "reading_options", "intermediates", (), ()),
    ],
)
def test_an_option_sets_what_was_given_and_zero_is_a_value(
    made: list[TyperOption], group: str, name: str, value: object, expected: object
) -> None:
    session = Session()

    _call(next(one for one in made if one.name == name), session, value)

    assert getattr(getattr(session, group), name) == expected


def test_a_flag_before_the_command_is_not_undone_by_its_absence_behind_it() -> None:
    session = Session()
    quiet = options.common_options()[0]

    _call(quiet, session, True)
    _call(quiet, session, False)

    assert session.quiet


def _call(option: TyperOption, session: Session, value: object) -> None:
    assert option.callback is not None
    option.callback(typer.Context(TyperCommand("certkit"), obj=session), option, value)
