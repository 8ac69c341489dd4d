"""`certkit verify` against the servers that people run: openssl's, nginx and HAProxy."""

from __future__ import annotations

import contextlib
import re
import shutil
import socket
import subprocess
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import pytest

from tests.cli.bundles import pem, save
from tests.cli.running import Finished, certkit
from tests.issuing import NOT_BEFORE, Request, join_pem, make_chain

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.issuing import Issued

OPENSSL: Final = shutil.which("openssl") or ""
NGINX: Final = shutil.which("nginx") or ""
HAPROXY: Final = shutil.which("haproxy", path="/usr/sbin:/usr/bin:/usr/local/sbin") or ""

pytestmark = pytest.mark.interop

NAME: Final = "shop.example.com"
SHOP: Final = make_chain(leaf=Request(sans=(NAME,)), intermediates=2)
DEFAULT: Final = make_chain(leaf=Request(common_name="default.example.com", sans=("default.example.com",)))
FIRST, SECOND, ROOT = SHOP.issuers
OLD: Final = FIRST.issue(Request(sans=(NAME,), not_before=NOT_BEFORE - timedelta(days=90)))
ACCEPTS: Final = re.compile(r"ACCEPT [^ \n]*:(\d+)")


def verify(folder: Path, port: int, host: str = NAME, more: tuple[str, ...] = ()) -> Finished:
    """Runs `certkit verify` for the shop."""
    source, roots = save(folder, "shop.pem", pem(SHOP)), save(folder, "root.pem", ROOT.pem)
    where = ("--connect-to", f"127.0.0.1:{port}", "--timeout", "10")
    return certkit("verify", host, source, "--roots", roots, *where, *more, "--format", "json")


def outcome(done: Finished) -> tuple[int, str]:
    """The exit code, and the state of the only address."""
    (result,) = done.document["results"]
    return done.exit_code, result["state"]


@contextmanager
def s_server(folder: Path, chain: bytes, *more: str) -> Iterator[int]:
    """The test server of openssl with the shop's certificate and this chain, at a port of its choice."""
    certificate, key = save(folder, "leaf.pem", SHOP.pem), save(folder, "leaf.key", SHOP.key_pem)
    issuers = ("-cert_chain", str(save(folder, "chain.pem", chain))) if chain else ()
    own = ("-cert", str(certificate), "-key", str(key), *issuers)
    command = [OPENSSL, "s_server", "-accept", "127.0.0.1:0", *own, *more]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            ports = (ACCEPTS.search(line) for line in server.stdout)
            yield next(int(found[1]) for found in ports if found)
        finally:
            server.kill()


@pytest.mark.skipif(not OPENSSL, reason="the openssl program is not installed")
@pytest.mark.parametrize(
    ("chain", "expected"),
    [
        (join_pem([FIRST, SECOND]), (0, "served")),
        (join_pem([FIRST, SECOND, ROOT]), (0, "served")),
        (join_pem([SECOND, FIRST]), (1, "incomplete-chain")),
        (b"", (1, "incomplete-chain")),
    ],
    ids=["right", "with the root", "misordered", "alone"],
)
@pytest.mark.parametrize("version", ["-tls1_2", "-tls1_3"])
def test_what_openssl_serves_is_seen_as_it_is_sent(
    tmp_path: Path, chain: bytes, expected: tuple[int, str], version: str
) -> None:
    with s_server(tmp_path, chain, version) as port:
        done = verify(tmp_path, port)

    assert outcome(done) == expected
    assert done.document["results"][0]["protocol"] == {"-tls1_2": "TLSv1.2", "-tls1_3": "TLSv1.3"}[version]


@pytest.mark.skipif(not OPENSSL, reason="the openssl program is not installed")
def test_a_server_that_refuses_names_that_it_does_not_know_is_unreachable(tmp_path: Path) -> None:
    own = save(tmp_path, "other.pem", DEFAULT.pem), save(tmp_path, "other.key", DEFAULT.key_pem)
    more = ("-servername", NAME, "-servername_fatal", "-cert2", str(own[0]), "-key2", str(own[1]))
    with s_server(tmp_path, b"", *more) as port:
        done = verify(tmp_path, port, "unknown.example.com")

    assert outcome(done) == (3, "unreachable")
    assert done.document["results"][0]["error"]["message"].startswith("the TLS handshake failed: ")


