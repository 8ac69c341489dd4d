"""Hosts that run the program itself, over real HTTP and at the real time, with the ledger on disk."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from certkit.plan import wanted_tags
from tests import documents
from tests.aws.faults import Do, Fault
from tests.aws.scene import desired_of, held, tags_of
from tests.cli.running import certkit, command, variables
from tests.issuing import Request, make_chain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from certkit.plan import Desired
    from certkit.testing import StrictAcm
    from tests.aws.faults import Proxy
    from tests.issuing import Issued

SECONDS: Final = 60.0
NAMES: Final = ("blog", "shop")
TAGS: Final = {"team": "web"}
_ROOT: Final = str(Path(__file__).parents[2])
LATER: Final = ["-m", "tests.faults.process", "5"]
"""What runs certkit five minutes later."""

_MANIFEST: Final = "\n".join(
    f'[certificates.{name}]\nsource = "{name}.pem"\ntags = {{ team = "web" }}' for name in NAMES
)


@dataclass(slots=True)
class Machine:
    """A strict ACM at the real time behind a proxy, and a folder with a manifest of two certificates.

    Attributes:
        issued: what is desired, by name.
    """

    server: StrictAcm
    wire: Proxy
    folder: Path
    issued: dict[str, Issued] = field(default_factory=dict)

    def renew(self) -> None:
        """Puts the next certificates in the place of those that are desired."""
        for name in NAMES:
            self.issued[name] = issued = make_chain(leaf=Request(f"{name}.example.com"))
            (self.folder / f"{name}.pem").write_bytes(issued.key_pem + issued.pem + issued.chain_pem)
        (self.folder / "certkit.toml").write_text(_MANIFEST, "utf-8")

    def start(self, *arguments: str, state: str = "state", later: bool = False) -> subprocess.Popen[str]:
        """Starts certkit, with its ledger and its locks in a folder."""
        given = [sys.executable, *LATER, *arguments] if later else command(*arguments)
        more = {"AWS_ENDPOINT_URL": self.wire.url, "CERTKIT_STATE": str(self.folder / state)}
        return subprocess.Popen(
            given,
            env={**variables(self.server.environment()), **more, "PYTHONPATH": _ROOT},
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str, state: str = "state", later: bool = False) -> list[dict[str, Any]]:
        """Runs certkit, which is to succeed, and returns its results."""
        return self.finish(self.start(*arguments, "--format", "json", state=state, later=later))

    def finish(self, process: subprocess.Popen[str]) -> list[dict[str, Any]]:
        """Waits until a run has succeeded, and returns its results."""
        out, err = process.communicate(timeout=SECONDS)
        assert process.returncode == 0, (out, err)
        results: list[dict[str, Any]] = documents.read(out)["results"]
        return results

    def run_and_kill(self, operation: str, *arguments: str, passes: int = 0, is_done: bool) -> None:
        """Runs one that is killed once it has asked for an operation, after some, and before it has the answer."""
        killed: list[subprocess.Popen[str]] = []
        kill = Do(lambda: killed[0].kill(), is_done=is_done)  # noqa: PLW0108 -- it is started next
        self.wire.script(operation, *[Fault.PASS] * passes, kill)
        killed.append(self.start(*arguments))
        killed[0].communicate(timeout=SECONDS)
        assert killed[0].returncode == -9

    def check(self, names: Sequence[str] = NAMES, state: str = "state") -> None:
        """Holds ACM and what `history` says against what is desired: one of each name, and no word too many."""
        fingerprints = held(self.server)
        by_name = {tags_of(self.server, arn)["certkit:name"]: arn for arn in fingerprints}
        assert sorted(map(str, by_name)) == sorted(names)
        assert len(by_name) == len(fingerprints)
        for name in names:
            assert tags_of(self.server, by_name[name]) == wanted_tags(self.desired(name))
            assert fingerprints[by_name[name]] == self.issued[name].sha256
        assert self.told(state) == fingerprints

    def told(self, state: str = "state") -> dict[str, str]:
        """What ACM holds by the word of `history`, in which everything is to be settled."""
        writes = self.history(state)
        assert {write["outcome"] for write in writes} <= {"done", "failed"}
        told: dict[str, str] = {}
        begun = list(reversed(writes))
        for write in sorted(begun, key=lambda write: str(write["ended"])):
            if write["outcome"] == "done" and write["action"] in {"delete", "gone"}:
                told.pop(write["arn"], None)
            elif write["outcome"] == "done":
                told[write["arn"]] = write["sha256"]
        return told

    def history(self, state: str = "state") -> list[dict[str, Any]]:
        """What `history` shows."""
        shown = certkit("history", "--format", "json", environment={"CERTKIT_STATE": str(self.folder / state)})
        assert shown.exit_code == 0, shown.stderr
        writes: list[dict[str, Any]] = shown.document["writes"]
        return writes

    def is_planned_empty(self, state: str = "state") -> bool:
        """Whether `plan --check` has nothing to say."""
        process = self.start("plan", "--check", state=state)
        process.communicate(timeout=SECONDS)
        return process.returncode == 0

    def desired(self, name: str) -> Desired:
        """What is desired under a name."""
        return desired_of(self.issued[name], name=name, tags=TAGS)
