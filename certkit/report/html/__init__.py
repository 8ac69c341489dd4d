"""The status as one HTML file that asks nobody for anything: no request leaves it, and no name in it becomes markup."""

import base64
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import Final

from certkit.estate import Estate, Finding, find
from certkit.forecast import Forecast, foresee
from certkit.inventory import Inventory
from certkit.lifetimes import public_lifetimes
from certkit.report.certificate import time_text
from certkit.report.html import controls, sections
from certkit.report.html.compact import script_json
from certkit.report.html.markup import Markup, element, joined
from certkit.report.status import Status, head

_STYLE: Final = "page.css"
_SCRIPTS: Final = ("estate.js", "table.js", "histogram.js", "timeline.js", "main.js")
"""In the order in which they need each other; they become one script."""


@dataclass(frozen=True, slots=True)
class Content:
    """Everything that the page says.

    Attributes:
        listed: what the table and the pictures show.
        found: what is the matter, what matters most first.
        forecast: None where the page is about some certificates, and not about all.
    """

    status: Status
    listed: Inventory
    found: Sequence[Finding]
    forecast: Forecast | None


def page(status: Status) -> str:
    """Returns the page, without the end of its last line."""
    content = _content(status)
    return f"<!DOCTYPE html>\n{element('html', _head(), _body(content), lang='en')}"


def _content(status: Status) -> Content:
    """Returns what there is to say: where something is looked for, nothing is said of all the rest."""
    inventory = status.inventory
    listed = replace(inventory, certificates=status.certificates)
    if status.hits is not None:
        return Content(status, listed, (), None)
    found = find(Estate(inventory)) if status.findings is None else status.findings
    return Content(status, listed, found, foresee(inventory, public_lifetimes(inventory.at)))


def _head() -> Markup:
    style, script = _style(), _script()
    # Nothing is fetched and nothing is run but these two, whatever may have come in by a name:
    # https://www.w3.org/TR/CSP3/#framework-directive-source-list.
    policy = (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
    return element(
        "head",
        Markup('<meta charset="utf-8">\n'),
        Markup(f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'),
        Markup('<meta name="viewport" content="width=device-width, initial-scale=1">\n'),
        Markup('<meta name="color-scheme" content="light dark">\n<meta name="referrer" content="no-referrer">\n'),
        Markup('<link rel="icon" href="data:,">\n'),
        element("title", "Certificates"),
        element("style", style),
    )


def _body(content: Content) -> Markup:
    inventory = content.status.inventory
    title = (element("h1", "Certificates"), _taken(inventory), sections.coverage(inventory, head(content.status)))
    parts = (
        element("a", "To the table", href="#table", class_="skip"),
        element("header", *title),
        element("main", joined(_main(content))),
        element("script", Markup(script_json(content.listed)), id="estate", type="application/json"),
        element("script", _script()),
    )
    return element("body", joined(parts))


def _taken(inventory: Inventory) -> Markup:
    moment = time_text(inventory.at)
    return element("p", "certkit status, taken ", element("time", moment, datetime=moment), class_="quiet")


def _main(content: Content) -> Iterator[Markup]:
    without = element("p", "The pictures and the table need JavaScript; the rest does not.", class_="notes warning")
    yield from (sections.tiles(content.listed), element("noscript", without), controls.pictures())
    if content.status.changes is not None:
        yield sections.changes(content.status.changes)
    if content.forecast is not None:
        yield from (element("h2", "Findings"), sections.findings(content.found))
    yield from (element("h2", "All certificates", id="table"), controls.filters(), controls.certificates())
    if content.forecast is not None:
        yield from (element("h2", "Under shorter lifetimes"), sections.forecast(content.forecast))


@cache
def _style() -> Markup:
    return Markup(_asset(_STYLE))


@cache
def _script() -> Markup:
    return Markup('"use strict";\n' + "\n".join(map(_asset, _SCRIPTS)))


def _asset(name: str) -> str:
    return resources.files(__name__).joinpath("assets", name).read_text("utf-8")


def _hash(content: str) -> str:
    """Returns what a content security policy knows an inline script or style by."""
    return "sha256-" + base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
