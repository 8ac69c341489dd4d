"""Tests of the lock files: what `make setup` installs is what is written there, byte for byte."""

import re
import tomllib
from pathlib import Path
from typing import Any, Final

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from release.lock import Locked, read

ROOT: Final = Path(__file__).parents[2]
FOLDER: Final = ROOT / "requirements"
PROJECT: Final[dict[str, Any]] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
GROUPS: Final[dict[str, list[str]]] = PROJECT["dependency-groups"]
WANTED: Final = {
    "runtime": PROJECT["project"]["dependencies"],
    "sandbox": PROJECT["project"]["dependencies"] + PROJECT["project"]["optional-dependencies"]["sandbox"],
    **GROUPS,
    "dev": PROJECT["project"]["dependencies"] + PROJECT["project"]["optional-dependencies"]["sandbox"] + GROUPS["dev"],
}


def _locked(name: str) -> dict[str, Locked]:
    return {one.name: one for one in read((FOLDER / f"{name}.txt").read_text("utf-8"))}


def test_every_set_of_dependencies_has_its_lock_file() -> None:
    assert {path.stem for path in FOLDER.iterdir()} == set(WANTED)


@pytest.mark.parametrize("name", WANTED)
def test_what_pyproject_wants_is_locked_and_make_lock_has_run(name: str) -> None:
    locked = _locked(name)

    wanted = [Requirement(text) for text in WANTED[name]]
    missing = [
        str(one)
        for one in wanted
        if (found := locked.get(canonicalize_name(one.name))) is None or found.version not in one.specifier
    ]
    assert missing == []


@pytest.mark.parametrize("name", WANTED)
def test_a_lock_file_names_no_host(name: str) -> None:
    assert "://" not in (FOLDER / f"{name}.txt").read_text("utf-8")


@pytest.mark.parametrize("name", sorted(set(WANTED) - {"dev"}))
def test_what_is_in_two_lock_files_has_one_version(name: str) -> None:
    dev = _locked("dev")

    other = {one.name: one for one in _locked(name).values() if one.name in dev}
    assert {one.name: (one.version, one.sha256) for one in other.values()} == {
        key: (dev[key].version, dev[key].sha256) for key in other
    }


def test_a_target_installs_nothing_but_what_is_locked() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")

    installs = re.findall(r"pip install (.*)", makefile)
    assert installs == [
        "--quiet --require-hashes --no-deps --requirement",
        "--quiet --no-deps --no-build-isolation --editable .",
    ]


def test_a_lock_file_is_read_with_markers_hashes_and_parents() -> None:
    text = (
        "# This file was made\ncffi==2.1 ; sys_platform == 'win32' \\\n"
        f"    --hash=sha256:{'a' * 64} \\\n    --hash=sha256:{'b' * 64}\n"
        "    # via\n    #   -c requirements/dev.txt\n    #   certkit (pyproject.toml)\n    #   cryptography\n"
        f"six==1.17.0 \\\n    --hash=sha256:{'c' * 64}\n    # via python-dateutil\n"
    )

    assert list(read(text)) == [
        Locked("cffi", "2.1", "sys_platform == 'win32'", ("a" * 64, "b" * 64), frozenset({"certkit", "cryptography"})),
        Locked("six", "1.17.0", "", ("c" * 64,), frozenset({"python-dateutil"})),
    ]


@pytest.mark.parametrize("text", ["six==1.17.0\n", f"six>=1.17.0 \\\n    --hash=sha256:{'c' * 64}\n"])
def test_an_entry_without_version_or_hash_is_none(text: str) -> None:
    with pytest.raises(ValueError, match="no name, version and hash"):
        list(read(text))
