"""Tests of what docs/ci.md shows: it can be copied as it stands."""

import io
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any, Final

import pytest
from ruamel.yaml import YAML

from certkit.cli.options import ReportFormat
from certkit.waiver import waivers_of

ROOT: Final = Path(__file__).parents[1]
PAGE: Final = (ROOT / "docs" / "ci.md").read_text("utf-8")


def _blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def _yaml(text: str) -> Any:
    return YAML(typ="safe").load(io.StringIO(text))


@pytest.mark.slow
@pytest.mark.parametrize(("number", "schema"), [(0, "github-workflows"), (1, "github-workflows"), (2, "gitlab-ci")])
def test_a_job_is_as_its_runner_wants_it(tmp_path: Path, number: int, schema: str) -> None:
    job = tmp_path / "job.yml"
    job.write_text(_blocks("yaml")[number], "utf-8")

    done = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}", job],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")


def test_the_inputs_of_the_action_are_those_that_it_has() -> None:
    action = _yaml((ROOT / "action.yml").read_text("utf-8"))
    (step,) = [step for step in _yaml(_blocks("yaml")[0])["jobs"]["validate"]["steps"] if "certkit@" in step["uses"]]

    assert set(step["with"]) <= set(action["inputs"])
    assert [name for name in action["inputs"] if name not in step["with"] and f"`{name}`" not in PAGE] == []


def test_the_hook_is_there() -> None:
    (hook,) = _yaml((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))

    assert _yaml(_blocks("yaml")[3])["repos"][0]["hooks"][0]["id"] == hook["id"]


def test_the_waiver_is_one() -> None:
    (example,) = _blocks("toml")

    assert len(waivers_of(tomllib.loads(example)["waiver"])) == 1


def test_every_form_is_described() -> None:
    assert [one for one in ReportFormat if f"| `{one.value}` |" not in PAGE] == []
