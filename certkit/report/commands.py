"""`docs/commands.md`: every command with its options, exit codes and examples."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

_HEAD: Final = """# Commands

What `certkit COMMAND --help` says, on one page.

| exit code | meaning |
| --- | --- |
| 0 | as it should be, nothing to do included |
| 1 | findings: what was looked at is not as it should be |
| 2 | usage, or configuration |
| 3 | failure: something cannot be read, AWS refused, at least one job failed |
| 70 | a bug in certkit, with a traceback |
| 130, 143 | interrupted, terminated |

Results go to standard output, everything else to standard error. Every command but `sandbox` has `--format json`; the schemas
stand [in the wheel](schemas.md), and a failure is a document too: [errors](errors.md).

This page is made from the code: `make docs`.

"""

_TAB: Final = """## On Tab

`certkit --install-completion` has bash, zsh, fish or PowerShell complete commands, options and values: rules, services, regions, the
names and accounts of `certkit.toml`. `--show-completion` prints what it would install. For zsh `compinit` has to run in `~/.zshrc`.
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """One argument or option: how it is written, and what it does."""

    form: str
    text: str

    @property
    def name(self) -> str:
        """The option without its value."""
        return self.form.split()[-2 if " " in self.form else -1].rstrip(",")


@dataclass(frozen=True, slots=True)
class Shared:
    """Options that several commands share, which stand in a section of their own."""

    title: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Manual:
    """One command.

    Attributes:
        line: what it does, as the list of commands says it.
        purpose: the same at length: paragraphs.
        options: those that it shares with others included.
    """

    name: str
    line: str
    purpose: str
    exit_codes: str
    arguments: tuple[Entry, ...]
    options: tuple[Entry, ...]
    examples: tuple[str, ...]


def page(manuals: Iterable[Manual], shared: Sequence[Shared]) -> str:
    """Returns `docs/commands.md`: all commands, a section for each, and one for each group of shared options."""
    told = list(manuals)
    rows = [f"| [`{one.name}`](#{one.name}) | {one.line} |" for one in told]
    table = "\n".join(["| command | does |", "| --- | --- |", *rows]) + "\n"
    sections = ["\n".join(_section(one, shared)) for one in told]
    return _HEAD + "\n".join([table, *sections, _TAB, *("\n".join(_group(one)) for one in shared)])


def _section(manual: Manual, shared: Sequence[Shared]) -> Iterator[str]:
    yield f"## {manual.name}\n"
    for paragraph in manual.purpose.split("\n\n"):
        yield " ".join(paragraph.split()) + "\n"
    yield "```sh"
    yield from manual.examples
    yield "```\n"
    yield f"**Exit codes**: {manual.exit_codes}\n"
    elsewhere = {entry for group in shared for entry in group.entries}
    own = [entry for entry in (*manual.arguments, *manual.options) if entry not in elsewhere]
    yield from _list(own)
    yield from _also(manual, shared)


def _also(manual: Manual, shared: Sequence[Shared]) -> Iterator[str]:
    """Yields which options of each group it has; those of every command go without saying."""
    for group in shared[:-1]:
        names = [f"`{entry.name}`" for entry in group.entries if entry in manual.options]
        if names:
            yield f"[{group.title}](#{group.title.lower()}): {', '.join(names)}.\n"


def _group(group: Shared) -> Iterator[str]:
    yield f"## {group.title}\n"
    yield from _list(group.entries)


def _list(entries: Sequence[Entry]) -> Iterator[str]:
    if entries:
        yield "\n".join(f"- `{entry.form}`: {entry.text}" for entry in entries) + "\n"
