"""One ARN in place of another, and what came of it."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Swap:
    """The ARN that goes, and the one that comes in its place."""

    old: str
    new: str


class Swapped(StrEnum):
    """What came of a swap.

    `ELSEWHERE`: the user names neither by now, so that somebody else has decided.
    """

    DONE = "repointed"
    ALREADY = "unchanged"
    ELSEWHERE = "elsewhere"
