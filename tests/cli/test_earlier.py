"""`certkit status --since`: what changed, by a file or by what was kept."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.issuing import Request, make_chain

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from certkit.testing import SettableClock
    from tests.aws.faults import Proxy
    from tests.aws.scene import Ran

pytest_plugins = ["tests.aws.fixtures"]


@pytest.fixture(autouse=True)
def state(tmp_path: Path, wire: Proxy, monkeypatch: pytest.MonkeyPatch) -> Path:  # noqa: ARG001 -- its settings give way
    """The folder of state."""
    folder = tmp_path / "state"
    monkeypatch.setenv("CERTKIT_STATE", str(folder))
    return folder


def test_a_status_in_a_file_is_what_is_compared_with(
    run: Callable[..., Ran], put: Callable[..., str], wire: Proxy, tmp_path: Path, state: Path
) -> None:
    put(make_chain())
    before = tmp_path / "before.json"
    run("status", "--format", "json", "--out", before)
    arn = put(make_chain(leaf=Request("blog.example.com")))

    ran = run("status", "--since", before, "--format", "json")

    assert wire.sent
    assert ran.code == 0
    assert ran.document["changes"] == {
        "since": "2026-11-22T12:00:00Z",
        "left_out": 0,
        "items": [{"kind": "new", "place": arn, "domain": "blog.example.com", "before": {}}],
    }
    assert not (state / "status").exists()


def test_what_was_kept_is_compared_with_by_its_age(
    run: Callable[..., Ran], put: Callable[..., str], wire: Proxy, clock: SettableClock, state: Path
) -> None:
    first = run("status", "--since", "7d")
    put(make_chain())
    clock.advance(timedelta(days=8))

    second = run("status", "--since", "7d")
    third = run("status", "--since", "2026-11-29")
    none = run("status", "--since", "2026-11-21")

    assert wire.sent
    assert "no status was kept before 2026-11-15T12:00:00Z" in first.err
    assert first.out.splitlines() == ["0 certificates in us-east-1"]
    for ran in (second, third):
        assert ran.out.splitlines()[1].startswith("since 2026-11-22T12:00:00Z: 1 new")
    assert "no status was kept before 2026-11-21T00:00:00Z" in none.err
    assert len(list((state / "status").rglob("*.json"))) == 2


def test_another_region_is_another_question(run: Callable[..., Ran], wire: Proxy) -> None:
    run("status", "--since", "0s")

    ran = run("status", "--region", "eu-west-1", "--since", "0s")

    assert wire.sent
    assert "no status was kept" in ran.err


@pytest.mark.parametrize("since", ["soon", "30%", "99999999999d", "2026-13-01"])
def test_what_is_neither_a_time_nor_a_file_is_a_usage_error(run: Callable[..., Ran], wire: Proxy, since: str) -> None:
    ran = run("status", "--since", since, "--format", "json")

    assert ran.error == (2, "usage")
    assert wire.operations == []


def test_a_file_that_is_no_status_is_an_error_before_any_request(
    run: Callable[..., Ran], wire: Proxy, tmp_path: Path
) -> None:
    path = tmp_path / "other.json"
    path.write_text("{}")

    ran = run("status", "--since", path, "--format", "json")

    assert ran.error == (3, "input-unreadable")
    assert wire.operations == []


@pytest.mark.parametrize("format_", ["csv", "prometheus"])
def test_changes_have_no_place_in_some_formats(run: Callable[..., Ran], wire: Proxy, format_: str) -> None:
    ran = run("status", "--since", "7d", "--format", format_)

    assert ran.code == 2
    assert wire.operations == []


def test_a_state_that_cannot_be_kept_is_an_error_before_any_request(
    run: Callable[..., Ran], wire: Proxy, state: Path
) -> None:
    state.write_text("in the way")

    ran = run("status", "--since", "7d", "--format", "json")

    assert ran.error == (3, "state-unwritable")
    assert wire.operations == []
