"""What the findings of `doctor` mean."""

from __future__ import annotations

from datetime import timedelta

import pytest

from certkit.doctor import (
    Check,
    State,
    exit_code,
    of_bucket,
    of_clock,
    of_error,
    of_escrow,
    of_permissions,
    of_quota,
    of_recipient,
)
from certkit.errors import LedgerError
from tests.aws.scene import NOW


@pytest.mark.parametrize(
    ("seconds", "state", "message"),
    [
        (0, State.OK, "within 30 s of AWS's"),
        (-29, State.OK, "within 30 s of AWS's"),
        (30, State.WARN, "30 s ahead of AWS's"),
        (-299, State.WARN, "299 s behind AWS's"),
        (300, State.FAIL, "300 s ahead of AWS's, which refuses what is signed so"),
        (-90_000, State.FAIL, "90000 s behind AWS's, which refuses what is signed so"),
    ],
)
def test_a_clock_that_is_five_minutes_off_is_in_the_way(seconds: int, state: State, message: str) -> None:
    check = of_clock(NOW + timedelta(seconds=seconds), NOW)

    assert (check.state, check.message) == (state, message)


def test_a_clock_that_cannot_be_compared_is_a_warning() -> None:
    assert of_clock(NOW, None) == Check("clock", State.WARN, "AWS does not say what time it is")


def test_what_is_missing_is_named_with_the_way_to_get_it() -> None:
    check = of_permissions("renewer", {"acm:ImportCertificate", "acm:AddTagsToCertificate"})

    assert check.state is State.FAIL
    assert check.message == "a renewer also needs acm:AddTagsToCertificate, acm:ImportCertificate"
    assert check.hint is not None
    assert check.hint.startswith("certkit policy renewer")
    assert of_permissions("renewer", ()).state is State.OK


@pytest.mark.parametrize(
    ("keeps_versions", "is_public", "state", "said"),
    [
        (True, False, State.OK, "it is reached, keeps versions and is not public"),
        (False, False, State.FAIL, "the bucket keeps no versions"),
        (False, True, State.FAIL, "opens it to everybody"),
        (None, True, State.FAIL, "opens it to everybody"),
        (False, None, State.FAIL, "the bucket keeps no versions"),
        (None, False, State.WARN, "it is reached; whether it keeps versions cannot be seen"),
        (None, None, State.WARN, "whether it keeps versions and whether it is public cannot be seen"),
    ],
)
def test_a_bucket_is_safe_that_keeps_versions_and_is_not_public(
    keeps_versions: bool | None, is_public: bool | None, state: State, said: str
) -> None:
    check = of_bucket("s3://my-escrow/certkit", keeps_versions, is_public)

    assert (check.about, check.state) == ("escrow", state)
    assert check.message.endswith(said)
    assert (check.hint is None) is (state is State.OK)


def test_the_way_to_versions_names_the_bucket_alone() -> None:
    hint = of_bucket("s3://my-escrow/a/b", False, None).hint

    assert hint == "aws s3api put-bucket-versioning --bucket my-escrow --versioning-configuration Status=Enabled"


def test_what_the_callers_own_policies_do_not_allow_in_an_escrow_may_be_allowed_all_the_same() -> None:
    check = of_escrow("renewer", {"s3:PutObject", "s3:ListBucket"})

    assert check.state is State.WARN
    assert check.message.startswith("the caller's policies do not allow s3:ListBucket, s3:PutObject; ")
    assert of_escrow("renewer", ()).state is State.OK


@pytest.mark.parametrize(("days", "state"), [(-1, State.OK), (0, State.OK), (1, State.WARN)])
def test_an_expired_recipient_is_a_warning(days: int, state: State) -> None:
    check = of_recipient("escrow", NOW, NOW + timedelta(days=days))

    assert (check.about, check.state) == ("escrow recipient", state)


@pytest.mark.parametrize(
    ("count", "quota", "state"),
    [
        (0, 2500, State.OK),
        (1999, 2500, State.OK),
        (2000, 2500, State.WARN),
        (2500, 2500, State.FAIL),
        (16, 20, State.WARN),
        (0, 0, State.FAIL),
        (2000, None, State.WARN),
        (2000, 5000, State.OK),
    ],
)
def test_a_quota_that_is_nearly_used_up_is_a_warning(count: int, quota: int | None, state: State) -> None:
    check = of_quota("us-east-1", count, quota)

    assert (check.about, check.state) == ("quota us-east-1", state)
    assert ("by the documented default" in check.message) is (quota is None)
    assert (check.hint is None) is (state is State.OK)


@pytest.mark.parametrize(
    ("states", "code"),
    [
        ((State.OK, State.WARN), 0),
        ((State.OK, State.FAIL), 1),
        ((State.FAIL, State.UNKNOWN), 3),
        ((State.UNKNOWN,), 3),
    ],
)
def test_what_could_not_be_asked_counts_most(states: tuple[State, ...], code: int) -> None:
    assert exit_code(Check("x", state, "x") for state in states) == code


def test_an_error_says_what_and_the_way_out() -> None:
    error = LedgerError("the table is gone", hint="make it")

    assert of_error("ledger", error, State.FAIL) == Check("ledger", State.FAIL, "the table is gone", "make it")
