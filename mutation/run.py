"""Mutates a copy of the code and says how much of it the tests notice: `python -m mutation.run`."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any, Final

from mutation.survivors import Survivor, explained, is_explained, is_killed, read_results
from mutation.undecorated import undecorated

ROOT: Final = Path(__file__).parents[1]
COPY: Final = ROOT / "build/mutation"
"""What was found is kept here: a second run judges what survived the first, and what was changed since."""

REACHED: Final = COPY / "mutants/mutmut-stats.json"
"""Which tests reach which function: mutmut adds new tests to it, and never what an old one reaches by now."""

PAGE: Final = ROOT / "docs/testing.md"
LEAST_KILLED: Final = 0.85

AT_IMPORT: Final = (
    "certkit.rules.rule.x_rule__",
    "certkit.rules.services.limit.x_limit__",
    "certkit.rules.coverage.services.x__",
    "certkit.rules.clients.public.x_for_public__",
)
"""Functions that run when their module is imported. mutmut changes them after that, in a process that has it imported."""

AT_IMPORT_TESTS: Final = tuple(
    f"tests/rules/test_{name}.py" for name in ("coverage", "rules", "services", "clients", "wording")
)
"""What tells whether a rule is still the one that it was."""


def main() -> int:
    """Runs mutmut, prints each survivor that is not explained and the share that is killed; returns the exit code."""
    earlier = _copy()
    REACHED.unlink(missing_ok=True)
    _mutmut("run", "--max-children", str(os.cpu_count() or 1))
    if earlier:
        _mutmut("run", "--max-children", str(os.cpu_count() or 1), *earlier)
    results = _results()
    again = {name: "killed" for name, status in results.items() if _is_noticed_at_import(name, status)}
    return _report(results | again)


def _copy() -> list[str]:
    """Brings the copy up to date; returns what survived an earlier run there."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    for name in listed.stdout.decode().split("\0"):
        if (ROOT / name).is_file():
            (COPY / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, COPY / name)
    for module in (COPY / "certkit/rules").rglob("*.py"):
        module.write_text(undecorated(module.read_text("utf-8")), "utf-8")
    results = _results() if (COPY / "mutants").exists() else {}
    return [name for name, status in results.items() if not is_killed(status) and not name.startswith(AT_IMPORT)]


def _mutmut(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "mutmut", *arguments], cwd=COPY, check=True)


def _results() -> dict[str, str]:
    command = [sys.executable, "-m", "mutmut", "results", "--all", "true"]
    return read_results(subprocess.run(command, cwd=COPY, capture_output=True, check=True, text=True).stdout)


def _is_noticed_at_import(name: str, status: str) -> bool:
    """Tells whether a process that imports under the mutant fails the tests."""
    if is_killed(status) or not name.startswith(AT_IMPORT):
        return False
    configuration: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["mutmut"]
    arguments = [*configuration["pytest_add_cli_args"], *AT_IMPORT_TESTS]
    command = [sys.executable, "-m", "pytest", "-qx", *arguments]
    environment = {**os.environ, "MUTANT_UNDER_TEST": name}
    return (
        subprocess.run(command, cwd=COPY / "mutants", env=environment, capture_output=True, check=False).returncode != 0
    )


def _report(results: dict[str, str]) -> int:
    killed = sum(is_killed(status) for status in results.values())
    known = explained(PAGE.read_text("utf-8"))
    survivors = [_survivor(name) for name, status in results.items() if not is_killed(status)]
    news = [one for one in survivors if not is_explained(one, known)]
    for one in news:
        print(f"\n{one.function}\n{one.difference}")
    print(
        f"{killed:,} of {len(results):,} changes were noticed: {killed / len(results):.1%}; {LEAST_KILLED:.0%} are asked for"
    )
    print(f"{len(survivors)} were not, {len(news)} of them without a reason in {PAGE.relative_to(ROOT)}")
    return 1 if killed < LEAST_KILLED * len(results) else 0


def _survivor(name: str) -> Survivor:
    command = [sys.executable, "-m", "mutmut", "show", name]
    shown = subprocess.run(command, cwd=COPY, capture_output=True, check=True, text=True).stdout
    return Survivor.of(name, shown)


if __name__ == "__main__":
    sys.exit(main())
