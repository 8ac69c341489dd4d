"""Requests that show whether a caller is allowed what its role takes, as IAM's simulator takes them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from certkit.policy.statement import ANYWHERE, Statement
from certkit.region import HOME_REGION

_SOME_CERTIFICATE: Final = "certificate/00000000-0000-0000-0000-000000000000"
_SOMETHING: Final = "certkit"
_WILD: Final = re.compile(r"\$\{([*?$])\}|\*")
"""What stands for one character of those that patterns are made of, and for anything."""


@dataclass(frozen=True, slots=True)
class Probe:
    """A request that a statement is to allow."""

    actions: tuple[str, ...]
    resources: tuple[str, ...]
    context: tuple[tuple[str, str], ...]


def probes(statements: Iterable[Statement]) -> Iterator[Probe]:
    """Yields requests that take everything that these statements allow."""
    for one in statements:
        resources = tuple(one["Resource"] if one["Resource"] == ANYWHERE else map(_example, one["Resource"]))
        yield Probe(tuple(one["Action"]), resources, tuple(_context(one.get("Condition", {}))))


def _example(pattern: str) -> str:
    """Returns what fits a pattern."""
    placed = pattern.replace("certificate/*", _SOME_CERTIFICATE).replace(":*:", f":{HOME_REGION}:")
    return _WILD.sub(lambda match: match[1] or _SOMETHING, placed)


def _context(conditions: Statement) -> Iterator[tuple[str, str]]:
    for key, absent in conditions.get("Null", {}).items():
        if absent == "false":
            yield key, _SOMETHING
    yield from conditions.get("StringEquals", {}).items()
    for operator in ("ForAllValues:StringLike", "ForAnyValue:StringEquals", "StringLike"):
        for key, patterns in conditions.get(operator, {}).items():
            yield key, _example(patterns[0])