def _server_block(folder: Path, name: str, issued: Issued, listen: str) -> str:
    certificate = save(folder, f"{name}.pem", issued.pem + issued.chain_pem)
    key = save(folder, f"{name}.key", issued.key_pem)
    return (
        f"server {{ listen {listen}; server_name {name}; ssl_certificate {certificate}; ssl_certificate_key {key}; }}\n"
    )


@contextmanager
def nginx(folder: Path, port: int) -> Iterator[None]:
    """A server that has the shop behind its name, and another certificate for everybody else."""
    blocks = _server_block(folder, "default.example.com", DEFAULT, f"127.0.0.1:{port} ssl default_server")
    blocks += _server_block(folder, NAME, SHOP, f"127.0.0.1:{port} ssl")
    temporary = "".join(f"{name}_temp_path {folder};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    text = f"daemon off; master_process off; pid {folder}/nginx.pid; error_log stderr;\nevents {{}}\n"
    text += f"http {{ access_log off; {temporary}\n{blocks}}}\n"
    configuration = save(folder, "nginx.conf", text.encode())
    with subprocess.Popen([NGINX, "-p", str(folder), "-e", "stderr", "-c", str(configuration)]) as server:
        try:
            _wait_for(server, port)
            yield
        finally:
            server.kill()


def _wait_for(server: subprocess.Popen[bytes], port: int) -> None:
    """Returns once somebody listens, or the server has ended."""
    while server.poll() is None:
        with contextlib.suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port), timeout=10):
            return
    raise AssertionError("nginx has ended")


@pytest.mark.skipif(not NGINX, reason="nginx is not installed")
def test_nginx_shows_each_name_its_own(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with nginx(tmp_path, port):
        known, unknown = verify(tmp_path, port), verify(tmp_path, port, "unknown.example.com")

    assert outcome(known) == (0, "served")
    assert outcome(unknown) == (1, "stale")
    assert unknown.document["results"][0]["leaf_sha256"] == DEFAULT.sha256


@contextmanager
def haproxy(folder: Path, port: int, *bundles: bytes) -> Iterator[None]:
    """A server with a bundle of its own at each of the addresses 127.0.0.1, 127.0.0.2 and so on."""
    text = "defaults\n mode http\n timeout client 10s\n timeout server 10s\n timeout connect 10s\n"
    for number, bundle in enumerate(bundles, 1):
        path = save(folder, f"{number}.pem", bundle)
        text += f"frontend f{number}\n bind 127.0.0.{number}:{port} ssl crt {path}\n"
    configuration = save(folder, "haproxy.cfg", text.encode())
    with subprocess.Popen([HAPROXY, "-db", "-f", str(configuration)], stderr=subprocess.DEVNULL) as server:
        try:
            _wait_for(server, port)
            yield
        finally:
            server.kill()


@pytest.mark.skipif(not HAPROXY, reason="HAProxy is not installed")
@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ([SHOP, FIRST, SECOND], (0, "served")),
        ([OLD, FIRST, SECOND], (1, "stale")),
        ([SHOP, FIRST], (1, "incomplete-chain")),
        ([SHOP, SECOND, FIRST], (1, "incomplete-chain")),
        ([DEFAULT, *DEFAULT.issuers[:-1]], (1, "stale")),
    ],
    ids=["right", "old", "incomplete", "misordered", "wrong name"],
)
def test_what_haproxy_serves_is_called_what_it_is(
    tmp_path: Path, sent: list[Issued], expected: tuple[int, str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with haproxy(tmp_path, port, sent[0].key_pem + join_pem(sent)):
        assert outcome(verify(tmp_path, port)) == expected


@pytest.mark.skipif(not HAPROXY, reason="HAProxy is not installed")
def test_two_addresses_of_haproxy_that_differ_are_told_apart(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    new, old = (one.key_pem + join_pem([one, FIRST, SECOND]) for one in (SHOP, OLD))
    with haproxy(tmp_path, port, new, old):
        done = verify(tmp_path, port, more=("--connect-to", f"127.0.0.2:{port}"))

    assert done.exit_code == 1
    assert [one["state"] for one in done.document["results"]] == ["served", "propagating"]
