"""Listings cut into pages, with the tokens that lead from one to the next."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

if TYPE_CHECKING:
    from collections.abc import Callable


class Pages:
    """The rests of listings that clients have not fetched yet."""

    def __init__(self) -> None:
        self._rests: dict[tuple[str, str], tuple[str, ...]] = {}

    def next_page(
        self, operation: str, token: str | None, size: int, find: Callable[[], tuple[str, ...]]
    ) -> tuple[tuple[str, ...], str | None]:
        """One page of ARNs and the token of the next, None after the last.

        Without a token `find` is asked; with one, what it said then is continued. A token may be used again.

        Raises:
            KeyError: The token is not one of this operation's.
        """
        items = find() if token is None else self._rests[operation, token]
        page, rest = items[:size], items[size:]
        if not rest:
            return page, None
        following = str(uuid4())
        self._rests[operation, following] = rest
        return page, following
