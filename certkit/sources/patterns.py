"""Patterns among SOURCEs, for shells that leave them as they are: Windows's, and every one where they are quoted."""

import glob
import os
import re
from collections.abc import Iterable, Iterator
from typing import Final

_MAGIC: Final = re.compile(r"[*?[]")
_OTHER_KINDS: Final = re.compile(r"env:|[a-z][a-z0-9+.]*://|arn:")


def expand(given: Iterable[str]) -> Iterator[str]:
    """Yields SOURCEs in the order in which they are named, each once; what fits a pattern is sorted.

    `*`, `?` and `[...]` stand for what they do in a shell, `**` for any number of folders. What is there by the very name is
    no pattern. A pattern that nothing fits stays as it is.
    """
    seen = set()
    for source in given:
        for one in _fitting(source):
            if one not in seen or one == "-":  # twice standard input is a mistake, which is told elsewhere
                seen.add(one)
                yield one


def is_pattern(source: str) -> bool:
    """Tells whether `source` is a pattern for names of files, rather than a name."""
    return _MAGIC.search(source) is not None and is_path(source) and not os.path.lexists(source)


def is_path(source: str) -> bool:
    """Tells whether `source` is a path with nothing in front of it."""
    return source != "-" and not _OTHER_KINDS.match(source)


def _fitting(source: str) -> list[str]:
    if not is_pattern(source):
        return [source]
    return sorted(glob.glob(source, recursive=True)) or [source]  # noqa: PTH207 -- Path.glob takes no absolute pattern
