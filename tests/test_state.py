"""Where certkit keeps what it remembers."""

import stat
from pathlib import Path

import pytest

from certkit.errors import StateUnwritableError
from certkit.state import cache_folder, check_writable, state_folder


def test_the_variable_names_the_folder_and_only_its_owner_may_look(tmp_path: Path) -> None:
    folder = state_folder({"CERTKIT_STATE": str(tmp_path / "a" / "state")})

    assert folder == tmp_path / "a" / "state"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_caches_stand_within_the_folder_that_is_named(tmp_path: Path) -> None:
    assert cache_folder({"CERTKIT_STATE": str(tmp_path)}) == tmp_path / "cache"


def test_without_the_variable_it_is_the_platforms_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))

    assert (state_folder({}), cache_folder({})) == (tmp_path / "state" / "certkit", tmp_path / "cache" / "certkit")


def test_a_folder_that_cannot_be_made_is_said_with_the_way_out(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(StateUnwritableError, match="cannot be made: not a directory") as raised:
        state_folder({"CERTKIT_STATE": str(tmp_path / "file" / "state")})

    assert raised.value.hint == "name another with CERTKIT_STATE"


def test_a_folder_that_can_be_written_is_left_as_it_was(tmp_path: Path) -> None:
    check_writable(tmp_path)

    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_said_with_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(StateUnwritableError, match="cannot be written: no such file") as raised:
        check_writable(tmp_path / "nothing")

    assert raised.value.hint == "name another with CERTKIT_STATE"
