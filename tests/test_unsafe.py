"""What stops an `apply` before its first write."""

from datetime import UTC, datetime
from typing import Any, Final

import pytest

from certkit.errors import AmbiguousError, ReimportIncompatibleError, UnsafeError
from certkit.plan import Desired, Import, Nothing, Reimport, Tag
from certkit.record import CertificateRecord
from certkit.target import Decision, failure_of
from certkit.unsafe import Danger, Kind, check_allowed, unsafe
from tests.aws.scene import ACCOUNT, HOME, desired_of
from tests.issuing import Issued, Request, make_chain

ARN: Final = f"arn:aws:acm:{HOME}:{ACCOUNT}:certificate/1"
BOTH: Final = make_chain(leaf=Request(sans=("a.example.com", "b.example.com")))
ONE: Final = make_chain(leaf=Request(sans=("a.example.com",)))
SHORT: Final = make_chain(leaf=Request(sans=("a.example.com",), not_after=datetime(2027, 1, 1, tzinfo=UTC)))


def record(issued: Issued) -> CertificateRecord:
    return CertificateRecord(ARN, "IMPORTED", "ISSUED", issued.certificate, ())


def reimport(new: Issued, old: Issued, **more: Any) -> Reimport:
    return Reimport(desired_of(new, **more), record(old), {}, ())


def refused(desired: Desired) -> Decision:
    return failure_of(desired, ReimportIncompatibleError("its key is another"))


def test_a_lost_name_is_dangerous() -> None:
    assert unsafe([reimport(ONE, BOTH)]) == (
        Danger("shop", ACCOUNT, HOME, Kind.LOST_NAME, "the name b.example.com is lost"),
    )


def test_an_earlier_end_is_dangerous() -> None:
    (danger,) = unsafe([reimport(SHORT, ONE)])

    assert danger.kind is Kind.SOONER
    assert danger.message == (
        "it expires on 2027-01-01T00:00:00Z, before what it replaces, which expires on 2049-12-31T23:59:59Z"
    )


def test_what_needs_a_new_arn_is_dangerous() -> None:
    assert unsafe([refused(desired_of(ONE))]) == (Danger("shop", ACCOUNT, HOME, Kind.NEW_ARN, "its key is another"),)


def test_everything_else_is_not() -> None:
    wanted = desired_of(ONE)
    decisions: list[Decision] = [
        Import(wanted, {}),
        Tag(wanted, record(ONE), {}),
        Nothing(wanted, record(ONE)),
        reimport(BOTH, ONE),
        reimport(ONE, SHORT),
        failure_of(wanted, AmbiguousError("two of them")),
    ]

    assert unsafe(decisions) == ()


def test_dangers_stand_in_the_order_of_the_plan() -> None:
    decisions = [reimport(ONE, BOTH, name="b"), refused(desired_of(ONE, name="a")), reimport(ONE, BOTH, name="a")]

    assert [danger.name for danger in unsafe(decisions)] == ["a", "a", "b"]


def test_a_danger_that_is_not_allowed_stops_it_and_says_how_many_more_there_are() -> None:
    dangers = unsafe([reimport(ONE, BOTH, name=name) for name in ("a", "b", "c")])

    with pytest.raises(UnsafeError) as caught:
        check_allowed(dangers, ["b"])

    assert caught.value.message == (
        f"a: {ACCOUNT} {HOME}: the name b.example.com is lost [lost-name]"
        " (and 1 more: certkit plan shows all); nothing was written"
    )
    assert caught.value.hint == "look at it with certkit plan, then let it pass with --allow a"


def test_what_is_allowed_stops_nothing() -> None:
    check_allowed(unsafe([reimport(SHORT, BOTH)]), ["shop"])
    check_allowed((), [])
