"""What SNS, EventBridge and CloudWatch are told, over HTTP."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from certkit.aws.sessions import Session
from certkit.aws.telling import Datum, Event, Window, last_metric, publish, put_events, put_metrics
from certkit.errors import AwsDeniedError, AwsRefusedError, AwsUnreachableError
from tests.aws.faults import Fault, Refusal, Rewrite
from tests.aws.inbox import Inbox
from tests.aws.scene import ACCOUNT, HOME, NOW

if TYPE_CHECKING:
    from certkit.testing import StrictAcm
    from tests.aws.faults import Proxy

pytest_plugins = ["tests.aws.fixtures"]
IRELAND = "eu-west-1"


def event(number: int = 1) -> Event:
    """An event that can be told from others."""
    return Event("certkit", "Certificate Expiring", json.dumps({"number": number}), (f"arn:{number}",))


def test_a_message_goes_to_a_topic_in_its_own_region(server: StrictAcm) -> None:
    inbox = Inbox(server, IRELAND)

    publish(Session(), inbox.topic("web"), "certkit: 1 certificate expires in 20 days", "shop\n")

    (message,) = inbox.taken("web")
    assert (message["Subject"], message["Message"]) == ("certkit: 1 certificate expires in 20 days", "shop\n")


def test_a_topic_that_is_not_there_is_an_error(server: StrictAcm) -> None:
    with pytest.raises(AwsRefusedError, match="telling arn:aws:sns"):
        publish(Session(), f"arn:aws:sns:{HOME}:{ACCOUNT}:gone", "subject", server.url)


def test_more_events_than_one_call_takes_all_arrive(wire: Proxy, server: StrictAcm) -> None:
    inbox = Inbox(server)
    bus = inbox.bus("certificates")
    wire.forget()

    put_events(Session(), bus, IRELAND, [event(number) for number in range(25)], NOW)

    found = inbox.taken("certificates")
    assert sorted(one["detail"]["number"] for one in found) == list(range(25))
    assert {(one["source"], one["detail-type"], one["region"]) for one in found} == {
        ("certkit", "Certificate Expiring", HOME)
    }
    assert wire.operations == ["PutEvents"] * 3


def test_a_bus_that_is_only_named_is_in_the_given_region(server: StrictAcm) -> None:
    inbox = Inbox(server, IRELAND)
    inbox.bus("certificates")

    put_events(Session(), "certificates", IRELAND, [event()], NOW)

    assert len(inbox.taken("certificates")) == 1


def test_an_event_that_is_refused_among_others_is_an_error(wire: Proxy, server: StrictAcm) -> None:
    bus = Inbox(server).bus("certificates")
    entry = {"ErrorCode": "ThrottlingException", "ErrorMessage": "slow down"}
    wire.script("PutEvents", Rewrite(lambda answer: answer.update(FailedEntryCount=1, Entries=[entry])))

    with pytest.raises(AwsRefusedError, match="ThrottlingException: slow down") as raised:
        put_events(Session(), bus, HOME, [event()], NOW)

    assert raised.value.aws_code == "ThrottlingException"


def test_a_caller_that_may_not_is_told_so(wire: Proxy) -> None:
    wire.always("PutEvents", Refusal("AccessDeniedException", "not authorized to perform: events:PutEvents"))

    with pytest.raises(AwsDeniedError):
        put_events(Session(), "default", HOME, [event()], NOW)


def test_metrics_arrive_with_their_dimensions(server: StrictAcm) -> None:
    place = (("Account", ACCOUNT), ("Region", HOME))

    put_metrics(Session(), HOME, "certkit", [Datum("Heartbeat", 1, ()), Datum("Expired", 2, place)], NOW)

    assert Inbox(server).metrics("certkit") == {("Heartbeat", ()), ("Expired", place)}


def test_more_metrics_than_one_call_takes_all_arrive(server: StrictAcm) -> None:
    put_metrics(Session(), HOME, "certkit", [Datum(f"M{number}", 1, ()) for number in range(1_001)], NOW)

    assert len(Inbox(server).metrics("certkit")) == 1_001


def test_the_last_time_of_a_metric_is_that_of_its_own_dimensions(server: StrictAcm) -> None:
    mine, others = (Datum("Heartbeat", 1, (("Job", name),)) for name in ("mine", "others"))
    put_metrics(Session(), HOME, "certkit", [mine], NOW - timedelta(hours=30))
    put_metrics(Session(), HOME, "certkit", [others], NOW)

    found = [
        last_metric(Session(), HOME, "certkit", mine, Window(NOW - timedelta(hours=hours), NOW)) for hours in (24, 36)
    ]

    assert server.url
    assert found == [None, NOW - timedelta(hours=30)]


@pytest.mark.parametrize(("days", "hours"), [(1, 1), (60, 1), (61, 2), (400, 7)])
def test_no_more_values_are_asked_for_than_one_answer_holds(days: int, hours: int) -> None:
    assert Window(NOW - timedelta(days=days), NOW).period == hours * 3_600


def test_metrics_that_may_not_be_read_are_an_error(wire: Proxy) -> None:
    wire.always("GetMetricStatistics", Refusal("AccessDenied", "not you", 403))

    with pytest.raises(AwsDeniedError):
        last_metric(Session(), HOME, "certkit", Datum("Heartbeat", 1, ()), Window(NOW - timedelta(days=1), NOW))


def test_no_answer_is_an_error(wire: Proxy) -> None:
    wire.always("PutEvents", Fault.RESET_BEFORE)

    with pytest.raises(AwsUnreachableError):
        put_events(Session(), "default", HOME, [event()], NOW)
