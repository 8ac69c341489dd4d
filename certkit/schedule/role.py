"""The role of a job on AWS Lambda: the least that it takes."""

from collections.abc import Mapping
from typing import Final

from certkit.policy import Role, Scope, Table, statements
from certkit.region import HOME_REGION
from certkit.schedule import policies
from certkit.schedule.function import Function
from certkit.schedule.policies import ACCOUNT, REGION, Statement

_DECRYPT: Final = {"Sid": "Decrypt", "Effect": "Allow", "Action": "kms:Decrypt", "Resource": {"Ref": "DecryptKeys"}}


def roles(function: Function) -> Mapping[str, object]:
    """Returns the role, and what it has on conditions: to import new certificates, and to decrypt under other keys."""
    return {
        "Role": _role(function),
        **({"CreatorPolicy": _creator(function)} if function.regions else {}),
        "DecryptPolicy": policies.attached("HasKeys", "decrypt", "Role", [_DECRYPT]),
    }


def _role(function: Function) -> Mapping[str, object]:
    own = [
        {
            "Sid": "Log",
            "Effect": "Allow",
            "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
            "Resource": {"Fn::GetAtt": ["Log", "Arn"]},
        },
        {
            "Sid": "TellOfFailures",
            "Effect": "Allow",
            "Action": "sqs:SendMessage",
            "Resource": {"Fn::GetAtt": ["Failures", "Arn"]},
        },
    ]
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    return {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "AssumeRolePolicyDocument": {"Version": policies.VERSION, "Statement": [trust]},
            "Policies": [
                policies.inline("job", own),
                policies.inline("certkit", [*_renewing(function, Role.RENEWER), *function.grants]),
            ],
        },
    }


def _creator(function: Function) -> Mapping[str, object]:
    """Returns what a creator may and a renewer may not."""
    held = _renewing(function, Role.RENEWER)
    return policies.attached(
        "IsCreator", "creator", "Role", [one for one in _renewing(function, Role.CREATOR) if one not in held]
    )


def _renewing(function: Function, role: Role) -> list[Statement]:
    """Returns what a role takes; nothing of ACM where the account of the function gets no certificates."""
    table = function.table or Table("${Ledger}", REGION)
    scope = Scope(ACCOUNT, function.regions or (HOME_REGION,), table, function.channels)
    return [one for one in statements(role, scope) if function.regions or not _is_of_acm(one)]


def _is_of_acm(statement: Statement) -> bool:
    return any(action.startswith("acm:") for action in statement["Action"])
