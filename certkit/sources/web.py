"""Fetches what stands at an address in a certificate: an address that somebody else chose."""

import time
from dataclasses import dataclass
from typing import ClassVar, Final
from urllib.parse import urljoin

from certkit.errors import InputUnreadableError
from certkit.sources.wire import Wire, WireError

_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_MAX_REDIRECTS: Final = 3
_OK: Final = 200
_ALLOW: Final = "name the file with --intermediates, or allow it with --allow-private-aia"


@dataclass(frozen=True, slots=True)
class Web(Wire):
    """How addresses may be fetched."""

    done: ClassVar[str] = "fetched"

    def fetch(self, url: str) -> bytes:
        """Returns the body behind `url`.

        Raises:
            InputUnreadableError: it may not be fetched, or cannot be.
        """
        deadline = time.monotonic() + self.seconds
        for _ in range(_MAX_REDIRECTS + 1):
            try:
                answer = self.ask(url, deadline)
            except WireError as error:
                shown = ascii(url) if error.is_odd else url
                hint = _ALLOW if error.may_be_allowed else None
                raise InputUnreadableError(f"{shown} {error.predicate}", hint=hint) from error
            if answer.status == _OK:
                return answer.body
            if answer.status not in _REDIRECTS or not answer.location:
                raise InputUnreadableError(f"{url} answers with status {answer.status}")
            url = _next(url, answer.location)  # and from the top: a redirect is checked as the first address was
        raise InputUnreadableError(f"{url} redirects more than {_MAX_REDIRECTS} times")


def _next(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError as error:
        raise InputUnreadableError(f"{url} redirects to {location!a}, which is no address") from error
