"""No regular expression takes long on any text: what it is asked about comes from others.

https://owasp.org/www-community/attacks/Regular_expression_Denial_of_Service_-_ReDoS. The worst texts repeat what the
expression itself looks for, so those are tried: every literal and class in it, alone and in pairs, behind every beginning.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
import time
from collections import deque
from dataclasses import dataclass
from itertools import product
from re import _parser as parser  # type: ignore[attr-defined]  # the only one that knows how Python reads an expression
from typing import TYPE_CHECKING, Any, Final

import pytest

import certkit

if TYPE_CHECKING:
    from collections.abc import Iterator

OCTETS: Final = 20_000
"""Of each text: what grows with the square of it takes seconds, and what grows with it a thousandth of one."""

MAX_SECONDS: Final = 0.15
MAX_PUMPS: Final = 6


@dataclass(frozen=True, slots=True)
class Use:
    """An expression, and by which of its methods a module asks it."""

    pattern: re.Pattern[Any]
    method: str

    def seconds(self, text: str) -> float:
        """Returns how long it takes on a text, of the processor's own time."""
        given = text.encode("latin-1", "replace") if isinstance(self.pattern.pattern, bytes) else text
        ask = getattr(self.pattern, self.method)
        start = time.thread_time()
        deque(ask(given) if self.method == "finditer" else [ask(given)], maxlen=0)
        return time.thread_time() - start


def _uses() -> dict[str, Use]:
    """Every compiled expression at the top of a module, once for each way it is asked; the strict ACM is for tests alone."""
    found: dict[str, Use] = {}
    for module in pkgutil.walk_packages(certkit.__path__, "certkit."):
        if module.name.endswith("__main__") or ".testing" in module.name:
            continue
        loaded = importlib.import_module(module.name)
        text = inspect.getsource(loaded)
        for name, value in vars(loaded).items():
            for number, each in enumerate(value if isinstance(value, tuple) else (value,)):
                if isinstance(each, re.Pattern) and re.search(rf"^{name}: Final", text, re.MULTILINE):
                    # One that a loop asks, or another module, is taken for one that is looked for everywhere.
                    for method in set(re.findall(rf"\b{name}\.({METHODS})\(", text)) or {"search"}:
                        key = "search" if method in {"sub", "findall", "split"} else method
                        found[f"{module.name}.{name}.{number}.{method}"] = Use(
                            each, "finditer" if key == "search" else key
                        )
    return found


METHODS: Final = "match|fullmatch|search|sub|split|findall|finditer"
USES: Final = dict(sorted(_uses().items()))


def _pieces(tree: Any) -> Iterator[str]:
    """Yields what an expression looks for: its runs of literals, and a character of each class."""
    run = ""
    for operation, given in tree:
        name = str(operation)
        if name == "LITERAL":
            run += chr(given)
            continue
        if run:
            yield run
        run = ""
        yield from _inner(name, given)
    if run:
        yield run


def _inner(name: str, given: Any) -> Iterator[str]:
    match name:
        case "IN":
            yield _member(given)
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
            yield from _pieces(given[2])
        case "SUBPATTERN":
            yield from _pieces(given[3])
        case "BRANCH":
            for branch in given[1]:
                yield from _pieces(branch)
        case "ASSERT" | "ASSERT_NOT":
            yield from _pieces(given[1])
        case "ATOMIC_GROUP":
            yield from _pieces(given)
        case "ANY" | "NOT_LITERAL":
            yield "~"


def _member(given: Any) -> str:
    """A character of a class, as far as that is said without a negation."""
    for operation, value in given:
        match str(operation):
            case "LITERAL":
                return chr(value)
            case "RANGE":
                return chr(value[0])
            case "CATEGORY":
                return {"CATEGORY_SPACE": " ", "CATEGORY_DIGIT": "0"}.get(str(value), "a")
    return "~"


def _texts(pattern: re.Pattern[Any]) -> Iterator[str]:
    pieces = list(dict.fromkeys(_pieces(parser.parse(pattern.pattern, pattern.flags))))[:MAX_PUMPS]
    for first, second in product(["", *pieces], repeat=2):
        pump = first + second
        if pump:
            for start in ("", f"\n{pieces[0]}"):
                yield (start + pump * (OCTETS // len(pump)))[:OCTETS] + "\0"


def test_the_expressions_are_found() -> None:
    assert len(USES) > 50


@pytest.mark.parametrize("name", USES)
def test_no_text_makes_an_expression_slow(name: str) -> None:
    use = USES[name]

    slowest = max(map(use.seconds, _texts(use.pattern)))

    assert slowest < MAX_SECONDS
