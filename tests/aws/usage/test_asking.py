"""A region without a service is no gap; a service that cannot be reached is one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from certkit.aws.sessions import Session
from certkit.aws.usage.asking import Answer, ask
from certkit.aws.usage.questions import Question
from certkit.inventory import State
from certkit.usage import Coverage, Service
from tests.aws.scene import ACCOUNT, HOME

if TYPE_CHECKING:
    from certkit.aws.pacing import Timing

pytest_plugins = ["tests.aws.fixtures"]

NOWHERE: Final = "us-nowhere-9"
"""Where there is nothing at all."""


@pytest.mark.usefixtures("server")
def test_a_region_without_the_service_is_left_out_and_another_is_a_gap(
    monkeypatch: pytest.MonkeyPatch, timing: Timing
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")  # the discard service's port: nobody listens
    asked = [Question(ACCOUNT, region, Service.APPSYNC) for region in (NOWHERE, HOME)]
    everywhere = Question(ACCOUNT, HOME, Service.CLOUDFRONT)

    answers = list(ask([*asked, everywhere], {ACCOUNT: Session(timing=timing)}))

    said = {one.coverage.service: one.coverage for one in answers if one.coverage}
    reason = "no answer from AWS (EndpointConnectionError)"
    assert answers.count(Answer((), None)) == 1
    assert said == {
        one: Coverage(ACCOUNT, HOME, one, State.FAILED, f"reading each {one.label} in {HOME}: {reason}")
        for one in (Service.APPSYNC, Service.CLOUDFRONT)
    }
