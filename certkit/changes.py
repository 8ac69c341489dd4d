"""What changed between two statuses, as far as both saw the same places."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, TypeAlias

from certkit.errors import InputUnreadableError

SCHEMA: Final = "certkit.status/1"
_SEEN: Final = "seen"
_WATCHED: Final = ("not_after", "name", "status", "in_use", "domain", "key_algorithm")
"""The fields of a certificate whose change is told; the others follow from these, or from the time."""

Row: TypeAlias = Mapping[str, Any]
_Site: TypeAlias = tuple[str | None, str | None, str | None]


class Kind(StrEnum):
    """What became of a certificate."""

    NEW = "new"
    GONE = "gone"
    RENEWED = "renewed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Change:
    """One certificate that is not as it was.

    Attributes:
        row: as it stands in the newer document, in the older one where it is gone.
        before: the fields that were different, with what they were.
    """

    kind: Kind
    row: Row
    before: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Changes:
    """Everything that changed.

    Attributes:
        since: when the older document was made, as it says itself.
        left_out: how many places only one of the two saw: what is there is not compared.
    """

    since: str
    changes: tuple[Change, ...]
    left_out: int


def read(text: str) -> Row:
    """Reads a document that `certkit status --format json` wrote.

    Raises:
        InputUnreadableError: it is none.
    """
    wrong = InputUnreadableError("it is no document of certkit status", hint="certkit status --format json writes them")
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise wrong from error
    if not isinstance(document, dict) or document.get("schema") != SCHEMA or not _is_whole(document):
        raise wrong
    return document


def between(before: Row, after: Row) -> Changes:
    """Returns what is different in `after`; what is in a place that one of them did not see is left out."""
    seen_before, seen_after = _seen(before), _seen(after)
    both = seen_before & seen_after
    old = {place(row): row for row in before["certificates"] if _site(row) in both}
    new = {place(row): row for row in after["certificates"] if _site(row) in both}
    changes = [*_differences(old, new), *(Change(Kind.GONE, row, {}) for key, row in old.items() if key not in new)]
    return Changes(before["at"], tuple(changes), len(seen_before ^ seen_after))


def place(row: Row) -> str:
    """Returns what tells a row from all others, and stays when it is renewed: its ARN, or its SOURCE and domain."""
    return str(row["arn"] or f"{row.get('source')} {row.get('domain') or ''}".rstrip())


def _differences(old: Mapping[str, Row], new: Mapping[str, Row]) -> Iterator[Change]:
    for key, row in new.items():
        if key not in old:
            yield Change(Kind.NEW, row, {})
            continue
        before = {field: old[key].get(field) for field in _WATCHED if old[key].get(field) != row.get(field)}
        if before:
            yield Change(Kind.RENEWED if "not_after" in before else Kind.CHANGED, row, before)


def _seen(document: Row) -> set[_Site]:
    return {_site(one) for one in document["coverage"] if one.get("state") == _SEEN}


def _site(row: Row) -> _Site:
    return row.get("account"), row.get("region"), row.get("source")


def _is_whole(document: Mapping[str, Any]) -> bool:
    """Tells whether everything is there that is compared."""
    certificates, coverage = document.get("certificates"), document.get("coverage")
    return (
        isinstance(document.get("at"), str)
        and isinstance(certificates, list)
        and isinstance(coverage, list)
        and all(isinstance(one, dict) for one in coverage)
        and all(isinstance(one, dict) and "arn" in one for one in certificates)
    )
