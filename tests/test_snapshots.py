"""Statuses of earlier runs, kept in a folder."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from certkit.errors import InputTooLargeError, InputUnreadableError
from certkit.snapshots import of_question, read
from tests.aws.scene import NOW

if TYPE_CHECKING:
    from pathlib import Path

DAY = timedelta(days=1)


def status(at: str = "2026-11-22T12:00:00Z") -> dict[str, Any]:
    return {"schema": "certkit.status/1", "at": at, "coverage": [], "certificates": []}


def test_the_newest_one_before_a_moment_is_found(tmp_path: Path) -> None:
    kept = of_question(tmp_path, "all")
    for days in (3, 2, 1):
        kept.keep(status(f"{days} days ago"), NOW - days * DAY)

    found = [kept.before(NOW - moment) for moment in (0 * DAY, DAY, 1.5 * DAY, 3 * DAY, 4 * DAY)]

    assert [one["at"] if one else None for one in found] == [
        "1 days ago",
        "1 days ago",
        "2 days ago",
        "3 days ago",
        None,
    ]


def test_another_question_has_other_answers(tmp_path: Path) -> None:
    of_question(tmp_path, ("eu-west-1",)).keep(status(), NOW)

    assert of_question(tmp_path, ("us-east-1",)).before(NOW) is None
    assert of_question(tmp_path, ("eu-west-1",)).before(NOW) == status()


def test_no_more_than_sixty_are_kept_and_other_files_are_left_alone(tmp_path: Path) -> None:
    kept = of_question(tmp_path, "all")
    for days in range(62, 0, -1):
        kept.keep(status(), NOW - days * DAY)
    other = kept.folder / "notes.json"
    other.write_text("mine")

    kept.keep(status(), NOW)

    assert len(list(kept.folder.glob("2*.json"))) == 60
    assert kept.before(NOW - 60 * DAY) is None
    assert other.read_text() == "mine"


def test_one_that_is_damaged_is_passed_over(tmp_path: Path) -> None:
    kept = of_question(tmp_path, "all")
    kept.keep(status("old"), NOW - DAY)
    kept.keep(status("new"), NOW)
    (kept.folder / "20261122T120000Z.json").write_text("{")

    assert kept.before(NOW) == status("old")


def test_a_snapshot_is_its_owners_alone(tmp_path: Path) -> None:
    kept = of_question(tmp_path, "all")
    kept.keep(status(), NOW)

    (path,) = kept.folder.glob("*.json")

    assert path.stat().st_mode & 0o777 == 0o600


def test_a_file_that_is_none_is_named(tmp_path: Path) -> None:
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    (tmp_path / "other.json").write_text("{}")

    messages = []
    for name in ("missing", "binary", "other.json", "."):
        with pytest.raises(InputUnreadableError) as caught:
            read(tmp_path / name)
        messages.append(caught.value.message.removeprefix(f"{tmp_path}"))

    assert messages == [
        "/missing: no such file or directory",
        "/binary: it is no text in UTF-8",
        "/other.json: it is no document of certkit status",
        ": is a directory",
    ]


def test_a_file_larger_than_any_status_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "sparse"
    with path.open("wb") as file:
        file.truncate(256 * 1024 * 1024 + 1)

    with pytest.raises(InputTooLargeError, match="it has more than 256 MiB"):
        read(path)
