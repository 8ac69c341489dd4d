"""The help of every command has one voice, and fits a terminal of 80 columns."""

import re
from typing import Final

import pytest

from certkit.cli.app import COMMANDS
from certkit.cli.manual import manuals, shared
from certkit.report.commands import Manual
from tests.cli.running import certkit

COLUMNS: Final = 80
MANUALS: Final = tuple(manuals())


@pytest.mark.parametrize("name", ["", *COMMANDS])
def test_a_help_page_fits_80_columns_without_colour_and_only_its_examples_may_be_longer(name: str) -> None:
    text, _, _ = certkit(*filter(None, [name]), "--help").stdout.partition("Examples:\n")

    assert [line for line in text.splitlines() if len(line) > COLUMNS] == []
    assert "\x1b" not in text


@pytest.mark.parametrize("manual", MANUALS, ids=lambda manual: manual.name)
def test_a_command_says_what_it_does_and_how_it_exits(manual: Manual) -> None:
    assert re.match(r"[A-Z][a-z]+ ", manual.purpose)
    assert manual.purpose.endswith((".", "!"))
    assert re.match(r"(0|the COMMAND's own;) .*\b2 .*\.$", manual.exit_codes)
    assert not manual.line.endswith(".")
    assert all(example.startswith(f"certkit {manual.name}") for example in manual.examples)


def test_every_option_says_what_it_is_for_in_a_sentence_that_needs_no_page() -> None:
    told = [entry for manual in MANUALS for entry in (*manual.arguments, *manual.options)]

    odd = {
        entry.form: entry.text
        for entry in told
        if not re.fullmatch(r".+[.?](  \[[^\]]+\])?", entry.text) or ".md" in entry.text
    }

    assert odd == {}
    assert {entry for group in shared() for entry in group.entries} <= set(told)
