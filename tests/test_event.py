"""What an event may ask a function for, and what it may not."""

import pytest

from certkit.cli.app import COMMANDS
from certkit.errors import UsageError
from certkit.event import OPTIONS, command_line


@pytest.mark.parametrize("event", [None, {}])
def test_an_event_without_a_command_renews(event: object) -> None:
    assert command_line(event, "certkit.toml") == ["renew", "certkit.toml", "--format", "json"]


@pytest.mark.parametrize(
    ("words", "arguments"),
    [
        (["renew", "--only", "shop", "--only=web"], ["renew", "M", "--only", "shop", "--only=web"]),
        (["plan", "--check", "--verbose"], ["plan", "M", "--check", "--verbose"]),
        (["status", "--region", "all", "--notify"], ["status", "--config", "M", "--region", "all", "--notify"]),
        (["doctor"], ["doctor", "--config", "M"]),
    ],
)
def test_a_command_is_run_on_the_manifest_of_the_function(words: list[str], arguments: list[str]) -> None:
    assert command_line({"command": words}, "M") == [*arguments, "--format", "json"]


@pytest.mark.parametrize(
    "event",
    [
        [],
        "renew",
        {"command": "renew"},
        {"command": []},
        {"command": ["renew", 1]},
        {"command": ["renew"], "manifest": "s3://somebody/else"},
        {"source": "aws.acm", "detail": {}},
        {"command": ["split", "/var/task/x"]},
        {"command": ["--debug", "renew"]},
        {"command": ["renew", "other.toml"]},
        {"command": ["renew", "--config", "other.toml"]},
        {"command": ["renew", "--only"]},
        {"command": ["renew", "--only", "--no-ledger"]},
        {"command": ["renew", "--dry-run=yes"]},
        {"command": ["renew", "--on", "shop"]},
        {"command": ["renew", "--", "other.toml"]},
        {"command": ["status", "--out", "x"]},
        {"command": ["apply", "--role-arn", "arn:aws:iam::1:role/other"]},
        {"command": ["plan", "--format", "text"]},
    ],
)
def test_anything_else_is_refused(event: object) -> None:
    with pytest.raises(UsageError, match=r"^the event"):
        command_line(event, "M")


def test_every_command_is_one_of_certkits() -> None:
    assert set(OPTIONS) <= set(COMMANDS)
