"""Tests of a server on a thread of its own."""

import socket
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

from certkit.testing.loopback import served


def test_a_server_listens_until_the_block_is_left_and_leaves_neither_thread_nor_socket() -> None:
    server = HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    before = set(threading.enumerate())

    with served(server):
        (thread,) = set(threading.enumerate()) - before
        socket.create_connection(("127.0.0.1", server.server_port)).close()

    assert (thread.is_alive(), server.socket.fileno()) == (False, -1)
