"""Pieces of HTML. Whatever is no piece itself is text, and is escaped."""

import html
from collections.abc import Iterable, Sequence

from certkit.report import one_line


class Markup(str):
    """HTML that is complete and safe to stand in a page."""

    __slots__ = ()


def text(said: str) -> Markup:
    """Returns text as HTML; what nobody would see in it is escaped as in every report."""
    return Markup(html.escape(one_line(said)))


def element(tag: str, *content: str | Markup, **attributes: str) -> Markup:
    """Returns an element; `class_` is the attribute class, and `_` in a name a hyphen."""
    names = ((name.rstrip("_").replace("_", "-"), value) for name, value in attributes.items())
    opening = "".join(f' {name}="{text(value)}"' for name, value in names)
    return Markup(f"<{tag}{opening}>{''.join(map(_piece, content))}</{tag}>")


def joined(pieces: Iterable[Markup]) -> Markup:
    """Returns pieces one after the other."""
    return Markup("\n".join(pieces))


def items(lines: Iterable[str | Markup]) -> Markup:
    """Returns a list with an item for each line."""
    return element("ul", *(element("li", line) for line in lines))


def table(caption: str, head: Sequence[str], rows: Iterable[Sequence[str | Markup]], *, heading: int = 0) -> Markup:
    """Returns a table in a frame that scrolls; the cell in the place `heading` names its row."""
    top = element("tr", *(element("th", cell, scope="col") for cell in head))
    body = (
        element("tr", *(_cell(cell, is_heading=place == heading) for place, cell in enumerate(row))) for row in rows
    )
    inner = element(
        "table", element("caption", caption), element("thead", top), element("tbody", *body), class_="plain"
    )
    return element("div", inner, class_="scroll", tabindex="0", role="region", aria_label=caption)


def _cell(content: str | Markup, *, is_heading: bool) -> Markup:
    inner = content if isinstance(content, Markup) else element("bdi", content)
    return element("th", inner, scope="row") if is_heading else element("td", inner)


def _piece(content: str | Markup) -> Markup:
    return content if isinstance(content, Markup) else text(content)
