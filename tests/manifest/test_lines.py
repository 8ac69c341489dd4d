"""Where the keys of a TOML text stand, and what is too deep to be read at all."""

import time
import tomllib
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certkit.errors import InputTooLargeError
from certkit.limits import MAX_MANIFEST_NESTING
from certkit.manifest.lines import Path, key_lines, line_of

TEXT = '''\
# a comment = 1
[defaults]
regions = [
  "a", # "b
  """c
[not.a.table]
"""
]
tags = { env = "#no" }

  [accounts . "a.b"]
id = "1"   # [neither]
[[waiver]]
rule = \'it"s\'
[[waiver]]
rule = """x\\""" = 1
"""
a.b = 1
[waiver.more]
key = """"quoted""""
last = 1'''


def test_every_key_at_the_beginning_of_a_statement_has_its_line() -> None:
    assert key_lines(TEXT) == {
        ("defaults",): 2,
        ("defaults", "regions"): 3,
        ("defaults", "tags"): 9,
        ("accounts",): 11,
        ("accounts", "a.b"): 11,
        ("accounts", "a.b", "id"): 12,
        ("waiver",): 13,
        ("waiver", 0): 13,
        ("waiver", 0, "rule"): 14,
        ("waiver", 1): 15,
        ("waiver", 1, "rule"): 16,
        ("waiver", 1, "a"): 18,
        ("waiver", 1, "a", "b"): 18,
        ("waiver", 1, "more"): 19,
        ("waiver", 1, "more", "key"): 20,
        ("waiver", 1, "more", "last"): 21,
    }


@pytest.mark.parametrize(
    ("path", "line"), [(("defaults", "tags", "env"), 9), (("defaults",), 2), (("nowhere", "at", "all"), 1), ((), 1)]
)
def test_what_stands_within_a_statement_has_the_line_of_that(path: Path, line: int) -> None:
    assert line_of(key_lines(TEXT), path) == line


def test_the_lines_of_windows_are_the_same() -> None:
    assert key_lines(TEXT.replace("\n", "\r\n")) == key_lines(TEXT)


@pytest.mark.parametrize(
    "text", ["a = " + "[" * 17, "a = " + "{ a = " * 17, ".".join("a" * 17) + " = 1", "[" + ".".join("a" * 17) + "]"]
)
def test_what_is_nested_too_deeply_is_refused(text: str) -> None:
    with pytest.raises(InputTooLargeError):
        key_lines(text)


def test_what_is_nested_as_deeply_as_allowed_is_read() -> None:
    depth = MAX_MANIFEST_NESTING
    text = f"a = {'[' * depth}{']' * depth}\n{'.'.join('b' * depth)} = 1"

    assert key_lines(text)[("a",)] == 1


@pytest.mark.parametrize(
    "text",
    [
        '"""' + "\\" * 100_000,
        "'" * 100_001,
        '"' * 100_001,
        "[a\n" * 50_000,
        'a="' * 50_000,
        "=" * 300_000,
        "a = '''" * 50_000,
        "a " * 100_000,
    ],
)
def test_no_text_takes_long(text: str) -> None:
    began = time.thread_time()

    key_lines(text)

    assert time.thread_time() - began < 3


@given(st.text(alphabet="ab.=[]{}\"'#\\\n\r ,1", max_size=60))
def test_no_text_is_a_crash_and_what_is_toml_has_lines_for_its_keys(text: str) -> None:
    lines = key_lines(text)

    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    assert [path for path in _top(tables) if path not in lines] == []


def _top(tables: Mapping[str, Any]) -> list[Path]:
    return [(name,) for name in tables if "\\" not in name]
