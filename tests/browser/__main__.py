"""Writes the picture of the HTML report in the documentation: `python -m tests.browser`, after `make test-browser`."""

import shutil
import tempfile
from pathlib import Path
from typing import Final

from playwright.sync_api import sync_playwright

from certkit.expiry import DEFAULT
from certkit.inventory import Coverage, State
from certkit.report.html import page
from certkit.report.status import Status
from tests.estates import inventory, scattered

PICTURE: Final = Path(__file__).parents[2] / "docs" / "status.png"


def main() -> None:
    """Writes the picture."""
    seen = inventory(scattered(400))
    denied = Coverage("111111111113", "eu-south-1", State.DENIED, "listing the certificates: AccessDeniedException")
    text = page(Status(inventory(seen.certificates, [*seen.coverage, denied]), DEFAULT))
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        file = Path(folder) / "status.html"
        file.write_text(text, "utf-8")
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium-headless-shell"), args=["--no-sandbox"]
        )
        opened = browser.new_page(viewport={"width": 1280, "height": 900})
        opened.goto(file.as_uri())
        opened.wait_for_selector("html[data-ready]")
        opened.screenshot(path=PICTURE)
        browser.close()


if __name__ == "__main__":
    main()
