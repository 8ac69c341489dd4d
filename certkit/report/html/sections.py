"""The parts of the page that need no script: what was seen, what is the matter, what is to come."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from certkit import limits
from certkit.changes import Change, Changes, place
from certkit.estate import Finding, Kind, Weight
from certkit.forecast import Forecast
from certkit.inventory import Inventory, problems
from certkit.report import outlook
from certkit.report.html.compact import urgency_place
from certkit.report.html.markup import Markup, element, items, joined, table

STATES: Final = (
    ("expired", "✕", "expired"),
    ("critical", "▲", "critical"),
    ("expiring", "△", "expiring"),
    ("good", "✓", "good"),
    ("unissued", "○", "never issued"),
)
"""How urgent a certificate is: its name in the style sheet, its mark and its word; the most urgent first."""

_MARKS: Final = {Weight.ERROR: ("critical", "✕"), Weight.WARNING: ("expiring", "▲"), Weight.NOTE: ("unissued", "●")}

_LISTED: Final = 100
"""As many of a kind are listed: who has more asks for JSON or CSV."""


def coverage(inventory: Inventory, head: str) -> Markup:
    """Returns what was seen and, before everything else, what was not."""
    unseen = list(problems(inventory))
    said = element("p", head)
    if not unseen:
        return said
    kind = "notes warning" if inventory.is_complete else "notes"
    title = "Not everything is known" if inventory.is_complete else "Not everything was seen"
    return joined((said, element("div", element("strong", title), items(unseen), class_=kind, role="note")))


def tiles(inventory: Inventory) -> Markup:
    """Returns how many certificates there are in each state, as buttons that leave those alone in the table."""
    counts = Counter(urgency_place(one, inventory.at) for one in inventory.certificates)
    return element("ul", *(_tile(*state, counts[place]) for place, state in enumerate(STATES)), class_="tiles")


def _tile(name: str, mark: str, word: str, count: int) -> Markup:
    sign = element("span", mark, class_="mark", aria_hidden="true")
    label = element("span", sign, word, class_=name)
    number = element("strong", f"{count:,}")
    return element("li", element("button", number, label, type="button", aria_pressed="false", data_urgency=name))


def findings(found: Sequence[Finding]) -> Markup:
    """Returns what is the matter with the estate, kind by kind, what matters most first."""
    if not found:
        return element("p", "Nothing was found.", class_="quiet")
    kinds = (_kind(kind, tuple(same)) for kind, same in groupby(found, key=lambda one: one.kind))
    return element("div", *kinds, class_="kinds")


def _kind(kind: Kind, found: Sequence[Finding]) -> Markup:
    style, mark = _MARKS[kind.weight]
    sign = element("span", mark, class_="mark", aria_hidden="true")
    weight = element("b", sign, str(kind.weight), class_=style)
    summary = element("summary", weight, element("b", kind.id), f"{len(found):,}")
    about = element("p", kind.explanation.split("\n\n")[0], class_="quiet")
    hint = element("p", f"To do: {kind.hint}.", class_="quiet")
    return element("details", summary, about, hint, items(map(_finding, found[:_LISTED])), *_more(found))


def _finding(finding: Finding) -> Markup:
    """Returns one finding, and the first of the certificates that it is about."""
    first = finding.certificates[0] if finding.certificates else None
    if first is None:
        where = " of ".join(filter(None, (finding.region, finding.account)))
        return joined((element("bdi", finding.message), element("code", where)))
    more = len(finding.certificates) - 1
    place = element("code", first.place + (f" and {more:,} more" if more else ""))
    return Markup(element("bdi", first.summary.domain or "-") + ": " + element("bdi", finding.message) + place)


def changes(found: Changes) -> Markup:
    """Returns what is not as it was."""
    title = element("h2", f"Changes since {found.since}")
    if not found.changes:
        return joined((title, element("p", "Nothing changed.", class_="quiet")))
    rows = (
        (str(one.kind), str(one.row.get("domain") or "-"), place(one.row), _before(one))
        for one in found.changes[:_LISTED]
    )
    head = ("Kind", "Names", "Where", "Before")
    return joined((title, table("What is not as it was", head, rows, heading=1), *_more(found.changes)))


def _before(change: Change) -> str:
    return ", ".join(f"{name}: {was}" for name, was in change.before.items()) or "-"


def forecast(seen: Forecast) -> Markup:
    """Returns the estate under shorter lifetimes, and what breaks first."""
    return joined(_forecast(seen, limits.MAX_IMPORTS_A_YEAR))


def _forecast(seen: Forecast, quota: int) -> Iterator[Markup]:
    share = "Renewed with a third of the lifetime left, half of it under ten days. Whether a reimport counts toward the quota AWS does not say."
    yield element("p", share, class_="quiet")
    yield table("The estate under each lifetime", [_title(one) for one in outlook.HEAD], outlook.rows(seen, quota))
    bursting = list(outlook.quota_lines(seen, quota))
    if bursting:
        yield element("div", element("strong", "Near or over a quota"), items(bursting), class_="notes warning")
    yield element("h3", "Nothing renews these")
    if not seen.manual:
        yield element("p", "Nothing is renewed by hand.", class_="quiet")
        return
    rows = (outlook.manual_row(one, seen.at) for one in seen.manual[:_LISTED])
    caption = "The first to break first. Gap: when today's rhythm of renewals first comes too late, as public CAs issue for less."
    yield table(caption, [_title(one) for one in outlook.MANUAL_HEAD], rows, heading=5)
    yield from _more(seen.manual)


def _title(head: str) -> str:
    return head if head == "ARN" else head.capitalize()


def _more(things: Sequence[object]) -> Iterator[Markup]:
    if len(things) > _LISTED:
        yield element("p", f"And {len(things) - _LISTED:,} more: --format json has them all.", class_="quiet")
