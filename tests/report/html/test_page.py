"""The HTML report as a file: valid, self-contained, and deaf to what certificates say."""

import base64
import hashlib
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any, Final

import html5lib
import pytest

from certkit.changes import Change, Changes, Kind
from certkit.estate import Finding
from certkit.estate.places import unused
from certkit.expiry import DEFAULT
from certkit.incident import Hit
from certkit.inventory import Coverage, Inventory, State
from certkit.report.html import page
from certkit.report.status import Status
from tests.cli.bundles import HOSTILE_NAME
from tests.estates import ACCOUNT, HOME, inventory, listed, scattered

MARKUP: Final = (
    "</script><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "<!--<script>",
    "' onmouseover='alert(1)",
    "&lt;b&gt;",
    HOSTILE_NAME,
)
"""What a certificate might say to become part of the page."""

URL_ATTRIBUTES: Final = frozenset({"href", "src", "action", "data", "srcset", "poster", "background", "ping"})


class Elements(HTMLParser):
    """Every element of a page with its attributes, and the text of its scripts and styles."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.bodies: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keeps an element."""
        self.found.append((tag, dict(attrs)))
        if tag in {"script", "style"}:
            self.bodies.append("")

    def handle_data(self, data: str) -> None:
        """Keeps what stands in a script or a style."""
        if self.cdata_elem:
            self.bodies[-1] += data


def show(seen: Inventory, **more: Any) -> str:
    """The page about an inventory."""
    return page(Status(seen, DEFAULT, **more))


def strict(text: str) -> Any:
    """The page as html5lib reads it, which refuses whatever HTML's parser calls an error."""
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text)


def estate_in(text: str) -> dict[str, Any]:
    """The certificates that the page carries for its script."""
    (element,) = strict(text).findall(".//script[@type='application/json']")
    found: dict[str, Any] = json.loads(element.text)
    return found


@pytest.mark.parametrize("count", [0, 1, 300])
def test_it_is_valid_html(count: int) -> None:
    text = show(inventory(scattered(count)))

    root = strict(text)

    assert root.find("head/title").text == "Certificates"
    assert len(estate_in(text)["certificates"]) == count


def test_it_asks_nobody_for_anything() -> None:
    elements = Elements(show(inventory(scattered(50))))

    addresses = {value for _, found in elements.found for name, value in found.items() if name in URL_ATTRIBUTES}

    assert addresses == {"#table", "data:,"}
    assert re.findall(r"url\(|@import|https?:", elements.bodies[0]) == []


def test_its_policy_lets_these_scripts_and_styles_run_and_no_others() -> None:
    elements = Elements(show(inventory(scattered(3))))

    policy = next(found["content"] for _, found in elements.found if "http-equiv" in found)
    style, _, script = elements.bodies
    digests = [base64.b64encode(hashlib.sha256(one.encode()).digest()).decode() for one in (style, script)]
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{digests[0]}'; script-src 'sha256-{digests[1]}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def test_no_element_brings_style_or_script_of_its_own() -> None:
    elements = Elements(show(inventory(scattered(50))))

    names = {name for _, found in elements.found for name in found}

    assert [name for name in names if name == "style" or name.startswith("on")] == []


@pytest.mark.parametrize("name", MARKUP)
def test_what_a_certificate_says_is_never_markup(name: str) -> None:
    evil = listed(name, left=1, name=None, owner=name, sans=(name,), kind=name, status=name, key_algorithm=name)
    unseen = Coverage(ACCOUNT, "eu-west-1", State.FAILED, name)
    changes = Changes("2026-11-01T00:00:00Z", (Change(Kind.CHANGED, {"domain": name, "arn": name}, {"name": name}),), 0)
    plain = replace(evil, summary=replace(evil.summary, domain="x", sans=("x",)))
    seen = Coverage(ACCOUNT, HOME, State.SEEN)

    text = show(inventory([evil], [seen, unseen]), changes=changes)
    innocent = show(inventory([plain], [seen, unseen]), changes=changes)

    tags = [tag for tag, _ in Elements(text).found]
    assert tags == [tag for tag, _ in Elements(innocent).found]
    assert strict(text) is not None
    assert all(one == "\n" or one.isprintable() for one in text)


