"""`certkit verify` against TLS servers of this machine."""

from __future__ import annotations

import contextlib
import io
import select
import socket
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import pytest

from certkit.cli.app import run as run_command
from certkit.cli.options import OutputFormat
from certkit.cli.session import Session
from certkit.cli.settings import ReadingOptions
from certkit.cli.verifying import Wish, verify
from tests.cli.bundles import HOSTILE_NAME, PASSWORD, pem, pfx, save
from tests.cli.running import NOW, Finished, certkit
from tests.issuing import NOT_BEFORE, Issued, Request, join_pem, make_chain
from tests.sources.serving import server_context, tcp_server, tls_server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path
    from threading import Event

    from tests.sources.serving import Served

NAME: Final = "shop.example.com"
NEW: Final = make_chain(leaf=Request(sans=(NAME,)), intermediates=2)
OLD: Final = NEW.issuers[0].issue(Request(sans=(NAME,), not_before=NOT_BEFORE.replace(year=2025)))
OTHER: Final = NEW.issuers[0].issue(Request(common_name="other.example.com", sans=("other.example.com",)))
FIRST, SECOND, ROOT = NEW.issuers
LOOPBACK: Final = "127.0.0.1"


@dataclass(slots=True)
class Scene:
    """SOURCE and its root as files, and servers beside them."""

    folder: Path

    @property
    def source(self) -> Path:
        """The bundle that is to be served."""
        return save(self.folder, "shop.pem", pem(NEW))

    @property
    def roots(self) -> tuple[str, Path]:
        """The private root, as an option."""
        return "--roots", save(self.folder, "root.pem", ROOT.pem)

    def server(
        self, issued: Issued = NEW, *, chain: bytes | None = None, host: str = LOOPBACK
    ) -> AbstractContextManager[Served]:
        """A server with files of its own."""
        own = self.folder / f"server-{len(list(self.folder.iterdir()))}"
        own.mkdir()
        return tls_server(own, issued, chain=chain, host=host)

    def verify(self, *places: str, more: tuple[object, ...] = ()) -> Finished:
        """Runs `certkit verify` for the shop, connecting to these places."""
        doors = [part for place in places for part in ("--connect-to", place)]
        return certkit("verify", NAME, self.source, *self.roots, *doors, "--timeout", "5", *more)

    def states(self, *places: str, more: tuple[object, ...] = ()) -> tuple[int, list[str]]:
        """The exit code, and the state of each address."""
        done = self.verify(*places, more=(*more, "--format", "json"))
        return done.exit_code, [one["state"] for one in done.document["results"]]


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    """An empty folder."""
    return Scene(tmp_path)


def has_address(host: str) -> bool:
    """Whether a server can listen on this address."""
    with contextlib.suppress(OSError), socket.create_server((host, 0), family=_family(host)):
        return True
    return False


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def free_port() -> int:
    """A port at which nobody listens."""
    with socket.create_server((LOOPBACK, 0)) as free:
        port: int = free.getsockname()[1]
    return port


def test_a_server_that_serves_it_with_its_chain_is_said_to(scene: Scene) -> None:
    with scene.server() as server:
        done = scene.verify(f"{LOOPBACK}:{server.port}")

    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        f"{NAME}:443: {scene.source} is served at 1 of 1 address",
        f"  wanted  {NAME}, valid until 2049-12-31, sha256 {NEW.sha256[:16]}…",
        f"  {LOOPBACK}:{server.port}  served",
    ]
    assert server.names == [NAME]


def test_the_document_says_all_of_it(scene: Scene) -> None:
    with scene.server() as server:
        done = scene.verify(f"{LOOPBACK}:{server.port}", more=("--format", "json"))

    assert done.document == {
        "schema": "certkit.verify/1",
        "at": "2026-11-22T12:00:00Z",
        "host": NAME,
        "port": 443,
        "source": str(scene.source),
        "leaf_sha256": NEW.sha256,
        "chain_sha256": [FIRST.sha256, SECOND.sha256],
        "not_after": "2049-12-31T23:59:59Z",
        "results": [
            {
                "address": LOOPBACK,
                "port": server.port,
                "state": "served",
                "leaf_sha256": NEW.sha256,
                "chain_sha256": [FIRST.sha256, SECOND.sha256],
                "protocol": "TLSv1.3",
                "notes": [],
                "error": None,
            }
        ],
        "hints": [],
    }


