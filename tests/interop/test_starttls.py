"""`certkit verify --starttls` against the mail proxy of nginx and the directory server of OpenLDAP."""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from tests.cli.bundles import save
from tests.interop.test_servers import NAME, NGINX, SHOP, outcome, verify

if TYPE_CHECKING:
    from collections.abc import Iterator

SLAPD: Final = shutil.which("slapd", path="/usr/sbin:/usr/bin:/usr/local/sbin") or ""
MAIL: Final = Path("/usr/lib/nginx/modules/ngx_mail_module.so")

pytestmark = pytest.mark.interop


def free_port() -> int:
    """A port at which nobody listens yet."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    return port


@contextmanager
def running(command: list[str], port: int) -> Iterator[None]:
    """Runs a server, from when it listens until the block is left."""
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as server:
        try:
            while True:
                with contextlib.suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port), 10):
                    break
                assert server.poll() is None, server.stderr.read() if server.stderr else ""
            yield
        finally:
            server.kill()


def files(folder: Path) -> tuple[Path, Path]:
    """The shop's certificate with its chain, and its key."""
    return save(folder, "served.pem", SHOP.pem + SHOP.chain_pem), save(folder, "served.key", SHOP.key_pem)


@pytest.mark.skipif(not (NGINX and MAIL.exists()), reason="nginx and its mail module are not installed")
@pytest.mark.parametrize("protocol", ["smtp", "imap", "pop3"])
def test_nginx_shows_its_certificate_after_starttls(tmp_path: Path, protocol: str) -> None:
    (certificate, key), port = files(tmp_path), free_port()
    tls = f"ssl_certificate {certificate}; ssl_certificate_key {key}; starttls on;"
    server = f"server {{ listen 127.0.0.1:{port}; protocol {protocol}; }}"
    text = f"load_module {MAIL}; daemon off; master_process off; pid {tmp_path}/nginx.pid; error_log stderr;\nevents {{}}\n"
    text += f"mail {{ server_name {NAME}; auth_http 127.0.0.1:9/; {tls} {server} }}\n"
    configuration = save(tmp_path, "nginx.conf", text.encode())

    with running([NGINX, "-p", str(tmp_path), "-e", "stderr", "-c", str(configuration)], port):
        done, without = verify(tmp_path, port, more=("--starttls", protocol)), verify(tmp_path, port)

    assert outcome(done) == (0, "served")
    assert outcome(without) == (3, "unreachable")
    assert without.document["results"][0]["error"]["message"] == "the TLS handshake failed: what it answers is no TLS"


@pytest.mark.skipif(not SLAPD, reason="slapd is not installed")
def test_slapd_shows_its_certificate_after_starttls(tmp_path: Path) -> None:
    (certificate, key), port = files(tmp_path), free_port()
    text = f"TLSCertificateFile {certificate}\nTLSCertificateKeyFile {key}\npidfile {tmp_path}/slapd.pid\n"
    configuration = save(tmp_path, "slapd.conf", text.encode())

    with running([SLAPD, "-d", "0", "-f", str(configuration), "-h", f"ldap://127.0.0.1:{port}"], port):
        done = verify(tmp_path, port, more=("--starttls", "ldap"))

    assert outcome(done) == (0, "served")


@pytest.mark.skipif(not SLAPD, reason="slapd is not installed")
def test_a_slapd_without_a_certificate_refuses_starttls(tmp_path: Path) -> None:
    port = free_port()
    configuration = save(tmp_path, "slapd.conf", f"pidfile {tmp_path}/slapd.pid\n".encode())

    with running([SLAPD, "-d", "0", "-f", str(configuration), "-h", f"ldap://127.0.0.1:{port}"], port):
        done = verify(tmp_path, port, more=("--starttls", "ldap"))

    assert outcome(done) == (3, "unreachable")
    error = done.document["results"][0]["error"]
    assert error["message"].startswith("it refuses StartTLS with the result code ")
    assert error["hint"] == "port 636 may speak TLS from the start, without --starttls"
