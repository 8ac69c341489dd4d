"""What `certkit rules` shows, and the page of all rules."""

from collections.abc import Iterable

from certkit.rules import Criterion


def document(rules: Iterable[Criterion]) -> dict[str, object]:
    """Returns the document `certkit.rules/1`."""
    return {"schema": "certkit.rules/1", "rules": [item(rule) for rule in rules]}


def item(rule: Criterion) -> dict[str, object]:
    """Returns one rule as it stands in the document."""
    return {
        "rule": rule.id,
        "severity": rule.severity.value,
        "explanation": rule.explanation,
        "hint": rule.hint,
        "source": rule.source,
    }


def table(rules: Iterable[Criterion]) -> str:
    """Returns a line for each rule: its ID, its severity, its first sentence."""
    listed = list(rules)
    width = max(len(rule.id) for rule in listed)
    return "\n".join(f"{rule.id:<{width}}  {rule.severity.value:<7}  {_first_line(rule)}" for rule in listed)


def text(rule: Criterion) -> str:
    """Returns everything that is known of one rule."""
    return f"{rule.id} ({rule.severity.value})\n\n{rule.explanation}\n\nTo do:  {rule.hint}\nSource: {rule.source}"


def page(rules: Iterable[Criterion]) -> str:
    """Returns `docs/rules.md`."""
    sections = [
        f"## {rule.id}\n\n**{rule.severity.value}** ([source]({rule.source}))\n\n{rule.explanation}\n\nTo do: {rule.hint}.\n"
        for rule in rules
    ]
    return _HEAD + "\n".join(sections)


def _first_line(rule: Criterion) -> str:
    return rule.explanation.partition("\n")[0]


_HEAD = """# Rules

What `certkit validate` and `certkit import` look at. An **error** says that ACM refuses, on a source that is documented, or
reported and uncontradicted; everything else is a **warning**. `certkit rules ID` shows the same.

This page is made from the code: `make docs`.

"""
