"""What holds for the whole tree of certkit, and no linter looks at."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Final

PACKAGE: Final = Path(__file__).parents[1] / "certkit"
LONGEST: Final = 40


def test_no_function_is_longer_than_a_page() -> None:
    functions = [
        (f"{path.relative_to(PACKAGE)}: {node.name}", (node.end_lineno or 0) - node.lineno + 1)
        for path in sorted(PACKAGE.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]

    assert len(functions) > 1_000
    assert [name for name, lines in functions if lines > LONGEST] == []
