"""YAML as certkit writes it, read by a parser of YAML 1.2, and of YAML 1.1 as AWS's tools have it."""

from __future__ import annotations

import io
from typing import Final

import pytest
from ruamel.yaml import YAML

from certkit.schedule.yaml import block

VALUE: Final = {
    "Null": {"aws:ResourceTag/certkit:name": "false"},
    "on": ["yes", "17", "cron(17 3 * * ? *)", "${AWS::Region}", "a: b # c", 'say "no"', ""],
    "Fn::Sub": [[1, True], {}, [], {"deep": [{"deeper": None}]}],
}


@pytest.mark.parametrize("version", [(1, 1), (1, 2)])
def test_what_is_written_is_read(version: tuple[int, int]) -> None:
    parser = YAML(typ="safe", pure=True)
    parser.version = version

    assert parser.load(io.StringIO(block(VALUE))) == VALUE


@pytest.mark.parametrize("version", [(1, 1), (1, 2)])
def test_a_parser_of_each_version_is_what_is_asked(version: tuple[int, int]) -> None:
    """Unquoted, the condition that IAM calls `Null` is nothing to either, and `on` is true to the older one."""
    parser = YAML(typ="safe", pure=True)
    parser.version = version

    found = parser.load(io.StringIO("Null: 1\non: 2\n"))

    assert set(found) == {None, True if version == (1, 1) else "on"}
