"""Tests of certkit.files."""

import contextlib
import errno
import os
import stat
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, Final

import pytest

from certkit.errors import OutputExistsError, OutputUnwritableError
from certkit.files import File, write_set
from tests.cli.running import files_in

NEW: Final = {
    "key": File(b"new key", is_private=True),
    "body": File(b"new body"),
    "chain": File(None),
}
OLD_FILES: Final = {"body": b"old body", "chain": b"old chain", "key": b"old key"}
NEW_FILES: Final = {"body": b"new body", "key": b"new key"}
STEPS: Final = ("open", "write", "link", "replace", "rename", "mkdir", "unlink", "rmdir", "fsync", "lstat")
"""The functions of os that change what is on the disk, or look at it between changes."""


class InterruptAt:
    """Raises at one call of an operating system's function, before or after it is done."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, error: BaseException, steps: tuple[str, ...] = STEPS) -> None:
        self.remaining = 0
        self.is_after = False
        self._error = error
        for step in steps:
            monkeypatch.setattr(os, step, self._wrap(getattr(os, step)))

    def _wrap(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            self.remaining -= 1
            if self.remaining == 0 and not self.is_after:
                raise self._error
            result = function(*args, **kwargs)
            if self.remaining == 0:
                raise self._error
            return result

        return call

    def each(self, *, is_after: bool) -> Iterator[int]:
        """Yields one number after another, set to raise at that call, until there are no more calls."""
        for number in range(1, 1000):
            self.remaining, self.is_after = number, is_after
            yield number
            if self.remaining > 0:
                self.remaining = 0
                return
        pytest.fail("there is no end to it")


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A folder that holds an older set."""
    folder = tmp_path / "out"
    folder.mkdir()
    for name, content in OLD_FILES.items():
        (folder / name).write_bytes(content)
    return folder


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


@contextlib.contextmanager
def _umask(mask: int) -> Iterator[None]:
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


@pytest.mark.parametrize(("mask", "public"), [(0o000, 0o644), (0o022, 0o644), (0o077, 0o600)])
@pytest.mark.parametrize("force", [False, True])
def test_a_private_file_is_its_owners_alone_and_others_are_as_the_umask_lets_them(
    tmp_path: Path, mask: int, public: int, *, force: bool
) -> None:
    with _umask(mask):
        write_set(tmp_path / "out", NEW, force=force)

    assert _mode(tmp_path / "out" / "key") == 0o600
    assert _mode(tmp_path / "out" / "body") == public
    assert _mode(tmp_path / "out") == 0o700


def test_a_private_file_is_private_from_its_first_byte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = {}
    open_file = os.open

    def watch(path: Any, flags: int, mode: int = 0o777, **more: Any) -> int:
        descriptor = open_file(path, flags, mode, **more)
        if flags & os.O_CREAT:
            status = os.fstat(descriptor)
            seen[Path(path).name] = (status.st_size, stat.S_IMODE(status.st_mode), _mode(Path(path).parent))
        return descriptor

    monkeypatch.setattr(os, "open", watch)

    with _umask(0):
        write_set(tmp_path, NEW, force=False)

    assert seen == {"key": (0, 0o600, 0o700), "body": (0, 0o644, 0o700)}


def test_with_force_all_files_are_replaced_together_and_the_stale_one_goes(old: Path) -> None:
    write_set(old, NEW, force=True)

    assert files_in(old) == NEW_FILES


def test_a_replaced_key_becomes_private_whatever_the_old_one_was(old: Path) -> None:
    (old / "key").chmod(0o666)

    write_set(old, NEW, force=True)

    assert _mode(old / "key") == 0o600


@pytest.mark.parametrize("name", ["key", "body", "chain"])
def test_without_force_one_file_in_the_way_leaves_everything_as_it_was(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"old")

    with pytest.raises(OutputExistsError) as caught:
        write_set(tmp_path, NEW, force=False)

    assert caught.value.message == f"{tmp_path / name} already exists"
    assert files_in(tmp_path) == {name: b"old"}


def test_without_force_a_dangling_link_is_in_the_way_too(tmp_path: Path) -> None:
    (tmp_path / "key").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(OutputExistsError):
        write_set(tmp_path, NEW, force=False)

    assert [path.name for path in tmp_path.iterdir()] == ["key"]


def test_with_force_a_link_is_replaced_and_what_it_leads_to_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "precious").write_bytes(b"precious")
    folder = tmp_path / "out"
    folder.mkdir()
    for name in ("key", "body", "chain"):
        (folder / name).symlink_to(tmp_path / "precious")

    write_set(folder, NEW, force=True)

    assert (tmp_path / "precious").read_bytes() == b"precious"
    assert files_in(folder) == NEW_FILES
    assert not (folder / "key").is_symlink()


@pytest.mark.parametrize("name", ["key", "body", "chain"])
def test_a_folder_in_the_way_of_the_replacement_leaves_everything_as_it_was(old: Path, name: str) -> None:
    (old / name).unlink()
    (old / name).mkdir()
    before = files_in(old)

    with pytest.raises(OutputUnwritableError) as caught:
        write_set(old, NEW, force=True)

    assert caught.value.message == f"{old / name} is a folder"
    assert files_in(old) == before


