"""What a plan looks like."""

from certkit.plan import Nothing, Plan, row
from certkit.report import one_line


def document(plan: Plan) -> dict[str, object]:
    """Returns the document `certkit.plan/1`."""
    return {"schema": "certkit.plan/1", "digest": plan.digest, "actions": [row(action) for action in plan.actions]}


def text(plan: Plan) -> str:
    """Returns what a person reads: a line for each action, and what it would change."""
    lines = []
    for action in plan.actions:
        facts = row(action)
        where = facts["arn"] or "a new ARN"
        verb = "nothing to do" if isinstance(action, Nothing) else f"would {facts['action']}"
        lines.append(f"{one_line(str(facts['name'] or where))}: {verb}: {facts['account']} {facts['region']} {where}")
        if facts["previous_sha256"] and facts["previous_sha256"] != facts["sha256"]:
            lines.append(f"  leaf  {facts['previous_sha256']} -> {facts['sha256']}")
        lines += [f"  tag   {one_line(f'{key}={value}')}" for key, value in dict(facts["tags"]).items()]  # type: ignore[call-overload]  # a dictionary, by `row`
    return "\n".join(lines)