@pytest.mark.parametrize(
    ("issued", "chain", "state"),
    [
        (NEW, None, "served"),
        (NEW, join_pem([FIRST, SECOND, ROOT]), "served"),
        (OLD, None, "stale"),
        (OTHER, None, "stale"),
        (NEW, b"", "incomplete-chain"),
        (NEW, FIRST.pem, "incomplete-chain"),
        (NEW, join_pem([SECOND, FIRST]), "incomplete-chain"),
    ],
    ids=["right", "with the root", "old", "wrong name", "alone", "incomplete", "misordered"],
)
def test_each_server_is_called_what_it_is(scene: Scene, issued: Issued, chain: bytes | None, state: str) -> None:
    with scene.server(issued, chain=chain) as server:
        code, states = scene.states(f"{LOOPBACK}:{server.port}")

    assert (code, states) == (int(state != "served"), [state])


@pytest.mark.parametrize("other", ["127.0.0.2", "::1"])
def test_an_address_that_is_behind_the_others_propagates(scene: Scene, other: str) -> None:
    if not has_address(other):
        pytest.skip(f"this machine has no {other}")
    with scene.server() as new, scene.server(OLD, host=other) as old:
        place = f"[{other}]:{old.port}" if ":" in other else f"{other}:{old.port}"
        done = scene.verify(f"{LOOPBACK}:{new.port}", place)

    assert done.exit_code == 1
    lines = done.stdout.splitlines()
    assert lines[0].endswith(" is served at 1 of 2 addresses")
    assert [line.split() for line in lines[2:4]] == [[f"{LOOPBACK}:{new.port}", "served"], [place, "propagating"]]
    assert lines[4:6] == [
        f"    it serves {NAME}, valid until 2049-12-31, sha256 {OLD.sha256[:16]}…",
        "    that is no newer than SOURCE",
    ]
    assert lines[6:] == ["propagating: it is on its way: --wait 10m looks again until all addresses agree"]


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (lambda connection: connection.sendall(b"220 ready\r\n"), "the TLS handshake failed: "),
        (lambda connection: connection.sendall(b"\x15\x03\x01\x00\x02\x02\x70"), "the TLS handshake failed: "),
        (lambda connection: connection.recv(9), "it cannot be reached: "),
        (lambda connection: [connection.recv(65_536), connection.recv(1)], "no answer within 0.2 s"),
    ],
    ids=["plain TCP", "an alert", "closed", "silent"],
)
def test_what_shows_no_certificate_is_unreachable(
    scene: Scene, answer: Callable[[socket.socket], object], message: str
) -> None:
    with tcp_server(answer) as port:
        done = scene.verify(f"{LOOPBACK}:{port}", more=("--timeout", "0.2", "--format", "json"))

    (result,) = done.document["results"]
    assert (done.exit_code, result["state"], result["leaf_sha256"]) == (3, "unreachable", None)
    assert result["error"]["code"] == "input-unreadable"
    assert result["error"]["message"].startswith(message)


def test_a_server_that_begins_in_plain_text_is_looked_at_by_its_protocol(scene: Scene) -> None:
    context = server_context(scene.folder, NEW)

    def answer(connection: socket.socket) -> None:
        connection.sendall(b"* OK ready\r\n")
        connection.recv(len(b"a1 STARTTLS\r\n"), socket.MSG_WAITALL)
        connection.sendall(b"a1 OK begin\r\n")
        with context.wrap_socket(connection, server_side=True) as secured:
            secured.recv(1)

    with tcp_server(answer) as port:
        done = scene.verify(f"{LOOPBACK}:{port}", more=("--starttls", "imap"))
        without = scene.verify(f"{LOOPBACK}:{port}")

    assert (done.exit_code, done.stdout.splitlines()[0].partition(" ")[0]) == (0, f"{NAME}:143:")
    assert without.exit_code == 3
    assert without.stdout.splitlines()[3:5] == [
        "    the TLS handshake failed: what it answers is no TLS",
        "    it may speak TLS at another port, or after STARTTLS: certkit verify --starttls",
    ]


def test_one_address_that_refuses_costs_the_others_nothing(scene: Scene) -> None:
    with scene.server() as server:
        code, states = scene.states(f"{LOOPBACK}:{free_port()}", f"{LOOPBACK}:{server.port}")

    assert (code, states) == (3, ["unreachable", "served"])


def test_a_slow_server_is_waited_for(scene: Scene) -> None:
    with scene.server() as server, tcp_server(lambda client: _octet_by_octet(client, server.port)) as slow:
        assert scene.states(f"{LOOPBACK}:{slow}") == (0, ["served"])


def _octet_by_octet(client: socket.socket, port: int) -> None:
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    _pass_on(client, port, size=1)


