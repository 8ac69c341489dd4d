"""Tests of the workflows: what may do what, and that no name in them can be moved to other code."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest
from ruamel.yaml import YAML

ROOT: Final = Path(__file__).parents[2]
WORKFLOWS: Final = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
_PINNED: Final = re.compile(r"uses: [\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")
_WRITES: Final = {
    ("release.yml", "attest"): {"id-token", "attestations"},
    ("release.yml", "publish"): {"id-token"},
    ("release.yml", "attach"): {"contents"},
}


def _yaml(path: Path) -> Any:
    return YAML(typ="safe").load(path)


def test_the_workflows_are_as_github_wants_them() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows", *WORKFLOWS],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")


def test_the_workflows_have_no_hole_that_zizmor_knows() -> None:
    zizmor = Path(sys.executable).with_name("zizmor")

    done = subprocess.run(
        [zizmor, "--offline", "--persona=auditor", "--no-progress", *WORKFLOWS],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, "No findings" in done.stdout) == (0, True)


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_an_action_is_named_by_its_commit_with_the_version_beside_it(path: Path) -> None:
    uses = [line.strip().removeprefix("- ") for line in path.read_text("utf-8").splitlines() if "uses:" in line]

    assert uses
    assert [line for line in uses if not _PINNED.fullmatch(line)] == []


def test_an_action_has_one_commit_everywhere() -> None:
    pins = {pin for path in WORKFLOWS for pin in re.findall(r"uses: (\S+)@(\S+)", path.read_text("utf-8"))}

    assert len({action for action, _ in pins}) == len(pins)


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_job_may_write_only_what_its_task_is(path: Path) -> None:
    workflow = _yaml(path)

    writes = {
        (path.name, name): {what for what, how in job["permissions"].items() if how == "write"}
        for name, job in workflow["jobs"].items()
    }
    assert workflow["permissions"] == {}
    assert {job: what for job, what in writes.items() if what} == {
        job: what for job, what in _WRITES.items() if job[0] == path.name
    }


def test_what_may_publish_runs_no_code_of_ours() -> None:
    jobs = _yaml(ROOT / ".github" / "workflows" / "release.yml")["jobs"]

    assert [step for name in ("attest", "publish") for step in jobs[name]["steps"] if "run" in step] == []
    assert jobs["publish"]["environment"]["name"] == "pypi"


@pytest.mark.parametrize("system", ["check", "macos", "windows"])
def test_every_python_that_is_promised_is_tried_on_every_system(system: str) -> None:
    jobs = _yaml(ROOT / ".github" / "workflows" / "ci.yml")["jobs"]

    assert jobs[system]["strategy"]["matrix"]["python"] == ["3.11", "3.12", "3.13", "3.14"]


def test_what_a_workflow_makes_is_a_target() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))

    made = {
        target
        for path in WORKFLOWS
        for words in re.findall(r"run: make ([a-z -]+)", path.read_text("utf-8"))
        for target in words.split()
    }
    assert made
    assert made <= targets
