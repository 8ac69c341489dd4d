"""Keeps private keys and passwords out of every log: botocore's own DEBUG log holds the key of each import."""

import logging
import re
from typing import Final, TextIO

_MARK: Final = "[redacted]"
_SECRETS: Final = (
    # A PEM key, with real or literal line ends, also one that the end of the record cuts off.
    re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.DOTALL),
    # ImportCertificate's member, as JSON and as Python print it: base64 of the PEM, or the PEM itself.
    re.compile(r"""(?<=PrivateKey["'])\s*:\s*b?(["']).*?\1""", re.DOTALL),
    # A PEM key in base64: "-----BEGIN " at each of the three alignments.
    re.compile(r"(?:LS0tLS1CRUdJTi|0tLS0tQkVHSU4g|tLS0tLUJFR0lOI)[A-Za-z0-9+/=\\n]*"),
    re.compile(r"""(?i)(?<=secretaccesskey["'])\s*:\s*(["']).*?\1|(?<=sessiontoken["'])\s*:\s*(["']).*?\2"""),
    re.compile(r"(?i)(?<=<secretaccesskey>)[^<]*|(?<=<sessiontoken>)[^<]*"),
    re.compile(r"(?i)(?<=x-amz-security-token:)\S+"),
)


def redact(text: str) -> str:
    """Returns `text` without the private keys and credentials that stand in it."""
    for secret in _SECRETS:
        text = secret.sub(_MARK, text)
    return text


class RedactingFormatter(logging.Formatter):
    """Formats a record, its arguments and its traceback, then redacts the whole."""

    def format(self, record: logging.LogRecord) -> str:
        """Returns the record as one redacted text."""
        return redact(super().format(record))


def install(stream: TextIO | None) -> None:
    """Sends every log record to `stream`, redacted; to nowhere where there is none.

    The root logger's other handlers are taken away, and those of libraries too: nothing is logged past the redaction.
    """
    root = logging.getLogger()
    handler = logging.StreamHandler(stream) if stream else logging.NullHandler()
    handler.setFormatter(RedactingFormatter("certkit: debug: %(name)s: %(message)s"))
    root.handlers[:] = [handler]
    root.setLevel(logging.DEBUG if stream else logging.CRITICAL)
