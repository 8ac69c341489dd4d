"""Clients made side by side, as the threads of a run over many regions make them."""

from __future__ import annotations

import json
import os
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING

import pytest

from certkit.aws.sessions import Session

if TYPE_CHECKING:
    from pathlib import Path

THREADS = 4
CREDENTIALS = {"Version": 1, "AccessKeyId": "id", "SecretAccessKey": "secret"}


@pytest.mark.skipif(os.name == "nt", reason="a shell script")
def test_threads_that_make_their_first_clients_at_once_look_for_credentials_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, script, config = tmp_path / "asked", tmp_path / "credentials.sh", tmp_path / "config"
    script.write_text(f"echo once >>'{asked}'\nsleep 0.05\necho '{json.dumps(CREDENTIALS)}'\n")
    config.write_text(f"[profile shop]\nregion = us-east-1\ncredential_process = sh {script}\n")
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
    session, barrier = Session("shop"), Barrier(THREADS)

    def make(_: int) -> str:
        barrier.wait(60)
        return session.acm("us-east-1").meta.region_name

    with ThreadPoolExecutor(THREADS) as pool:
        regions = list(pool.map(make, range(THREADS)))

    assert regions == ["us-east-1"] * THREADS
    assert asked.read_text().splitlines() == ["once"]
