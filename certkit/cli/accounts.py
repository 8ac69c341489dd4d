"""The wiring of accounts: enters each of them, and checks that it is the one that was meant."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from certkit.aws.sessions import Identity
from certkit.aws.sessions import Session as AwsSession
from certkit.cli.cloud import Cloud
from certkit.errors import AwsAuthError, CertkitError
from certkit.manifest import Account
from certkit.parallel import in_order

_PARALLEL: Final = 8
"""Accounts asked at a time; STS allows far more."""


@dataclass(frozen=True, slots=True)
class Presence:
    """The caller in one account."""

    aws: AwsSession
    identity: Identity


def enter(
    cloud: Cloud, accounts: Iterable[Account | None], region: str
) -> Mapping[Account | None, Presence | CertkitError]:
    """Returns the caller in each account, or why it is not there; None stands for the caller's own.

    Raises:
        AwsError: there is no caller at all.
    """
    wanted = list(dict.fromkeys(accounts))
    own = cloud.aws.identity(region)
    sessions = [_session(cloud, account) for account in wanted]
    looks = [
        partial(_presence, cloud, account, aws, region, own) for account, aws in zip(wanted, sessions, strict=True)
    ]
    return dict(zip(wanted, in_order(looks, _PARALLEL), strict=True))


def _session(cloud: Cloud, account: Account | None) -> AwsSession:
    if account is None or account.role is None:
        return cloud.aws
    return cloud.assume(account.role, account.external_id)


def _presence(
    cloud: Cloud, account: Account | None, aws: AwsSession, region: str, own: Identity
) -> Presence | CertkitError:
    """Returns the caller in an account; who it is without a role is known already."""
    try:
        identity = cloud.expected(own) if aws is cloud.aws else cloud.identity_as(aws, region)
    except CertkitError as error:
        return error
    if account is not None and identity.account != account.id:
        return AwsAuthError(
            f"the account {account.name!r} is {account.id}, and the caller is in {identity.account}: {identity.arn}",
            hint="name the role to assume with role =, or choose other credentials with --profile",
        )
    return Presence(aws, identity)