def _pass_on(client: socket.socket, port: int, size: int = 65_536) -> None:
    """Passes a handshake on until the client has seen enough, what the server says in pieces of this size."""
    with socket.create_connection((LOOPBACK, port), timeout=5) as server:
        server.sendall(client.recv(65_536))
        while True:
            ready, _, _ = select.select([client, server], [], [], 5)
            if server not in ready or not (said := server.recv(65_536)):
                return
            for start in range(0, len(said), size):
                client.sendall(said[start : start + size])


def test_a_port_of_the_host_counts_for_where_to_connect_too(scene: Scene) -> None:
    with scene.server() as server:
        done = certkit("verify", f"{NAME}:{server.port}", scene.source, *scene.roots, "--connect-to", LOOPBACK)

    assert done.exit_code == 0


def test_what_is_served_and_not_for_the_host_is_said(scene: Scene) -> None:
    with scene.server() as server:
        done = certkit("verify", f"{LOOPBACK}:{server.port}", scene.source, *scene.roots)

    assert done.exit_code == 0
    assert done.stdout.splitlines()[-1] == f"    it is not for {LOOPBACK}: clients refuse it"


def test_of_a_locked_bundle_the_certificates_are_read_with_its_password(scene: Scene) -> None:
    source = save(scene.folder, "shop.pfx", pfx(NEW))
    with scene.server() as server:
        given = ("verify", NAME, source, *scene.roots, "--connect-to", f"{LOOPBACK}:{server.port}")
        done = certkit(*given, "--passin", "env:P", environment={"P": PASSWORD})
        without = certkit(*given, "--format", "json")

    assert done.exit_code == 0
    assert (without.exit_code, without.error_code) == (3, "password-missing")


def test_a_locked_key_beside_the_certificates_needs_no_password(scene: Scene) -> None:
    source = save(scene.folder, "locked.pem", pem(NEW, NEW.encrypted_key_pem(PASSWORD.encode())))
    with scene.server() as server:
        done = certkit("verify", NAME, source, *scene.roots, "--connect-to", f"{LOOPBACK}:{server.port}")

    assert done.exit_code == 0


def test_another_endpoint_can_be_the_source(scene: Scene) -> None:
    with scene.server() as one, scene.server() as another:
        done = certkit("verify", NAME, one.source, *scene.roots, "--connect-to", f"{LOOPBACK}:{another.port}")

    assert done.exit_code == 0


def test_hostile_names_are_shown_escaped(scene: Scene) -> None:
    evil = FIRST.issue(Request(common_name=HOSTILE_NAME.replace("\x00", ""), sans=(NAME,)))
    with scene.server(evil) as server:
        done = scene.verify(f"{LOOPBACK}:{server.port}")

    assert done.exit_code == 1
    assert "evil\\x1b[31mred" in done.stdout
    assert not {"\x1b", "\r", "\u202e", "\u200b", "\x07"} & set(done.stdout)


@pytest.mark.parametrize(
    "given",
    [
        ("::1",),
        ("http://shop.example.com",),
        (NAME, "--wait", "33%"),
        (NAME, "--wait", "soon"),
        (NAME, "--timeout", "0"),
        (NAME, "--timeout", "nan"),
        (NAME, "--timeout", "inf"),
        (f"{NAME}:https",),
        (NAME, "--connect-to", "[::1"),
        (NAME, "--starttls", "telnet"),
        (f"{'a' * 64}.example.com",),
        ("shop.example.com\x1b[31m",),
    ],
    ids=" ".join,
)
def test_what_cannot_be_meant_is_a_usage_error(scene: Scene, given: tuple[str, ...]) -> None:
    done = certkit("verify", given[0], scene.source, *given[1:], "--format", "json")

    assert (done.exit_code, done.error_code) == (2, "usage")


def test_a_source_that_cannot_be_read_is_an_error(scene: Scene) -> None:
    done = certkit("verify", NAME, scene.folder / "missing.pem", "--format", "json")

    assert (done.exit_code, done.error_code) == (3, "input-unreadable")


@dataclass(slots=True)
class Clock:
    """Seconds that pass only while somebody waits; whoever waits sees to what happens meanwhile."""

    meanwhile: Iterator[object] = field(default_factory=lambda: iter(()))
    now: float = 0.0

    def wait(self, event: Event, seconds: float) -> bool:
        """Lets the time pass, and the next thing happen."""
        self.now += seconds
        next(self.meanwhile, None)
        return event.is_set()

    def session(self, roots: Path | None = None) -> tuple[Session, io.StringIO, io.StringIO]:
        """A session on this clock, its standard output and its standard error."""
        out, err = io.StringIO(), io.StringIO()
        timer: Any = lambda: self.now  # noqa: E731
        options = ReadingOptions()
        options.roots = str(roots) if roots else None
        session = Session({}, io.BytesIO(), out, err, lambda: NOW, reading_options=options, asks=False)
        session.timer, session.wait = timer, self.wait
        return session, out, err


