"""Where what certkit sends arrives: a queue behind an SNS topic and an event bus, and CloudWatch."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import boto3

from tests.aws.scene import ACCOUNT, HOME

if TYPE_CHECKING:
    from certkit.testing import StrictAcm


class Inbox:
    """A queue in one region, and what leads to it."""

    def __init__(self, server: StrictAcm, region: str = HOME) -> None:
        def client(service: str) -> Any:
            return boto3.client(service, endpoint_url=server.url, region_name=region)  # type: ignore[call-overload]

        self.region = region
        self._sns, self._sqs, self._events, self._metrics = map(client, ("sns", "sqs", "events", "cloudwatch"))

    def topic(self, name: str) -> str:
        """Makes a topic whose messages come here, and returns its ARN."""
        queue = self._sqs.create_queue(QueueName=name)["QueueUrl"]
        arn = str(self._sns.create_topic(Name=name)["TopicArn"])
        endpoint = f"arn:aws:sqs:{self.region}:{ACCOUNT}:{name}"
        self._sns.subscribe(TopicArn=arn, Protocol="sqs", Endpoint=endpoint)
        assert queue
        return arn

    def bus(self, name: str) -> str:
        """Makes an event bus whose events come here, and returns its ARN."""
        self._sqs.create_queue(QueueName=name)
        arn = str(self._events.create_event_bus(Name=name)["EventBusArn"])
        self._events.put_rule(Name=name, EventBusName=name, EventPattern=json.dumps({"source": ["certkit"]}))
        target = {"Id": "1", "Arn": f"arn:aws:sqs:{self.region}:{ACCOUNT}:{name}"}
        self._events.put_targets(Rule=name, EventBusName=name, Targets=[target])
        return arn

    def taken(self, name: str) -> list[dict[str, Any]]:
        """Takes everything out of a queue, as JSON."""
        queue = self._sqs.get_queue_url(QueueName=name)["QueueUrl"]
        found = []
        while messages := self._sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages"):
            for message in messages:
                found.append(json.loads(message["Body"]))
                self._sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
        return found

    def metrics(self, namespace: str) -> set[tuple[str, tuple[tuple[str, str], ...]]]:
        """The names and dimensions of all metrics."""
        pages = self._metrics.get_paginator("list_metrics").paginate(Namespace=namespace)
        found = [one for page in pages for one in page["Metrics"]]
        return {
            (one["MetricName"], tuple((each["Name"], each["Value"]) for each in one["Dimensions"])) for one in found
        }
