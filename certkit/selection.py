"""Which rules count: those that the user names, all others left out, or all but those."""

import difflib
from collections.abc import Iterable, Sequence

from certkit.errors import UsageError
from certkit.rules import CRITERIA


def chosen(select: Sequence[str], ignore: Sequence[str]) -> frozenset[str]:
    """Returns the IDs of the rules that count: those of `select`, all where it is empty, without those of `ignore`.

    Each value is an ID or several with commas between them.

    Raises:
        UsageError: one of them is no rule's ID.
    """
    every = [one.id for one in CRITERIA]
    return frozenset(_known(select, every) or every) - _known(ignore, every)


def nearest(word: str, known: Iterable[str], otherwise: str) -> str:
    """Returns a hint for a `word` that is none of the `known`: the one that was most likely meant, or else `otherwise`."""
    close = difflib.get_close_matches(word, list(known), n=1)
    return f"did you mean {close[0]}?" if close else otherwise


def _known(values: Sequence[str], every: Sequence[str]) -> frozenset[str]:
    given = [word.strip() for value in values for word in value.split(",") if word.strip()]
    for word in given:
        if word not in every:
            raise UsageError(f"there is no rule {word!r}", hint=nearest(word, every, "certkit rules lists all rules"))
    return frozenset(given)
