"""Tests of what docs/renewal.md shows: it can be copied as it stands."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from certkit.manifest import load
from tests.aws.scene import held
from tests.cli.running import variables
from tests.issuing import Request, make_chain

if TYPE_CHECKING:
    from certkit.testing import StrictAcm
    from tests.aws.faults import Proxy

pytest_plugins = ["tests.aws.fixtures"]

PAGE: Final = (Path(__file__).parents[1] / "docs" / "renewal.md").read_text("utf-8")


def _blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("text", _blocks("toml"))
def test_every_manifest_is_one(tmp_path: Path, text: str) -> None:
    (tmp_path / "certkit.toml").write_text(text)

    assert [spec.name for spec in load(tmp_path / "certkit.toml").certificates] == ["shop"]


def test_a_newcomer_who_types_all_of_it_has_a_job_and_a_hook_that_work(
    tmp_path: Path, server: StrictAcm, wire: Proxy
) -> None:
    etc = tmp_path / "etc"
    programs = tmp_path / "bin"
    live = etc / "letsencrypt" / "live" / "shop"
    for folder in (
        etc / "certkit",
        etc / "systemd" / "system",
        etc / "letsencrypt/renewal-hooks/deploy",
        live,
        programs,
    ):
        folder.mkdir(parents=True)
    _program(programs / "certkit", f'exec {sys.executable} -m certkit "$@"')
    _program(programs / "systemctl", 'echo "$@" >>"${0%/*}/asked"')
    first, second = (make_chain(leaf=Request(sans=("shop.example.com",), serial=number)) for number in (1, 2))
    (etc / "certkit" / "certkit.toml").write_text(_blocks("toml")[0].replace("/etc", str(etc)))
    where = {"AWS_ENDPOINT_URL": wire.url, "CERTKIT_STATE": str(tmp_path / "state"), "PYTHONPATH": str(Path.cwd())}
    own = {name: value for name, value in os.environ.items() if name.startswith("AWS_")}
    environment = variables({**own, **where, "PATH": f"{programs}:{os.environ['PATH']}"})

    (live / "privkey.pem").write_bytes(first.key_pem)
    (live / "fullchain.pem").write_bytes(first.pem + first.chain_pem)
    for block in _blocks("sh"):
        script = block.replace("/etc", str(etc)).replace("/var/lib", str(tmp_path / "lib"))
        subprocess.run(["sh", "-ec", script], env=environment, check=True, timeout=120)  # noqa: S607
    imported = list(held(server).values())
    (live / "fullchain.pem").write_bytes(second.pem + second.chain_pem)
    hook = etc / "letsencrypt" / "renewal-hooks" / "deploy" / "certkit"
    subprocess.run([hook], env={**environment, "RENEWED_LINEAGE": str(live)}, check=True, timeout=120)

    assert imported == [first.sha256]
    assert list(held(server).values()) == [second.sha256]
    assert sorted(path.name for path in (etc / "systemd" / "system").iterdir()) == [
        "certkit-renew.service",
        "certkit-renew.timer",
    ]
    assert (tmp_path / "lib" / "certkit" / "ledger.sqlite3").exists()
    assert (programs / "asked").read_text() == "daemon-reload\nenable --now certkit-renew.timer\n"


def _program(path: Path, text: str) -> None:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
