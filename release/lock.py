"""What a lock file says, as `make lock` writes it: packages with versions, hashes, and who asked for them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_HEAD: Final = re.compile(r"(?P<name>[a-z0-9-]+)==(?P<version>[^ ;\\]+)(?: ; (?P<marker>[^\\]+))?")
_HASH: Final = re.compile(r"--hash=sha256:([0-9a-f]{64})")
_VIA: Final = re.compile(r"#(?: via)? +(?!via$)(?P<parent>[a-z0-9-]+)(?: \(.*\))?$")


@dataclass(frozen=True, slots=True)
class Locked:
    """One package at one version.

    Attributes:
        marker: where it is needed, as PEP 508 says it; empty for everywhere.
        sha256: of each of its files, wheels and source.
        parents: the packages that ask for it; certkit itself is one.
    """

    name: str
    version: str
    marker: str
    sha256: tuple[str, ...]
    parents: frozenset[str]


def read(text: str) -> Iterator[Locked]:
    """Yields the packages of a lock file in their order.

    Raises:
        ValueError: an entry is none.
    """
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    starts = [index for index, line in enumerate(lines) if not line.startswith(" ")]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        yield _entry(lines[start:end])


def _entry(lines: list[str]) -> Locked:
    head = _HEAD.match(lines[0])
    hashes = tuple(match[1] for line in lines if (match := _HASH.search(line)))
    if head is None or not hashes:
        raise ValueError(f"no name, version and hash: {lines[0]}")
    parents = frozenset(match["parent"] for line in lines if (match := _VIA.search(line.strip())))
    return Locked(head["name"], head["version"], (head["marker"] or "").strip(), hashes, parents)
