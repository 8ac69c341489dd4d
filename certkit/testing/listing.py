"""Which certificates ListCertificates shows, and in which order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from certkit.testing import names
from certkit.testing.refusal import AwsRefusal
from certkit.testing.wire import KEY_PAIR_ORIGINS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from certkit.testing.record import Record

DEFAULT_KEY_TYPES: Final = frozenset({"RSA_1024", "RSA_2048"})
"""Documentation of Filters.keyTypes in ACM's service model: "only RSA_1024 and RSA_2048 certificates that have at
least one domain". The page of the operation says only RSA_2048."""


def listed(records: Iterable[Record], request: Mapping[str, Any], now: datetime) -> tuple[Record, ...]:
    """The certificates that a ListCertificates request is answered with, in order.

    Raises:
        AwsRefusal: It asks to sort by something in no order, or the other way round.
    """
    if ("SortBy" in request) != ("SortOrder" in request):
        # text unsourced
        raise AwsRefusal("InvalidArgsException", "SortBy and SortOrder must be specified together.")
    found = [record for record in records if _is_listed(record, request, now)]
    if request.get("SortBy") == "CREATED_AT":
        found.sort(key=lambda record: record.created_at, reverse=request["SortOrder"] == "DESCENDING")
    return tuple(found)


def _is_listed(record: Record, request: Mapping[str, Any], now: datetime) -> bool:
    statuses = request.get("CertificateStatuses")
    origins = request.get("CertificateKeyPairOrigins")
    return (
        (not statuses or record.status(now) in statuses)
        and (not origins or KEY_PAIR_ORIGINS[record.type] in origins)
        and _is_included(record, request.get("Includes") or {})
    )


def _is_included(record: Record, includes: Mapping[str, Any]) -> bool:
    leaf = record.material.leaf
    extended = {name for name, _ in names.extended_key_usages(leaf)} or {"NONE"}
    return (
        _has_key_type(record, includes.get("keyTypes"))
        and _meets(includes.get("keyUsage"), set(names.key_usages(leaf)) or {"ANY"})
        and _meets(includes.get("extendedKeyUsage"), extended)
        and includes.get("exportOption", "DISABLED") == "DISABLED"
        and "managedBy" not in includes
    )


def _has_key_type(record: Record, key_types: list[str] | None) -> bool:
    if not key_types:
        return record.key_algorithm in DEFAULT_KEY_TYPES and bool(record.domains)
    return record.key_algorithm in key_types


def _meets(wanted: list[str] | None, present: set[str]) -> bool:
    return not wanted or bool(present.intersection(wanted))
