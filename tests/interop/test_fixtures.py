"""Splits every bundle that another program wrote, and compares with what is known to be in it."""

from pathlib import Path
from typing import Final

import pytest

from tests.interop.expectations import FIXTURES, Entry, agree, entries, in_process, split, supported

APART: Final = {"make", "pki", "public"}
"""Folders whose files are not bundles."""


@pytest.mark.parametrize("entry", supported(), ids=str)
def test_a_bundle_of_another_program_is_split_as_expected(entry: Entry, tmp_path: Path) -> None:
    seen = split(entry, tmp_path / "out", in_process)

    expected = next((outcome for outcome in entry.outcomes if agree(seen, outcome)), entry.outcomes[0])
    assert agree(seen, expected), f"seen {seen}, expected {expected}"


def test_every_fixture_has_an_entry() -> None:
    known = {entry.source for entry in entries()}

    files = {path for path in FIXTURES.glob("*/**/*") if path.is_file()}

    assert {path for path in files if path.relative_to(FIXTURES).parts[0] not in APART} == known
