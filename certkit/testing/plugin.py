"""A pytest plugin: `pytest_plugins = ["certkit.testing.plugin"]`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import boto3
import pytest

from certkit.testing.environment import foreign_variables
from certkit.testing.server import serve

if TYPE_CHECKING:
    from collections.abc import Iterator

    from certkit.testing.server import StrictAcm


@pytest.fixture(scope="session")
def strict_acm_sessions() -> list[boto3.Session]:
    """The one boto3 session of all tests with a strict ACM, once there is one: to make one takes 0.2 s."""
    return []


@pytest.fixture
def strict_acm(
    monkeypatch: pytest.MonkeyPatch, strict_acm_sessions: list[boto3.Session], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[StrictAcm]:
    """An empty strict ACM, and the environment that leads every AWS client of the test to it, and certkit's state away."""
    with serve() as server:
        environment = server.environment(os.environ)
        for name in foreign_variables(os.environ):
            monkeypatch.delenv(name)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("CERTKIT_STATE", str(tmp_path_factory.mktemp("certkit-state")))
        # boto3's default session keeps the credentials and the configuration it was made with: during the test it must
        # not be one of the user's, and after it the user's must not be this one.
        if not strict_acm_sessions:
            strict_acm_sessions.append(boto3.Session())
        monkeypatch.setattr(boto3, "DEFAULT_SESSION", strict_acm_sessions[0])
        yield server
