"""What the worker of an item left, as the next call and the report on all of them read it. No I/O."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from certkit.apply import FROZEN, HELD
from certkit.errors import CertkitError

NOT_SERVED: Final = "not-served"
"""In ACM, and an endpoint of `verify` shows another."""

_SERVED: Final = "served"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the worker of an item left.

    Attributes:
        code: the exit code of its `certkit renew`.
        rows: the results, as that one's document has them.
        error: why it could not even begin, as an error document has it.
        held: the names that were left out, having failed in an earlier wave.
        waiting: the names that were left out since a freeze or a rollback holds them back in a place of an earlier wave.
        left: the names that were not begun since Lambda's time was nearly up, to be begun by the next call.
        run: the IDs, one of each call, by which ledger and CloudTrail know what it did.
    """

    code: int
    rows: tuple[Mapping[str, Any], ...] = ()
    error: Mapping[str, Any] | None = None
    held: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    run: str = ""


def from_document(document: Any) -> Outcome:  # noqa: ANN401 -- whatever stands there
    """Returns the outcome that `asdict`, and JSON, made this of.

    Raises:
        ValueError: they made none of it.
    """
    match document:
        case {
            "code": int(code),
            "rows": list(rows),
            "error": None | {"code": str(), "message": str()} as error,
            "held": list(held),
            "waiting": list(waiting),
            "left": list(left),
            "run": str(run),
        } if all(map(_is_row, rows)) and all(isinstance(name, str) for name in (*held, *waiting, *left)):
            return Outcome(code, tuple(rows), error, tuple(held), tuple(waiting), tuple(left), run)
    raise ValueError("no outcome")


def joined(earlier: Outcome, later: Outcome) -> Outcome:
    """Returns what came of an item, of which an earlier call had left some: all of it, where it was the first."""
    left = earlier.left if later.error else later.left
    if not earlier.rows:
        return replace(later, held=earlier.held, waiting=earlier.waiting, left=left)
    done = [row for row in earlier.rows if row["name"] not in earlier.left]
    again = later.rows
    if later.error:
        again = tuple({**row, "error": later.error} for row in earlier.rows if row["name"] in earlier.left)
    return Outcome(
        max(later.code, *map(_code, done), 0),
        tuple(sorted([*done, *again], key=lambda row: str(row["name"]))),
        held=earlier.held,
        waiting=earlier.waiting,
        left=left,
        run=f"{earlier.run} {later.run}",
    )


def why(row: Mapping[str, Any]) -> tuple[str, str] | None:
    """Returns code and message of what is wrong with one result, None where nothing is."""
    if row["error"]:
        return row["error"]["code"], row["error"]["message"]
    others = [one["endpoint"] for one in row.get("served") or () if one["state"] != _SERVED]
    return (NOT_SERVED, f"{', '.join(others)}: it is in ACM, and not served") if others else None


def is_held_back(row: Mapping[str, Any]) -> bool:
    """Tells whether one result is as it was because a freeze or a rollback holds it back, which its warning says."""
    return any(warning.startswith((FROZEN, HELD)) for warning in row["warnings"])


def _code(row: Mapping[str, Any]) -> int:
    """Returns what `certkit renew` would exit with for one result."""
    wrong = why(row)
    if wrong is None:
        return 0
    return 1 if wrong[0] == NOT_SERVED else CertkitError.exit_code


def _is_row(row: object) -> bool:
    """Tells whether this is one result of a document of `certkit renew`, as far as it is looked at here."""
    match row:
        case {
            "name": str(),
            "action": str(),
            "warnings": list(warnings),
            "error": None | {"code": str(), "message": str()},
            **rest,
        } if all(isinstance(warning, str) for warning in warnings):
            served = rest.get("served") or []
            return isinstance(served, list) and all(map(_is_served, served))
    return False


def _is_served(one: object) -> bool:
    match one:
        case {"endpoint": str(), "state": str()}:
            return True
    return False
