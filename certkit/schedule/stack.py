"""The job on AWS Lambda as a template of AWS SAM, with everything that watches over it."""

from collections.abc import Mapping
from typing import Final

from certkit.schedule import function as functions
from certkit.schedule.alarms import alarms
from certkit.schedule.function import Function
from certkit.schedule.role import roles
from certkit.schedule.yaml import block

_RETENTION_DAYS: Final = 90
_KEEP_SECONDS: Final = 1_209_600
"""14 days, the most that SQS keeps a message: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html."""


def template(function: Function) -> str:
    """Returns the template; it begins with how it is deployed."""
    steps = "sam deploy" if function.program.is_ready else "sam build && sam deploy"
    return f"""# The job that keeps certificates in AWS Certificate Manager, on AWS Lambda. In the folder of this file:
#
#   {steps} --stack-name certkit --region {function.home} --resolve-s3 --capabilities CAPABILITY_IAM
{block(_template(function))}"""


def _template(function: Function) -> Mapping[str, object]:
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Transform": "AWS::Serverless-2016-10-31",
        "Description": "certkit: keeps certificates in AWS Certificate Manager from expiring",
        "Parameters": _PARAMETERS,
        "Rules": {"Home": {"Assertions": [_at_home(function.home)]}},
        "Conditions": {
            name: {"Fn::Not": [{"Fn::Equals": [{"Fn::Join": ["", value]}, ""]}]}
            for name, value in {"HasEmail": [{"Ref": "AlarmEmail"}], "HasKeys": {"Ref": "DecryptKeys"}}.items()
        }
        | {name: {"Fn::Equals": [{"Ref": name[2:]}, "true"]} for name in ("IsCreator", "IsReserved")},
        "Resources": {
            "Program": functions.layer(function.program),
            "Function": functions.resource(function),
            "Log": _LOG,
            **roles(function),
            "Failures": _QUEUE,
            **({} if function.table else {"Ledger": _TABLE}),
            **alarms(function.namespace, function.job),
        },
        "Outputs": {
            "FunctionName": {"Value": {"Ref": "Function"}},
            "RoleArn": {"Description": "HubRoleArn of members.yaml", "Value": {"Fn::GetAtt": ["Role", "Arn"]}},
            "LedgerUrl": {"Description": "For --ledger of every other run", "Value": functions.ledger(function)},
            "FailuresUrl": {"Description": "The runs that failed, with their reasons", "Value": {"Ref": "Failures"}},
        },
    }


def _at_home(home: str) -> Mapping[str, object]:
    return {
        "Assert": {"Fn::Equals": [{"Ref": "AWS::Region"}, home]},
        "AssertDescription": f"certkit's heartbeats are in {home}, and so the alarm on their absence has to be",
    }


_FLAG: Final = {"Type": "String", "AllowedValues": ["true", "false"]}
_PARAMETERS: Final = {
    "AlarmEmail": {"Type": "String", "Default": "", "Description": "Who is told by mail of alarms; empty for nobody"},
    "Creator": {
        **_FLAG,
        "Default": "false",
        "Description": "Whether it may import certificates that ACM does not hold yet; for the first run, then false again",
    },
    "DecryptKeys": {
        "Type": "CommaDelimitedList",
        "Default": "",
        "Description": "ARNs of your own KMS keys that secrets, parameters or objects are encrypted under",
    },
    "Reserved": {
        **_FLAG,
        "Default": "true",
        "Description": "Whether one run at a time is reserved; false where the account's quota is too low for that",
    },
}


_LOG: Final = {"Type": "AWS::Logs::LogGroup", "Properties": {"RetentionInDays": _RETENTION_DAYS}}
_QUEUE: Final = {
    "Type": "AWS::SQS::Queue",
    "Properties": {"MessageRetentionPeriod": _KEEP_SECONDS, "SqsManagedSseEnabled": True},
}
_KEYS: Final = {"pk": "HASH", "sk": "RANGE"}
_TABLE: Final = {
    "Type": "AWS::DynamoDB::Table",
    "DeletionPolicy": "Retain",
    "UpdateReplacePolicy": "Retain",
    "Properties": {
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": name, "AttributeType": "S"} for name in _KEYS],
        "KeySchema": [{"AttributeName": name, "KeyType": kind} for name, kind in _KEYS.items()],
        "DeletionProtectionEnabled": True,
        "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
    },
}
"""The ledger of docs/ledger.md; what it holds outlives the stack."""
