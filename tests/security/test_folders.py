"""What stands in the way of a key file, or comes there in the middle of it, never gets the key and never loses its own."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

import pytest

from certkit.errors import CertkitError
from certkit.files import File, write_set
from tests.cli.bundles import pem, save, shop
from tests.cli.running import certkit, program
from tests.secrets.canaries import traces

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

SHOP: Final = shop()
TURNS: Final = 100
KEY: Final = b"canary of a key"

pytestmark = pytest.mark.skipif(os.name == "nt", reason="links and pipes as Unix has them")


def _link(folder: Path, victim: Path) -> None:
    (folder / "cert_key.pem").symlink_to(victim)


def _hard_link(folder: Path, victim: Path) -> None:
    (folder / "cert_key.pem").hardlink_to(victim)


def _pipe(folder: Path, victim: Path) -> None:  # noqa: ARG001 -- each is called so
    os.mkfifo(folder / "cert_key.pem")


def _folder(folder: Path, victim: Path) -> None:  # noqa: ARG001 -- the same
    (folder / "cert_key.pem").mkdir()


OBSTACLES: Final = (_link, _hard_link, _pipe, _folder)


@pytest.mark.parametrize("force", [(), ("--force",)], ids=["", "force"])
@pytest.mark.parametrize("put", OBSTACLES, ids=lambda put: put.__name__.strip("_"))
def test_nothing_is_written_through_what_is_in_the_way(
    put: Callable[[Path, Path], None], force: tuple[str, ...], tmp_path: Path
) -> None:
    source = save(tmp_path, "shop.pem", pem(SHOP))
    victim = save(tmp_path, "victim", b"mine")
    out = tmp_path / "out"
    out.mkdir()
    put(out, victim)

    done = certkit("split", source, "--out", out, *force)

    is_replaced = bool(force) and put is not _folder
    assert done.exit_code == (0 if is_replaced else 3)
    assert victim.read_bytes() == b"mine"
    if is_replaced:
        assert stat.S_IMODE((out / "cert_key.pem").lstat().st_mode) == 0o600
        assert stat.S_ISREG((out / "cert_key.pem").lstat().st_mode)
    else:
        assert [path.name for path in out.iterdir()] == ["cert_key.pem"]


def test_a_folder_that_is_a_link_to_nowhere_is_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "out").symlink_to(tmp_path / "elsewhere")

    done = certkit("split", save(tmp_path, "shop.pem", pem(SHOP)), "--out", tmp_path / "out")

    assert done.exit_code == 3
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize("name", ["split", "pack"])
def test_a_umask_of_nothing_leaves_the_key_its_owners(name: str, tmp_path: Path) -> None:
    source = save(tmp_path, "shop.pem", pem(SHOP))
    given = {
        "split": ("--out", tmp_path / "out"),
        "pack": ("--key", source, "--body", source, "-o", tmp_path / "all.pem"),
    }

    done = program(name, *([source] if name == "split" else []), *given[name], umask=0)

    written = traces(SHOP.key_pem).found_in_files(tmp_path, but=[source])
    assert done.exit_code == 0, done.stderr
    assert [stat.S_IMODE(path.stat().st_mode) for path in written] == [0o600]
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o700 if name == "split" else True


SWAPPING: Final = """
import contextlib, os, sys, time
folder, other, aside = sys.argv[1:]
print("ready", flush=True)
while True:
    for step in (lambda: os.rename(folder, aside), lambda: os.symlink(other, folder)):
        with contextlib.suppress(OSError):
            step()
    time.sleep(0.002)
    for step in (lambda: os.unlink(folder), lambda: os.rename(aside, folder)):
        with contextlib.suppress(OSError):
            step()
    time.sleep(0.001)
"""
"""Another process that puts a link to another folder in the place of one, and the folder back, again and again."""


@contextmanager
def _swapped(folder: Path, other: Path) -> Iterator[None]:
    aside = folder.with_name("aside")
    command = [sys.executable, "-I", "-c", SWAPPING, *map(str, (folder, other, aside))]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.readline()
        try:
            yield
        finally:
            process.kill()


@pytest.mark.parametrize("force", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_a_folder_that_is_swapped_meanwhile_gives_nobody_the_key(tmp_path: Path, force: bool) -> None:
    folder, other = tmp_path / "out", tmp_path / "other"
    for each in (folder, other):
        each.mkdir()
        each.chmod(0o777)
    (other / "mine.pem").write_bytes(b"mine")
    before = os.umask(0)
    try:
        with _swapped(folder, other):
            for number in range(TURNS):
                with suppress(CertkitError):
                    write_set(folder, {f"{0 if force else number}.pem": File(KEY, is_private=True)}, force=force)
    finally:
        os.umask(before)

    holders = [path for path in tmp_path.rglob("*") if path.is_file() and path.read_bytes() == KEY]
    assert holders
    assert {stat.S_IMODE(path.stat().st_mode) for path in holders} == {0o600}
    assert (other / "mine.pem").read_bytes() == b"mine"
