"""Source without decorators does what it did with them."""

from pathlib import Path
from typing import Any, Final

import pytest

from certkit.rules import RULES
from mutation.undecorated import undecorated

ROOT: Final = Path(__file__).parents[2]
MARKS: Final = (
    "marks = []\ndef mark(word):\n    return lambda function: marks.append((word, function.__name__)) or function\n"
)


def run(source: str) -> dict[str, Any]:
    """What the names of a module stand for, once it has run."""
    names: dict[str, Any] = {}
    exec(compile(source, "source", "exec"), names)  # noqa: S102 -- whether it does the same is the question
    return names


@pytest.mark.parametrize(
    "source",
    [
        '@mark("a")\ndef one():\n    return 1\n\n\nx = one()\n',
        '@mark("a")\n@mark("b")\ndef one():\n    return 1\n\n\nx = one()\n',
        '@mark(\n    "a"\n)\n@mark("b")\ndef one():\n    return 1\n@mark("c")\ndef two():\n    return 2\nx = one()\n',
        'def outer():\n    @mark("a")\n    def one():\n        return 1\n    return one()\n\n\nx = outer()\n',
        '@mark("a")\ndef outer():\n    @mark("b")\n    @mark("c")\n    def one():\n        return 1\n    return one()\nx = outer()\n',
    ],
    ids=["one", "two", "on several lines", "inside", "inside and outside"],
)
def test_decorators_are_applied_in_their_order_though_none_is_left(source: str) -> None:
    plain = undecorated(MARKS + source)

    assert "@" not in plain
    before, after = run(MARKS + source), run(plain)
    assert (after["marks"], after["x"]) == (before["marks"], before["x"])


def test_methods_are_left_as_they_are() -> None:
    source = "class A:\n    @property\n    def one(self):\n        return 1\n"

    assert undecorated(source) == source


def test_no_rule_keeps_its_decorator() -> None:
    modules = sorted((ROOT / "certkit/rules").rglob("*.py"))

    left = [module for module in modules if "@rule(" in undecorated(module.read_text("utf-8"))]

    assert left == []
    assert sum(module.read_text("utf-8").count("@rule(") for module in modules) == len(RULES)
