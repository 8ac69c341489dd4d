"""Addresses that are secrets themselves, so that no message says more of one than whose it is: webhooks, and pings."""

import time
from dataclasses import dataclass
from typing import ClassVar, Final
from urllib.parse import urlsplit, urlunsplit

from certkit.errors import NotToldError
from certkit.password import Password
from certkit.sources.wire import GET, Request, Wire, WireError

_OK: Final = range(200, 300)
_PRIVATE: Final = "allow_private = true in [notify], if it is meant to be inside your own network"
_FAIL: Final = "/fail"
"""What https://healthchecks.io/docs/http_api/ has behind the address of a job that failed."""


@dataclass(frozen=True, slots=True)
class Webhook(Wire):
    """How webhooks may be reached: by https, at public addresses, unless private ones are allowed. No redirect is followed."""

    done: ClassVar[str] = "told"

    def post(self, address: Password, body: bytes, called: str) -> None:
        """Sends JSON to a webhook.

        Args:
            called: what a message calls it.

        Raises:
            NotToldError: it may not be reached, cannot be, or does not take it.
        """
        self._send(_text(address), Request("POST", body, {"Content-Type": "application/json"}), called)

    def ping(self, address: Password, called: str, *, is_good: bool) -> None:
        """Calls what waits for a job, which says nothing but that it ran, and whether that went well.

        Args:
            called: what a message calls it.

        Raises:
            NotToldError: it may not be reached, cannot be, or does not know the job.
        """
        url = _text(address)
        self._send(url if is_good else _failed(url, called), GET, called)

    def _send(self, url: str, request: Request, called: str) -> None:
        if not url.startswith("https://") and not (self.allows_private and url.startswith("http://")):
            raise NotToldError(f"{called}: its address does not begin with https://", hint=_PRIVATE)
        try:
            answer = self.ask(url, time.monotonic() + self.seconds, request)
        except WireError as error:
            raise NotToldError(
                f"{called} {error.predicate}", hint=_PRIVATE if error.may_be_allowed else None
            ) from error
        if answer.status not in _OK:
            raise NotToldError(f"{called} answers with status {answer.status}")


def _text(address: Password) -> str:
    return address.octets.decode("utf-8", "replace").strip()


def _failed(url: str, called: str) -> str:
    """Returns the address for a failure: behind the path, before what follows it."""
    try:
        parts = urlsplit(url)
    except ValueError:
        raise NotToldError(f"{called} is no address") from None  # the cause may repeat what is a secret
    return urlunsplit(parts._replace(path=parts.path.rstrip("/") + _FAIL))
