"""Tests of what the scheduled job decides."""

from datetime import timedelta
from typing import Any

import pytest

from certkit.apply import Result
from certkit.errors import AwsDeniedError, CertkitError, CommandError, InputUnreadableError
from certkit.expiry import Threshold
from certkit.manifest.values import DANGERS
from certkit.renew import Course, delay_seconds, is_due, settle, stop
from certkit.target import Failure
from certkit.unsafe import Kind
from tests.aws.scene import NOW, desired_of
from tests.issuing import Request, make_chain

THIRD = Threshold(share=0.3)


def lasting(left: float) -> Any:
    """What is wanted: a certificate of 100 days, of which so many are left."""
    end = NOW + timedelta(days=left)
    return desired_of(make_chain(leaf=Request(not_before=end - timedelta(days=100), not_after=end)))


def result(left: float, action: str = "unchanged") -> Result:
    return Result(lasting(left), action, "arn:aws:acm:us-east-1:123456789012:certificate/1", None)


@pytest.mark.parametrize(("left", "due"), [(100, False), (30.1, False), (30, True), (-1, True)])
def test_a_certificate_is_due_from_its_threshold_on(left: float, *, due: bool) -> None:
    assert is_due(THIRD, lasting(left).bundle, NOW) is due


@pytest.mark.parametrize(("error", "due"), [(InputUnreadableError("gone"), True), (AwsDeniedError("no"), False)])
def test_a_source_that_cannot_be_read_is_due_unless_aws_keeps_it(error: CertkitError, *, due: bool) -> None:
    assert is_due(THIRD, error, NOW) is due


@pytest.mark.parametrize(("run", "seconds"), [("0000", 0.0), ("8000", 300.0), ("ffff", 599.99)])
def test_the_id_of_a_run_says_how_long_it_waits(run: str, seconds: float) -> None:
    assert delay_seconds(run, timedelta(minutes=10)) == pytest.approx(seconds, abs=0.01)


def test_a_command_that_failed_is_a_failure_where_nothing_was_written() -> None:
    error = CommandError("certbot: it ended with exit code 1")

    row = settle(result(10), Course(is_begun=True, error=error), THIRD, NOW)

    assert isinstance(row, Failure)
    assert (row.error, row.arn) == (error, result(10).arn)


def test_a_command_that_failed_is_a_warning_where_something_was_written() -> None:
    row = settle(result(50, "reimported"), Course(is_begun=True, error=CommandError("it failed")), THIRD, NOW)

    assert isinstance(row, Result)
    assert (row.action, row.warnings, row.error) == ("reimported", ("it failed",), None)


def test_a_command_that_did_nothing_is_told() -> None:
    row = settle(result(10), Course(is_begun=True), THIRD, NOW)

    assert isinstance(row, Result)
    assert len(row.warnings) == 1


@pytest.mark.parametrize("course", [Course(), Course(is_begun=True)])
def test_what_went_well_stays_as_it_is(course: Course) -> None:
    row = result(90, "reimported")

    assert settle(row, course, THIRD, NOW) == row


def test_why_something_could_not_be_decided_is_not_covered_up() -> None:
    failure = Failure("shop", None, "us-east-1", InputUnreadableError("gone"))

    assert stop(failure, CommandError("pre failed")) is failure


def test_the_manifest_can_allow_every_danger_but_a_new_arn() -> None:
    assert set(DANGERS) == {kind.value for kind in Kind} - {Kind.NEW_ARN.value}
