"""A refusal is told once, until its reason changes, the certificate in ACM nears its end, or it was over meanwhile."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final

from certkit.errors import AwsDeniedError, CommandError
from certkit.notify.trouble import AGAIN, WELL, Ends, News, Place, Recovery, Report, Told, Trouble, news
from tests.aws.scene import NOW

PLACE: Final[Place] = ("shop", "", "us-east-1")
ENDS: Final = Ends(NOW - timedelta(days=60), NOW + timedelta(days=30))
DENIED: Final = AwsDeniedError("not you", aws_code="AccessDenied")
TROUBLE: Final = Trouble(PLACE, "web", "us-east-1 of 123456789012", DENIED, ENDS)
REASON: Final = "aws-denied AccessDenied"


def report(*troubles: Trouble) -> Report:
    return Report(troubles, {"shop": "web"})


def told(stage: str, days_ago: float = 1) -> dict[Place, Told]:
    return {PLACE: Told(stage, NOW - timedelta(days=days_ago))}


def test_what_nobody_has_heard_is_new_and_what_was_heard_is_not() -> None:
    assert news(report(TROUBLE), {}, NOW) == News((TROUBLE,), ())
    assert not news(report(TROUBLE), told(REASON), NOW)


def test_the_same_code_with_other_words_is_the_same_and_another_code_of_awss_is_not() -> None:
    said = replace(TROUBLE, error=AwsDeniedError("request 5f3: not you", aws_code="AccessDenied"))
    other = replace(TROUBLE, error=AwsDeniedError("not you", aws_code="ExplicitDeny"))
    command = replace(TROUBLE, error=CommandError("it ended with exit code 1"))

    assert not news(report(said), told(REASON), NOW)
    assert news(report(other), told(REASON), NOW).troubles == (other,)
    assert command.stage(NOW) == "command-failed"


def test_it_is_told_again_once_near_the_end_and_once_it_has_expired() -> None:
    stages = [TROUBLE.stage(NOW + timedelta(days=days)) for days in (0, 19, 21, 29, 31, 60)]

    assert stages == [REASON] * 2 + [f"{REASON}, critical"] * 2 + [f"{REASON}, expired"] * 2


def test_where_nobody_knows_the_end_it_is_told_each_week() -> None:
    unknown = replace(TROUBLE, ends=None)
    days = AGAIN / timedelta(days=1)

    assert not news(report(unknown), told(REASON, days - 0.1), NOW)
    assert news(report(unknown), told(REASON, days), NOW)
    assert not news(report(TROUBLE), told(REASON, days), NOW)


def test_what_is_over_is_told_once_and_the_same_is_news_after_that() -> None:
    assert news(report(), told(REASON), NOW).recoveries == (Recovery(PLACE, "web", "us-east-1"),)
    assert not news(report(), told(WELL), NOW)
    assert news(report(TROUBLE), told(WELL), NOW)


def test_what_has_another_trouble_is_not_called_well() -> None:
    whole: Place = ("shop", "", "")
    command = Trouble(whole, "web", "", CommandError("it ended with exit code 1"), ENDS)
    over = Recovery(whole, "web", "")

    found = news(report(TROUBLE), {whole: Told(command.stage(NOW), NOW)}, NOW)

    assert found == News((TROUBLE,), (), (over,))
    assert not news(report(TROUBLE), {whole: Told(command.stage(NOW), NOW), **told(REASON)}, NOW)


def test_of_what_a_run_says_nothing_nothing_is_over() -> None:
    assert not news(Report((), {"blog": None}), told(REASON), NOW)
    assert not news(Report((), {"shop": "web"}, frozenset({PLACE})), told(REASON), NOW)
