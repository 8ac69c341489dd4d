"""Every link of the documentation leads somewhere, also as a reader of the repository follows it."""

import re
from pathlib import Path
from typing import Final

import pytest

from certkit.cli.manual import manuals, shared
from certkit.report import commands, documents
from tests.docs.reading import PAGES, ROOT, prose, text_of

_LINK: Final = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_HEADING: Final = re.compile(r"^#+ (.+)$", re.MULTILINE)


def _anchors(path: Path) -> set[str]:
    """The anchors of a page, as GitHub and mkdocs make them of headings without marks."""
    headings = _HEADING.findall(path.read_text("utf-8"))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", [*PAGES, "CHANGELOG.md"])
def test_every_link_leads_to_a_file_and_a_heading(page: str) -> None:
    here = ROOT / page
    broken = []
    for target in _LINK.findall(re.sub(r"`[^`]*`", "", prose(page))):
        path, _, anchor = target.partition("#")
        place = here.parent / path if path else here
        if "://" in target or target.startswith("mailto:"):
            continue
        if not place.exists() or (anchor and anchor not in _anchors(place)):
            broken.append(target)

    assert broken == []


def test_every_page_has_its_place_in_the_site() -> None:
    navigation = (ROOT / "mkdocs.yml").read_text("utf-8").partition("\nnav:\n")[2]

    missing = [page for page in PAGES if page.startswith("docs/") and f" {Path(page).name}\n" not in navigation]

    assert missing == []


@pytest.mark.parametrize("page", PAGES)
def test_a_list_stands_apart_from_the_paragraph_before_it(page: str) -> None:
    """Python-Markdown takes it for a part of the paragraph else, where GitHub does not."""
    text = prose(page)

    glued = [found[1] for found in re.finditer(r"^(?![-*#|]|\d+\. |  ).+\n((?:[-*]|1\.) .+)$", text, re.MULTILINE)]

    assert glued == []


def test_the_page_of_commands_is_made_from_the_code() -> None:
    assert text_of("docs/commands.md") == commands.page(manuals(), shared())


def test_the_page_of_schemas_is_made_from_the_code() -> None:
    assert text_of("docs/schemas.md") == documents.page()


@pytest.mark.parametrize("word", ["leaf", "chain", "SOURCE", "PFX", "ARN", "reimport", "ledger", "escrow", "wave"])
def test_the_glossary_has_the_words_that_the_help_uses(word: str) -> None:
    rows = re.findall(r"^\| ([^|]+) \|", text_of("docs/glossary.md"), re.MULTILINE)

    assert word in rows
    assert rows[2:] == sorted(rows[2:], key=str.casefold)
