"""The requests that show whether a caller is allowed what its role takes."""

from __future__ import annotations

from typing import Any, Final

import pytest

from certkit.escrow.where import InBucket
from certkit.policy import Channels, Role, Scope, Table, document, probes, statements
from tests.iam import Request, is_allowed

ACCOUNT: Final = "111122223333"
HOME: Final = "us-east-1"
SCOPE: Final = Scope(
    ACCOUNT,
    (HOME, "eu-west-1"),
    Table("certkit", HOME),
    Channels((f"arn:aws:sns:{HOME}:{ACCOUNT}:web",), "default", "certkit"),
    escrow=InBucket("my-escrow", "a*b", None, "alias/certkit"),
)


@pytest.mark.parametrize("role", Role)
def test_every_probe_is_allowed_by_the_policy_and_needs_one_statement_of_it(role: Role) -> None:
    policy: dict[str, Any] = document(role, SCOPE)
    asked = list(probes(statements(role, SCOPE)))

    for index, probe in enumerate(asked):
        requests = [
            Request(action, resource, dict(probe.context)) for action in probe.actions for resource in probe.resources
        ]
        alone = {**policy, "Statement": [policy["Statement"][index]]}
        assert [one for one in requests if not is_allowed(alone, one)] == []


def test_what_is_asked_for_is_no_pattern() -> None:
    asked = [resource for probe in probes(statements(Role.MIGRATOR, SCOPE)) for resource in probe.resources]

    assert "arn:aws:s3:::my-escrow/a*b/certkit" in asked
    assert [one for one in asked if "*" in one.replace("a*b", "") and one != "*"] == []
