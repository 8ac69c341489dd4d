"""SNS, EventBridge and CloudWatch, in certkit's own types: one function per operation, nothing decided here."""

import datetime as dt
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from certkit.aws.failures import explained
from certkit.aws.sessions import Session
from certkit.errors import AwsRefusedError

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient
    from mypy_boto3_cloudwatch.type_defs import MetricDatumTypeDef
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_events.type_defs import PutEventsRequestEntryTypeDef
    from mypy_boto3_sns import SNSClient

_MOST_EVENTS: Final = 10
"""https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html: in one call, and 256 KB in all."""

_MOST_DATAPOINTS: Final = 1_440
_SECONDS: Final = 3_600
HOUR: Final = dt.timedelta(seconds=_SECONDS)
"""The least that one value is over."""

_MOST_METRICS: Final = 1_000
"""https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html: in one call."""


@dataclass(frozen=True, slots=True)
class Event:
    """An event, its detail as JSON."""

    source: str
    kind: str
    detail: str
    resources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Datum:
    """A number of CloudWatch's."""

    name: str
    value: float
    dimensions: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Window:
    """A time that is looked at; both ends are aware."""

    begin: dt.datetime
    end: dt.datetime

    @property
    def period(self) -> int:
        """The seconds that one value is over: an hour, more where that makes more than CloudWatch hands out in one answer.

        https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricStatistics.html
        """
        hours = (self.end - self.begin) / (_MOST_DATAPOINTS * HOUR)
        return _SECONDS * max(1, math.ceil(hours))


def publish(session: Session, topic: str, subject: str, text: str) -> None:
    """Sends a message to an SNS topic, in the topic's own region.

    Raises:
        AwsError: SNS refuses, or does not answer.
    """
    client: SNSClient = session.client("sns", topic.split(":")[3])
    with explained(f"telling {topic}"):
        client.publish(TopicArn=topic, Subject=subject, Message=text)


def put_events(session: Session, bus: str, region: str, events: Sequence[Event], at: dt.datetime) -> None:
    """Puts events on a bus, in the bus's own region where its ARN names one, else in `region`.

    Raises:
        AwsError: EventBridge refuses one of them, or does not answer.
    """
    client: EventBridgeClient = session.client("events", bus.split(":")[3] if bus.startswith("arn:") else region)
    for start in range(0, len(events), _MOST_EVENTS):
        entries: list[PutEventsRequestEntryTypeDef] = [
            {
                "EventBusName": bus,
                "Source": event.source,
                "DetailType": event.kind,
                "Detail": event.detail,
                "Resources": list(event.resources),
                "Time": at,
            }
            for event in events[start : start + _MOST_EVENTS]
        ]
        with explained(f"telling the event bus {bus}"):
            answer = client.put_events(Entries=entries)
        refused = next((entry for entry in answer["Entries"] if entry.get("ErrorCode")), None)
        if refused:
            code, words = refused.get("ErrorCode", ""), refused.get("ErrorMessage", "")
            raise AwsRefusedError(f"telling the event bus {bus}: {code}: {words}", aws_code=code)


def last_metric(session: Session, region: str, namespace: str, datum: Datum, window: Window) -> dt.datetime | None:
    """Returns the hour in which a metric was put last within a time, None where it was not.

    Raises:
        AwsError: CloudWatch refuses, or does not answer.
    """
    client: CloudWatchClient = session.client("cloudwatch", region)
    with explained(f"reading metrics of CloudWatch in {region}"):
        answer = client.get_metric_statistics(
            Namespace=namespace,
            MetricName=datum.name,
            Dimensions=[{"Name": name, "Value": value} for name, value in datum.dimensions],
            StartTime=window.begin,
            EndTime=window.end,
            Period=window.period,
            Statistics=["SampleCount"],
        )
    return max((one["Timestamp"] for one in answer["Datapoints"]), default=None)


def put_metrics(session: Session, region: str, namespace: str, data: Iterable[Datum], at: dt.datetime) -> None:
    """Puts metrics into CloudWatch.

    Raises:
        AwsError: CloudWatch refuses, or does not answer.
    """
    client: CloudWatchClient = session.client("cloudwatch", region)
    metrics: list[MetricDatumTypeDef] = [
        {
            "MetricName": one.name,
            "Value": one.value,
            "Timestamp": at,
            "Dimensions": [{"Name": name, "Value": value} for name, value in one.dimensions],
        }
        for one in data
    ]
    for start in range(0, len(metrics), _MOST_METRICS):
        with explained(f"putting metrics into CloudWatch in {region}"):
            client.put_metric_data(Namespace=namespace, MetricData=metrics[start : start + _MOST_METRICS])
