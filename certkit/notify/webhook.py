"""A webhook: an address that is a secret itself, so that no message says more of it than whose it is."""

import time
from dataclasses import dataclass
from typing import ClassVar, Final

from certkit.errors import NotToldError
from certkit.password import Password
from certkit.sources.wire import Request, Wire, WireError

_OK: Final = range(200, 300)
_PRIVATE: Final = "allow_private = true in [notify], if it is meant to be inside your own network"


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
        url = address.octets.decode("utf-8", "replace").strip()
        if not url.startswith("https://") and not (self.allows_private and url.startswith("http://")):
            raise NotToldError(f"{called}: its address does not begin with https://", hint=_PRIVATE)
        request = Request("POST", body, {"Content-Type": "application/json"})
        try:
            answer = self.ask(url, time.monotonic() + self.seconds, request)
        except WireError as error:
            raise NotToldError(
                f"{called} {error.predicate}", hint=_PRIVATE if error.may_be_allowed else None
            ) from error
        if answer.status not in _OK:
            raise NotToldError(f"{called} answers with status {answer.status}")
