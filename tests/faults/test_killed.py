"""`kill -9` of a real process, over real HTTP, with the ledger on disk: then the next run."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from certkit.memory import recall
from certkit.plan import wanted_tags
from certkit.testing import serve
from tests.aws.faults import Do, proxy
from tests.aws.scene import ACCOUNT, HOME, held, tags_of
from tests.cli.running import variables
from tests.faults.process import desired, journal
from tests.issuing import make_chain
from tests.secrets.canaries import traces

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from certkit.testing import StrictAcm
    from tests.aws.faults import Proxy


@dataclass(slots=True)
class Scene:
    """A strict ACM at the real time behind a proxy, and a host with a ledger on disk."""

    server: StrictAcm
    wire: Proxy
    folder: Path

    @property
    def pem(self) -> Path:
        """What is desired."""
        return self.folder / "shop.pem"

    def start(self, ledger: str = "ledger") -> subprocess.Popen[str]:
        """Starts a process that converges."""
        environment = {**variables(self.server.environment()), "AWS_ENDPOINT_URL": self.wire.url}
        return subprocess.Popen(
            [sys.executable, "-m", "tests.faults.process", str(self.pem), str(self.folder / ledger)],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, ledger: str = "ledger") -> tuple[int, str]:
        """Runs one to its end."""
        process = self.start(ledger)
        out, _ = process.communicate(timeout=60)
        return process.returncode, out

    def run_and_kill(self, operation: str, *, is_done: bool) -> int:
        """Runs one that is killed once it has asked for an operation, and before it has the answer."""
        killed: list[subprocess.Popen[str]] = []
        self.wire.script(operation, Do(lambda: killed[0].kill(), is_done=is_done))  # noqa: PLW0108 -- it is started next
        killed.append(self.start())
        killed[0].communicate(timeout=60)
        return killed[0].returncode


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    """A scene in which nothing has happened yet."""
    issued = make_chain()
    (tmp_path / "shop.pem").write_bytes(issued.key_pem + issued.pem + issued.chain_pem)
    with serve() as server, proxy(server.url) as wire:
        yield Scene(server, wire, tmp_path)


def check(scene: Scene) -> None:
    """Holds ACM and the ledger against what is desired."""
    wanted = desired(scene.pem.read_bytes())
    ((arn, sha256),) = held(scene.server).items()
    ledger = journal(scene.folder / "ledger").ledger
    assert tags_of(scene.server, arn) == wanted_tags(wanted)
    assert dict(recall(ledger, wanted).held) == {arn: sha256}
    assert ledger.open_intents(ACCOUNT, HOME) == ()


@pytest.mark.skipif(os.name == "nt", reason="there is no kill -9")
@pytest.mark.parametrize(
    ("operation", "is_done"),
    [("ImportCertificate", False), ("ImportCertificate", True), ("DescribeCertificate", True), ("GetResources", False)],
)
def test_a_run_that_is_killed_leaves_nothing_that_the_next_does_not_mend(
    scene: Scene, operation: str, is_done: bool
) -> None:
    assert scene.run_and_kill(operation, is_done=is_done) == -9

    code, out = scene.run()

    assert (code, out.split()[0]) in {(0, "imported"), (0, "unchanged")}, out
    check(scene)


def test_a_renewal_that_is_killed_before_its_tags_gets_them_from_the_next_run(scene: Scene) -> None:
    scene.run()
    issued = make_chain()
    scene.pem.write_bytes(issued.key_pem + issued.pem + issued.chain_pem)
    assert scene.run_and_kill("AddTagsToCertificate", is_done=False) == -9

    code, out = scene.run()

    assert (code, out.split()[0]) == (0, "tagged"), out
    check(scene)


def test_two_processes_at_once_without_a_common_ledger_end_with_one(scene: Scene) -> None:
    first, second = scene.start("ledger"), scene.start("other")
    for process in (first, second):
        out, _ = process.communicate(timeout=60)
        assert process.returncode == 0, out

    assert len(held(scene.server)) == 1
    scene.run()
    check(scene)


def test_neither_the_ledger_nor_what_is_printed_holds_the_key(scene: Scene) -> None:
    found = traces(scene.pem.read_bytes())
    scene.wire.script("ImportCertificate", Do(lambda: None, is_done=True))

    _, out = scene.run()

    assert found.found_in(out) == []
    assert found.found_in_files(scene.folder, but=[scene.pem]) == []
