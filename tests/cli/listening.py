"""A web server on loopback that is told things: a chat's webhook, or what waits for a job's ping."""

from __future__ import annotations

import json
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Final

from certkit.testing.loopback import served

if TYPE_CHECKING:
    from collections.abc import Iterator

SESAME: Final = "T000/B000/open-sesame"


class Chat:
    """A chat's webhook, what it was sent, and what it answers; and a place that jobs call.

    Attributes:
        status: of every answer.
        texts: what was posted, where it was taken.
        posts: the same with the path that it was posted to.
        calls: the paths that were called without any content.
    """

    def __init__(self) -> None:
        self.status = 200
        self.texts: list[str] = []
        self.posts: list[tuple[str, str]] = []
        self.calls: list[str] = []
        chat = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                if chat.status == 200:
                    chat.texts.append(body["text"])
                    chat.posts.append((self.path, body["text"]))
                self._answer()

            def do_GET(self) -> None:
                chat.calls.append(self.path)
                self._answer()

            def _answer(self) -> None:
                self.send_response(chat.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- http.server's signature
                del format, args

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/{SESAME}"


@contextmanager
def listening() -> Iterator[Chat]:
    """Serves a chat while the block runs."""
    chat = Chat()
    with served(chat.server):
        yield chat
