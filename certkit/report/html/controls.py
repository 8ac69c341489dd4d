"""The parts of the page that its script fills: the pictures, the filters and the table."""

from typing import Final

from certkit.report.html.markup import Markup, element, joined

_COLUMNS: Final = (
    ("domain", "Names"),
    ("state", "State"),
    ("left", "Days"),
    ("share", "Left"),
    ("left-day", "Expires"),
    ("account", "Account"),
    ("region", "Region"),
    ("owner", "Owner"),
    ("used", "In use"),
    ("name", "certkit's name"),
    ("key", "Key"),
    ("type", "Type"),
)
"""The columns, by what they are sorted by; the day and the state sort as the days do, and have no button."""

_UNSORTED: Final = frozenset({"left-day", "state"})
_CHOICES: Final = (("", "any"), ("yes", "yes"), ("no", "no"))
_PAGES: Final = (("first", "First"), ("previous", "Previous"), ("next", "Next"), ("last", "Last"))


def pictures() -> Markup:
    """Returns the histogram and the timeline, empty."""
    bars = element("ol", id="bars", class_="bars")
    unit = element("figcaption", element("span", id="unit"))
    canvas = element("canvas", id="timeline", role="img", aria_label="Lifetimes of all certificates")
    said = "A line is a certificate: faint what is past, full what is left. "
    caption = element("figcaption", said, element("output", id="readout"))
    return element(
        "div",
        element("figure", element("h2", "When they expire"), bars, unit),
        element("figure", element("h2", "Lifetimes"), canvas, caption),
        class_="pictures",
    )


def filters() -> Markup:
    """Returns what leaves some certificates alone in the table."""
    search = Markup('<input type="search" name="text" autocomplete="off" spellcheck="false">')
    return element(
        "form",
        element("label", "Filter by any text", search),
        _select("account", "Account", (("", "any"),)),
        _select("region", "Region", (("", "any"),)),
        _select("used", "In use", _CHOICES),
        _select("renewed", "Has certkit's name", _CHOICES),
        element("button", "Show all", type="reset"),
        role="search",
        aria_label="Filter the certificates",
    )


def _select(name: str, label: str, choices: tuple[tuple[str, str], ...]) -> Markup:
    options = (element("option", word, value=value) for value, word in choices)
    return element("label", label, element("select", *options, name=name))


def certificates() -> Markup:
    """Returns the table, empty, and what turns its pages."""
    heads = (_head(column, title) for column, title in _COLUMNS)
    caption = element("caption", "Every certificate that was seen. The head of a column sorts by it.")
    table = element(
        "table", caption, element("thead", element("tr", *heads)), Markup("<tbody></tbody>"), id="certificates"
    )
    frame = element("div", table, class_="scroll", tabindex="0", role="region", aria_label="The certificates")
    return joined((_pages(), frame))


def _head(column: str, title: str) -> Markup:
    if column in _UNSORTED:
        return element("th", title, scope="col")
    return element("th", element("button", title, type="button"), scope="col", data_column=column, aria_sort="none")


def _pages() -> Markup:
    buttons = (element("button", title, type="button", data_page=page) for page, title in _PAGES)
    count = element("span", id="count", role="status")
    return element("div", count, *buttons, id="pages", class_="pages", role="group", aria_label="Pages of the table")
