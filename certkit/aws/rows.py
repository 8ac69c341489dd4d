"""Rows of ACM's two listings, as values: what each says, in the words of the other.

What thousands of rows have in common is kept once.
"""

import ipaddress
import re
from collections.abc import Iterator, Mapping, Sequence
from sys import intern
from typing import TYPE_CHECKING, Any, Final

from certkit import certificate as x
from certkit.record import IMPORTED, Summary

if TYPE_CHECKING:
    from mypy_boto3_acm.type_defs import (
        CertificateDetailTypeDef,
        CertificateSearchResultTypeDef,
        CertificateSummaryTypeDef,
    )

_ATTRIBUTES: Final = {
    "CommonName": "CN",
    "OrganizationalUnit": "OU",
    "Organization": "O",
    "Locality": "L",
    "State": "ST",
    "Country": "C",
    "SerialNumber": "2.5.4.5",
    "Title": "2.5.4.12",
    "GivenName": "2.5.4.42",
    "Surname": "2.5.4.4",
    "Initials": "2.5.4.43",
    "GenerationQualifier": "2.5.4.44",
    "DistinguishedNameQualifier": "2.5.4.46",
    "Pseudonym": "2.5.4.65",
}
"""A DistinguishedName's members, the narrowest first, as RFC 4514 (section 3) writes their types."""

_SPECIAL: Final = re.compile(r'(["+,;<>\\]|^[ #]| $)')
"""What RFC 4514 (section 2.4) puts a backslash before."""

_SANS: Final = {"DnsName": "DNS", "IpAddress": "IP", "Rfc822Name": "email", "UniformResourceIdentifier": "URI"}


def of_list(row: "CertificateSummaryTypeDef") -> Summary:
    """Returns a row of ListCertificates: neither issuer nor serial number."""
    return Summary(
        arn=row["CertificateArn"],
        domain=row.get("DomainName") or None,
        sans=tuple(map(_san, row.get("SubjectAlternativeNameSummaries", ()))),
        kind=kind(row),
        status=intern(row.get("Status", "")),
        key_algorithm=_key_algorithm(row.get("KeyAlgorithm", "")),
        not_before=row.get("NotBefore"),
        not_after=row.get("NotAfter"),
        imported_at=row.get("ImportedAt"),
        in_use=row.get("InUse", False),
    )


def of_search(row: "CertificateSearchResultTypeDef") -> Summary:
    """Returns a row of SearchCertificates; one that was never issued has no attributes of X.509."""
    attributes: Mapping[str, Any] = row.get("X509Attributes", {})
    metadata: Mapping[str, Any] = row.get("CertificateMetadata", {}).get("AcmCertificateMetadata", {})
    sans = attributes.get("SubjectAlternativeNames", ())
    return Summary(
        arn=row["CertificateArn"],
        domain=_domain(attributes.get("Subject", {}), sans),
        sans=tuple(_general_names(sans)),
        kind=kind(metadata),
        status=intern(metadata.get("Status", "")),
        key_algorithm=_key_algorithm(attributes.get("KeyAlgorithm", "")),
        not_before=attributes.get("NotBefore"),
        not_after=attributes.get("NotAfter"),
        imported_at=metadata.get("ImportedAt"),
        in_use=metadata.get("InUse", False),
        issuer=_name(attributes.get("Issuer", {})),
        serial=attributes.get("SerialNumber"),
    )


def kind(answer: "CertificateDetailTypeDef | CertificateSummaryTypeDef | Mapping[str, Any]") -> str:
    """Returns the type; ImportedAt is there for imported ones only, should the type be missing."""
    return intern(str(answer.get("Type", IMPORTED if "ImportedAt" in answer else "")))


def _domain(subject: Mapping[str, Any], sans: Sequence[Mapping[str, Any]]) -> str | None:
    """Returns what ListCertificates has as DomainName: the first name that ACM takes for a domain."""
    names = (subject.get("CommonName", ""), *(san.get("DnsName", "") for san in sans))
    return next(filter(x.is_domain_name, names), None)


def _general_names(sans: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for san in sans:
        for member, value in san.items():
            match member:
                case "DirectoryName":
                    yield f"DirName:{_name(value)}"
                case "OtherName":
                    yield f"othername:{value.get('ObjectIdentifier', '')}"
                case _:
                    yield f"{_SANS.get(member, 'RID')}:{value}"


def _san(name: str) -> str:
    """Returns a subject alternative name of ListCertificates, which does not say of which kind it is."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return f"DNS:{name}"
    return f"IP:{name}"


def _name(name: Mapping[str, Any]) -> str | None:
    """Returns a DistinguishedName as RFC 4514 has it, None for an empty one; of several alike ACM shows the first."""
    parts = [f"{short}={_escaped(name[member])}" for member, short in _ATTRIBUTES.items() if name.get(member)]
    parts += [f"{one['ObjectIdentifier']}={_escaped(one['Value'])}" for one in name.get("CustomAttributes", ())]
    parts += [f"DC={_escaped(component)}" for component in name.get("DomainComponents", ())]
    return intern(",".join(parts)) or None


def _escaped(value: str) -> str:
    return _SPECIAL.sub(r"\\\1", value)


def _key_algorithm(answer: str) -> str:
    """Returns the enum's form: ACM answers RSA-2048 where its model says RSA_2048."""
    return intern(answer.replace("-", "_"))
