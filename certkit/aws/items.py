"""A ledger's table by its URL, and its entries as DynamoDB has them."""

import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from certkit.errors import LedgerUnreadableError, UsageError
from certkit.ledger.entry import Entry, from_row, to_row
from certkit.region import is_region

SCHEME: Final = "dynamodb"
_VERSION: Final = "1"
"""Of the items, in their attribute `v`."""

_NAME: Final = re.compile(r"[A-Za-z0-9_.-]{3,255}")
"""https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html."""

_HINT: Final = "write it as dynamodb://TABLE?region=REGION"


def parse(url: str) -> tuple[str, str | None]:
    """Returns the table and the region, None where none is named, of `dynamodb://TABLE[?region=REGION]`.

    Raises:
        UsageError: it is no such URL.
    """
    try:
        parts = urlsplit(url)
        query = parse_qs(parts.query, keep_blank_values=True)
    except ValueError as error:  # brackets of an IPv6 address that is none, or too many fields
        raise UsageError(f"{url!r} names no table", hint=_HINT) from error
    is_known = set(query) <= {"region"} and not parts.path.strip("/") and not parts.fragment
    if parts.scheme != SCHEME or not is_known or not _NAME.fullmatch(parts.netloc):
        raise UsageError(f"{url!r} names no table", hint=_HINT)
    region = query.get("region", [None])[0]
    if region is not None and not is_region(region):
        raise UsageError(f"{url!r}: {region!r} is no region", hint="name one such as us-east-1")
    return parts.netloc, region


def to_item(entry: Entry) -> dict[str, Any]:
    """Returns the attributes of an entry's item, its keys apart."""
    texts = {key: {"S": value} for key, value in to_row(entry).items() if value is not None}
    return {**texts, "v": {"N": _VERSION}}


def from_item(item: Mapping[str, Any]) -> Entry:
    """Returns the entry of an item.

    Raises:
        LedgerUnreadableError: it is of a later version, or none.
    """
    version = item.get("v", {}).get("N", "0")
    if version != _VERSION:
        raise LedgerUnreadableError(
            f"an entry of the ledger is of version {version}, and this certkit knows {_VERSION}",
            hint="update certkit, or name another with --ledger",
        )
    nothing = dict.fromkeys(("name", "arn", "chain_sha256", "previous_sha256"))
    return from_row({**nothing, **{key: value["S"] for key, value in item.items() if "S" in value}})
