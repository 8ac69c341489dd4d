"""One thing that is said of an import, and what certkit makes of it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing that is said of an import.

    Attributes:
        says: what is said, short.
        source: where.
        rules: the IDs of the rules about it; none where `remark` says why it cannot be one.
        remark: what else there is to know.
    """

    says: str
    source: str
    rules: tuple[str, ...] = ()
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Topic:
    """Statements about one thing."""

    title: str
    statements: tuple[Statement, ...]
