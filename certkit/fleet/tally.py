"""What came of a night's items, and the one report on all of them. No I/O."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from certkit.errors import CertkitError, ItemLostError, NotBegunError
from certkit.fleet.item import Item
from certkit.fleet.outcome import NOT_SERVED, Outcome, is_held_back, why
from certkit.report import one_line

SCHEMA: Final = "certkit.fleet/1"
_FAILED: Final = "failed"
_UNCHANGED: Final = "unchanged"
_SHOWN: Final = 20
"""Failures in the text: it is for the log, and all of them are in the document."""


@dataclass(frozen=True, slots=True)
class Missed:
    """What is not as it should be.

    Attributes:
        item: the number of the item that it was in.
        name: the certificate; None where a hook failed, and every certificate is in place.
        account: what the manifest calls it; None for the caller's own.
        account_id: as far as it is known.
        code, message: of the error.
    """

    item: int
    name: str | None
    account: str | None
    account_id: str | None
    region: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Tally:
    """What came of some items.

    Attributes:
        items: how many were `done`, have `failed`, were `lost`, were `not-begun`.
        certificates: how many of which action there were, each counted once in every place.
        missed: in the order of items and names.
        waiting: the names of which a freeze or a rollback holds something back, and that later waves wait with.
    """

    items: Mapping[str, int]
    certificates: Mapping[str, int]
    missed: tuple[Missed, ...]
    waiting: frozenset[str] = frozenset()

    @property
    def is_good(self) -> bool:
        """Whether all of them are as they should be."""
        return not self.missed

    @property
    def failures(self) -> int:
        """How many certificates are not as they should be, each counted once in every place."""
        return self.certificates.get(_FAILED, 0)


def count(outcomes: Iterable[tuple[Item, Outcome | CertkitError]]) -> Tally:
    """Counts; an error in an outcome's place says why there is none."""
    items: Counter[str] = Counter()
    certificates: Counter[str] = Counter()
    missed: list[Missed] = []
    waiting: set[str] = set()
    for item, outcome in outcomes:
        found = list(_missed(item, outcome))
        items[_state(outcome, found)] += 1
        certificates.update(_actions(item, outcome))
        missed += found
        waiting.update(_waiting(outcome))
    return Tally(dict(sorted(items.items())), dict(sorted(certificates.items())), tuple(missed), frozenset(waiting))


def lost(item: Item) -> ItemLostError:
    """Returns the error of an item whose worker left nothing."""
    return ItemLostError(
        f"the worker of item {item.number} left no result",
        hint="its log says why: out of time, out of memory; the next run does what is left",
    )


def not_begun(wave: int, after: int, before: Tally) -> NotBegunError:
    """Returns the error of the items of a wave that was not begun, for what came of an earlier one."""
    return NotBegunError(
        f"wave {wave} was not begun: up to wave {after} {before.failures} of {sum(before.certificates.values())} failed",
        hint="mend those, and start it again",
    )


def document(run: str, came: Tally) -> dict[str, object]:
    """Returns the report as JSON has it."""
    return {
        "schema": SCHEMA,
        "run": run,
        "code": exit_code(came),
        "items": dict(came.items),
        "certificates": dict(came.certificates),
        "accounts": _by_account(came.missed),
        "failures": [asdict(one) for one in came.missed],
    }


def exit_code(came: Tally) -> int:
    """Returns what `certkit renew` would exit with, had it done all of it."""
    if all(one.code == NOT_SERVED for one in came.missed):
        return int(not came.is_good)
    return CertkitError.exit_code


def text(run: str, came: Tally) -> str:
    """Returns what a person reads: counts, then which accounts have which failures, then the first of these."""
    lines = [f"fleet: {run}: {summary(came)}"]
    for account in _by_account(came.missed):
        codes = ", ".join(f"{count} {code}" for code, count in account["codes"].items())
        lines.append(f"{one_line(_where(account['account'], account['account_id']))}: {codes}")
    lines += [_line(one) for one in came.missed[:_SHOWN]]
    if len(came.missed) > _SHOWN:
        lines.append(f"and {len(came.missed) - _SHOWN:,} more, in the report")
    return "\n".join(lines)


def summary(came: Tally) -> str:
    """Returns the line that says how many of which there were."""
    return ", ".join(f"{count:,} {word}" for word, count in came.certificates.items()) or "nothing to do"


def again(report: Mapping[str, Any]) -> frozenset[tuple[str | None, str, str]]:
    """Returns what a report says is left to do: account, region and name of each certificate."""
    return frozenset((one["account"], one["region"], one["name"]) for one in report["failures"] if one["name"])


def _state(outcome: Outcome | CertkitError, missed: Sequence[Missed]) -> str:
    match outcome:
        case NotBegunError():
            return "not-begun"
        case CertkitError():
            return "lost"
    return _FAILED if missed else "done"


def _actions(item: Item, outcome: Outcome | CertkitError) -> list[str]:
    if isinstance(outcome, CertkitError):
        return [_FAILED] * len(item.names)
    left_out = [_FAILED] * len(outcome.held) + [_UNCHANGED] * len(outcome.waiting)
    if outcome.error:
        return [_FAILED] * (len(item.names) - len(left_out)) + left_out
    return [_FAILED if row["error"] else row["action"] for row in outcome.rows] + left_out


def _waiting(outcome: Outcome | CertkitError) -> Iterator[str]:
    if isinstance(outcome, Outcome):
        yield from outcome.waiting
        yield from (row["name"] for row in outcome.rows if is_held_back(row))


def _missed(item: Item, outcome: Outcome | CertkitError) -> Iterator[Missed]:
    if isinstance(outcome, CertkitError):
        yield from (_of(item, name, outcome.code, outcome.message) for name in item.names)
        return
    held = f"not begun in wave {item.wave}: it failed in an earlier one"
    yield from (_of(item, name, NotBegunError.code, held) for name in outcome.held)
    if outcome.error:
        code, message = outcome.error["code"], outcome.error["message"]
        left_out = {*outcome.held, *outcome.waiting}
        yield from (_of(item, name, code, message) for name in item.names if name not in left_out)
        return
    found = [(row["name"], *missed) for row in outcome.rows if (missed := why(row))]
    yield from (_of(item, *one) for one in found)
    if outcome.code and not found:
        yield _of(item, None, "command-failed", "a hook failed; the warnings in the item's results say which")


def _of(item: Item, name: str | None, code: str, message: str) -> Missed:
    return Missed(item.number, name, item.account, item.account_id, item.region, code, message)


def _by_account(missed: Iterable[Missed]) -> list[dict[str, Any]]:
    """Returns how often which code stands in which account, by the account's name."""
    codes: dict[tuple[str | None, str | None], Counter[str]] = defaultdict(Counter)
    for one in missed:
        codes[one.account, one.account_id][one.code] += 1
    return [
        {"account": name, "account_id": number, "failed": found.total(), "codes": dict(sorted(found.items()))}
        for (name, number), found in sorted(codes.items(), key=lambda pair: pair[0][0] or "")
    ]


def _where(account: str | None, number: str | None) -> str:
    return f"{account} ({number})" if account else "own account"


def _line(one: Missed) -> str:
    where = f"{one.region} of {_where(one.account, one.account_id)}"
    return one_line(f"  {one.name or 'item ' + str(one.item)}: failed in {where}: {one.message} [{one.code}]")
