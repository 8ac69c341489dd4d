"""A manifest and its bundles in the bucket of a fleet, for tests that have three accounts renewed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import boto3

from tests.aws.scene import HOME, held
from tests.fleet.scene import BUCKET
from tests.issuing import Request, make_chain

if TYPE_CHECKING:
    from certkit.testing import StrictAcm

RED: Final = "1" * 12
GREEN: Final = "2" * 12
BLUE: Final = "3" * 12
ACCOUNTS: Final = {"red": RED, "green": GREEN, "blue": BLUE}


def put(key: str, body: bytes) -> None:
    """Puts an object into the bucket."""
    boto3.client("s3", region_name=HOME).put_object(Bucket=BUCKET, Key=key, Body=body)


def save(*names: str) -> list[str]:
    """Puts a bundle under each name, and returns the fingerprints of what was issued, sorted."""
    issued = {name: make_chain(leaf=Request(common_name=f"{name}.example.com")) for name in names}
    for name, one in issued.items():
        put(f"{name}.pem", one.key_pem + one.pem + one.chain_pem)
    return sorted(one.sha256 for one in issued.values())


def manifest(*names: str, top: str = "", waves: dict[str, int] | None = None, more: str = "") -> None:
    """Writes a manifest that sends certificates to all accounts.

    Args:
        waves: of the accounts.
        more: what each certificate says besides.
    """
    accounts = "".join(
        f'[accounts.{name}]\nid = "{number}"\nrole = "arn:aws:iam::{number}:role/certkit"\nwave = {(waves or {}).get(name, 1)}\n'
        for name, number in ACCOUNTS.items()
    )
    certificates = "".join(
        f'[certificates.{name}]\nsource = "s3://{BUCKET}/{name}.pem"\naccounts = {list(ACCOUNTS)}\n{more}\n'
        for name in names
    )
    put("certkit.toml", f"{top}\n{accounts}{certificates}".encode())


def there(server: StrictAcm) -> dict[str, list[str]]:
    """The fingerprints that ACM holds in each account."""
    return {name: sorted(held(server, HOME, number).values()) for name, number in ACCOUNTS.items()}
