"""What can be said of an ACM: facts by name, None where what is there does not tell."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from live.sides import Side

Facts: TypeAlias = Mapping[str, object]
Row: TypeAlias = dict[str, Any]

_SMALL_RSA: Final = frozenset({"RSA_1024", "RSA_2048"})
_SERIAL: Final = re.compile(r"[0-9a-f]{2}(:[0-9a-f]{2})*")


def identity(side: Side) -> Facts:
    """What STS says of the caller."""
    answer = side.client("sts").get_caller_identity()
    return {"the account has twelve digits": bool(re.fullmatch(r"\d{12}", answer["Account"]))}


def listing(side: Side) -> Facts:
    """What ListCertificates shows by default, and of all key types."""
    rows = side.listed_whole()
    default = {row["CertificateArn"] for row in side.listed()}
    small = [row for row in rows if _algorithm(row) in _SMALL_RSA]
    return {
        "the list of all key types has what the default list has": default <= {row["CertificateArn"] for row in rows},
        "the default list shows RSA keys up to 2048 bits": _all_in(
            default, [row for row in small if "DomainName" in row]
        ),
        "the default list shows certificates without a domain": _all_in(
            default, [row for row in small if "DomainName" not in row]
        ),
        "the default list shows EC keys": _all_in(default, [row for row in rows if _algorithm(row).startswith("EC_")]),
        "the default list shows large RSA keys": _all_in(
            default, [row for row in rows if _algorithm(row) in {"RSA_3072", "RSA_4096"}]
        ),
        "RSA keys are spelled, in the list": _spelling(rows),
        "every row of an imported certificate has": _members(_imported(rows)),
    }


def describing(side: Side) -> Facts:
    """The forms of DescribeCertificate for imported certificates."""
    acm = side.client("acm")
    details = [acm.describe_certificate(CertificateArn=arn)["Certificate"] for arn in side.sample()]
    return {
        "every description of an imported certificate has": _members(details),
        "RSA keys are spelled, in the description": _spelling(details),
        "serials are hex with colons": _all(bool(_SERIAL.fullmatch(detail["Serial"])) for detail in details),
        "renewal eligibility of imported certificates": _values(details, "RenewalEligibility"),
        "statuses of imported certificates are known ones": _all(
            detail["Status"] in {"ISSUED", "EXPIRED", "INACTIVE", "REVOKED"} for detail in details
        ),
    }


def getting(side: Side) -> Facts:
    """The forms of GetCertificate for imported certificates."""
    acm = side.client("acm")
    answers = [acm.get_certificate(CertificateArn=arn) for arn in side.sample()]
    texts = [answer[name] for answer in answers for name in ("Certificate", "CertificateChain") if name in answer]
    return {
        "PEM has lines of 64 characters": _all(max(map(len, text.splitlines())) <= 64 for text in texts if text),  # noqa: PLR2004 -- RFC 7468
        "PEM has CRLF": _all("\r\n" in text for text in texts if text),
        "the certificate stands alone": _all(answer["Certificate"].count("-----BEGIN") == 1 for answer in answers),
        "the certificate is not in its chain": _all(
            answer["Certificate"].split() != answer.get("CertificateChain", "").split() for answer in answers
        ),
    }


def searching(side: Side) -> Facts:
    """What SearchCertificates knows."""
    acm = side.client("acm")
    code = _code(lambda: acm.search_certificates(MaxResults=1))
    if code:
        return {"SearchCertificates answers": code}
    found = [row for page in acm.get_paginator("search_certificates").paginate() for row in page["Results"]]
    listed = {row["CertificateArn"] for row in side.listed_whole()}
    return {
        "SearchCertificates answers": "",
        "every result of a search has": sorted(set.intersection(*map(set, found))) if found else None,
        "the list of all key types has what a search finds": {row["CertificateArn"] for row in found} <= listed,
    }


def tagging(side: Side) -> Facts:
    """Whether the tagging index says what ACM says."""
    acm, index = side.client("acm"), side.client("resourcegroupstaggingapi")
    found = index.get_resources(ResourceTypeFilters=["acm:certificate"], ResourcesPerPage=100)
    mappings = found["ResourceTagMappingList"][:5]
    pairs = [
        (_tags(mapping["Tags"]), _tags(acm.list_tags_for_certificate(CertificateArn=mapping["ResourceARN"])["Tags"]))
        for mapping in mappings
    ]
    return {"the tagging index says what ACM says": _all(indexed == own for indexed, own in pairs)}


def refusing(side: Side) -> Facts:
    """The codes with which reading is refused."""
    acm = side.client("acm")
    account = side.client("sts").get_caller_identity()["Account"]
    partition = side.client("sts").get_caller_identity()["Arn"].split(":")[1]
    nowhere = f"arn:{partition}:acm:{side.region}:{account}:certificate/00000000-0000-0000-0000-000000000000"
    calls: dict[str, Callable[[], object]] = {
        "describe what is not there": lambda: acm.describe_certificate(CertificateArn=nowhere),
        "get what is not there": lambda: acm.get_certificate(CertificateArn=nowhere),
        "tags of what is not there": lambda: acm.list_tags_for_certificate(CertificateArn=nowhere),
        "describe what is no ARN": lambda: acm.describe_certificate(CertificateArn="certkit-live-no-arn-at-all"),
        "list an unknown key type": lambda: acm.list_certificates(Includes={"keyTypes": ["RSA_1"]}),
        "list with a page that is none": lambda: acm.list_certificates(NextToken="certkit"),
        "list by an order of nothing": lambda: acm.list_certificates(SortBy="CREATED_AT"),
    }
    return {f"refused with, {what}": _code(call) for what, call in calls.items()}


READING: Final = (identity, listing, describing, getting, searching, tagging, refusing)
"""Everything that can be said without writing."""


def _code(call: Callable[[], object]) -> str:
    """The code with which a call is refused, empty where it is not."""
    try:
        call()
    except ClientError as error:
        return error.response["Error"]["Code"]
    return ""


def _algorithm(row: Row) -> str:
    return str(row.get("KeyAlgorithm", "")).replace("-", "_")


def _imported(rows: Iterable[Row]) -> list[Row]:
    return [row for row in rows if row["Type"] == "IMPORTED"]


def _all_in(shown: set[str], rows: Iterable[Row]) -> bool | str | None:
    """Whether all of the rows are shown, "some" where only a part is."""
    seen = {row["CertificateArn"] in shown for row in rows}
    return None if not seen else "some" if len(seen) > 1 else seen.pop()


def _all(claims: Iterable[bool]) -> bool | None:
    told = list(claims)
    return all(told) if told else None


def _members(rows: Sequence[Row]) -> list[str] | None:
    """The members that every one has that has a domain: the others depend on what the certificate says."""
    with_domain = [set(row) for row in rows if "DomainName" in row]
    return sorted(set.intersection(*with_domain)) if with_domain else None


def _values(rows: Sequence[Row], member: str) -> list[str] | None:
    return sorted({str(row.get(member)) for row in rows}) or None


def _spelling(rows: Iterable[Row]) -> list[str] | None:
    return sorted({str(row["KeyAlgorithm"])[:4] for row in rows if "RSA" in str(row.get("KeyAlgorithm"))}) or None


def _tags(tags: Iterable[Mapping[str, str]]) -> dict[str, str]:
    return {tag["Key"]: tag.get("Value", "") for tag in tags}
