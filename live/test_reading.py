"""What certkit relies on, without writing anything."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from live import facts

if TYPE_CHECKING:
    from collections.abc import Callable

    from live.conftest import Comparison
    from live.facts import Facts
    from live.sides import Side

NEEDED = {
    "the account has twelve digits": True,
    "the list of all key types has what the default list has": True,
    "the certificate stands alone": True,
    "refused with, describe what is not there": "ResourceNotFoundException",
    "refused with, get what is not there": "ResourceNotFoundException",
    "refused with, tags of what is not there": "ResourceNotFoundException",
}
"""The facts without which certkit does not work; all others may differ."""


@pytest.mark.parametrize("say", facts.READING, ids=lambda say: str(say.__name__))
def test_what_certkit_needs_holds_and_the_rest_is_compared(
    say: Callable[[Side], Facts], real: Side, strict: Side, comparison: Comparison
) -> None:
    """Each group of facts, from both sides."""
    here, there = say(real), say(strict)

    comparison.compare(here, there)
    told = {name: value for name, value in here.items() if name in NEEDED and value is not None}
    assert told == {name: NEEDED[name] for name in told}  # noqa: S101 -- pytest's


def test_status_shows_what_the_list_shows(real: Side) -> None:
    """`certkit status`, in the region that is looked at."""
    rows = real.listed_whole()

    code, out, err = real.certkit("status", "--region", real.region, "--format", "json")

    shown = {row["arn"]: row["not_after"] is None for row in json.loads(out)["certificates"]}
    assert code == 0, err  # noqa: S101 -- pytest's
    assert shown == {row["CertificateArn"]: "NotAfter" not in row for row in rows}  # noqa: S101 -- pytest's
