"""CONTRIBUTING.md leads to places that are there."""

import re
from pathlib import Path
from typing import Final

import pytest

from certkit.cli.options import StatusFormat
from certkit.formats import Format
from certkit.rules import RULES
from certkit.rules.services import SERVICES
from tests.formats.test_dispatch import EXAMPLES
from tests.rules.cases import BREACHES

ROOT: Final = Path(__file__).parents[1]
PAGE: Final = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
TARGETS: Final = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))


@pytest.mark.parametrize(
    "path", sorted(set(re.findall(r"`((?:certkit|tests|docs|fuzz|fixtures|requirements)/[\w./-]*)`", PAGE)))
)
def test_a_path_that_is_named_is_there(path: str) -> None:
    assert (ROOT / path).exists()


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\(([^)#]+)\)", PAGE))))
def test_a_link_leads_somewhere(link: str) -> None:
    assert (ROOT / link).exists()


def test_a_target_that_is_named_is_one() -> None:
    assert set(re.findall(r"(?:^|`|=\d+ )make ([a-z-]+)", PAGE, re.MULTILINE)) <= TARGETS


@pytest.mark.parametrize("kind", ["rule", "format", "source", "service", "report"])
def test_each_kind_of_addition_has_its_steps(kind: str) -> None:
    steps = PAGE.partition(f"## Add a {kind}\n")[2].partition("\n## ")[0]

    assert "By the example of" in steps
    assert re.findall(r"^(\d)\.", steps, re.MULTILINE)[:3] == ["1", "2", "3"]


def test_every_place_that_a_step_names_is_in_its_file() -> None:
    places = {
        "certkit/rules/content.py": ["def weak_key(", "RULES = ("],
        "certkit/formats/jks.py": ["def read("],
        "certkit/formats/telling.py": ["class Format("],
        "certkit/sources/endpoint.py": ["def read("],
        "certkit/sources/__init__.py": ["def read(", "def is_remote(", "def stem("],
        "certkit/rules/services/table.py": ["SERVICES:", '"opensearch"'],
        "certkit/cli/options.py": ["class StatusFormat("],
        "certkit/cli/status_output.py": ["case StatusFormat.CSV:"],
    }

    assert [
        (file, word) for file, words in places.items() for word in words if word not in (ROOT / file).read_text()
    ] == []


def test_the_examples_are_what_they_are_called() -> None:
    assert "weak-key" in {rule.id for rule in RULES} & set(BREACHES)
    assert "opensearch" in SERVICES
    assert Format.JKS in EXAMPLES
    assert StatusFormat("csv")