def test_it_is_looked_at_again_until_all_addresses_agree(scene: Scene) -> None:
    now_served = [OLD]

    def rollout() -> Iterator[None]:
        yield  # nothing happens while it waits for the first time
        now_served[0] = NEW
        yield

    clock = Clock(rollout())
    session, out, err = clock.session()
    with scene.server() as new, scene.server(OLD) as old:

        def choose(client: socket.socket) -> None:
            _pass_on(client, new.port if now_served[0] is NEW else old.port)

        with tcp_server(choose) as port:
            doors = ("--connect-to", f"{LOOPBACK}:{new.port}", "--connect-to", f"{LOOPBACK}:{port}")
            given = ("verify", NAME, scene.source, *scene.roots, *doors, "--wait", "10m")
            code = run_command([str(one) for one in given], session)

    assert (code, clock.now) == (0, 1.5)
    assert out.getvalue().splitlines()[0].endswith(" is served at 2 of 2 addresses")
    assert err.getvalue() == f"certkit: not all of {NAME} serves it: looking again for 10m\n"


def test_after_the_time_is_up_what_is_seen_then_counts(scene: Scene) -> None:
    clock = Clock()
    session, out, _ = clock.session()
    with scene.server(OLD) as old:
        given = ("verify", NAME, scene.source, *scene.roots, "--connect-to", f"{LOOPBACK}:{old.port}", "--wait", "1m")
        code = run_command([str(one) for one in given], session)

    assert (code, clock.now) == (1, 60.0)
    assert "stale" in out.getvalue()
    assert len(old.names) > 2


def names(*found: str, canonical: str = "") -> Callable[..., list[tuple[Any, ...]]]:
    """What answers as `getaddrinfo` does, with these addresses or none."""

    def ask(host: str, port: int, *, family: int, **_: object) -> list[tuple[Any, ...]]:
        wanted = [one for one in found if family in {socket.AF_UNSPEC, _family(one)}]
        if not wanted:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        assert host
        return [(_family(one), socket.SOCK_STREAM, 6, canonical, (one, port)) for one in wanted]

    return ask


def look(
    scene: Scene, ask: Callable[..., list[tuple[Any, ...]]], port: int, *, only_ipv4: bool = False
) -> tuple[int, list[str]]:
    """The exit code and the lines for the shop, whose addresses `ask` knows."""
    session, out, _ = Clock().session(scene.roots[1])
    wish = Wish(f"{NAME}:{port}", str(scene.source), (), None, only_ipv4, 0.3, OutputFormat.TEXT)
    code = verify(session, wish, ask)
    return code, out.getvalue().splitlines()


def test_every_address_of_a_name_is_looked_at(scene: Scene) -> None:
    with scene.server() as server:
        code, lines = look(scene, names(LOOPBACK, "127.0.0.2", "127.0.0.3"), server.port)

    assert code == 3
    assert [line.split()[-1] for line in lines if line.startswith("  127.")] == ["served", "unreachable", "unreachable"]
    assert lines[-1] == "unreachable: nothing is known of what could not be reached: it may serve it all the same"


def test_of_cloudfront_it_is_said_that_dns_shows_the_nearest_edge_only(scene: Scene) -> None:
    with scene.server() as server:
        code, lines = look(scene, names(LOOPBACK, canonical="d111.cloudfront.net"), server.port)

    assert code == 0
    assert lines[-1].startswith("CloudFront: DNS shows the nearest edge alone")


def test_addresses_of_ipv6_can_be_left_out(scene: Scene) -> None:
    with scene.server() as server:
        known = names(LOOPBACK, "::1")
        code, lines = look(scene, known, server.port)
        again, others = look(scene, known, server.port, only_ipv4=True)

    assert (code, lines[-1]) == (
        3,
        "this machine may have no way to IPv6: certkit verify --ipv4 leaves those addresses out",
    )
    assert (again, len(others)) == (0, 3)


def test_where_no_address_answers_ipv6_is_not_blamed(scene: Scene) -> None:
    _, lines = look(scene, names(LOOPBACK, "::1"), free_port())

    assert [line.split()[-1] for line in lines[2:]].count("unreachable") == 2
    assert not any("--ipv4" in line for line in lines)


def test_a_name_without_addresses_cannot_be_looked_at(scene: Scene) -> None:
    code, lines = look(scene, names(), 443)

    assert code == 3
    assert lines[0].endswith(" is served at 0 of 0 addresses")
    assert lines[2:5] == [
        "  (no address)  unreachable",
        f"    {NAME} has no address: name or service not known",
        "    look the name up where it is kept",
    ]
