"""Tests of wheel and source archive: the same source gives the same bytes, wherever and by whomever it is built."""

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
SOURCES: Final = ("certkit", "pyproject.toml", "README.md", "CHANGELOG.md", "LICENSE", ".gitignore")


def _built(folder: Path, *, moment: int, umask: int, settings: dict[str, str]) -> dict[str, bytes]:
    """Builds from a copy of the sources in `folder`, all of them as old as `moment`."""
    folder.mkdir(parents=True)
    for name in SOURCES:
        source, copy = ROOT / name, folder / name
        if source.is_dir():
            shutil.copytree(source, copy, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, copy)
    for path in (*folder.rglob("*"), folder):
        os.utime(path, (moment, moment))
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--directory", "dist"],
        cwd=folder,
        umask=umask,
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return {path.name: path.read_bytes() for path in (folder / "dist").iterdir()}


def test_two_builds_have_the_same_bytes(tmp_path: Path) -> None:
    one = _built(tmp_path / "one", moment=1_000_000_000, umask=0o022, settings={"TZ": "UTC", "PYTHONHASHSEED": "1"})
    other = _built(
        tmp_path / "an other" / "place",
        moment=1_700_000_000,
        umask=0o077,
        settings={"TZ": "Asia/Tokyo", "PYTHONHASHSEED": "2", "LC_ALL": "C"},
    )

    assert {name.partition("-")[0] for name in one} == {"certkit"}
    assert sorted(one) == sorted(other)
    assert [name for name in one if one[name] != other[name]] == []
    _holds_what_it_should(tmp_path / "one" / "dist")


def _holds_what_it_should(dist: Path) -> None:
    (wheel,), (archive,) = dist.glob("*.whl"), dist.glob("*.tar.gz")
    tracked = {path.relative_to(ROOT).as_posix() for path in (ROOT / "certkit").rglob("*") if _belongs(path)}
    with zipfile.ZipFile(wheel) as opened:
        packed = {name for name in opened.namelist() if ".dist-info/" not in name}
    with tarfile.open(archive) as unpacked:
        tops = {Path(name).parts[1] for name in unpacked.getnames()}
    assert packed == tracked
    assert tops == {"certkit", "pyproject.toml", "README.md", "CHANGELOG.md", "LICENSE", "PKG-INFO", ".gitignore"}


def _belongs(path: Path) -> bool:
    return path.is_file() and "__pycache__" not in path.parts
