"""What may be written that was not decided in just these words, and what may not."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

import pytest

from certkit.approval import check_within
from certkit.errors import PlanChangedError
from certkit.hold import Hold
from certkit.plan import Action, Held, Import, Nothing, Reimport, Tag
from certkit.record import CertificateRecord
from tests.aws.scene import desired_of, renewed
from tests.issuing import make_chain

if TYPE_CHECKING:
    from cryptography import x509

OLD: Final = make_chain()
NEW: Final = renewed()
THEIRS: Final = renewed(days=2)
DESIRED: Final = desired_of(NEW)


def current(leaf: x509.Certificate, arn: str = "a") -> CertificateRecord:
    now = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
    return CertificateRecord(arn, "IMPORTED", "ISSUED", leaf, (), {}, created_at=now)


def replacing(leaf: x509.Certificate, arn: str = "a") -> Reimport:
    return Reimport(DESIRED, current(leaf, arn), {}, ())


IMPORT: Final = Import(DESIRED, {})
REIMPORT: Final = replacing(OLD.certificate)
CHAIN: Final = replacing(NEW.certificate)
TAG: Final = Tag(DESIRED, current(NEW.certificate), {})
NOTHING: Final = Nothing(DESIRED, current(NEW.certificate))
HELD: Final = Held(
    DESIRED, current(OLD.certificate), Hold(NEW.sha256, (), dt.datetime(2026, 11, 22, tzinfo=dt.UTC), "c")
)
WITHIN: Final[dict[str, tuple[Action, set[str]]]] = {
    "import": (IMPORT, {"import", "chain", "tag", "nothing", "held"}),
    "reimport": (REIMPORT, {"reimport", "chain", "tag", "nothing", "held"}),
    "chain": (CHAIN, {"chain", "tag", "nothing", "held"}),
    "tag": (TAG, {"chain", "tag", "nothing", "held"}),
    "nothing": (NOTHING, {"chain", "tag", "nothing", "held"}),
    "held": (HELD, {"chain", "tag", "nothing", "held"}),
}
ACTIONS: Final = {name: action for name, (action, _) in WITHIN.items()}


def is_within(decided: Action, action: Action) -> bool:
    try:
        check_within(decided, action)
    except PlanChangedError:
        return False
    return True


@pytest.mark.parametrize("decided", WITHIN)
def test_nothing_goes_beyond_what_was_decided(decided: str) -> None:
    action, expected = WITHIN[decided]

    assert {name for name, other in ACTIONS.items() if is_within(action, other)} == expected


@pytest.mark.parametrize(
    "action",
    [replacing(THEIRS.certificate), replacing(OLD.certificate, "b")],
    ids=["another leaf", "another ARN"],
)
def test_only_the_leaf_that_was_looked_at_is_replaced_where_it_was(action: Reimport) -> None:
    with pytest.raises(PlanChangedError) as caught:
        check_within(REIMPORT, action)

    assert caught.value.hint == "run it again, and review what it plans"
