"""Every message and hint has one voice: lower case, no full stop, the thing first."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.docs.reading import ROOT

NAMES: Final = ("Service Quotas", "OpenSSL", "SOPS", "Organizations")
"""What is written with a capital wherever it stands."""
SENTENCE: Final = re.compile(r"[A-Z][a-z]+[ ,']")
"""A word that begins as a sentence does; names of things are in capitals altogether, or among `NAMES`."""


def _texts(path: Path) -> Iterator[tuple[int, str]]:
    """The message and the hint of each error that a module makes, by line; what is filled in stands as `{}`."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2].endswith("Error"):
            hints = [keyword.value for keyword in node.keywords if keyword.arg == "hint"]
            yield from ((node.lineno, text) for part in [*node.args[:1], *hints] if (text := _text(part)))


def _text(node: ast.expr) -> str | None:
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=values):
            return "".join(str(one.value) if isinstance(one, ast.Constant) else "{}" for one in values)
    return None


def _fault(text: str) -> str | None:
    if text.endswith((".", "!", " ")) and not text.endswith("..."):
        return "ends as a sentence does"
    if SENTENCE.match(text) and not text.startswith(NAMES):
        return "begins as a sentence does"
    if "  " in text or re.search(r"\bplease\b|\bsorry\b|successfully|!", text, re.IGNORECASE):
        return "says what nobody needs"
    if ".md" in text:
        return "names a page, which whoever installed the wheel does not have"
    return None


@pytest.mark.parametrize("folder", ["*.py", "aws", "cli", "fleet", "formats", "manifest", "sources"])
def test_messages_and_hints_are_of_one_voice(folder: str) -> None:
    found = (ROOT / "certkit").glob(folder if folder.endswith(".py") else f"{folder}/**/*.py")

    texts = [(path, line, text) for path in found for line, text in _texts(path)]

    assert len(texts) > 10
    assert [f"{path.name}:{line}: {text!r} {_fault(text)}" for path, line, text in texts if _fault(text)] == []


@pytest.mark.parametrize(
    "text", ["The file is empty", "it is empty.", "Password wrong", "please try again", "oh no!", "see docs/a.md"]
)
def test_another_voice_is_heard(text: str) -> None:
    assert _fault(text) is not None
