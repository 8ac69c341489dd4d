"""IAM's policies as CloudFormation takes them."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

Statement = Mapping[str, Any]
VERSION: Final = "2012-10-17"
ACCOUNT: Final = "${AWS::AccountId}"
REGION: Final = "${AWS::Region}"
PARTITION: Final = "${AWS::Partition}"
"""What CloudFormation fills in: where the stack is."""

_OWN: Final = re.compile(r"^arn:aws[a-z-]*:")
"""Of an ARN that has something to be filled in: it is one of the stack's own partition."""

_LITERAL: Final = re.compile(r"\$\{([*?$])\}")
"""What IAM itself is to read, and `Fn::Sub` leaves to it where it has an exclamation mark.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-sub.html
"""


def inline(name: str, held: Sequence[Statement]) -> Mapping[str, object]:
    """Returns a policy that is part of a role."""
    return {"PolicyName": name, "PolicyDocument": {"Version": VERSION, "Statement": _filled_in(held)}}


def attached(condition: str, name: str, role: str, held: Sequence[Statement]) -> Mapping[str, object]:
    """Returns a resource: a policy that a role has on a condition."""
    properties = {**inline(name, held), "Roles": [{"Ref": role}]}
    return {"Type": "AWS::IAM::Policy", "Condition": condition, "Properties": properties}


def _filled_in(value: Any) -> Any:  # noqa: ANN401 -- JSON
    """Returns a policy in which CloudFormation fills in what stands between `${` and `}`."""
    if isinstance(value, Mapping):
        return {key: _filled_in(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_filled_in(each) for each in value]
    if isinstance(value, str) and "${" in value:
        return {"Fn::Sub": _LITERAL.sub(r"${!\1}", _OWN.sub(f"arn:{PARTITION}:", value))}
    return value
