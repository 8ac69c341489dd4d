"""Tests of what GitHub and pre-commit read: action.yml, whose steps are run as a runner would, and the hook."""

import json
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest
from ruamel.yaml import YAML

from tests.cli.bundles import EXPIRED, hostile, pem, save, shop
from tests.cli.running import variables

ROOT: Final = Path(__file__).parents[1]
BASH: Final = shutil.which("bash") or ""
pytestmark = [pytest.mark.slow, pytest.mark.skipif(not BASH, reason="the runner's shell is bash")]


@dataclass(frozen=True, slots=True)
class Step:
    """What came of one step."""

    exit_code: int
    log: str
    outputs: dict[str, str]
    summary: str


def _yaml(name: str) -> Any:
    return YAML(typ="safe").load(ROOT / name)


def _program(name: str) -> str:
    return str(Path(sys.executable).with_name(name))


def _step(folder: Path, name: str, environment: dict[str, str], **inputs: str) -> Step:
    """Runs a step of the action in `folder`, its inputs as given and else by default."""
    action = _yaml("action.yml")
    given = {key: str(one.get("default", "")) for key, one in action["inputs"].items()} | inputs
    (step,) = [one for one in action["runs"]["steps"] if one["id"] == name]
    own = {
        key: re.sub(r"\$\{\{ inputs\.(\S+) \}\}", lambda one: given[one[1]], value)
        for key, value in step["env"].items()
    }
    files = {key: folder / f".{key}" for key in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
    for file in files.values():
        file.write_bytes(b"")
    runner = {
        "GITHUB_ACTION_PATH": str(ROOT),
        "RUNNER_TEMP": str(folder),
        **{key: str(one) for key, one in files.items()},
    }
    done = subprocess.run(
        [BASH, "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
        env=variables({**own, **runner, **environment}),
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    summary = files["GITHUB_STEP_SUMMARY"].read_text("utf-8")
    outputs = dict(line.split("=", 1) for line in files["GITHUB_OUTPUT"].read_text("utf-8").splitlines())
    return Step(done.returncode, done.stdout + done.stderr, outputs, summary)


@pytest.fixture
def validate(tmp_path: Path) -> Callable[..., Step]:
    """Runs the step that validates, in a folder with a good bundle and an expired one."""
    save(tmp_path, "certs/good.pem", pem(shop()))
    save(tmp_path, "certs/old one.pem", pem(shop(EXPIRED)))
    program = save(tmp_path, "certkit", f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m certkit "$@"\n'.encode())
    program.chmod(0o700)
    environment = {"CERTKIT": str(program), "PYTHONPATH": str(ROOT)}

    def run(**inputs: str) -> Step:
        return _step(tmp_path, "validate", environment, **inputs)

    return run


def test_the_action_is_as_github_wants_it() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-actions", ROOT / "action.yml"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")


def test_the_action_has_no_hole_that_zizmor_knows() -> None:
    done = subprocess.run(
        [_program("zizmor"), "--offline", "--persona=auditor", "--no-progress", ROOT / "action.yml"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, "No findings" in done.stdout) == (0, True)


def test_every_input_reaches_a_step_as_a_variable() -> None:
    action = _yaml("action.yml")

    steps = action["runs"]["steps"]
    used = {name for step in steps for name in re.findall(r"inputs\.([a-z-]+)", " ".join(step["env"].values()))}
    assert used == set(action["inputs"])
    assert not any("${{" in step["run"] for step in steps)


def test_a_good_bundle_lets_the_step_pass_and_stands_in_the_summary(validate: Callable[..., Step]) -> None:
    step = validate(sources="certs/good.pem")

    assert step == Step(0, "", {"exit-code": "0"}, "### certkit validate\n<pre>\ncerts/good.pem: importable\n</pre>\n")


def test_a_finding_fails_the_step_and_is_annotated(validate: Callable[..., Step]) -> None:
    step = validate(sources="\n  certs/good.pem\n\n  certs/old one.pem  \n")

    assert (step.exit_code, step.outputs) == (1, {"exit-code": "1"})
    assert step.log.startswith("::error file=certs/old one.pem,line=1,endLine=")
    assert "certs/good.pem: importable\ncerts/old one.pem: not importable\n" in step.summary


def test_patterns_are_left_to_certkit(validate: Callable[..., Step]) -> None:
    step = validate(sources="certs/*.pem\nother/*.pem")

    assert step.exit_code == 3
    assert "::error file=other/*.pem,title=input-unreadable::other/*.pem: no file fits this pattern" in step.log
    assert "certs/old one.pem: not importable" in step.summary


@pytest.mark.parametrize(
    ("inputs", "exit_code"),
    [
        ({"ignore": "certificate-expired"}, 0),
        ({"select": "no-key,weak-key"}, 0),
        ({"config": "waivers.toml"}, 0),
        ({"options": "--name-match\nold.example.com"}, 1),
        ({"options": "--quiet"}, 1),
        ({"fail-on": "nothing"}, 2),
        ({"select": "nothing"}, 2),
        ({"sources": "  \n"}, 2),
    ],
)
def test_inputs_become_options(
    validate: Callable[..., Step], tmp_path: Path, inputs: dict[str, str], exit_code: int
) -> None:
    waiver = '[[waiver]]\nrule = "certificate-expired"\nmatch = "old one"\nreason = "x"\nuntil = 2100-01-01\n'
    save(tmp_path, "waivers.toml", waiver.encode())

    step = validate(**{"sources": "certs/old one.pem", **inputs})

    assert (step.exit_code, step.outputs) == (exit_code, {"exit-code": str(exit_code)})


def test_switches_become_options(validate: Callable[..., Step], tmp_path: Path) -> None:
    issued = shop()
    save(tmp_path, "mixed.pem", issued.chain_pem + issued.pem)

    exit_codes = [
        validate(sources="mixed.pem", **inputs).exit_code
        for inputs in (
            {},
            {"certificates-only": "true"},
            {"certificates-only": "true", "fail-on": "warning"},
            {"certificates-only": "true", "strict": "true"},
        )
    ]

    assert exit_codes == [1, 0, 1, 1]


@pytest.mark.parametrize(("form", "key"), [("sarif", "runs"), ("json", "results")])
def test_a_report_is_kept_whatever_is_found(validate: Callable[..., Step], tmp_path: Path, form: str, key: str) -> None:
    step = validate(sources="certs/*", output="certkit.report", format=form)

    assert step.exit_code == 1
    assert key in json.loads((tmp_path / "certkit.report").read_text("utf-8"))


@pytest.mark.parametrize("inputs", [{"format": "nothing"}, {"output": "missing/certkit.sarif"}])
def test_a_report_that_cannot_be_had_fails_the_step(validate: Callable[..., Step], inputs: dict[str, str]) -> None:
    step = validate(**{"sources": "certs/good.pem", "output": "certkit.sarif", **inputs})

    assert step.exit_code != 0


def test_inputs_and_names_are_never_code(validate: Callable[..., Step], tmp_path: Path) -> None:
    save(tmp_path, "certs/$(touch pwned)`touch pwned`<b>.pem", pem(shop()) + hostile().pem)

    step = validate(sources="certs/*\n$(touch pwned)", ignore="$(touch pwned)", options="; touch pwned")
    summary = validate(sources="certs/*").summary

    assert step.exit_code == 2
    assert not (tmp_path / "pwned").exists()
    assert "&lt;b&gt;.pem" in summary
    assert "<b>" not in summary


def test_certkit_is_installed_from_the_action_itself_into_a_folder_of_its_own(tmp_path: Path) -> None:
    inner = tmp_path / "certkit/bin/python"
    stub = f"""#!/bin/sh
if [ "$2" = venv ]; then
  mkdir -p "$3/bin"
  printf '#!/bin/sh\\necho "$@" > {tmp_path}/asked\\n' > "$3/bin/python"
  chmod +x "$3/bin/python"
fi
"""
    save(tmp_path, "python", stub.encode()).chmod(0o700)

    step = _step(tmp_path, "install", {}, python=str(tmp_path / "python"))

    assert (step.exit_code, step.log, inner.exists()) == (0, "", True)
    assert step.outputs == {"certkit": f"{tmp_path}/certkit/bin/certkit"}
    assert (tmp_path / "asked").read_text() == f"-m pip install --quiet --disable-pip-version-check {ROOT}\n"


def test_a_python_that_is_too_old_is_told(tmp_path: Path) -> None:
    save(tmp_path, "python", b"#!/bin/sh\nexit 1\n").chmod(0o700)

    step = _step(tmp_path, "install", {}, python=str(tmp_path / "python"))

    assert step.exit_code == 2
    assert step.log.startswith("::error title=certkit::")
    assert "is not Python 3.11 or newer" in step.log


def test_the_hook_runs_as_pre_commit_would_run_it(tmp_path: Path) -> None:
    (hook,) = _yaml(".pre-commit-hooks.yaml")
    names = ["certs/shop.pem", "certs/shop.crt", "README.pem.md", "certs/shop.p7b", "pem"]
    save(tmp_path, "certs/shop.pem", shop().pem + shop().chain_pem)
    save(tmp_path, "certs/shop.crt", shop(EXPIRED).pem + shop().chain_pem)

    fitting = [name for name in names if re.search(hook["files"], name)]
    program, *arguments = shlex.split(hook["entry"])
    done = subprocess.run(
        [sys.executable, "-m", program, *arguments, *fitting[:2]],
        env=variables({"PYTHONPATH": str(ROOT)}),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert {"id", "name", "entry", "language"} <= hook.keys()
    assert fitting == ["certs/shop.pem", "certs/shop.crt", "certs/shop.p7b"]
    assert done.returncode == 1
    assert done.stdout.startswith("certs/shop.pem: importable\ncerts/shop.crt: not importable\n")
