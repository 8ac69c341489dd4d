"""Tests of patterns among SOURCEs."""

from pathlib import Path

import pytest

from certkit.sources.patterns import expand, is_pattern


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of files, in which the test runs."""
    for name in ("b.pem", "a.pem", "c.pfx", ".hidden.pem", "sub/d.pem", "sub/deep/e.pem", "x[1].pem"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (["*.pem"], ["a.pem", "b.pem", "x[1].pem"]),
        (["?.p*"], ["a.pem", "b.pem", "c.pfx"]),
        (["[bc].*"], ["b.pem", "c.pfx"]),
        (["sub/*"], ["sub/d.pem", "sub/deep"]),
        (["**/*.pem"], ["a.pem", "b.pem", "sub/d.pem", "sub/deep/e.pem", "x[1].pem"]),
        (["b.pem", "*.pem", "b.pem"], ["b.pem", "a.pem", "x[1].pem"]),
        (["z*", "a.pem", "missing"], ["z*", "a.pem", "missing"]),
        (["x[1].pem"], ["x[1].pem"]),
        (["-", "-"], ["-", "-"]),
        (["env:A*", "s3://bucket/*", "arn:aws:acm:*"], ["env:A*", "s3://bucket/*", "arn:aws:acm:*"]),
    ],
)
def test_patterns_are_expanded_sorted_and_each_file_once(given: list[str], expected: list[str]) -> None:
    assert list(expand(given)) == expected


def test_a_pattern_may_be_absolute(folder: Path) -> None:
    assert list(expand([f"{folder}/[ab].pem"])) == [f"{folder}/a.pem", f"{folder}/b.pem"]


@pytest.mark.parametrize(("source", "expected"), [("a.pem", False), ("z*", True), ("x[1].pem", False), ("a\0*", True)])
def test_what_is_there_by_its_name_is_no_pattern(source: str, expected: bool) -> None:
    assert is_pattern(source) == expected
