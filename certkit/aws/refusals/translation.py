"""One refusal of ACM's, in words that name the real cause and the way out."""

import re
from dataclasses import dataclass
from typing import Final

CONTENT: Final = ("ValidationException", "InvalidParameterException")
"""What ACM calls a refusal of the content; the second one is in its model, the first is what it answers."""


@dataclass(frozen=True, slots=True)
class Translation:
    """What a refusal means.

    Attributes:
        codes: AWS's codes that it comes under.
        pattern: what is looked for in the message, whatever its case; empty for every message under the codes.
        cause: the real cause, with the pattern's groups in it; empty where ACM's own words say it.
        fix: the way out, with the pattern's groups in it.
        example: a message as it was seen, or as it is imitated.
        source: where it was seen, or what documents it.
    """

    codes: tuple[str, ...]
    pattern: str
    cause: str
    fix: str
    example: str
    source: str

    def match(self, code: str, words: str) -> re.Match[str] | None:
        """Returns how it fits ACM's answer, None where it does not."""
        return re.search(self.pattern, words, re.IGNORECASE | re.DOTALL) if code in self.codes else None
