"""Tests of certkit.filenames."""

import ntpath
from pathlib import PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certkit import filenames


def _is_reserved(path: PureWindowsPath) -> bool:
    ask = getattr(ntpath, "isreserved", None)  # from Python 3.13 on, which takes the other for outdated
    return bool(ask(path) if ask else path.is_reserved())


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("shop", "shop"),
        ("con", "_con"),
        ("NUL", "_NUL"),
        ("aux.shop", "_aux.shop"),
        ("COM1", "_COM1"),
        ("lpt³", "_lpt³"),
        ("con ", "con_"),
        ("console", "console"),
        ("com10", "com10"),
        ("shop:prod", "shop_prod"),
        ("..\\..\\shop", ".._.._shop"),
        ("shop.", "shop_"),
        ("..", "__"),
        ('a<b>"|?*', "a_b_____"),
    ],
)
def test_windows_gets_a_name_that_it_takes(name: str, written: str) -> None:
    assert filenames.on_disk(name, "win32") == written


@given(st.text(min_size=1))
def test_what_is_written_on_windows_stays_in_its_folder(name: str) -> None:
    written = PureWindowsPath("out") / filenames.on_disk(name, "win32")

    assert written.parent == PureWindowsPath("out")
    assert not _is_reserved(written)


@pytest.mark.parametrize("platform", ["linux", "darwin"])
def test_other_platforms_take_a_name_as_it_is(platform: str) -> None:
    assert filenames.on_disk("con: a\\b.", platform) == "con: a\\b."


@pytest.mark.parametrize(("platform", "is_one"), [("linux", False), ("darwin", True), ("win32", True)])
def test_names_that_differ_in_case_alone_are_one_where_the_file_system_says_so(platform: str, is_one: bool) -> None:
    assert (filenames.known_as("Shop", platform) == filenames.known_as("shop", platform)) is is_one
