"""Reads the documentation: its pages, their blocks, and the command lines in them."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
PAGES: Final = tuple(
    path.relative_to(ROOT).as_posix()
    for path in (
        ROOT / "README.md",
        ROOT / "CONTRIBUTING.md",
        ROOT / "SECURITY.md",
        *sorted((ROOT / "docs").glob("*.md")),
    )
)
SHELL: Final = ("sh", "console")
"""The languages of blocks that hold command lines: `console` marks them with a dollar, and shows what they say."""

_BLOCK: Final = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_INLINE: Final = re.compile(r"(?<!`)`(certkit [^`\n]+)`(?!`)")
_BREAKS: Final = frozenset({"|", "||", "&", "&&", ";", "\n"})


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block.

    Attributes:
        page: from the top of the tree.
        line: where it begins.
    """

    page: str
    line: int
    language: str
    text: str

    def __str__(self) -> str:
        """Where it stands."""
        return f"{self.page}:{self.line}"

    @property
    def script(self) -> str:
        """Its command lines."""
        if self.language == "sh":
            return self.text
        return "\n".join(line[2:] for line in self.text.splitlines() if line.startswith("$ ")) + "\n"


def text_of(page: str) -> str:
    """The text of a page."""
    return (ROOT / page).read_text("utf-8")


def blocks(page: str) -> Iterator[Block]:
    """The fenced blocks of a page."""
    text = text_of(page)
    for found in _BLOCK.finditer(text):
        yield Block(page, text.count("\n", 0, found.start()) + 1, found[1], found[2])


def shell_blocks(page: str) -> list[Block]:
    """The blocks of a page that hold command lines."""
    return [block for block in blocks(page) if block.language in SHELL]


def prose(page: str) -> str:
    """What stands outside the blocks, with as many lines."""
    return _BLOCK.sub(lambda found: "\n" * found[0].count("\n"), text_of(page))


def mentions(page: str) -> list[str]:
    """The command lines that stand in a sentence or a table."""
    return [found.replace("\\|", "|") for found in _INLINE.findall(prose(page))]


def certkits(script: str) -> Iterator[list[str]]:
    """The arguments of each `certkit` in a script, also behind `sandbox --` and within `sh -c '…'`."""
    for words in _commands(script):
        name, *arguments = words
        if name in {"sh", "exec"}:
            nested = arguments if name == "exec" else arguments[-1:]
            yield from certkits(shlex.join(nested) if name == "exec" else "".join(nested))
        elif name.rpartition("/")[2] == "certkit":
            own, dashes, behind = _split(arguments)
            yield [*own, *dashes, *behind]
            if behind:
                yield from certkits(shlex.join(behind))


def _split(arguments: list[str]) -> tuple[list[str], list[str], list[str]]:
    """What stands before two dashes, they, and what stands behind."""
    if "--" not in arguments:
        return arguments, [], []
    place = arguments.index("--")
    return arguments[:place], ["--"], arguments[place + 1 :]


def _commands(script: str) -> Iterator[list[str]]:
    """The commands of a script, word by word, without the variables before them and what is led elsewhere."""
    lexer = shlex.shlex(script.replace("\\\n", " ").replace("\n", "\n;"), posix=True, punctuation_chars="();<>|&")
    lexer.whitespace_split = True
    words: list[str] = []
    for word in [*lexer, ";"]:
        if word.strip(";&|()") == "":
            if command := _bare(words):
                yield command
            words = []
        else:
            words.append(word)


def _bare(words: list[str]) -> list[str]:
    """A command without the variables before it, and without where it reads from and writes to."""
    kept: list[str] = []
    skips = False
    for word in words:
        if skips:
            skips = False
        elif word.strip("<>") == "":
            skips = True
        elif kept or not re.fullmatch(r"\w+=.*", word, re.DOTALL):
            kept.append(word)
    return kept
