"""Tests of what docs/lambda.md shows."""

import re
from pathlib import Path
from typing import Final

import pytest

from certkit.event import OPTIONS
from tests.cli.running import certkit
from tests.schedule.templates import read

PAGE: Final = (Path(__file__).parents[1] / "docs" / "lambda.md").read_text("utf-8")


def test_the_manifest_becomes_the_template_by_the_command_that_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (manifest,) = re.findall(r"^```toml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    (command,) = re.findall(r"^certkit (schedule lambda .*)$", PAGE, re.MULTILINE)
    (tmp_path / "certkit.toml").write_text(manifest)

    done = certkit(*command.split())

    assert done.exit_code == 0
    parameters = read(tmp_path / "deploy" / "template.yaml")["Parameters"]
    assert set(re.findall(r"\b(AlarmEmail|Creator|DecryptKeys|Reserved)\b", PAGE)) == set(parameters)


def test_the_events_are_those_that_are_taken() -> None:
    rows = re.findall(r"^\| `(renew|apply|plan|status|doctor)` \| (.*?) ?\|$", PAGE, re.MULTILINE)

    shown = {command: set(re.findall(r"`(--[a-z-]+)", options)) for command, options in rows}

    assert shown == {command: set(options) for command, options in OPTIONS.items()}
