"""Warnings that are silenced for one call, and for no other."""

import warnings
from concurrent.futures import ThreadPoolExecutor

import pytest

from certkit.silence import silence


def test_one_warning_is_silenced_by_how_it_begins() -> None:
    def warn_of_both() -> None:
        with silence("a known one"):
            warnings.warn("a known one, and more", UserWarning, stacklevel=1)
            warnings.warn("another", UserWarning, stacklevel=1)

    with pytest.warns(UserWarning, match="another") as caught:
        warn_of_both()

    assert [str(each.message) for each in caught] == ["another"]


def test_what_is_silenced_inside_is_heard_outside() -> None:
    with silence("a known one"):
        pass

    with pytest.warns(UserWarning, match="a known one"):
        warnings.warn("a known one", UserWarning, stacklevel=1)


def test_threads_leave_no_filter_behind() -> None:
    """Two in `catch_warnings` at once restore what the other has set."""
    before = list(warnings.filters)

    def silenced(number: int) -> int:
        with silence(f"number {number}"):
            warnings.warn(f"number {number}", UserWarning, stacklevel=1)
        return number

    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(silenced, range(500)))

    assert done == list(range(500))
    assert list(warnings.filters) == before
