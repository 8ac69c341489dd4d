"""What can be set about the strict ACM: forms of answers nobody is sure of, delays, rates, quotas."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

DOCUMENTED_RATES: Final[Mapping[str, int]] = MappingProxyType(
    {
        "AddTagsToCertificate": 5,
        "DeleteCertificate": 10,
        "DescribeCertificate": 10,
        "ExportCertificate": 10,
        "GetAccountConfiguration": 1,
        "GetCertificate": 10,
        "ImportCertificate": 1,
        "ListCertificates": 8,
        "ListTagsForCertificate": 10,
        "PutAccountConfiguration": 1,
        "RemoveTagsFromCertificate": 5,
        "RequestCertificate": 5,
        "SearchCertificates": 5,
    }
)
"""Requests per second, account and Region: https://docs.aws.amazon.com/acm/latest/userguide/acm-limits.html"""


class KeyAlgorithmStyle(StrEnum):
    """How an RSA key algorithm is spelled on the way out; EC ones have one spelling."""

    HYPHEN = "hyphen"
    """`RSA-2048`, as the real service answers."""
    UNDERSCORE = "underscore"
    """`RSA_2048`, as the service model says."""


class MissingChain(StrEnum):
    """What GetCertificate answers as the chain of a certificate that was imported without one."""

    ABSENT = "absent"
    EMPTY = "empty"
    LEAF = "leaf"
    """The certificate itself, as ansible's acm_certificate module reports."""


class ChainEcho(StrEnum):
    """What GetCertificate makes of a chain that was sent."""

    AS_SENT = "as-sent"
    """The same certificates in the same order, as PEM with lines of 64 characters."""
    WITHOUT_ROOT = "without-root"
    FIRST = "first"
    """The leaf's issuer alone: one that nobody has seen, for what a service that rewrites chains would do."""
    CRLF = "crlf"


@dataclass(frozen=True, slots=True)
class Behaviour:
    """The strict ACM's settings; the defaults are what is known of the real service.

    Attributes:
        key_algorithm_style: Spelling of RSA algorithms in Describe, List and Search.
        missing_chain: GetCertificate's answer where no chain was sent.
        chain_echo: GetCertificate's answer where one was.
        reimport_keeps_chain: A reimport without a chain leaves the former one, instead of removing it.
        reimports_count: A reimport counts towards `imports_per_year`.
        page_size: The most that one page of List or Search holds, whatever was asked for; None: what was asked for.
        index_lag_calls: So many further calls to the account and Region do not see a change in List, Search, GetResources.
        index_lag: For so long a change is not seen there either; both must have passed.
        requests_per_second: Limit by operation; empty: none. `DOCUMENTED_RATES` are the real ones.
        imported_certificates: Quota of imported certificates at one time, per account and Region.
        imports_per_year: Quota of imports in 365 days, counting those of certificates deleted since.
    """

    key_algorithm_style: KeyAlgorithmStyle = KeyAlgorithmStyle.HYPHEN
    missing_chain: MissingChain = MissingChain.ABSENT
    chain_echo: ChainEcho = ChainEcho.AS_SENT
    reimport_keeps_chain: bool = False
    reimports_count: bool = True
    page_size: int | None = None
    index_lag_calls: int = 0
    index_lag: timedelta = timedelta(0)
    requests_per_second: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    # https://docs.aws.amazon.com/acm/latest/userguide/acm-limits.html
    imported_certificates: int = 2_500
    imports_per_year: int = 5_000