def test_names_come_to_the_script_as_every_report_shows_them() -> None:
    text = show(inventory([listed(f"<{HOSTILE_NAME}>")]))

    (row,) = estate_in(text)["certificates"]

    assert row[0] == "<evil\\x1b[31mred\\x0d\\x0a\\u202eesrever\\u200b\\x07>"


def test_what_was_not_seen_heads_the_page() -> None:
    coverage = [Coverage(ACCOUNT, HOME, State.SEEN), Coverage(ACCOUNT, "eu-west-1", State.DENIED, "it may not")]

    root = strict(show(inventory([listed()], coverage)))

    said = "".join(root.find("body/header").itertext())
    assert "1 certificate in us-east-1; 1 denied" in said
    assert "Not everything was seen" in said
    assert "eu-west-1 was not seen: it may not" in said


def test_nothing_is_said_of_coverage_that_is_complete() -> None:
    root = strict(show(inventory([listed()])))

    assert root.find("body/header/div") is None


def test_findings_and_forecast_need_no_script() -> None:
    root = strict(show(inventory([listed(left=-1, name=None), listed(left=5, name=None, number=1)])))

    said = " ".join("".join(root.find("body/main").itertext()).split())
    assert next(one.text for one in root.findall(".//summary/b[2]")) == "in-use-expired"
    assert "47d2029-03-1531.3d" in said.replace(" ", "")
    assert "Nothing renews these" in said


def test_findings_that_were_looked_for_are_those_that_are_shown() -> None:
    closer = Finding(unused, (listed(),), ACCOUNT, HOME, "seen from close by")

    root = strict(show(inventory([listed(left=-1)]), findings=(closer,)))

    said = "".join(root.find("body/main").itertext())
    assert ("seen from close by" in said, "in-use-expired" in said) == (True, False)


def test_a_page_about_one_certificate_says_nothing_of_the_rest() -> None:
    wanted, other = listed(), listed("other.example.com", left=-1)

    text = show(inventory([wanted, other]), hits=(Hit(wanted),))

    assert [row[0] for row in estate_in(text)["certificates"]] == ["shop.example.com"]
    assert "other.example.com" not in text
    assert "Under shorter lifetimes" not in text


def test_what_changed_is_told() -> None:
    gone = Change(Kind.GONE, {"domain": "old.example.com", "arn": "arn:x"}, {})
    renewed = Change(
        Kind.RENEWED, {"domain": "shop.example.com", "arn": "arn:y"}, {"not_after": "2026-12-01T00:00:00Z"}
    )

    root = strict(show(inventory([listed()]), changes=Changes("2026-11-01T00:00:00Z", (gone, renewed), 0)))

    rows = [["".join(cell.itertext()) for cell in row] for row in root.findall(".//tr")]
    assert ["gone", "old.example.com", "arn:x", "-"] in rows
    assert ["renewed", "shop.example.com", "arn:y", "not_after: 2026-12-01T00:00:00Z"] in rows


def test_no_change_is_told_too() -> None:
    text = show(inventory([listed()]), changes=Changes("2026-11-01T00:00:00Z", (), 0))

    assert "Changes since 2026-11-01T00:00:00Z" in text
    assert "Nothing changed." in text


def test_a_hundred_of_a_kind_are_listed_and_the_others_counted() -> None:
    root = strict(show(inventory(listed(number=number, left=-1) for number in range(130))))

    kinds = {one.find("summary/b[2]").text: one for one in root.findall(".//details")}

    assert len(kinds["in-use-expired"].findall("ul/li")) == 100
    assert "And 30 more" in "".join(kinds["in-use-expired"].itertext())


def test_the_same_status_is_the_same_page() -> None:
    assert show(inventory(scattered(20))) == show(inventory(scattered(20)))
