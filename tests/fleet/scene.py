"""A fleet in one process: moto's interpreter of state machines in front, and the three functions where it calls Lambda."""

from __future__ import annotations

import io
import json
import re
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import boto3

from certkit import fleet
from certkit.cli.session import Session
from certkit.fleet import steps
from certkit.testing.loopback import served
from tests.aws.scene import HOME
from tests.ledger.scene import TABLE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from certkit.testing import SettableClock

FOLDER: Final = Path(__file__).parents[2] / "deploy/fleet"
BUCKET: Final = "certkit-runs"
_INVOKED: Final = re.compile(r"/2015-03-31/functions/([^/]+)/invocations")
_NAMES: Final = {
    "Partition": "aws",
    "PlanFunction": "plan",
    "WorkFunction": "work",
    "ConcludeFunction": "conclude",
}
_STEPS: Final = {"plan": steps.plan, "work": steps.work, "conclude": steps.conclude}


def state_machine() -> str:
    """The state machine as CloudFormation hands it over."""
    text = (FOLDER / "fleet.asl.json").read_text()
    for name, value in _NAMES.items():
        text = text.replace(f"${{{name}}}", value)
    return text


@dataclass(slots=True)
class Fleet:
    """The functions as they are deployed, and the machine that calls them.

    Attributes:
        environment: of all three functions.
        invoked: function and event of each call, in the order of their arrival.
        killed: numbers of items whose worker is killed before it says anything, and how often.
        seconds: that the worker of an item has, by its number; 900 for all others.
        after: told the name of each function once it has ended.
    """

    clock: SettableClock
    environment: dict[str, str]
    invoked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    killed: dict[int, int] = field(default_factory=dict)
    seconds: dict[int, float] = field(default_factory=dict)
    said: io.StringIO = field(default_factory=io.StringIO)
    after: Callable[[str], None] = lambda _: None

    def invoke(self, name: str, event: dict[str, Any]) -> dict[str, Any]:
        """Calls a function."""
        self.invoked.append((name, event))
        if name == "work" and self.killed.get(event["item"], 0):
            self.killed[event["item"]] -= 1
            raise TimeoutError("Task timed out after 900.00 seconds")
        try:
            return fleet.take(_STEPS[name], event, self._context(event), self._session())
        finally:
            self.after(name)

    def night(self, run: str, given: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Does without the machine what it does: every step, wave after wave, lane after lane; returns the end."""
        state = self.invoke("plan", {"run": run, "input": dict(given or {})})
        while state.get("items"):
            for lane in self.read(state["lanes"]):
                for item in lane["items"]:
                    while self._work(run, item):
                        pass
            state = self.invoke("conclude", {"run": run, "wave": state["wave"]})
        return state

    def read(self, key: str) -> Any:
        """A document in the bucket."""
        body = boto3.client("s3", region_name=HOME).get_object(Bucket=BUCKET, Key=key)["Body"]
        return json.loads(body.read())

    def report(self, run: str) -> dict[str, Any]:
        """The report of a run."""
        document: dict[str, Any] = self.read(f"fleet/{run}/report.json")
        return document

    def _work(self, run: str, item: int) -> bool:
        """Whether it is to be called again."""
        try:
            return bool(self.invoke("work", {"run": run, "item": item})["again"])
        except TimeoutError:
            return False

    def _context(self, event: Mapping[str, Any]) -> SimpleNamespace:
        """What Lambda tells a function of its time."""
        seconds = self.seconds.get(event.get("item", 0), 900.0)
        return SimpleNamespace(get_remaining_time_in_millis=lambda: seconds * 1_000)

    def _session(self) -> Session:
        def wait(event: Any, seconds: float) -> bool:
            self.clock.advance(timedelta(seconds=seconds))
            return bool(event.is_set())

        return Session(
            self.environment,
            io.BytesIO(),
            io.StringIO(),
            self.said,
            self.clock,
            asks=False,
            timer=lambda: self.clock().timestamp(),
            wait=wait,
        )


@contextmanager
def front(upstream: str, invoke: Callable[[str, dict[str, Any]], Any]) -> Iterator[str]:
    """Serves Lambda's Invoke with `invoke`, and everything else from `upstream`, until the block is left; yields the port."""
    handler = type("Handler", (_Front,), {"upstream": upstream, "invoke": staticmethod(invoke)})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    with served(server):
        yield str(server.server_port)


class _Front(BaseHTTPRequestHandler):
    upstream: str
    invoke: Callable[[str, dict[str, Any]], Any]
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        """Calls a function, or passes the request on."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        invoked = _INVOKED.match(self.path)
        if not invoked:
            self._pass_on(body)
            return
        try:
            answer, headers = self.invoke(invoked[1], json.loads(body)), {}
        except Exception as error:  # noqa: BLE001 -- as Lambda has it
            answer = {"errorType": type(error).__name__, "errorMessage": str(error)}
            headers = {"X-Amz-Function-Error": "Unhandled"}
        self._answer(200, json.dumps(answer).encode(), headers)

    do_GET = do_HEAD = do_PUT = do_POST  # noqa: N815 -- http.server's names

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- http.server's signature
        """Writes no line for every request."""

    def _pass_on(self, body: bytes) -> None:
        connection = HTTPConnection(urlsplit(self.upstream).netloc, timeout=30)
        connection.request(self.command, self.path, body, dict(self.headers))
        response = connection.getresponse()
        kept = {name: value for name, value in response.getheaders() if name.lower() in {"content-type", "etag"}}
        self._answer(response.status, response.read(), kept)
        connection.close()

    def _answer(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def row(name: str, action: str = "unchanged", code: str | None = None, **more: Any) -> dict[str, Any]:
    """One result, as a document of `certkit renew` has it."""
    error = {"code": code, "message": f"{name} went wrong", "hint": None} if code else None
    return {"name": name, "action": "failed" if code else action, "warnings": [], "error": error, **more}


def environment(url: str, manifest: str) -> dict[str, str]:
    """What the template gives the functions."""
    return {
        "AWS_ENDPOINT_URL": url,
        "CERTKIT_FLEET": f"s3://{BUCKET}/fleet",
        "CERTKIT_LEDGER": f"dynamodb://{TABLE}",
        "CERTKIT_MANIFEST": manifest,
    }


def executed(arn: str, seconds: float = 60) -> dict[str, Any]:
    """The execution, once it has ended."""
    client = boto3.client("stepfunctions", region_name=HOME)
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found: dict[str, Any] = dict(client.describe_execution(executionArn=arn))
        if found["status"] != "RUNNING":
            return found
        time.sleep(0.02)
    raise AssertionError("the execution has not ended")
