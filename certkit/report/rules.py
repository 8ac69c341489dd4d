"""What `certkit rules` shows, and the page of all rules."""

from collections.abc import Iterable

from certkit.rules import Criterion, Rule
from certkit.rules.coverage import TOPICS, Statement, Topic


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
    """Returns `docs/rules.md`: a section for each rule, then what is asked of an import, each with its rules."""
    sections = [
        f"## {rule.id}\n\n**{rule.severity.value}**{_when(rule)} ([source]({rule.source}))\n\n{rule.explanation}\n\n"
        f"To do: {rule.hint}.\n"
        for rule in rules
    ]
    return _HEAD + "\n".join(sections) + "".join([_ORIGIN, *map(_topic, TOPICS)])


def _when(rule: Criterion) -> str:
    if isinstance(rule, Rule) and rule.only_as_is:
        return ", with `--as-is` only"
    return ", an error with `--strict`" if isinstance(rule, Rule) and rule.is_repair else ""


def _topic(topic: Topic) -> str:
    rows = "".join(f"| {_row(statement)} |\n" for statement in topic.statements)
    return f"\n### {topic.title}\n\n| what is said | rule | and |\n| --- | --- | --- |\n{rows}"


def _row(statement: Statement) -> str:
    rules = ", ".join(f"[{rule}](#{rule})" for rule in statement.rules) or "none"
    cells = (f"{statement.says} ([source]({statement.source}))", rules, statement.remark)
    return " | ".join(cell.replace("|", "\\|") for cell in cells)


def _first_line(rule: Criterion) -> str:
    return rule.explanation.partition("\n")[0]


_HEAD = """# Rules

What `certkit validate` and `certkit import` look at. An **error** says that ACM refuses, on a source that is documented, or
reported and uncontradicted, or that what was asked for with `--host` is not so; everything else is a **warning**. Errors are
shown first, and of those the cause before what follows from it. `certkit rules ID` shows the same.

This page is made from the code: `make docs`.

"""

_ORIGIN = """
# Where the rules come from

What AWS says of an import, and the CA/Browser Forum of certificates that the public trusts, statement by statement: with
the rules about it, or with the reason why there can be none.
"""
