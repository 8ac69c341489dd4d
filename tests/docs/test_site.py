"""The site as it was built: `make docs` runs this behind mkdocs."""

import re
from pathlib import Path
from typing import Final
from urllib.parse import unquote

import html5lib
import pytest

from tests.docs.reading import PAGES, ROOT

pytestmark = pytest.mark.site

SITE: Final = ROOT / "site"
LOADED: Final = {
    "script": "src",
    "img": "src",
    "link": "href",
    "iframe": "src",
    "source": "src",
    "object": "data",
    "embed": "src",
}
"""What a browser fetches without being asked, by element: the attribute that says from where."""
_HTML: Final = "{http://www.w3.org/1999/xhtml}"


def _pages() -> list[Path]:
    return sorted(SITE.rglob("*.html"))


def test_every_page_was_built() -> None:
    built = {path.name for path in _pages()}

    assert {Path(page).stem + ".html" for page in PAGES if page.startswith("docs/")} <= built
    assert (SITE / "search" / "search_index.json").stat().st_size > 100_000


def test_nothing_is_loaded_from_elsewhere_and_everything_that_is_linked_is_there() -> None:
    found = []
    for path in _pages():
        tree = html5lib.parse(path.read_text("utf-8"))
        for element in tree.iter():
            name = str(element.tag).removeprefix(_HTML)
            target = element.get(LOADED.get(name, "href" if name == "a" else "")) or ""
            is_elsewhere = re.match(r"(\w+:)?//", target) is not None
            if (is_elsewhere and name != "a") or (
                not is_elsewhere and ":" not in target and not _is_there(path, target)
            ):
                found.append((path.name, name, target))

    assert found == []


def test_no_style_loads_anything_from_elsewhere() -> None:
    styles = "".join(path.read_text("utf-8") for path in SITE.rglob("*.css"))

    assert re.findall(r"""(?:url\(|@import )["']?(?:https?:)?//[^)]*""", styles) == []


def test_no_markdown_is_left() -> None:
    """A list that is glued to a paragraph, a table that is none, a pipe that is still escaped."""
    left = {
        path.name: found
        for path in _pages()
        if (found := re.findall(r"<p>[^<]*\n- |<p>\| |\\\|", path.read_text("utf-8")))
    }

    assert left == {}


def _is_there(page: Path, target: str) -> bool:
    path, _, anchor = target.partition("#")
    place = page.parent / unquote(path) if path and path != "." else page
    if path.startswith("/"):  # in 404.html, which is shown at any address
        place = SITE / unquote(path).lstrip("/")
    if not place.exists():
        return False
    return not anchor or place.suffix != ".html" or f'id="{anchor}"' in place.read_text("utf-8")
