"""The roles that a job of another account takes in the member accounts: a template for a StackSet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from certkit.policy import Role, Scope, statements
from certkit.schedule import policies
from certkit.schedule.policies import ACCOUNT, Statement
from certkit.schedule.yaml import block

_SESSIONS: Final = "certkit-*"
"""Every session is called by the ID of its run: `certkit.aws.roles`."""


@dataclass(frozen=True, slots=True)
class Members:
    """The accounts that certificates go to by a role.

    Attributes:
        role: the name of the role that renews, as the manifest has it.
        path: of that role.
        external_id: what the manifest has, None where that differs from account to account.
        regions: of all those accounts.
    """

    role: str
    path: str
    external_id: str | None
    regions: tuple[str, ...]


def template(members: Members) -> str:
    """Returns the template; it begins with how it is deployed."""
    return f"""# The roles that certkit takes in each member account. From the management account, once the job itself is deployed:
#
#   aws cloudformation create-stack-set --stack-set-name certkit --template-body file://members.yaml \\
#     --permission-model SERVICE_MANAGED --auto-deployment Enabled=true,RetainStacksOnAccountRemoval=false \\
#     --capabilities CAPABILITY_NAMED_IAM --parameters ParameterKey=HubRoleArn,ParameterValue=ARN
#   aws cloudformation create-stack-instances --stack-set-name certkit --regions us-east-1 \\
#     --deployment-targets OrganizationalUnitIds=OU
#
# HubRoleArn is an output of the job's stack. Roles are of the whole account: one region is enough.
{block(_template(members))}"""


def _template(members: Members) -> Mapping[str, object]:
    external_id: dict[str, object] = {
        "Type": "String",
        "MinLength": 2,
        "MaxLength": 1224,
        "Description": "external_id of the accounts in the manifest",
    }
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": "certkit: the roles that its job takes in this account",
        "Parameters": {
            "HubRoleArn": {
                "Type": "String",
                "AllowedPattern": "^arn:aws[a-z-]*:iam::[0-9]{12}:role/.+$",
                "Description": "Who takes them: the role of the job",
            },
            "ExternalId": {**external_id, **({"Default": members.external_id} if members.external_id else {})},
            "Creator": {
                "Type": "String",
                "AllowedValues": ["true", "false"],
                "Default": "false",
                "Description": "Whether the renewer may import certificates that ACM does not hold yet",
            },
        },
        "Conditions": {"IsCreator": {"Fn::Equals": [{"Ref": "Creator"}, "true"]}},
        "Resources": _resources(members),
        "Outputs": {
            name: {"Value": {"Fn::GetAtt": [resource, "Arn"]}}
            for name, resource in {"ReaderArn": "Reader", "RenewerArn": "Renewer"}.items()
        },
    }


def _resources(members: Members) -> Mapping[str, object]:
    scope = Scope(ACCOUNT, members.regions)
    reading, renewing, creating = (list(statements(role, scope)) for role in (Role.READER, Role.RENEWER, Role.CREATOR))
    more = [one for one in creating if one not in renewing]
    return {
        "Reader": _role(f"{members.role}-reader", members.path, reading),
        "Renewer": _role(members.role, members.path, renewing),
        "CreatorPolicy": policies.attached("IsCreator", "creator", "Renewer", more),
    }


def _role(name: str, path: str, statements: Sequence[Statement]) -> Mapping[str, object]:
    """Returns a role that the job alone can take, with the external ID, and under the name of a run."""
    trust = {
        "Effect": "Allow",
        "Principal": {"AWS": {"Ref": "HubRoleArn"}},
        "Action": "sts:AssumeRole",
        "Condition": {
            "StringEquals": {"sts:ExternalId": {"Ref": "ExternalId"}},
            "StringLike": {"sts:RoleSessionName": _SESSIONS},
        },
    }
    return {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "RoleName": name,
            "Path": path,
            "AssumeRolePolicyDocument": {"Version": policies.VERSION, "Statement": [trust]},
            "Policies": [policies.inline("certkit", statements)],
        },
    }
