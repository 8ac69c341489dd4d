"""Values as YAML, without a parser's worth of dependency."""

import json
from collections.abc import Mapping
from typing import Final

_NO_TEXT: Final = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n", "~"})
"""Words that YAML 1.1 or 1.2 takes for something else: IAM has a condition that is called `Null`."""


def block(value: object, depth: int = 0) -> str:
    """Returns a value of dictionaries and lists as YAML: every text in JSON's quotes, which YAML 1.2 takes."""
    indent = "  " * depth
    if isinstance(value, Mapping) and value:
        return "".join(f"{indent}{_key(key)}:{_under(each, depth + 1)}" for key, each in value.items())
    if isinstance(value, list) and value:
        return "".join(f"{indent}- {block(each, depth + 1).removeprefix(indent + '  ')}" for each in value)
    return f"{indent}{json.dumps(value, ensure_ascii=False)}\n"


def _under(value: object, depth: int) -> str:
    """Returns what stands behind a key: on its line, or below."""
    is_block = isinstance(value, Mapping | list) and bool(value)
    return "\n" + block(value, depth) if is_block else f" {json.dumps(value, ensure_ascii=False)}\n"


def _key(name: str) -> str:
    return json.dumps(name) if name.lower() in _NO_TEXT else name
