"""Headless Chromium, as Debian packages it; without playwright these tests are not collected."""

from __future__ import annotations

import shutil
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

CHROMIUM = "chromium-headless-shell"

collect_ignore_glob = [] if find_spec("playwright") else ["test_*.py"]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser; the sandbox of its own needs a user that is not root, and what it opens here is ours."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 -- it may not be there

    with sync_playwright() as playwright:
        path = shutil.which(CHROMIUM)
        assert path is not None, f"{CHROMIUM} is not installed: make test-browser installs it"
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Browser, tmp_path: Path) -> Iterator[Callable[..., Page]]:
    """Opens a page from its file, and fails the test if it says anything on the console or asks for anything."""
    complaints: list[str] = []
    contexts = []

    def open_page(text: str, *, width: int = 1400, script: bool = True, **settings: Any) -> Page:
        path = tmp_path / "status.html"
        path.write_text(text, "utf-8")
        context = chromium.new_context(
            viewport={"width": width, "height": 900},
            java_script_enabled=script,
            **settings,
        )
        contexts.append(context)
        opened = context.new_page()
        opened.on("console", lambda message: complaints.append(message.text))
        opened.on("pageerror", lambda error: complaints.append(str(error)))
        opened.on("dialog", lambda dialog: complaints.append(dialog.message))
        opened.on("request", lambda request: complaints.append(request.url) if request.url != path.as_uri() else None)
        opened.goto(path.as_uri())
        if script:
            opened.wait_for_selector("html[data-ready]")
        return opened

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []
