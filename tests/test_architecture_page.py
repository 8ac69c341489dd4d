"""docs/architecture.md says where everything is."""

import re
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
PAGE: Final = (ROOT / "docs/architecture.md").read_text()


def test_every_module_has_its_place_in_the_table() -> None:
    table = PAGE.partition("## What is where")[2].partition("## Adding")[0]
    modules = {path.stem for path in (ROOT / "certkit").iterdir() if not path.name.startswith(("_", "py."))}

    named = {name for name in re.findall(r"`([a-z0-9_]+)`", table) if name in modules}

    assert named == modules
