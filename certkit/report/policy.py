"""What `certkit policy` shows."""

from collections.abc import Mapping, Sequence

from certkit.policy import Role
from certkit.report.machine import json_text


def document(policies: Sequence[tuple[Role, str, Mapping[str, object]]]) -> dict[str, object]:
    """Returns the document `certkit.policy/1`, of roles, accounts and the policies that belong to them."""
    rows = [{"role": role.value, "account": account, "policy": dict(policy)} for role, account, policy in policies]
    return {"schema": "certkit.policy/1", "policies": rows}


def text(policy: Mapping[str, object]) -> str:
    """Returns a policy as IAM takes it."""
    return json_text(policy)


def table() -> str:
    """Returns a line for each role."""
    return "\n".join(f"{role.value:<8}  {role.purpose}" for role in Role)
