"""A TLS server on loopback, for tests of what it serves."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.issuing import Issued


@dataclass(slots=True)
class Served:
    """A server that is running.

    Attributes:
        names: what clients asked for (SNI), None where they named nobody.
    """

    port: int
    names: list[str | None] = field(default_factory=list)

    @property
    def source(self) -> str:
        """How it is named as a SOURCE."""
        return f"https://localhost:{self.port}"


@contextmanager
def tls_server(
    folder: Path,
    issued: Issued,
    *,
    chain: bytes | None = None,
    client_ca: Issued | None = None,
    host: str = "127.0.0.1",
    newest: ssl.TLSVersion = ssl.TLSVersion.MAXIMUM_SUPPORTED,
) -> Iterator[Served]:
    """Serves a certificate with its chain, or with `chain` behind it, over TLS, until the block is left."""
    context = server_context(folder, issued, chain=chain)
    context.maximum_version = newest
    if client_ca is not None:
        clients = folder / "clients.pem"
        clients.write_bytes(client_ca.pem)
        context.load_verify_locations(clients)
        context.verify_mode = ssl.CERT_REQUIRED

    def answer(connection: socket.socket) -> None:
        with contextlib.suppress(OSError), context.wrap_socket(connection, server_side=True) as secured:
            secured.recv(1)

    with tcp_server(answer, host) as port:
        served = Served(port)
        context.sni_callback = lambda _, name, __: served.names.append(name)
        yield served


def server_context(folder: Path, issued: Issued, *, chain: bytes | None = None) -> ssl.SSLContext:
    """What a server needs that serves a certificate with its chain, or with `chain` behind it."""
    files = folder / "served.pem", folder / "served.key"
    files[0].write_bytes(issued.pem + (issued.chain_pem if chain is None else chain))
    files[1].write_bytes(issued.key_pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*files)
    return context


@contextmanager
def tcp_server(answer: Callable[[socket.socket], object], host: str = "127.0.0.1") -> Iterator[int]:
    """Lets `answer` talk to whoever connects to the port, one after the other."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, 0), family=family) as listener:

        def serve() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with contextlib.suppress(OSError), connection:  # the client may be gone already
                    answer(connection)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join(5)
