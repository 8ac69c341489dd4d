"""Tests that everything that is wrong with a manifest is told, and not only the first of it."""

from pathlib import Path

import pytest

from certkit.errors import ConfigurationError
from certkit.manifest import parse
from certkit.manifest.checking import problems
from tests.manifest.test_reading import CONTRACT

PATH = Path("certkit.toml")
WRONG = """bogus = 1
[defaults]
regions = ["Ireland"]
[accounts.prod]
id = "1"
[accounts.test]
id = "111122223333"
wave = 0
[waves]
pause = "soon"
[certificates.shop]
source = "shop.pfx"
accounts = ["prod"]
[certificates.web]
sorce = "web.pfx"
[certificates.api]
source = "api.pfx"
accounts = ["produ"]
[[freeze]]
from = 2026-12-18
until = "Mon 06:00"
reason = "no kind of time"
accounts = ["test"]
"""


def messages(text: str) -> list[str]:
    return [error.message for error in problems(text, PATH)]


def test_the_first_mistake_of_each_table_is_told_in_the_order_of_lines() -> None:
    assert messages(WRONG) == [
        "certkit.toml:1: bogus: there is no such key",
        "certkit.toml:3: defaults.regions: 'Ireland' is no region",
        "certkit.toml:5: accounts.prod.id: '1' is no account's ID",
        "certkit.toml:8: accounts.test.wave: 0 is no wave",
        "certkit.toml:10: waves.pause: 'soon' is no time",
        "certkit.toml:15: certificates.web.sorce: there is no such key",
        "certkit.toml:18: certificates.api.accounts: there is no account 'produ'",
        "certkit.toml:21: freeze.1.until: one of from and until comes once, the other every week or day",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "[certificates.shop",
        "certificates = 1",
        "accounts = 1\n[certificates.shop]\nsource = 'a'",
        "[accounts.a]\nid = '111122223333'\n[accounts.b]\nid = '111122223333'",
        "[certificates]\nshop = 1",
        "[[waiver]]\nrule = 'x'",
        "[owners.web]",
    ],
)
def test_what_cannot_be_parsed_has_a_problem_and_the_same_one(text: str) -> None:
    with pytest.raises(ConfigurationError) as raised:
        parse(text, PATH)

    assert raised.value.message in messages(text)


def test_a_manifest_that_can_be_used_has_none() -> None:
    assert messages(CONTRACT) == []
