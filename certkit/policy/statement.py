"""One statement of a policy."""

from typing import Any, Final

Statement = dict[str, Any]
ANYWHERE: Final = ["*"]
"""The resource of actions that know none of their own."""


def allow(sid: str, actions: list[str], resources: list[str], condition: Statement | None = None) -> Statement:
    """Returns the statement that allows these actions on these resources, where the condition holds."""
    statement = {"Sid": sid, "Effect": "Allow", "Action": sorted(actions), "Resource": resources}
    return {**statement, "Condition": condition} if condition else statement


def literal(name: str) -> str:
    """Returns a name in which IAM finds neither a pattern nor a variable.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-specialchars
    """
    return "".join(f"${{{one}}}" if one in "*?$" else one for one in name)
