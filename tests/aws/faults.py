"""A proxy in front of the strict ACM: counts the requests, and loses, delays, refuses or rewrites their answers.

Each operation has a script: the faults of its next requests, one after the other; what comes after the script passes.
"""

from __future__ import annotations

import json
import re
import socket
import struct
from collections import defaultdict, deque
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum, auto
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event
from typing import TYPE_CHECKING, Any, Final, TypeAlias
from urllib.parse import parse_qs, urlsplit

from certkit.testing.loopback import served

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping


class Fault(Enum):
    """What becomes of one request."""

    PASS = auto()
    ERROR_BEFORE = auto()
    """500, and the service never hears of it."""
    ERROR_AFTER = auto()
    """500, after it was done."""
    RESET_BEFORE = auto()
    """The connection is reset, and the service never hears of it."""
    RESET_AFTER = auto()
    """The connection is reset after it was done."""
    HALF_AFTER = auto()
    """The answer breaks off, after it was done."""
    HANG_AFTER = auto()
    """There is no answer, after it was done, until the proxy closes."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer in the service's place."""

    code: str
    message: str = "no"
    status: int = 400


@dataclass(frozen=True, slots=True)
class Rewrite:
    """The service's answer in JSON, changed."""

    change: Callable[[dict[str, Any]], object]


@dataclass(frozen=True, slots=True)
class Edit:
    """The service's answer in another form, changed."""

    change: Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True)
class Page:
    """An answer that no AWS service gives: a web server's."""

    html: str = "<html>It works!</html>"


@dataclass(frozen=True, slots=True)
class Reply:
    """A good answer in the service's place: of what moto has not."""

    body: bytes
    kind: str = "application/x-amz-json-1.1"


@dataclass(frozen=True, slots=True)
class Do:
    """Something is done, and then the connection is reset.

    Attributes:
        is_done: whether the service was asked first.
    """

    act: Callable[[], object]
    is_done: bool


Step: TypeAlias = Fault | Refusal | Rewrite | Edit | Page | Reply | Do
_KEPT: Final = frozenset(
    {"etag", "x-amzn-requestid", "x-amz-bucket-region", "x-amz-server-side-encryption", "x-amz-version-id"}
)
_OF_S3: Final = {"GET": "GetObject", "HEAD": "HeadBucket", "PUT": "PutObject"}
_OF_BUCKETS: Final = {
    "versioning": "GetBucketVersioning",
    "policyStatus": "GetBucketPolicyStatus",
    "list-type": "ListObjectsV2",
}
_OF_PATHS: Final = {
    "/domainnames": "GetDomainNames",
    "/v2/domainnames": "GetDomainNamesV2",
    "/v1/domainnames": "ListDomainNames",
    "/2020-05-31/distribution": "ListDistributions",
    "/2020-05-31/distribution-tenants": "ListDistributionTenants",
    "/2021-01-01/domain": "ListOpenSearchDomains",
    "/2021-01-01/opensearch/domain-info": "DescribeDomains",
}
"""What services are asked whose operations are paths; the two of API Gateway are told apart, and the two ListDomainNames."""

_OF_THINGS: Final = (
    ("GET", r"/2020-05-31/distribution/[^/]+/config", "GetDistributionConfig"),
    ("PUT", r"/2020-05-31/distribution/[^/]+/config", "UpdateDistribution"),
    ("GET", r"/2020-05-31/tagging", "ListTagsForResource"),
    ("GET", r"/domainnames/[^/]+", "GetDomainName"),
    ("PATCH", r"/domainnames/[^/]+", "UpdateDomainName"),
    ("GET", r"/v2/domainnames/[^/]+", "GetDomainNameV2"),
    ("PATCH", r"/v2/domainnames/[^/]+", "UpdateDomainNameV2"),
)
"""The same, where the path names the thing that is meant."""

_IN_JSON: Final = frozenset(path for path in _OF_PATHS if not path.startswith("/2020-"))
"""Those of them that answer so; CloudFront answers in XML."""

THROTTLE: Final = Refusal("ThrottlingException", "Rate exceeded")


@dataclass(frozen=True, slots=True)
class Sent:
    """One request as it arrived.

    Attributes:
        scope: region and service of its signature.
        body: of the JSON protocol or a form; empty for others.
        path: with its query.
    """

    operation: str
    scope: tuple[str, str]
    body: Mapping[str, Any]
    headers: Mapping[str, str]
    path: str


@dataclass(slots=True)
class Proxy:
    """A proxy that is being served.

    Attributes:
        url: its endpoint.
        sent: every request, in the order of their arrival.
    """

    upstream: str
    url: str = ""
    sent: list[Sent] = field(default_factory=list)
    closing: Event = field(default_factory=Event)
    _scripts: defaultdict[tuple[str, str | None], deque[Step]] = field(default_factory=lambda: defaultdict(deque))
    _always: dict[tuple[str, str | None], Step] = field(default_factory=dict)

    def script(self, operation: str, *steps: Step, region: str | None = None) -> None:
        """Adds to what becomes of the next requests for `operation`, in one region or in any."""
        self._scripts[operation, region].extend(steps)

    def always(self, operation: str, step: Step, region: str | None = None) -> None:
        """Says what becomes of every request for `operation` that has no script."""
        self._always[operation, region] = step

    @property
    def operations(self) -> list[str]:
        """The names of all operations that were asked for, in order."""
        return [sent.operation for sent in self.sent]

    def forget(self) -> None:
        """Begins to count anew."""
        self.sent.clear()

    def step(self, sent: Sent) -> Step:
        """Notes a request, and says what becomes of it."""
        self.sent.append(sent)
        keys = ((sent.operation, sent.scope[0]), (sent.operation, None))
        for key in keys:
            if self._scripts[key]:
                return self._scripts[key].popleft()
        return next((self._always[key] for key in keys if key in self._always), Fault.PASS)


