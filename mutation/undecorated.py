"""Source without decorators that does the same: mutmut passes over every function that has one, and so over every rule."""

import ast
from collections import defaultdict
from collections.abc import Iterator


def undecorated(source: str) -> str:
    """Returns `source` with each decorator of a function as a call behind the function; methods are left as they are.

    `@a` above `@b` above `f` is `f = a(b(f))`: https://docs.python.org/3/reference/compound_stmts.html#function-definitions
    """
    decorators: set[int] = set()
    calls: dict[int, list[str]] = defaultdict(list)
    for function in _decorated(ast.parse(source)):
        decorators.update(range(function.decorator_list[0].lineno, function.lineno))
        calls[function.end_lineno or function.lineno].append(_call(source, function))
    lines: list[str] = []
    for number, line in enumerate(source.splitlines(), start=1):
        if number not in decorators:
            lines.append(line)
        lines += calls[number]
    return "\n".join(lines) + "\n"


def _decorated(module: ast.Module) -> Iterator[ast.FunctionDef]:
    methods = {method for one in ast.walk(module) if isinstance(one, ast.ClassDef) for method in one.body}
    for one in ast.walk(module):
        if isinstance(one, ast.FunctionDef) and one.decorator_list and one not in methods:
            yield one


def _call(source: str, function: ast.FunctionDef) -> str:
    applied = [ast.get_source_segment(source, decorator) or "" for decorator in function.decorator_list]
    return f"{' ' * function.col_offset}{function.name} = {'('.join((*applied, function.name))}{')' * len(applied)}"
