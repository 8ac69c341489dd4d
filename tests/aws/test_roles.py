"""What is asked of STS to become a role."""

from datetime import UTC, datetime
from typing import Any

import pytest

from certkit.aws.roles import Role, session_as

ARN = "arn:aws:iam::222222222222:role/certkit"


class Sts:
    """Gives credentials, and remembers what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[dict[str, str]] = []

    def assume_role(self, **given: str) -> dict[str, Any]:
        """Answers as STS does."""
        self.asked.append(given)
        expiration = datetime(2050, 1, 1, tzinfo=UTC)
        return {
            "Credentials": {
                "AccessKeyId": "id",
                "SecretAccessKey": "secret",
                "SessionToken": "token",
                "Expiration": expiration,
            }
        }


@pytest.mark.parametrize(
    ("role", "asked"),
    [
        (Role(ARN), {"RoleArn": ARN, "RoleSessionName": "certkit"}),
        (
            Role(ARN, "k3x0", "0123abcd"),
            {"RoleArn": ARN, "RoleSessionName": "certkit-0123abcd", "ExternalId": "k3x0"},
        ),
    ],
)
def test_a_role_is_asked_for_with_all_that_it_needs_once_it_is_needed(role: Role, asked: dict[str, str]) -> None:
    sts = Sts()

    session = session_as(role, None, sts)  # type: ignore[arg-type]  # as much of it as is used
    before = list(sts.asked)
    credentials = session.get_credentials()

    assert before == []
    assert credentials is not None
    assert credentials.get_frozen_credentials().token == "token"
    assert sts.asked == [asked]
