"""As much of IAM as certkit's policies use: is this request allowed?

Allowed is what one statement allows and none denies; a statement holds where action, resource and every condition do:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html. Names of
actions and of condition keys are not case-sensitive, resources are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

Context: TypeAlias = "Mapping[str, str | tuple[str, ...]]"


@dataclass(frozen=True, slots=True)
class Request:
    """One action on one resource.

    Attributes:
        context: the condition keys that the service sends; several values as a tuple.
    """

    action: str
    resource: str = "*"
    context: Context = field(default_factory=dict)


def tagged(kind: str, tags: Mapping[str, str]) -> dict[str, str]:
    """The condition keys of `aws:ResourceTag` or `aws:RequestTag`."""
    return {f"aws:{kind}/{key}": value for key, value in tags.items()}


def is_allowed(policy: Mapping[str, Any], request: Request) -> bool:
    """Whether the policy allows the request."""
    effects = {one["Effect"] for one in policy["Statement"] if _applies(one, request)}
    return effects == {"Allow"}


def _applies(statement: Mapping[str, Any], request: Request) -> bool:
    unknown = set(statement) - {"Sid", "Effect", "Action", "Resource", "Condition"}
    if unknown:
        raise NotImplementedError(f"this evaluator does not know {sorted(unknown)}")
    return (
        any(_matches(one.lower(), request.action.lower()) for one in _several(statement["Action"]))
        and any(_matches(one, request.resource) for one in _several(statement["Resource"]))
        and all(
            _holds(operator, key, _several(wanted), request.context)
            for operator, block in statement.get("Condition", {}).items()
            for key, wanted in block.items()
        )
    )


def _holds(operator: str, key: str, wanted: list[str], context: Context) -> bool:
    found = next((value for name, value in context.items() if name.lower() == key.lower()), None)
    if operator == "Null":
        return (found is None) == (wanted == ["true"])
    prefix, _, comparison = operator.rpartition(":")
    compare = _COMPARISONS[comparison]
    values = () if found is None else (found,) if isinstance(found, str) else found
    if prefix == "ForAllValues":  # also where there is none
        return all(any(compare(one, value) for one in wanted) for value in values)
    if prefix and prefix != "ForAnyValue":
        raise NotImplementedError(f"this evaluator does not know {operator}")
    return any(compare(one, value) for value in values for one in wanted)


def _matches(pattern: str, text: str) -> bool:
    """Whether `text` fits a pattern with `*` for anything, `?` for one character, and `${*}` for the asterisk itself."""
    found = _PARTS.finditer(pattern)
    parts = ({"*": ".*", "?": "."}.get(one[0]) or re.escape(one["literal"] or one[0]) for one in found)
    return re.fullmatch("".join(parts), text, re.DOTALL) is not None


_PARTS: Final = re.compile(r"\$\{(?P<literal>[*?$])\}|.", re.DOTALL)
_COMPARISONS: Final[dict[str, Any]] = {"StringLike": _matches, "StringEquals": lambda one, value: one == value}


def _several(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value
