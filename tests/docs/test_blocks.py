"""Every command block of the documentation is run as a reader runs it, against the strict ACM, or is an exception with a reason."""

from __future__ import annotations

import os
import re
import shutil
import sys
from typing import TYPE_CHECKING, Final

import pytest

from certkit.testing import serve
from tests.docs.reading import PAGES, ROOT, Block, shell_blocks
from tests.docs.scenes import PLACEHOLDER, SCENES, Place

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from certkit.testing import StrictAcm

FOREIGN: Final = {
    ".": "a virtual environment; tests/packaging makes one",
    ".venv/bin/certkit": "the same",
    ".venv/bin/pip": "installs; tests/packaging does",
    "aws": "the AWS CLI, against an account",
    "cd": "into a copy of the repository",
    "gh": "asks GitHub",
    "git": "needs the repository's address",
    "make": "runs longer than all of this; test_commands knows the targets",
    "pip": "installs; tests/packaging does",
    "python3": "makes a virtual environment; tests/packaging does",
    "sam": "deploys into an account",
}
"""Programs whose lines are left out, each with the reason."""
LINES: Final = {
    r"https://shop\.example\.com": "nobody serves there; tests/cli/test_elsewhere.py has servers",
    "…": "what is left out has to be filled in",
    r"\bFILE\b": "the same",
    "7d2c11f0": "the digits of a bundle that the reader has",
    "escrow.key": "an escrow closed to a recipient: tests/cli/test_rollback.py",
}
"""Lines that are left out, each with the reason."""
WHOLE: Final = {
    "docs/commands.md": "the examples of the help: each is a scene of its own, and has its tests in tests/cli",
    "docs/renewal.md": "tests/test_renewal_page.py runs all of it",
    "docs/verify.md": "about servers; tests/cli/test_verify.py and test_proving.py have them",
}
"""Pages that are left out, each with the reason."""
SHOWN: Final = {
    "README.md",
    "docs/chain.md",
    "docs/index.md",
    "docs/manifest.md",
    "docs/plan-apply.md",
    "docs/reimport.md",
}
"""The pages of whose blocks the output is compared; that of the others is of an estate that would be long to build."""
CODES: Final = {"docs/manifest.md": {2}, "docs/reimport.md": {1}, "docs/migrate.md": {0, 1, 3}}
"""The exit codes of pages that show what is wrong."""
RUN: Final = [page for page in PAGES if page not in WHOLE and shell_blocks(page)]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def acm() -> Iterator[StrictAcm]:
    """The strict ACM, which all pages share, one after the other."""
    with serve() as server:
        yield server


@pytest.fixture
def place(tmp_path: Path, acm: StrictAcm, monkeypatch: pytest.MonkeyPatch) -> Place:
    """An empty folder, and a strict ACM in which nothing is."""
    acm.reset()
    for name, value in acm.environment(os.environ).items():
        monkeypatch.setenv(name, value)
    folder = tmp_path / "desk"
    program = tmp_path / "bin" / "certkit"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m certkit "$@"\n')
    program.chmod(0o755)
    folder.mkdir()
    path = f"{program.parent}:{os.environ['PATH']}"
    own = {"PATH": path, "PYTHONPATH": str(ROOT), "CERTKIT_STATE": str(tmp_path / "state"), "HOME": str(tmp_path)}
    return Place(folder, acm, own, [])


@pytest.mark.parametrize("page", RUN)
def test_the_blocks_of_a_page_do_what_the_page_says(place: Place, page: str) -> None:
    if page in SCENES:
        SCENES[page](place)

    for block in shell_blocks(page):
        _type(place, block)


def test_every_reason_has_something_that_it_is_for() -> None:
    lines = [line for page in RUN for block in shell_blocks(page) for line in _lines(block)]

    assert [name for name in FOREIGN if not any(_program(line) == name for line in lines)] == []
    assert [pattern for pattern in LINES if not any(re.search(pattern, line) for line in lines)] == []
    assert set(WHOLE) | set(SCENES) | SHOWN | set(CODES) <= set(PAGES)


def _type(place: Place, block: Block) -> None:
    """Runs what can be run of a block, line by line, and holds what it says against what the page shows."""
    for number, line in enumerate(_lines(block)):
        if _program(line) in FOREIGN or any(re.search(pattern, line) for pattern in LINES):
            continue
        for name in ["out", *re.findall(r"--out (\S+)", line)]:  # a reader begins where nothing is in the way
            _remove(place.folder / name)
        said = place.run(_filled(line, place.arns), CODES.get(block.page, {0}))
        _remember(place, line)
        if block.language == "console" and block.page in SHOWN:
            _compare(block, number, said)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _lines(block: Block) -> list[str]:
    """The command lines of a block, each whole: to the end of what is quoted, or continued."""
    lines: list[str] = []
    whole = ""
    for line in block.script.splitlines():
        whole += line + "\n"
        if not line.endswith("\\") and whole.count("'") % 2 == 0:
            lines += [whole] if whole.strip() else []
            whole = ""
    return lines


def _program(line: str) -> str:
    return next(word for word in line.split() if not re.match(r"\w+=", word))


def _filled(line: str, arns: list[str]) -> str:
    """A line with what its placeholders stand for."""
    return re.sub(re.escape(PLACEHOLDER) + r"[0-9a-f.-]+", lambda _: arns[-1], line)


def _remember(place: Place, line: str) -> None:
    """Keeps what a line sets for those that follow, as a shell does."""
    for name, value in re.findall(r"^export (\w+)='([^']*)'", line):
        place.variables[name] = value


def _compare(block: Block, number: int, said: str) -> None:
    """Holds what a command said against what the page shows; dates and IDs differ, an ellipsis stands for anything."""
    shown = re.split(r"^\$ .*\n", block.text, flags=re.MULTILINE)[number + 1].strip("\n")
    ours, theirs = _even(re.sub(r"^ *\.\.\.$", "...", shown, flags=re.MULTILINE)), _even(said.strip("\n"))
    pattern = re.sub(r"(\\\.){3}|…", ".*", re.escape(ours))

    assert re.fullmatch(pattern, theirs, re.DOTALL), f"{block} shows\n{shown}\nand it says\n{said}"


def _even(text: str) -> str:
    return re.sub(r"\d{4}-\d\d-\d\d|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{64}", "#", text)
