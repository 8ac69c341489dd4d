"""The environment variables that lead an AWS SDK to the strict ACM, and nowhere else."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

REGION: Final = "us-east-1"
"""The Region that clients use unless told otherwise."""

_PREFIXES: Final = ("AWS_", "BOTO_")
_OTHERS: Final = frozenset({"CERTKIT_LEDGER", "CERTKIT_REGION"})
_LOOPBACK: Final = "127.0.0.1,localhost"


def client_environment(url: str, outer: Mapping[str, str]) -> dict[str, str]:
    """The variables to set, where those of `outer` are set already."""
    # Both spellings: Python prefers the lower-case one, others the upper-case one.
    no_proxy = ",".join(filter(None, (outer.get("no_proxy") or outer.get("NO_PROXY"), _LOOPBACK)))
    return {
        "AWS_ENDPOINT_URL": url,
        "AWS_ACCESS_KEY_ID": "certkit-sandbox",
        "AWS_SECRET_ACCESS_KEY": "not-a-secret",
        "AWS_DEFAULT_REGION": REGION,
        # A profile could lead elsewhere: it may name a role, a process to run, or endpoints of its own.
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "NO_PROXY": no_proxy,
        "no_proxy": no_proxy,
    }


def foreign_variables(outer: Mapping[str, str]) -> tuple[str, ...]:
    """The names in `outer` that could lead a client to a real account; unset them first."""
    return tuple(name for name in outer if name.startswith(_PREFIXES) or name in _OTHERS)
