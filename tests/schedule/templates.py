"""What `schedule lambda` writes for one manifest, and as much of CloudFormation as reading it takes."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any, Final

from ruamel.yaml import YAML

from tests.aws.scene import ACCOUNT, HOME, OTHER

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

TABLE: Final = "made-by-the-stack"
FACTS: Final = {
    "AWS::AccountId": ACCOUNT,
    "AWS::Partition": "aws",
    "AWS::Region": HOME,
    "AWS::StackName": "certkit",
    "Ledger": TABLE,
    "ExternalId": "k3x0",
    "HubRoleArn": f"arn:aws:iam::{ACCOUNT}:role/hub",
}
"""What CloudFormation knows when a stack is made."""

MANIFEST: Final = f"""
[defaults]
regions = ["us-east-1", "eu-west-1"]
[job]
name = "nightly"
heartbeat = true
ping = "ssm:///ping"
[notify]
sns = "arn:aws:sns:us-east-1:{ACCOUNT}:certificates"
webhook = "secretsmanager://chat"
[accounts.other]
id = "{OTHER}"
role = "arn:aws:iam::{OTHER}:role/certkit"
external_id = "k3x0"
[escrow]
bucket = "my-escrow"
prefix = "certkit"
kms_key = "alias/certkit"
[certificates.shop]
source = "s3://bundles/tls/shop.pfx"
passin = "secretsmanager://shop/pfx?region=eu-west-1#password"
[certificates.web]
source = "ssm:///web/bundle"
regions = ["eu-west-1"]
accounts = ["other"]
"""


def read(path: Path) -> dict[str, Any]:
    """A template, as YAML has it."""
    found: dict[str, Any] = YAML(typ="safe").load(io.StringIO(path.read_text("utf-8")))
    return found


def filled_in(value: Any, facts: Mapping[str, str] = FACTS) -> Any:
    """A part of a template, once CloudFormation has filled in what it knows."""
    match value:
        case {"Fn::Sub": text}:
            known = re.sub(r"\$\{([^!}]+)\}", lambda match: facts[match[1]], text)
            return known.replace("${!", "${")
        case {"Ref": name}:
            return facts[name]
        case dict():
            return {key: filled_in(each, facts) for key, each in value.items()}
        case list():
            return [filled_in(each, facts) for each in value]
    return value


def policy(template: Mapping[str, Any], *, role: str = "Role", name: str = "certkit") -> dict[str, Any]:
    """A policy that is part of a role."""
    held = template["Resources"][role]["Properties"]["Policies"]
    found: dict[str, Any] = filled_in(next(one["PolicyDocument"] for one in held if one["PolicyName"] == name))
    return found
