"""The marks of the HTML report in headless Chromium: `make bench`.

Ten thousand certificates: how long the page takes until it is ready, from the file, and from a key that somebody presses in
the filter until its effect is painted.
"""

import shutil
import statistics
import tempfile
import time
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.marks import Mark, show
from certkit.expiry import DEFAULT
from certkit.report.html import page
from certkit.report.status import Status
from tests.estates import inventory, scattered

CERTIFICATES: Final = 10_000
ROUNDS: Final = 5
READY_SECONDS: Final = 2.0
PAINT_MILLISECONDS: Final = 100.0

TYPED: Final = "shop\b\b\b\bpayments www"
"""Twenty keys: from all certificates to some, back to all, and to others; \\b is the backspace."""

WATCH: Final = """() => {
  window.paints = [];
  document.querySelector("input[name=text]").addEventListener("input", (event) => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    // What is posted within a frame comes after it was painted.
    port1.onmessage = () => window.paints.push(performance.now() - event.timeStamp);
    port2.postMessage(null);
  }));
}"""


def main() -> None:
    """Measures both marks and prints them."""
    text = _made()
    with tempfile.TemporaryDirectory(prefix="certkit-bench-") as folder, sync_playwright() as playwright:
        file = Path(folder) / "status.html"
        file.write_text(text, "utf-8")
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium-headless-shell"), args=["--no-sandbox"]
        )
        rounds = [_round(browser, file) for _ in range(ROUNDS)]
        browser.close()
    ready = max(one for one, _ in rounds)
    paints = [statistics.quantiles(one, n=20, method="inclusive")[-1] for _, one in rounds]
    print(f"        ready after {', '.join(f'{one:.2f}' for one, _ in rounds)} s")
    print(f"        key to paint, medians: {', '.join(f'{statistics.median(one):.0f}' for _, one in rounds)} ms")
    print(f"        key to paint, 95th percentile of {len(TYPED)}: {', '.join(f'{one:.0f}' for one in paints)} ms")
    show(
        [
            Mark(f"HTML of {CERTIFICATES:,} certificates, ready", ready, READY_SECONDS, "s"),
            Mark(f"HTML of {CERTIFICATES:,}, key to paint", statistics.median(paints), PAINT_MILLISECONDS, "ms"),
        ]
    )


def _made() -> str:
    seen = inventory(scattered(CERTIFICATES))
    start = time.perf_counter()
    text = page(Status(seen, DEFAULT))
    print(
        f"        HTML of {CERTIFICATES:,} certificates: {len(text) / 1e6:.1f} MB in {time.perf_counter() - start:.2f} s"
    )
    return text


def _round(browser: Browser, file: Path) -> tuple[float, list[float]]:
    """Returns the seconds until the page is painted whole, and the milliseconds from each key to its paint."""
    opened = browser.new_page(viewport={"width": 1400, "height": 900})
    start = time.perf_counter()
    opened.goto(file.as_uri())
    opened.wait_for_selector("html[data-ready]")
    opened.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    ready = time.perf_counter() - start
    opened.evaluate(WATCH)
    paints = _typed(opened)
    opened.close()
    return ready, paints


def _typed(opened: Page) -> list[float]:
    opened.focus("input[name=text]")
    for number, key in enumerate(TYPED, 1):
        opened.keyboard.press("Backspace" if key == "\b" else key)
        while opened.evaluate("window.paints.length") < number:
            opened.wait_for_timeout(5)
    found: list[float] = opened.evaluate("window.paints")
    return found


if __name__ == "__main__":
    main()
