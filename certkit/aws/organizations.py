"""The accounts of the caller's organization."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from certkit.aws.failures import explained
from certkit.aws.sessions import Session

_ACTIVE: Final = "ACTIVE"


@dataclass(frozen=True, slots=True)
class Member:
    """An account of an organization."""

    id: str
    name: str


def members(session: Session) -> Iterator[Member]:
    """Yields the accounts that are active, the management account among them.

    Raises:
        AwsError: Organizations does not say: only the management account and those it delegates to may ask.
    """
    with explained("listing the accounts of the organization"):
        for page in session.organizations().get_paginator("list_accounts").paginate():
            for account in page["Accounts"]:
                # State has taken the place of Status since September 2026: API_Account of Organizations.
                if account.get("State", account.get("Status")) == _ACTIVE:
                    yield Member(account["Id"], account.get("Name", account["Id"]))
