"""SearchCertificates: a tree of filters held against certificates, and the order of what is found."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from certkit.testing import names
from certkit.testing.distinguished import distinguished_name, general_names
from certkit.testing.record import CertificateType
from certkit.testing.wire import KEY_PAIR_ORIGINS, key_algorithm

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from cryptography import x509

    from certkit.testing.behaviour import Behaviour
    from certkit.testing.record import Record

_SORT_KEYS: Final[Mapping[str, Callable[[Record, datetime], Any]]] = {
    "CREATED_AT": lambda record, _: record.created_at,
    "IMPORTED_AT": lambda record, _: record.imported_at,
    "NOT_BEFORE": lambda record, _: record.material.leaf.not_valid_before_utc,
    "NOT_AFTER": lambda record, _: record.material.leaf.not_valid_after_utc,
    "STATUS": lambda record, now: record.status(now),
    "IN_USE": lambda record, _: bool(record.in_use_by),
    "KEY_ALGORITHM": lambda record, _: record.key_algorithm,
    "TYPE": lambda record, _: record.type,
    "CERTIFICATE_ARN": lambda record, _: record.arn,
    "COMMON_NAME": lambda record, _: names.common_name(record.material.leaf) or "",
    "CERTIFICATE_KEY_PAIR_ORIGIN": lambda record, _: KEY_PAIR_ORIGINS[record.type],
}
"""The other fields of the model are alike for all certificates here, so that sorting by them changes nothing."""

_ATTRIBUTE_FILTERS: Final[Mapping[str, Callable[[x509.Certificate, Any], bool]]] = {
    "Subject": lambda leaf, value: _text_matches(value["CommonName"], [names.common_name(leaf) or ""]),
    "SubjectAlternativeName": lambda leaf, value: _text_matches(value["DnsName"], names.dns_names(leaf)),
    "ExtendedKeyUsage": lambda leaf, value: (
        value in ([name for name, _ in names.extended_key_usages(leaf)] or ["NONE"])
    ),
    "KeyUsage": lambda leaf, value: value in (names.key_usages(leaf) or ["ANY"]),
    "KeyAlgorithm": lambda leaf, value: names.key_algorithm(leaf) == value,
    "SerialNumber": lambda leaf, value: names.serial(leaf) == value,
    "NotAfter": lambda leaf, value: _is_within(leaf.not_valid_after_utc, value),
    "NotBefore": lambda leaf, value: _is_within(leaf.not_valid_before_utc, value),
}


def found(records: Iterable[Record], request: Mapping[str, Any], now: datetime) -> tuple[Record, ...]:
    """The certificates that a SearchCertificates request is answered with, in order."""
    statement = request.get("FilterStatement")
    matching = [record for record in records if statement is None or matches(statement, record, now)]
    sort_key = _SORT_KEYS.get(request.get("SortBy", ""))
    if sort_key is not None:
        matching.sort(key=lambda record: sort_key(record, now), reverse=request.get("SortOrder") == "DESCENDING")
    return tuple(matching)


def matches(statement: Mapping[str, Any], record: Record, now: datetime) -> bool:
    """Whether a CertificateFilterStatement holds for a certificate; it must have exactly one member."""
    ((kind, value),) = statement.items()
    match kind:
        case "And":
            return all(matches(part, record, now) for part in value)
        case "Or":
            return any(matches(part, record, now) for part in value)
        case "Not":
            return not matches(value, record, now)
        case _:
            return _filter_matches(value, record, now)


def result(record: Record, behaviour: Behaviour, now: datetime) -> dict[str, Any]:
    """The certificate as SearchCertificates shows it."""
    leaf = record.material.leaf
    return {
        "CertificateArn": record.arn,
        "X509Attributes": {
            "Issuer": distinguished_name(leaf.issuer),
            "Subject": distinguished_name(leaf.subject),
            "SubjectAlternativeNames": general_names(leaf),
            "ExtendedKeyUsages": [name for name, _ in names.extended_key_usages(leaf)],
            "KeyAlgorithm": key_algorithm(record, behaviour),
            "KeyUsages": list(names.key_usages(leaf)),
            "SerialNumber": names.serial(leaf),
            "NotAfter": leaf.not_valid_after_utc,
            "NotBefore": leaf.not_valid_before_utc,
        },
        "CertificateMetadata": {"AcmCertificateMetadata": _metadata(record, now)},
    }


def _filter_matches(statement: Mapping[str, Any], record: Record, now: datetime) -> bool:
    ((kind, value),) = statement.items()
    match kind:
        case "CertificateArn":
            return bool(record.arn == value)
        case "X509AttributeFilter":
            return _attribute_matches(value, record)
        case _:
            ((name, wanted),) = value.items()
            return bool(_metadata(record, now).get(name) == wanted)


def _attribute_matches(statement: Mapping[str, Any], record: Record) -> bool:
    ((kind, value),) = statement.items()
    return _ATTRIBUTE_FILTERS[kind](record.material.leaf, value)


def _metadata(record: Record, now: datetime) -> dict[str, Any]:
    is_imported = record.type is CertificateType.IMPORTED
    return {
        "CreatedAt": record.created_at,
        "ImportedAt" if is_imported else "IssuedAt": record.imported_at,
        "InUse": bool(record.in_use_by),
        "Exported": False,
        "ExportOption": "DISABLED",
        "RenewalEligibility": "INELIGIBLE",
        "Status": record.status(now),
        "Type": record.type.value,
        "CertificateKeyPairOrigin": KEY_PAIR_ORIGINS[record.type],
    }


def _text_matches(wanted: Mapping[str, str], present: Iterable[str]) -> bool:
    # DNS names have no case; whether the service compares common names so too is not documented.
    value = wanted["Value"].lower()
    if wanted["ComparisonOperator"] == "EQUALS":
        return any(value == text.lower() for text in present)
    return any(value in text.lower() for text in present)


def _is_within(time: datetime, span: Mapping[str, float]) -> bool:
    # Both ends belong to it: documentation of TimestampRange in ACM's service model.
    start, end = (datetime.fromtimestamp(span[name], UTC) if name in span else time for name in ("Start", "End"))
    return start <= time <= end
