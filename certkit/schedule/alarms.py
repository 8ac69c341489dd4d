"""What tells people when the job on Lambda fails, or is silent."""

from collections.abc import Mapping
from typing import Any, Final

from certkit.notify.metrics import HEARTBEAT

HOURS: Final = 26
"""How long without a heartbeat is too long for a job of every night: a day, its window, its retries, and the run itself.

Periods of an hour, since one of a day may begin at another hour than the night's:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html allows seven days of them.
"""

_HOUR_SECONDS: Final = 3600
_SOON_SECONDS: Final = 300


def alarms(namespace: str, job: str) -> Mapping[str, object]:
    """Returns a topic, and three alarms that tell it: an error, a silence, and what is in the queue of failures."""
    return {
        "Alarms": {"Type": "AWS::SNS::Topic"},
        "AlarmsByMail": {
            "Type": "AWS::SNS::Subscription",
            "Condition": "HasEmail",
            "Properties": {"TopicArn": {"Ref": "Alarms"}, "Protocol": "email", "Endpoint": {"Ref": "AlarmEmail"}},
        },
        "ErrorAlarm": _alarm(
            "A run of certkit has failed: its log and the queue of failures say why",
            _metric("AWS/Lambda", "Errors", "FunctionName", {"Ref": "Function"}),
            {**_ONE_IS_TOO_MUCH, "Statistic": "Sum"},
        ),
        "FailureAlarm": _alarm(
            "The queue of failures is not empty: a run failed for good, or could not even be begun",
            _metric("AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", _QUEUE_NAME),
            {**_ONE_IS_TOO_MUCH, "Statistic": "Maximum"},
        ),
        "SilenceAlarm": _alarm(
            f"certkit has not come to the end of a run for {HOURS} hours",
            _metric(namespace, HEARTBEAT, "Job", job),
            {
                "Statistic": "Sum",
                "Period": _HOUR_SECONDS,
                "EvaluationPeriods": HOURS,
                "DatapointsToAlarm": HOURS,
                "Threshold": 1,
                "ComparisonOperator": "LessThanThreshold",
                "TreatMissingData": "breaching",
                "OKActions": [{"Ref": "Alarms"}],
            },
        ),
    }


_QUEUE_NAME: Final = {"Fn::GetAtt": ["Failures", "QueueName"]}
_ONE_IS_TOO_MUCH: Final = {
    "Period": _SOON_SECONDS,
    "EvaluationPeriods": 1,
    "Threshold": 1,
    "ComparisonOperator": "GreaterThanOrEqualToThreshold",
    "TreatMissingData": "notBreaching",
}


def _metric(namespace: str, name: str, dimension: str, value: object) -> Mapping[str, object]:
    return {"Namespace": namespace, "MetricName": name, "Dimensions": [{"Name": dimension, "Value": value}]}


def _alarm(description: str, metric: Mapping[str, object], when: Mapping[str, Any]) -> Mapping[str, object]:
    return {
        "Type": "AWS::CloudWatch::Alarm",
        "Properties": {"AlarmDescription": description, **metric, **when, "AlarmActions": [{"Ref": "Alarms"}]},
    }
