"""Tests of what becomes of a write that is held back."""

from __future__ import annotations

import datetime as dt
from types import MappingProxyType

from certkit.apply import FROZEN, Result, Withheld, stay
from certkit.errors import AwsDeniedError, NotBegunError
from certkit.expiry import DEFAULT
from certkit.freeze import Freeze, Recurring, parse_mark
from certkit.manifest import Account, CertificateSpec, Origin, Renewal
from certkit.plan import Import
from certkit.rollout import Barrier, barrier_of, behind, endpoints, frozen_by, spared, waiting
from certkit.target import Failure
from certkit.waves import Limit
from tests.aws.scene import ACCOUNT, HOME, NOW, desired_of
from tests.issuing import make_chain

ISSUED = make_chain()
ACTION = Import(desired_of(ISSUED), {})
FREEZE = Freeze(Recurring(parse_mark("00:00"), parse_mark("23:59"), dt.UTC), "the fair")


def test_what_is_frozen_is_unchanged_and_no_failure() -> None:
    row = stay(ACTION, FROZEN, "frozen until Monday")

    assert (row.action, row.error, row.arn, row.leaf) == ("unchanged", None, None, None)
    assert row.warnings == ("frozen until Monday",)


def test_a_freeze_is_asked_for_the_certificates_name_and_account() -> None:
    assert frozen_by([FREEZE], ACTION, NOW) is FREEZE
    assert frozen_by([], ACTION, NOW) is None
    assert frozen_by([FREEZE], Failure("shop", ACCOUNT, HOME, AwsDeniedError("no")), NOW) is None


def test_what_failed_or_is_frozen_goes_no_further_and_what_went_well_does() -> None:
    error = AwsDeniedError("no")

    assert barrier_of(Failure("shop", ACCOUNT, HOME, error), 2) == Barrier(2, error)
    assert barrier_of(Result(ACTION.desired, "failed", None, None, error=error), 1) == Barrier(1, error)
    assert barrier_of(stay(ACTION, FROZEN, "frozen"), 1) == Barrier(1, Withheld(None, FROZEN, "frozen"))
    assert barrier_of(Result(ACTION.desired, "imported", "arn", None), 1) is None


def test_behind_a_failure_it_is_a_failure_that_names_the_wave_and_why() -> None:
    row = behind(ACTION, Barrier(1, AwsDeniedError("the role may not import")))

    assert isinstance(row, Failure)
    assert isinstance(row.error, NotBegunError)
    assert row.error.message == "it was held back for what came of wave 1: the role may not import"


def test_behind_a_freeze_it_is_frozen_too() -> None:
    row = behind(ACTION, Barrier(1, Withheld(None, FROZEN, "frozen until Monday")))

    why = "it waits for wave 1, where it is frozen until Monday"
    assert isinstance(row, Result)
    assert (row.action, row.withheld) == ("unchanged", Withheld(None, FROZEN, why))


def test_what_is_spared_names_how_many_failed() -> None:
    assert spared(ACTION, Limit(percent=10), 2, 20).error.message == (
        "it was not begun: 2 of 20 failed, and 10% are enough"
    )


def test_the_endpoints_of_a_wave_are_those_of_its_accounts_and_regions() -> None:
    named = {"prod": ("a.example:443",), HOME: ("b.example:443", "a.example:443"), "eu-west-1": ("c.example:443",)}
    renewal = Renewal((), DEFAULT, (), (), (), ("everywhere.example:443",), verify_in=MappingProxyType(named))
    prod = Account("prod", ACCOUNT, None, None)
    spec = CertificateSpec("shop", Origin("shop.pem"), (), (), (prod,), {}, None, renewal)

    assert endpoints(spec, [("shop", ACCOUNT, HOME)]) == ("a.example:443", "b.example:443")
    assert endpoints(spec, [("shop", "222222222222", "eu-west-1")]) == ("c.example:443",)
    assert endpoints(spec, [("shop", "222222222222", "eu-west-2")]) == ()


def test_a_certificate_waits_while_a_place_of_it_is_frozen_or_not_begun() -> None:
    done, failed = Result(ACTION.desired, "imported", "arn", None), Failure("a", ACCOUNT, HOME, AwsDeniedError("no"))

    assert waiting([done, failed]) == frozenset()
    assert waiting([done, stay(ACTION, FROZEN, "frozen")]) == {"shop"}
    assert waiting([done, spared(ACTION, Limit(count=1), 1, 2)]) == {"shop"}
