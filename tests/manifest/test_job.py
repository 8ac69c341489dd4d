"""`[job]`: what is to be known of the scheduled run over a manifest."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from certkit.errors import ConfigurationError
from certkit.manifest import JobSpec, parse

FILE = Path("/etc/certkit/certkit.toml")


def job(text: str) -> JobSpec:
    return parse(text, FILE).job


def test_without_a_word_it_is_renew_and_calls_nobody() -> None:
    assert job("") == JobSpec("renew", "renew", None, None, heartbeat=False)


def test_everything_can_be_said() -> None:
    found = job('[job]\nname = "nightly"\ncommand = "apply"\nevery = "12h"\nping = "file:ping"\nheartbeat = true\n')

    assert found == JobSpec("nightly", "apply", timedelta(hours=12), "file:/etc/certkit/ping", heartbeat=True)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('every = "33%"', "certkit.toml:2: job.every: '33%' is no time"),
        ('every = "0d"', "certkit.toml:2: job.every: '0d' is no time"),
        ("every = 1", "certkit.toml:2: job.every: it is a number, not a text"),
        ('name = "a b"', "certkit.toml:2: job.name: 'a b' is no job's name"),
        ('command = "import"', "certkit.toml:2: job.command: 'import' is no job"),
        ("heartbeat = 1", "certkit.toml:2: job.heartbeat: it is a number, not true or false"),
        ('pings = "env:P"', "certkit.toml:2: job.pings: there is no such key"),
    ],
)
def test_what_is_wrong_is_told_with_line_and_key(text: str, message: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        job(f"[job]\n{text}\n")

    assert caught.value.message == f"/etc/certkit/{message}"


def test_an_address_itself_is_refused_and_not_repeated() -> None:
    with pytest.raises(ConfigurationError) as caught:
        job('[job]\nping = "https://hc.example/sesame"\n')

    assert "sesame" not in f"{caught.value.message} {caught.value.hint}"