@contextmanager
def proxy(upstream: str) -> Iterator[Proxy]:
    """Serves a proxy before `upstream` on a free port of loopback until the block is left."""
    state = Proxy(upstream)
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"state": state}))
    server.daemon_threads = True
    state.url = f"http://127.0.0.1:{server.server_port}"
    with served(server):
        try:
            yield state
        finally:
            state.closing.set()


class _Handler(BaseHTTPRequestHandler):
    state: Proxy
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else every answer waits 40 ms for an acknowledgement of its head

    def do_POST(self) -> None:
        """Answers one request as the script says."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        step = self.state.step(_sent(self.command, self.path, body, dict(self.headers)))
        self._kept: dict[str, str] = {}
        match step:
            case Refusal():
                path = urlsplit(self.path).path
                is_json = "X-Amz-Target" in self.headers or path in _IN_JSON or "/domainnames/" in path
                self._answer(step.status, *_refusal(step, is_json=is_json))
            case Page():
                self._answer(200, step.html.encode(), "text/html")
            case Reply():
                self._answer(200, step.body, step.kind)
            case Rewrite():
                status, answer, kind = self._forward(body)
                document = json.loads(answer)
                step.change(document)
                self._answer(status, json.dumps(document).encode(), kind)
            case Edit():
                status, answer, kind = self._forward(body)
                self._answer(status, step.change(answer), kind)
            case Do():
                if step.is_done:
                    self._forward(body)
                step.act()
                self._reset()
            case Fault():
                self._fail(step, body)

    do_GET = do_HEAD = do_PATCH = do_PUT = do_POST  # noqa: N815 -- http.server's names; S3 is asked by these methods

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- http.server's signature
        """Writes no line for every request."""

    def _fail(self, fault: Fault, body: bytes) -> None:
        if fault in {Fault.ERROR_BEFORE, Fault.RESET_BEFORE}:
            status, answer, kind = 500, b"", "text/plain"
        else:
            status, answer, kind = self._forward(body)
        match fault:
            case Fault.PASS:
                self._answer(status, answer, kind)
            case Fault.ERROR_BEFORE | Fault.ERROR_AFTER:
                self._answer(500, json.dumps({"__type": "InternalFailure", "message": ""}).encode())
            case Fault.RESET_BEFORE | Fault.RESET_AFTER:
                self._reset()
            case Fault.HALF_AFTER:
                self._answer(status, answer[: len(answer) // 2], kind, length=len(answer))
                self._reset()
            case Fault.HANG_AFTER:
                self.state.closing.wait(30)
                self.close_connection = True

    def _forward(self, body: bytes) -> tuple[int, bytes, str]:
        connection = HTTPConnection(urlsplit(self.state.upstream).netloc, timeout=30)
        try:
            headers = {name: value for name, value in self.headers.items() if name != "Expect"}
            connection.request(self.command, self.path, body, headers)
            response = connection.getresponse()
            self._kept = {name: value for name, value in response.getheaders() if name.lower() in _KEPT}
            return response.status, response.read(), response.getheader("Content-Type", "")
        finally:
            connection.close()

    def _answer(
        self, status: int, body: bytes, kind: str = "application/x-amz-json-1.1", length: int | None = None
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        for name, value in self._kept.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(b"" if self.command == "HEAD" else body)

    def _reset(self) -> None:
        """Closes the connection with RST instead of FIN."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()


def _refusal(step: Refusal, *, is_json: bool) -> tuple[bytes, str]:
    """The body and its kind, in the service's protocol."""
    if is_json:
        return json.dumps({"__type": step.code, "message": step.message}).encode(), "application/x-amz-json-1.1"
    error = f"<Error><Type>Sender</Type><Code>{step.code}</Code><Message>{step.message}</Message></Error>"
    return f"<ErrorResponse>{error}<RequestId>r-1</RequestId></ErrorResponse>".encode(), "text/xml"


def _of_thing(method: str, path: str) -> str | None:
    return next((name for verb, form, name in _OF_THINGS if verb == method and re.fullmatch(form, path)), None)


def _sent(method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Sent:
    scope = re.search(r"Credential=[^/]+/\d+/([^/]+)/([^/]+)/", headers.get("Authorization", ""))
    target = headers.get("X-Amz-Target")
    form = {} if target or method != "POST" else parse_qs(body.decode())
    asked = parse_qs(urlsplit(path).query, keep_blank_values=True)
    of_s3 = next((name for key, name in _OF_BUCKETS.items() if key in asked), _OF_S3.get(method, "?"))
    of_path = _OF_PATHS.get(urlsplit(path).path, _of_thing(method, urlsplit(path).path) or of_s3)
    return Sent(
        operation=target.rpartition(".")[2] if target else form.get("Action", [of_path])[0],
        scope=(scope[1], scope[2]) if scope else ("", ""),
        body=json.loads(body) if target else {name: values[0] for name, values in form.items()},
        headers=headers,
        path=path,
    )
