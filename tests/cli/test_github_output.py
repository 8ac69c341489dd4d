"""Tests of what later steps of a GitHub workflow are told of an import."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from certkit.cli import github_output
from certkit.errors import OutputUnwritableError
from tests.aws.scene import HOME
from tests.issuing import make_chain

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.aws.scene import Ran

pytest_plugins = ["tests.aws.fixtures"]

IRELAND = "eu-west-1"


def read(path: Path) -> dict[str, str]:
    """The outputs in a file, as a runner reads them: `NAME<<DELIMITER`, lines, `DELIMITER`."""
    lines, outputs = iter(path.read_text("utf-8").splitlines()), {}
    for line in lines:
        name, _, delimiter = line.partition("<<")
        values = []
        while (value := next(lines)) != delimiter:
            values.append(value)
        outputs[name] = "\n".join(values)
    return outputs


@pytest.fixture
def outputs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file for outputs, in which a step before has left one."""
    path = tmp_path / "github-output"
    path.write_text("before<<x\nvalue\nx\n", "utf-8")
    monkeypatch.setenv("GITHUB_OUTPUT", str(path))
    return path


@pytest.mark.usefixtures("wire")
def test_an_import_leaves_arn_action_and_end(run: Callable[..., Ran], save: Callable[..., Path], outputs: Path) -> None:
    done = run("import", save(make_chain()), "--name", "shop", "--format", "json")

    assert done.code == 0
    assert read(outputs) == {
        "before": "value",
        "arn": done.result["arn"],
        "action": "imported",
        "not_after": "2049-12-31T23:59:59Z",
    }


@pytest.mark.usefixtures("wire")
def test_each_region_has_a_line(run: Callable[..., Ran], save: Callable[..., Path], outputs: Path) -> None:
    done = run(
        "import", save(make_chain()), "--name", "shop", "--region", HOME, "--region", IRELAND, "--format", "json"
    )

    found = read(outputs)
    assert found["arn"].split("\n") == [result["arn"] for result in done.results]
    assert found["action"] == "imported\nimported"


@pytest.mark.usefixtures("wire")
def test_a_dry_run_leaves_nothing(run: Callable[..., Ran], save: Callable[..., Path], outputs: Path) -> None:
    run("import", save(make_chain()), "--name", "shop", "--dry-run")

    assert read(outputs) == {"before": "value"}


@pytest.mark.usefixtures("wire")
def test_outputs_that_cannot_be_written_are_told_after_the_import(
    run: Callable[..., Ran], save: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_OUTPUT", str(tmp_path))

    done = run("import", save(make_chain()), "--name", "shop")

    assert done.code == 3
    assert done.out.startswith("shop: imported")
    assert f"GITHUB_OUTPUT: {tmp_path}: is a directory" in done.err
    assert "the import is done" in done.err


def test_without_the_variable_nothing_is_written(tmp_path: Path) -> None:
    github_output.write({"GITHUB_OUTPUT": ""}, [])

    assert list(tmp_path.iterdir()) == []


def test_a_path_that_is_none_is_an_error() -> None:
    with pytest.raises(OutputUnwritableError, match="it is no path"):
        github_output.write({"GITHUB_OUTPUT": "a\0b"}, [])
