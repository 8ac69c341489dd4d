"""Every command line of the documentation is one that certkit takes: its command, its options, their values."""

import io
import re
from collections.abc import Sequence
from typing import Any, Final

import pytest
import typer

from certkit.cli.app import COMMANDS, Commands
from certkit.cli.session import Session
from tests.docs.reading import PAGES, ROOT, blocks, certkits, mentions, shell_blocks

TARGETS: Final = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
PLACEHOLDERS: Final = {"COMMAND", "ID"}
"""Words that stand for others where a command line is about all of its kind."""
HALF: Final = re.compile(r"Missing (argument|option)|.* requires an argument|.*: '[A-Z]+' is not one of")
"""What may be wrong with a command line in a sentence: it need not be whole, and words in capitals stand for others."""


def _complaint(arguments: Sequence[str]) -> str | None:
    """What typer says to these arguments, None if it takes them; nothing is run."""
    session = Session({}, io.BytesIO(), io.StringIO(), io.StringIO())
    family = Commands(name="certkit")
    words = [word for word in arguments if word not in {"--help", "--version"}]
    if not words or words[0].startswith("-") or words[0] in PLACEHOLDERS:
        return None
    root = typer.Context(family, obj=session)
    command: Any = family.get_command(root, words[0])
    if command is None:
        return f"No such command: {words[0]}"
    try:
        command.make_context(words[0], words[1:], parent=root)
    except typer.TyperException as error:
        return error.format_message()
    return None


@pytest.mark.parametrize("page", PAGES)
def test_the_command_lines_of_every_block_are_taken(page: str) -> None:
    complaints = {
        f"{block}: {' '.join(words)}": complaint
        for block in shell_blocks(page)
        for words in certkits(block.script)
        if (complaint := _complaint(words)) is not None
    }

    assert complaints == {}


@pytest.mark.parametrize("page", PAGES)
def test_the_command_lines_in_sentences_name_what_there_is(page: str) -> None:
    complaints = {
        line: complaint
        for line in mentions(page)
        for words in certkits(line)
        if (complaint := _complaint(words)) is not None and not HALF.match(complaint)
    }

    assert complaints == {}


@pytest.mark.parametrize("page", PAGES)
def test_every_target_of_make_is_there(page: str) -> None:
    told = "\n".join(block.script for block in shell_blocks(page))

    assert set(re.findall(r"^(?:\w+=\S+ )*make ([a-z-]+)", told, re.MULTILINE)) <= TARGETS


def test_a_command_line_with_a_mistake_is_one() -> None:
    assert _complaint(["split", "shop.pfx", "--forse"]) is not None
    assert _complaint(["splti", "shop.pfx"]) is not None
    assert _complaint(["split", "shop.pfx", "--layout", "apache"]) is not None
    assert _complaint(["split", "shop.pfx", "--layout", "nginx"]) is None


def test_command_lines_are_found_wherever_they_stand() -> None:
    script = """
    A=b certkit plan > plan.txt 2>&1 && certkit apply | tee log  # certkit nothing
    certkit sandbox -- sh -ec '
      certkit status
    '
    certkit import shop.pfx \\
        --name shop
    """

    found = [words[0] for words in certkits(script)]

    assert found == ["plan", "apply", "sandbox", "status", "import"]
    assert [len(list(certkits(line))) for name in COMMANDS for line in [f"certkit {name}"]] == [1] * len(COMMANDS)


def test_every_block_says_what_it_is() -> None:
    assert [str(block) for page in PAGES for block in blocks(page) if not block.language] == []
