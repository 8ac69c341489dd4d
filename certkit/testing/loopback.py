"""A server on a thread of its own, which ends at once."""

from __future__ import annotations

import socket
from contextlib import contextmanager, suppress
from threading import Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from socketserver import TCPServer


@contextmanager
def served(server: TCPServer) -> Iterator[None]:
    """Has `server` answer until the block is left, and closes it."""
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        # `serve_forever` looks up when a connection comes, or at its next poll: this is as if one came. Where a socket
        # that listens cannot be shut down, the poll ends it.
        with suppress(OSError):
            server.socket.shutdown(socket.SHUT_RDWR)
        server.shutdown()
        thread.join()
        server.server_close()
