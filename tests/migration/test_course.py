"""How far a migration has come, told by what AWS shows."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from certkit.inventory import State
from certkit.migration import Keeper, Migration, Move, Stage
from certkit.migration.course import parsed, stamp
from certkit.record import UNUSED_SINCE_TAG
from certkit.usage import Coverage, Service
from tests.aws.scene import ACCOUNT, HOME, NOW
from tests.migration.scene import NEW, OLD, migration, user

UNSEEN = Coverage(ACCOUNT, HOME, Service.TRANSFER, State.DENIED, "denied")


def noted(days: int, **more: object) -> Migration:
    """Nothing has used the old one for so many days, as its tag says."""
    since = stamp(NOW - timedelta(days=days))
    return migration(old=replace(OLD, tags={**OLD.tags, UNUSED_SINCE_TAG: since}), **more)


@pytest.mark.parametrize(
    ("state", "stage"),
    [
        (migration(new=None), Stage.IMPORT),
        (migration(moves=(Move(user()),)), Stage.REPOINT),
        (migration(moves=(Move(user(), Keeper("a", "b")),)), Stage.BY_HAND),
        (migration(), Stage.QUIET),
        (noted(6), Stage.QUIET),
        (noted(7), Stage.RETIRE),
        (noted(7, strangers=("arn:aws:other",)), Stage.QUIET),
        (noted(7, unseen=(UNSEEN,)), Stage.QUIET),
        (noted(7, latest=NOW - timedelta(days=6)), Stage.QUIET),
        (noted(7, moves=(Move(user()),)), Stage.REPOINT),
        (migration(old=None, new=NEW), Stage.DONE),
    ],
)
def test_the_stage_is_what_is_to_be_done_next(state: Migration, stage: Stage) -> None:
    assert state.stage(NOW) is stage


def test_the_quiet_period_counts_from_the_last_write_where_that_is_later_than_the_note() -> None:
    latest = NOW - timedelta(days=1)

    assert noted(30, latest=latest).due == latest + timedelta(days=7)


def test_without_a_note_a_ledger_alone_begins_no_quiet_period() -> None:
    assert migration(latest=NOW - timedelta(days=30)).due is None


def test_every_obstacle_names_its_way_out() -> None:
    blocked = noted(0, strangers=("arn:aws:other",), unseen=(UNSEEN,))

    found = list(blocked.obstacles(NOW))

    assert [one.message for one in found] == [
        "ACM says that arn:aws:other uses it",
        "no Transfer Family server in us-east-1 could be looked at",
    ]
    assert all(one.hint for one in found)


@pytest.mark.parametrize("text", ["", "yesterday", "2026-11-22", "2026-11-22T12:00:00+01:00", "9999999"])
def test_what_others_write_into_the_tag_is_no_time(text: str) -> None:
    assert parsed(text) is None


def test_a_time_survives_the_tag() -> None:
    assert parsed(stamp(NOW)) == NOW