def test_what_came_there_in_the_meantime_is_not_replaced_without_force(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = os.link

    def race(source: Any, target: Any, **more: Any) -> None:
        if Path(target).name == "body":
            Path(target).write_bytes(b"somebody else's")
        link(source, target, **more)

    monkeypatch.setattr(os, "link", race)

    with pytest.raises(OutputExistsError):
        write_set(tmp_path, NEW, force=False)

    assert files_in(tmp_path) == {"body": b"somebody else's"}


def _without_links(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)


def test_a_file_system_without_hard_links_takes_new_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _without_links(monkeypatch)

    write_set(tmp_path / "out", NEW, force=False)

    assert files_in(tmp_path / "out") == NEW_FILES
    assert _mode(tmp_path / "out" / "key") == 0o600


def test_a_file_system_without_hard_links_takes_replacements(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _without_links(monkeypatch)

    write_set(old, NEW, force=True)

    assert files_in(old) == NEW_FILES


@pytest.mark.parametrize("has_links", [True, False])
@pytest.mark.parametrize("is_after", [True, False])
def test_an_interruption_at_any_step_leaves_the_old_set_or_the_new_one(
    old: Path, monkeypatch: pytest.MonkeyPatch, *, is_after: bool, has_links: bool
) -> None:
    if not has_links:
        _without_links(monkeypatch)
    interruption = InterruptAt(monkeypatch, KeyboardInterrupt())
    seen = []

    for _ in interruption.each(is_after=is_after):
        with contextlib.suppress(KeyboardInterrupt):
            write_set(old, NEW, force=True)
        remaining, interruption.remaining = interruption.remaining, 0
        seen.append(files_in(old))
        for name, content in OLD_FILES.items():
            (old / name).write_bytes(content)
        interruption.remaining = remaining

    assert len(seen) > 10
    assert [one for one in seen if one not in (OLD_FILES, NEW_FILES)] == []


@pytest.mark.parametrize("is_after", [True, False])
def test_an_interruption_at_any_step_leaves_no_new_folder_or_the_whole_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, is_after: bool
) -> None:
    interruption = InterruptAt(monkeypatch, KeyboardInterrupt())
    seen = []

    for number in interruption.each(is_after=is_after):
        place = tmp_path / str(number)
        with contextlib.suppress(KeyboardInterrupt):
            write_set(place / "deep" / "out", NEW, force=False)
        remaining, interruption.remaining = interruption.remaining, 0
        seen.append(files_in(place) if place.exists() else None)
        interruption.remaining = remaining

    whole = {"deep/": b"", "deep/out/": b""} | {f"deep/out/{name}": content for name, content in NEW_FILES.items()}
    assert len(seen) > 8
    assert [one for one in seen if one not in (None, whole)] == []


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EROFS])
def test_a_disk_that_fails_at_any_step_leaves_the_old_set_or_the_new_one(
    old: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    failure = InterruptAt(
        monkeypatch, OSError(code, os.strerror(code)), ("open", "write", "replace", "rename", "mkdir", "fsync", "link")
    )
    seen, messages = [], set()

    for _ in failure.each(is_after=False):
        try:
            write_set(old, NEW, force=True)
        except OutputUnwritableError as error:
            messages.add(error.message)
        remaining, failure.remaining = failure.remaining, 0
        seen.append({name: content for name, content in files_in(old).items() if not name.startswith(".certkit-")})
        for name, content in OLD_FILES.items():
            (old / name).write_bytes(content)
        failure.remaining = remaining

    assert messages == {f"{old} cannot be written: {os.strerror(code).lower()}"}
    assert [one for one in seen if one not in (OLD_FILES, NEW_FILES)] == []


@pytest.fixture
def before_opening(monkeypatch: pytest.MonkeyPatch) -> list[Callable[[], object]]:
    """What is to happen before each file is made, one after the other."""
    events: list[Callable[[], object]] = []
    make = os.open

    def make_after(path: Path, flags: int, mode: int = 0o777, **options: Any) -> int:
        if events and flags & os.O_CREAT:
            events.pop(0)()
        return make(path, flags, mode, **options)

    monkeypatch.setattr(os, "open", make_after)
    return events


def fill_the_disk() -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_full_disk_leaves_nothing_behind(tmp_path: Path, before_opening: list[Callable[[], object]]) -> None:
    before_opening += [lambda: None, fill_the_disk]

    with pytest.raises(OutputUnwritableError):
        write_set(tmp_path / "a" / "b", NEW, force=True)

    assert files_in(tmp_path) == {}


def test_a_folder_that_somebody_makes_meanwhile_takes_the_set_too(
    tmp_path: Path, before_opening: list[Callable[[], object]]
) -> None:
    before_opening += [(tmp_path / "out").mkdir, partial((tmp_path / "out" / "theirs").write_bytes, b"")]

    write_set(tmp_path / "out", NEW, force=False)

    assert files_in(tmp_path) == {
        "out/": b"",
        "out/theirs": b"",
        **{f"out/{name}": text for name, text in NEW_FILES.items()},
    }


def test_folders_that_were_there_stay_after_a_failure(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "file").write_bytes(b"")

    with pytest.raises(OutputUnwritableError) as caught:
        write_set(tmp_path / "a" / "file" / "out", NEW, force=False)

    assert caught.value.message == f"{tmp_path / 'a' / 'file' / 'out'} cannot be written: not a directory"
    assert files_in(tmp_path) == {"a/": b"", "a/file": b""}


def test_somebody_elses_file_in_a_new_folder_survives_the_failure(
    tmp_path: Path, before_opening: list[Callable[[], object]]
) -> None:
    before_opening += [partial((tmp_path / "a" / "theirs").write_bytes, b""), fill_the_disk]

    with pytest.raises(OutputUnwritableError):
        write_set(tmp_path / "a" / "out", NEW, force=True)

    assert files_in(tmp_path) == {"a/": b"", "a/theirs": b""}


def test_the_content_of_a_file_is_not_shown() -> None:
    shown = repr(File(b"secret", is_private=True))

    assert shown == "File(is_private=True)"


def test_a_file_shows_nothing_of_what_it_is_to_hold() -> None:
    assert "new key" not in repr(NEW["key"])
