"""Tests of the wheel as people have it: installed into a fresh environment, used from elsewhere, without the checkout.

At the lowest versions that pyproject.toml allows, at the highest that there are, and at those that are locked; with the
extra `sandbox` and without. `CERTKIT_DIST` names a folder with a wheel that is built already.
"""

import json
import os
import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

from certkit.cli.app import COMMANDS
from tests.cli.bundles import PASSWORD, pem, pfx, save, shop
from tests.cli.running import variables

ROOT: Final = Path(__file__).parents[2]
PROJECT: Final[dict[str, Any]] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
BIN: Final = "Scripts" if sys.platform == "win32" else "bin"
UV: Final = Path(sys.executable).with_name("uv")
KINDS: Final = ("lowest", "highest", "locked")
pytestmark = pytest.mark.packaging


@dataclass(frozen=True, slots=True)
class Installed:
    """An environment with the wheel in it.

    Attributes:
        work: a folder that is empty but for a PFX and a PEM.
    """

    folder: Path
    work: Path

    def run(self, *arguments: object, exit_code: int = 0) -> str:
        """Runs certkit from there, and returns what it said."""
        done = subprocess.run(
            [self.folder / BIN / "certkit", *map(str, arguments)],
            cwd=self.work,
            env=variables({"P": PASSWORD, "CERTKIT_STATE": str(self.work / "state")}),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == exit_code, (arguments, done.stdout, done.stderr)
        return done.stdout + done.stderr

    def versions(self) -> dict[str, str]:
        """Returns what is installed."""
        return {one["name"]: one["version"] for one in json.loads(_uv("pip", "list", "--format", "json", *self.where))}

    @property
    def where(self) -> tuple[str, ...]:
        """Returns the option that leads uv here."""
        return ("--python", str(self.folder))


def _uv(*arguments: object) -> str:
    done = subprocess.run([UV, *map(str, arguments)], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel of the tree as it is, or the one that is to be released."""
    folder = Path(os.environ.get("CERTKIT_DIST") or tmp_path_factory.mktemp("dist")).absolute()
    if not list(folder.glob("*.whl")):
        build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
        subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (found,) = folder.glob("*.whl")
    return found


def _installed(folder: Path, wheel: Path, kind: str, extra: str) -> Installed:
    _uv("venv", "--quiet", "--python", sys.executable, folder / "env")
    where = ("--quiet", "--python", folder / "env")
    if kind == "locked":
        lock = ROOT / "requirements" / f"{'sandbox' if extra else 'runtime'}.txt"
        _uv("pip", "install", *where, "--require-hashes", "--no-deps", "--requirement", lock)
        _uv("pip", "install", *where, "--no-deps", wheel)
    else:
        resolution = "lowest-direct" if kind == "lowest" else "highest"
        (folder / "wanted.in").write_text("\n".join(_direct(extra)))
        _uv(
            "pip",
            "install",
            *where,
            "--resolution",
            resolution,
            "--requirement",
            folder / "wanted.in",
            f"{wheel}{extra}",
        )
    work = folder / "work"
    save(work, "shop.pfx", pfx(shop()))
    save(work, "shop.pem", pem(shop()))
    return Installed(folder / "env", work)


def _direct(extra: str) -> list[str]:
    """Returns what certkit wants, for uv to see as wanted by us: else it is not `direct` to it."""
    extras: dict[str, list[str]] = PROJECT["optional-dependencies"]
    return [*PROJECT["dependencies"], *(extras["sandbox"] if extra else [])]


@pytest.fixture(scope="module", params=KINDS)
def bare(request: pytest.FixtureRequest, wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """Certkit without extras."""
    return _installed(tmp_path_factory.mktemp("bare"), wheel, request.param, "")


@pytest.fixture(scope="module", params=KINDS)
def full(request: pytest.FixtureRequest, wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """Certkit with its sandbox."""
    return _installed(tmp_path_factory.mktemp("full"), wheel, request.param, "[sandbox]")


def test_it_is_the_wheel_that_runs_and_nothing_lacks(bare: Installed) -> None:
    python = bare.folder / BIN / "python"
    where = subprocess.run(
        [python, "-c", "import certkit; print(certkit.__file__)"],
        cwd=bare.work,
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    assert Path(where.strip()).is_relative_to(bare.folder)
    _uv("pip", "check", *bare.where)
    assert "moto" not in bare.versions()


def test_every_command_says_what_it_is_for(bare: Installed) -> None:
    listed = bare.run("--help")

    assert [name for name in COMMANDS if name not in listed] == []
    assert [name for name in COMMANDS if "Examples:" not in bare.run(name, "--help")] == []


def test_a_bundle_goes_all_the_way_and_back(bare: Installed) -> None:
    bare.run("inspect", "shop.pfx", "--passin", "env:P")
    bare.run("split", "shop.pfx", "--passin", "env:P", "--out", "out")
    judged = bare.run("validate", "shop.pem", "--format", "json")
    parts = ("--key", "out/cert_key.pem", "--body", "out/cert_body.pem", "--chain", "out/cert_chain.pem")
    bare.run("pack", *parts, "-o", "again.pfx", "--passout", "env:P")
    again = bare.run("inspect", "again.pfx", "--passin", "env:P", "--format", "json")

    assert json.loads(judged)["schema"] == "certkit.validate/1"
    (bundle,) = json.loads(again)["bundles"]
    assert bundle["leaf"]["sans"] == ["DNS:shop.example.com", "DNS:www.shop.example.com"]


def test_what_needs_no_bundle_is_printed(bare: Installed) -> None:
    assert "acm" in bare.run("rules", "--format", "json")
    assert "Statement" in bare.run("policy", "renewer")


def test_without_the_extra_the_sandbox_says_what_to_install(bare: Installed) -> None:
    said = bare.run("sandbox", "--", "true", exit_code=2)

    assert "the sandbox needs the module" in said
    assert "hint: pip install 'certkit[sandbox]'" in said


def test_with_the_extra_a_certificate_gets_into_acm_and_is_listed(full: Installed) -> None:
    program = full.folder / BIN / "certkit"
    full.run("sandbox", "--", program, "import", "shop.pfx", "--passin", "env:P", "--name", "shop")
    script = (
        f"import subprocess as s; s.run([{str(program)!r}, 'import', 'shop.pem', '--name', 'shop'], check=True);"
        f"s.run([{str(program)!r}, 'status', '--format', 'json'], check=True);"
        f"s.run([{str(program)!r}, 'status', '--format', 'html', '--out', 'status.html'], check=True)"
    )
    said = full.run("sandbox", "--", full.folder / BIN / "python", "-c", script)

    assert '"name": "shop"' in said
    assert "<style>" in (full.work / "status.html").read_text("utf-8")
    _uv("pip", "check", *full.where)


def test_the_environment_is_what_it_is_called(wheel: Path, tmp_path: Path) -> None:
    lowest = _installed(tmp_path / "lowest", wheel, "lowest", "").versions()
    highest = _installed(tmp_path / "highest", wheel, "highest", "").versions()

    floors = dict(one.replace(",", ">=").split(">=")[:2] for one in PROJECT["dependencies"])
    assert {name: lowest[name].startswith(version) for name, version in floors.items()} == dict.fromkeys(floors, True)
    assert set(lowest) <= set(highest) | {"tomli"}
    shutil.rmtree(tmp_path / "lowest")
