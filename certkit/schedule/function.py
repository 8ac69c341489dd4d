"""The function on AWS Lambda, its layer and its schedule, as resources of AWS SAM."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from certkit.policy import Channels, Table
from certkit.schedule.policies import Statement

HANDLER: Final = "certkit.aws.lambda_handler"
TIMEOUT_SECONDS: Final = 900
"""The most that there is: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html."""

MEMORY_MEGABYTES: Final = 1024
"""The share of a processor grows with it: https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html."""


@dataclass(frozen=True, slots=True)
class Program:
    """Certkit as a layer.

    Attributes:
        where: the file or folder that it is made of, as the template sees it.
        runtime: the Python that it is for, as Lambda calls it.
        architecture: the processor that it is for, as Lambda calls it.
        is_ready: whether it is a zip; else `sam build` makes one of the requirements in the folder.
    """

    where: str
    runtime: str
    architecture: str
    is_ready: bool


@dataclass(frozen=True, slots=True)
class Function:
    """A job on Lambda.

    Attributes:
        command: what the scheduler asks for.
        manifest: the value of CERTKIT_MANIFEST.
        hour, minute: when, in UTC.
        window: minutes within which the scheduler chooses, 0 for none.
        job: what the heartbeats are known by.
        namespace: of the metrics.
        regions: where ACM gets certificates in the function's own account; empty where it gets none there.
        channels: who is told.
        grants: what the job must be allowed beside.
        table: the ledger, None for one that comes with the template.
        home: the only region in which it works: heartbeats are counted there, and an alarm sees its own region alone.
    """

    program: Program
    command: str
    manifest: str
    hour: int
    minute: int
    window: int
    job: str
    namespace: str
    regions: tuple[str, ...]
    channels: Channels
    grants: tuple[Statement, ...]
    table: Table | None
    home: str


def layer(program: Program) -> Mapping[str, object]:
    """Returns the layer, which a function's folder of /opt/python is made of."""
    built = {"BuildMethod": program.runtime, "BuildArchitecture": program.architecture}
    return {
        "Type": "AWS::Serverless::LayerVersion",
        **({} if program.is_ready else {"Metadata": built}),
        "Properties": {
            "Description": "certkit",
            "ContentUri": program.where,
            "CompatibleRuntimes": [program.runtime],
            "CompatibleArchitectures": [program.architecture],
            "RetentionPolicy": "Delete",
        },
    }


def resource(function: Function) -> Mapping[str, object]:
    """Returns the function; what failed for good is sent to the queue."""
    variables = {
        "CERTKIT_MANIFEST": function.manifest,
        "CERTKIT_LEDGER": ledger(function),
        "CERTKIT_STATE": "/tmp/certkit",  # noqa: S108 -- the function's own; caches alone are in it
    }
    failures = {"Fn::GetAtt": ["Failures", "Arn"]}
    return {
        "Type": "AWS::Serverless::Function",
        "Properties": {
            "Description": "certkit renew, and what else an event may ask for",
            "CodeUri": "function",
            "Handler": HANDLER,
            "Runtime": function.program.runtime,
            "Architectures": [function.program.architecture],
            "Layers": [{"Ref": "Program"}],
            "Role": {"Fn::GetAtt": ["Role", "Arn"]},
            "Timeout": TIMEOUT_SECONDS,
            "MemorySize": MEMORY_MEGABYTES,
            "ReservedConcurrentExecutions": {"Fn::If": ["IsReserved", 1, {"Ref": "AWS::NoValue"}]},
            "LoggingConfig": {"LogGroup": {"Ref": "Log"}},
            "Environment": {"Variables": variables},
            "EventInvokeConfig": {
                "MaximumRetryAttempts": 1,
                "MaximumEventAgeInSeconds": 3600,
                "DestinationConfig": {"OnFailure": {"Type": "SQS", "Destination": failures}},
            },
            "Events": {"Night": {"Type": "ScheduleV2", "Properties": _night(function, failures)}},
        },
    }


def _night(function: Function, failures: object) -> Mapping[str, object]:
    """Returns the schedule, of EventBridge Scheduler: it calls at least once, and does not wait for what comes of it."""
    window = {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": function.window} if function.window else {"Mode": "OFF"}
    return {
        "Name": {"Fn::Sub": "${AWS::StackName}-night"},
        "Description": "The run of every night",
        "ScheduleExpression": f"cron({function.minute} {function.hour} * * ? *)",
        "ScheduleExpressionTimezone": "UTC",
        "FlexibleTimeWindow": window,
        "Input": f'{{"command": ["{function.command}"]}}',
        "RetryPolicy": {"MaximumEventAgeInSeconds": 3600, "MaximumRetryAttempts": 10},
        "DeadLetterConfig": {"Arn": failures},
    }


def ledger(function: Function) -> object:
    """Returns the URL of the ledger."""
    if function.table:
        return f"dynamodb://{function.table.name}?region={function.table.region}"
    return {"Fn::Sub": "dynamodb://${Ledger}?region=${AWS::Region}"}
