"""What was fetched is kept for a week, and whatever is wrong with it costs another fetch and no more."""

import datetime as dt
import os
from pathlib import Path
from typing import Final

import pytest

from certkit.cache import Cache
from certkit.completion import Recalled
from tests.given import DAY, NOW

URL: Final = "http://ca.example/issuing.crt"
OTHER: Final = "http://ca.example/other.crt"


def test_what_is_kept_is_recalled_by_its_address(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "issuers", NOW)

    cache.keep(URL, b"certificate")

    assert cache.recall(URL) == Recalled(b"certificate", is_fresh=True)
    assert cache.recall(OTHER) is None


def test_what_is_kept_again_replaces_what_was(tmp_path: Path) -> None:
    cache = Cache(tmp_path, NOW)

    for answer in (b"old", b"new"):
        cache.keep(URL, answer)

    assert cache.recall(URL) == Recalled(b"new", is_fresh=True)
    assert len(list(tmp_path.iterdir())) == 1


def test_the_name_of_a_file_tells_nothing_that_an_address_could_choose(tmp_path: Path) -> None:
    Cache(tmp_path, NOW).keep("http://ca.example/../../etc/passwd\0", b"certificate")

    (path,) = tmp_path.iterdir()
    assert len(path.name) == 64
    assert int(path.name, 16)


@pytest.mark.parametrize(
    ("age", "is_fresh"), [(0 * DAY, True), (7 * DAY, True), (7 * DAY + dt.timedelta(seconds=1), False), (-DAY, False)]
)
def test_what_is_kept_is_fresh_for_a_week(tmp_path: Path, age: dt.timedelta, *, is_fresh: bool) -> None:
    Cache(tmp_path, NOW).keep(URL, b"certificate")

    assert Cache(tmp_path, NOW + age).recall(URL) == Recalled(b"certificate", is_fresh)


def test_a_folder_that_cannot_be_written_costs_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    cache = Cache(tmp_path / "file" / "issuers", NOW)

    cache.keep(URL, b"certificate")

    assert cache.recall(URL) is None


def test_a_folder_in_the_place_of_a_file_is_nothing(tmp_path: Path) -> None:
    cache = Cache(tmp_path, NOW)
    cache.keep(URL, b"certificate")
    (path,) = tmp_path.iterdir()
    path.unlink()
    path.mkdir()

    assert cache.recall(URL) is None
    cache.keep(URL, b"certificate")
    assert cache.recall(URL) is None


def test_no_more_of_a_file_is_read_than_an_answer_can_have(tmp_path: Path) -> None:
    cache = Cache(tmp_path, NOW)
    cache.keep(URL, b"certificate")
    (path,) = tmp_path.iterdir()
    os.truncate(path, 1 << 30)

    recalled = cache.recall(URL)

    assert recalled is not None
    assert len(recalled.answer) == 256 * 1024
