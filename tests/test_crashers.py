"""Inputs that fuzzing found, once findings, and what every target starts from."""

import time
from pathlib import Path
from typing import Final

import pytest

from fuzz.targets import TARGETS

CRASHERS: Final = sorted((Path(__file__).parents[1] / "fuzz" / "crashers").glob("*-*"))
MAX_SECONDS: Final = 2.0


def target_of(path: Path) -> str:
    """The name of the target that a file in `fuzz/crashers` is for; it begins with it."""
    return max((name for name in TARGETS if path.name.startswith(f"{name}-")), key=len)


@pytest.mark.parametrize("path", CRASHERS, ids=lambda path: path.name)
def test_what_was_a_finding_once_ends_with_a_result_or_an_error_of_ours(path: Path) -> None:
    began = time.thread_time()

    TARGETS[target_of(path)](path.read_bytes())

    assert time.thread_time() - began < MAX_SECONDS


@pytest.mark.parametrize("name", TARGETS)
def test_a_target_takes_everything_that_it_starts_from(name: str) -> None:
    seeds = list(TARGETS[name].seeds())

    for seed in seeds:
        TARGETS[name](seed)

    assert seeds
