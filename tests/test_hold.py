"""How long what was rolled back to may stand before a hold on what comes after it is a failure."""

import datetime as dt
from typing import Final

import pytest

from certkit.errors import HeldError
from certkit.hold import Hold, check_lasting
from tests.issuing import Request, make_chain

START: Final = dt.datetime(2026, 8, 1, tzinfo=dt.UTC)
STANDING: Final = make_chain(leaf=Request(not_before=START, not_after=START + dt.timedelta(days=90))).certificate
HOLD: Final = Hold("ab" * 32, (), START, "arn:aws:sts::123456789012:assumed-role/admin/anna")


@pytest.mark.parametrize("day", [0, 60, 79.9])
def test_what_stands_and_lasts_is_held_without_a_failure(day: float) -> None:
    check_lasting(HOLD, "shop", STANDING, START + dt.timedelta(days=day))


@pytest.mark.parametrize("day", [80, 89, 91])
def test_what_is_about_to_expire_or_has_expired_is_a_failure_that_names_both(day: float) -> None:
    with pytest.raises(HeldError) as caught:
        check_lasting(HOLD, "shop", STANDING, START + dt.timedelta(days=day))

    assert caught.value.message == (
        "what ACM holds expires on 2026-10-30T00:00:00Z, and the SOURCE still gives what is held: "
        "abababababab was rolled back from on 2026-08-01T00:00:00Z by assumed-role/admin/anna; nothing was written"
    )
    assert caught.value.hint == "mend the SOURCE, or let it pass with certkit apply --allow shop"
