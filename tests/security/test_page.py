"""docs/security.md names the tests that prove it, and each of them is there."""

import re
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
PAGE: Final = (ROOT / "docs/security.md").read_text("utf-8")
NAMED: Final = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)))
THREATS: Final = re.split(
    r"^### ", PAGE.partition("## Who attacks")[2].partition("## What is not covered")[0], flags=re.MULTILINE
)[1:]


@pytest.mark.parametrize(("path", "name"), NAMED, ids=lambda part: part)
def test_a_test_that_is_named_is_there(path: str, name: str) -> None:
    assert re.search(rf"^def {name}\(", (ROOT / path).read_text("utf-8"), re.MULTILINE)


@pytest.mark.parametrize("threat", THREATS, ids=lambda threat: threat.partition("\n")[0])
def test_every_threat_has_a_test(threat: str) -> None:
    assert "`tests/" in threat


def test_every_test_about_attacks_is_named() -> None:
    own = {
        path.name: path.read_text("utf-8")
        for path in (ROOT / "tests/security").glob("test_*.py")
        if path.name != "test_page.py"
    }
    named = {Path(path).name for path, _ in NAMED}

    assert set(own) <= named
