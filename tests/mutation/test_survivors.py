"""Which changes went unnoticed, and which of them the page gives a reason for."""

from pathlib import Path
from typing import Final

import pytest

from mutation.survivors import Survivor, explained, is_explained, is_killed, read_results

ROOT: Final = Path(__file__).parents[2]
RESULTS: Final = """\
    certkit.chain.x_find_path__mutmut_1: survived
    certkit.chain.x_find_path__mutmut_2: killed
    certkit.patience.xǁPatienceǁtries__mutmut_3: no tests
"""
SHOWN: Final = """\
# certkit.chain.x__find_path__mutmut_17: survived
--- certkit/chain.py
+++ certkit/chain.py
@@ -4,7 +4,7 @@
     issuers = issuers_from((leaf,), pool)
-    if all(len(above) <= 1 for above in issuers):
+    if all(len(above) < 1 for above in issuers):
         path = tuple(issuers)
"""
FOUND: Final = Survivor.of("certkit.chain.x__find_path__mutmut_17", SHOWN)


def test_the_results_are_read_with_every_status() -> None:
    assert read_results(RESULTS) == {
        "certkit.chain.x_find_path__mutmut_1": "survived",
        "certkit.chain.x_find_path__mutmut_2": "killed",
        "certkit.patience.xǁPatienceǁtries__mutmut_3": "no tests",
    }


@pytest.mark.parametrize(
    ("status", "expected"), [("killed", True), ("timeout", True), ("survived", False), ("no tests", False)]
)
def test_what_no_longer_ends_was_noticed_and_what_no_test_reaches_was_not(status: str, *, expected: bool) -> None:
    assert is_killed(status) is expected


def test_a_survivor_is_its_function_and_the_lines_that_differ() -> None:
    survivor = Survivor.of("certkit.chain.x__find_path__mutmut_17", SHOWN)

    assert survivor == Survivor(
        "certkit.chain._find_path",
        "-    if all(len(above) <= 1 for above in issuers):\n+    if all(len(above) < 1 for above in issuers):",
    )


def test_a_method_is_named_with_its_class() -> None:
    assert Survivor.of("certkit.patience.xǁPatienceǁtries__mutmut_3", "").function == "certkit.patience.Patience.tries"


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("| `certkit.chain._find_path` | `` len(above) < 1 `` | the search for forks finds the only path, too |", True),
        ("| `certkit.chain._find_path` | `` -    if all( `` | the search for forks finds the only path, too |", True),
        ("| `certkit.chain._find_path` | `` len(above) <= 1 `` | it is in the line that went |", False),
        ("| `certkit.chain.find_path` | `` len(above) < 1 `` | another function |", False),
        ("`certkit.chain._find_path`: `` len(above) < 1 ``, which is no row", False),
    ],
)
def test_a_row_of_the_page_explains_a_change_in_its_function(row: str, *, expected: bool) -> None:
    assert is_explained(FOUND, explained(f"# Tests\n\n{row}\n")) is expected


def test_a_stroke_in_a_row_stands_for_itself() -> None:
    assert explained("| `certkit.a.b` | `` A \\| B `` | why |") == {("certkit.a.b", "A | B")}
