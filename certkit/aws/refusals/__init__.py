"""ACM's refusals, in words that name the real cause and the way out: its own mislead, and some quote what was sent.

Told by the code and by the words of the message that mean something, since AWS rewords its messages without notice.
"""

import re
from collections.abc import Iterable
from typing import Final

from certkit.aws.refusals import account, content, replacement
from certkit.aws.refusals.translation import Translation
from certkit.redaction import redact

__all__ = ["TRANSLATIONS", "Translation", "translate", "without_input"]

TRANSLATIONS: Final = (*content.TRANSLATIONS, *replacement.TRANSLATIONS, *account.TRANSLATIONS)
"""Of those that fit the first one counts."""

_QUOTED: Final = re.compile(r"Value '.*?(?:(?P<end>' at ')|\Z)", re.DOTALL)
"""A quote, and what begins as one and has no end: it is looked for once, and not from each beginning again."""

_BLOB: Final = re.compile(r"-----BEGIN.*?(?:-----END[^-]*-----|\Z)|[A-Za-z0-9+/=]{65,}", re.DOTALL)
"""What input looks like: a PEM block, and anything longer than a line of one."""

_MOST: Final = 600
"""Characters of ACM's words that are shown: with its longest known message there is room for two ARNs."""


def translate(code: str, words: str, known: Iterable[Translation] = TRANSLATIONS) -> tuple[str, str] | None:
    """Returns cause and fix of a refusal, None where it is not known. The cause is empty where AWS's words say it.

    Args:
        words: AWS's own, as `without_input` returns them.
        known: the refusals of the service, ACM's unless told.
    """
    for one in known:
        match = one.match(code, words)
        if match:
            found = {name: value or "?" for name, value in match.groupdict().items()}
            return one.cause.format_map(found), one.fix.format_map(found)
    return None


def without_input(words: str) -> str:
    """Returns ACM's words without what it quotes of the input, which may be a private key; cut off where they are endless."""
    told = _QUOTED.sub(lambda match: "Value at '" if match["end"] else match[0], words)
    text = redact(_BLOB.sub("[…]", told)).strip().rstrip(".")
    return text if len(text) <= _MOST else f"{text[:_MOST]}…"
