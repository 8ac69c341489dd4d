"""Tests of what docs/waves.md shows: it can be copied as it stands."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from certkit.manifest import parse

PAGE: Final = (Path(__file__).parents[1] / "docs" / "waves.md").read_text("utf-8")


def test_the_manifest_means_what_the_page_says_of_it() -> None:
    (text,) = re.findall(r"^```toml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)

    found = parse(text, Path("certkit.toml"))

    places = [("111122223333", "eu-west-1"), ("444455556666", "eu-west-1"), ("111122223333", "us-east-1")]
    assert [found.waves.number(*place) for place in places] == [1, 2, 3]
    friday_evening = datetime(2026, 11, 27, 18, 0, tzinfo=UTC)
    christmas, weekend = found.freezes
    assert (weekend.holds(None, friday_evening), weekend.accounts) == (True, ("444455556666",))
    assert str(christmas) in PAGE
