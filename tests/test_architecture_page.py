"""docs/architecture.md says where everything is."""

import re
from pathlib import Path
from typing import Final

from certkit.cli.app import COMMANDS, module_of

ROOT: Final = Path(__file__).parents[1]
PAGE: Final = (ROOT / "docs/architecture.md").read_text()


def test_every_module_has_its_place_in_the_table() -> None:
    table = PAGE.partition("## What is where")[2].partition("## The command line")[0]
    modules = {path.stem for path in (ROOT / "certkit").iterdir() if not path.name.startswith(("_", "py."))}

    assert modules - _named(table) == set()


def test_every_module_of_the_command_line_stands_with_what_it_is_for() -> None:
    table = PAGE.partition("## The command line")[2].partition("| --- |")[2].partition("## Adding")[0]
    commands = {module_of(name).__name__.rpartition(".")[2] for name in COMMANDS}
    modules = {path.stem for path in (ROOT / "certkit/cli").glob("[!_]*.py")}

    assert modules - commands - _named(table) == set()
    assert _named(table) - modules - COMMANDS.keys() == set()


def _named(table: str) -> set[str]:
    return set(re.findall(r"`([a-z0-9_]+)`", table))
