"""Which service is asked where."""

from __future__ import annotations

from typing import Final

from certkit.aws.usage.questions import Question, questions
from certkit.usage import Service
from tests.aws.scene import ACCOUNT, HOME

DUBLIN: Final = "eu-west-1"


def test_of_a_region_every_service_is_asked_but_cloudfront() -> None:
    asked = questions([(ACCOUNT, DUBLIN)], {})

    assert asked == tuple(Question(ACCOUNT, DUBLIN, one) for one in Service if one is not Service.CLOUDFRONT)


def test_certificates_of_us_east_1_may_belong_to_domains_of_any_region() -> None:
    asked = questions([(ACCOUNT, HOME), (ACCOUNT, DUBLIN)], {ACCOUNT: (HOME, DUBLIN, "eu-west-2")})

    assert len(asked) == len(set(asked))
    assert {one.service for one in asked if one.region == HOME} == set(Service)
    assert {one.service for one in asked if one.region == DUBLIN} == set(Service) - {Service.CLOUDFRONT}
    assert {one.service for one in asked if one.region == "eu-west-2"} == {
        Service.APIGATEWAY,
        Service.APIGATEWAYV2,
        Service.APPSYNC,
        Service.COGNITO,
    }


def test_without_a_certificate_nobody_is_asked() -> None:
    assert questions([], {}) == ()
