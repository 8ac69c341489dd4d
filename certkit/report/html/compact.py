"""The certificates as the page carries them: rows of bare values, and words that repeat kept once."""

import datetime as dt
import json
from dataclasses import dataclass, field
from typing import Final

from certkit import expiry
from certkit.expiry import Urgency
from certkit.inventory import Inventory, Listed
from certkit.report import one_line

_URGENCIES: Final = (Urgency.EXPIRED, Urgency.CRITICAL, Urgency.EXPIRING, Urgency.GOOD)
"""In the order of `URGENCIES` in estate.js, where what was never issued is the fifth."""


@dataclass(slots=True)
class _Words:
    """Each word once, in the order in which it was met first."""

    places: dict[str, int] = field(default_factory=dict)

    def place(self, word: str) -> int:
        return self.places.setdefault(one_line(word), len(self.places))


def script_json(inventory: Inventory) -> str:
    """Returns the certificates as JSON that may stand inside a script element.

    What certificates and tags say is escaped as in every report. `<`, `>` and `&` stand as their numbers, so that no name
    ends the element or begins a comment in it: https://html.spec.whatwg.org/#restrictions-for-contents-of-script-elements.
    """
    words = _Words()
    rows = [_row(listed, inventory.at, words) for listed in inventory.certificates]
    found = {"at": int(inventory.at.timestamp()), "words": list(words.places), "certificates": rows}
    text = json.dumps(found, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _row(listed: Listed, now: dt.datetime, words: _Words) -> list[object]:
    """Returns what `readCertificate` in estate.js takes apart, in its order."""
    summary = listed.summary
    # Of an ARN all but the last part is the same for a whole region.
    prefix, slash, last = listed.place.rpartition("/") if listed.source is None else ("", "", listed.place)
    return [
        one_line(summary.domain or ""),
        one_line(listed.name or ""),
        one_line(listed.owner or ""),
        [one_line(san) for san in summary.sans],
        words.place(summary.kind),
        words.place(summary.status),
        words.place(summary.key_algorithm),
        words.place(listed.account or ""),
        words.place(listed.region or ""),
        words.place(prefix + slash),
        one_line(last),
        _seconds(summary.not_before),
        _seconds(summary.not_after),
        urgency_place(listed, now),
        int(summary.in_use),
    ]


def _seconds(moment: dt.datetime | None) -> int | None:
    return None if moment is None else int(moment.timestamp())


def urgency_place(listed: Listed, now: dt.datetime) -> int:
    """Returns which of the five states of the page a certificate is in, the most urgent being 0."""
    summary = listed.summary
    if summary.not_before is None or summary.not_after is None:
        return len(_URGENCIES)
    return _URGENCIES.index(expiry.urgency(summary.not_before, summary.not_after, now))
