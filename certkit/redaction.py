"""Keeps private keys and passwords out of every log: botocore's own DEBUG log holds the key of each import."""

import logging
import re
from collections.abc import Callable
from typing import Any, Final, TextIO

_MARK: Final = "[redacted]"
_KEYS: Final = (
    # A PEM key, with real or literal line ends, also one that the end of the record cuts off.
    re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.DOTALL),
    # A PEM key in base64: "-----BEGIN " at each of the three alignments.
    re.compile(r"(?:LS0tLS1CRUdJTi|0tLS0tQkVHSU4g|tLS0tLUJFR0lOI)[A-Za-z0-9+/=\\n]*"),
)
_NAMED: Final = re.compile(
    r"""
    ( (?: private_?key | pass(?:word|phrase) | client_?secret | secret_?access_?key
        | (?:session|security|access|refresh|id|bearer)[_-]?token )
      [\\"']* \s* [:=>] \s* (?:b(?=[\\"']))?+ [\\"']*+
    )
    [A-Za-z0-9+/=%._~-]+
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""A secret by its name: in JSON, as Python prints it, in XML, in a header, in a canonical request, in a query."""


_STORED: Final = re.compile(
    r"""(secret_?(?:string|binary)[\\"']*\s*[:=]|"Parameter\\?"\s*:\s*\{).*""", re.IGNORECASE | re.DOTALL
)
"""What Secrets Manager and Systems Manager answer: a password of any characters, so everything up to the end goes."""


def redact(text: str) -> str:
    """Returns `text` without the private keys and credentials that stand in it."""
    text = _STORED.sub(rf"\1{_MARK}", text)
    for key in _KEYS:
        text = key.sub(_MARK, text)
    return _NAMED.sub(rf"\1{_MARK}", text)


class RedactedRecord(logging.LogRecord):
    """A log record that is redacted before any handler sees it: message, arguments and traceback."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 -- logging's own signature
        super().__init__(*args, **kwargs)
        self.msg, self.args = self._message(), None
        if self.exc_info:
            # Formatters take this text where there is one; another one's own would not be redacted.
            self.exc_text = redact(logging.Formatter().formatException(self.exc_info))
            self.exc_info = None
        if self.stack_info:
            self.stack_info = redact(self.stack_info)

    def _message(self) -> str:
        try:
            return redact(self.getMessage())
        except Exception as error:  # noqa: BLE001 -- logging would print the arguments
            return f"a message that cannot be formatted ({type(error).__name__})"


class _Formatter(logging.Formatter):
    """Formats a record as a line, and those of its lines that follow so that nothing begins with what others said."""

    def __init__(self, shown: Callable[[str], str]) -> None:
        super().__init__("certkit: debug: %(name)s: %(message)s")
        self._shown = shown

    def format(self, record: logging.LogRecord) -> str:
        return self._shown(super().format(record)).replace("\n", "\n  | ")


def install(stream: TextIO | None, shown: Callable[[str], str] = str) -> None:
    """Sends every log record to `stream`, to nowhere where there is none; all of them redacted.

    The records themselves are redacted as they are made: also a handler that a library has given its own logger, or
    gives it later, gets no other ones. The root logger's handlers are taken away.

    Args:
        shown: what makes a text fit for a terminal: servers are quoted as they answer.
    """
    logging.setLogRecordFactory(RedactedRecord)
    root = logging.getLogger()
    handler = logging.StreamHandler(stream) if stream else logging.NullHandler()
    handler.setFormatter(_Formatter(shown))
    root.handlers[:] = [handler]
    root.setLevel(logging.DEBUG if stream else logging.CRITICAL)
