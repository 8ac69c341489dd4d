"""What a plan looks like."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from certkit.plan import Action, Held, Nothing, Plan, row, verb
from certkit.report import failure, one_line
from certkit.target import Failure, place
from certkit.unsafe import Danger

_COUNTED: Final = {"import": "to import", "reimport": "to reimport", "tag": "to tag", "none": "as they should be"}


def document(plan: Plan, failures: Sequence[Failure] = ()) -> dict[str, object]:
    """Returns the document `certkit.plan/1`; what failed stands among the actions, in the same order."""
    rows = [(place(action), row(action)) for action in plan.actions]
    rows += [(place(failed), _failed_row(failed)) for failed in failures]
    actions = [each for _, each in sorted(rows, key=lambda pair: pair[0])]
    return {"schema": "certkit.plan/1", "digest": plan.digest, "actions": actions}


def text(plan: Plan) -> str:
    """Returns what a person reads: a line for each action, and what it would change."""
    return "\n".join(line for action in plan.actions for line in _lines(action))


def review(plan: Plan, failures: Sequence[Failure], dangers: Sequence[Danger]) -> str:
    """Returns what a person reads before an `apply`: every action, what failed, what is dangerous, counts and digest."""
    lines = [line for action in plan.actions for line in _lines(action)]
    lines += [line for failed in failures for line in _failed_lines(failed)]
    lines += [f"unsafe: {danger_line(danger)}" for danger in dangers]
    return "\n".join([*lines, _counts(plan, failures), f"digest: {plan.digest}"])


def danger_line(danger: Danger) -> str:
    """Returns what is dangerous, in a line."""
    return one_line(f"{danger.name}: {danger.account} {danger.region}: {danger.message} [{danger.kind}]")


def held_lines(plan: Plan) -> list[str]:
    """Returns what is held, a line for each."""
    held = [(action.desired, action.hold) for action in plan.actions if isinstance(action, Held)]
    return [one_line(f"{of.name}: {of.region} of {of.account}: held: {hold.told(of.name or '')}") for of, hold in held]


def _lines(action: Action) -> list[str]:
    facts = row(action)
    where = facts["arn"] or "a new ARN"
    lines = [f"{one_line(str(facts['name'] or where))}: {_word(action)}: {facts['account']} {facts['region']} {where}"]
    if facts["previous_sha256"] and facts["previous_sha256"] != facts["sha256"]:
        lines.append(f"  leaf  {facts['previous_sha256']} -> {facts['sha256']}")
    if isinstance(action, Held):
        lines.append(f"  {one_line(action.hold.told(action.desired.name or ''))}")
    tags: dict[str, str | None] = dict(facts["tags"])  # type: ignore[call-overload]  # a dictionary, by `row`
    return lines + [f"  {_tag_line(key, value)}" for key, value in tags.items()]


def _word(action: Action) -> str:
    match action:
        case Held():
            return "held"
        case Nothing():
            return "nothing to do"
        case _:
            return f"would {verb(action)}"


def _tag_line(key: str, value: str | None) -> str:
    return f"untag {one_line(key)}" if value is None else f"tag   {one_line(f'{key}={value}')}"


def _failed_lines(failed: Failure) -> list[str]:
    where = " ".join(filter(None, [failed.account, failed.region]))
    hints = [f"  hint  {one_line(failed.error.hint)}"] if failed.error.hint else []
    return [f"{one_line(failed.name or failed.arn or '')}: failed: {where}: {one_line(failed.error.message)}", *hints]


def _failed_row(failed: Failure) -> dict[str, object]:
    return {
        "name": failed.name,
        "account": failed.account,
        "region": failed.region,
        "error": failure.detail(failed.error),
    }


def _counts(plan: Plan, failures: Sequence[Failure]) -> str:
    counts = Counter("held" if isinstance(action, Held) else verb(action) for action in plan.actions)
    parts = [f"{counts[word]} {said}" for word, said in _COUNTED.items()]
    held = [f"{counts['held']} held"] if counts["held"] else []
    return "plan: " + ", ".join([*parts, *held, f"{len(failures)} failed"])
