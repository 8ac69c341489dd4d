"""Names inside a certificate as SearchCertificates shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cryptography import x509
from cryptography.x509.oid import NameOID

if TYPE_CHECKING:
    from collections.abc import Mapping

_ATTRIBUTES: Final = {
    NameOID.COMMON_NAME: "CommonName",
    NameOID.COUNTRY_NAME: "Country",
    NameOID.DN_QUALIFIER: "DistinguishedNameQualifier",
    NameOID.GENERATION_QUALIFIER: "GenerationQualifier",
    NameOID.GIVEN_NAME: "GivenName",
    NameOID.INITIALS: "Initials",
    NameOID.LOCALITY_NAME: "Locality",
    NameOID.ORGANIZATION_NAME: "Organization",
    NameOID.ORGANIZATIONAL_UNIT_NAME: "OrganizationalUnit",
    NameOID.PSEUDONYM: "Pseudonym",
    NameOID.SERIAL_NUMBER: "SerialNumber",
    NameOID.STATE_OR_PROVINCE_NAME: "State",
    NameOID.SURNAME: "Surname",
    NameOID.TITLE: "Title",
}

_PLAIN_NAMES: Final[Mapping[type[x509.GeneralName], str]] = {
    x509.DNSName: "DnsName",
    x509.IPAddress: "IpAddress",
    x509.RFC822Name: "Rfc822Name",
    x509.UniformResourceIdentifier: "UniformResourceIdentifier",
}


def distinguished_name(name: x509.Name) -> dict[str, Any]:
    """A DistinguishedName; of an attribute that stands several times, the first."""
    answer: dict[str, Any] = {}
    for attribute in name:
        value = str(attribute.value)
        if attribute.oid == NameOID.DOMAIN_COMPONENT:
            answer.setdefault("DomainComponents", []).append(value)
        elif attribute.oid in _ATTRIBUTES:
            answer.setdefault(_ATTRIBUTES[attribute.oid], value)
        else:
            custom = {"ObjectIdentifier": attribute.oid.dotted_string, "Value": value}
            answer.setdefault("CustomAttributes", []).append(custom)
    return answer


def general_names(certificate: x509.Certificate) -> list[dict[str, Any]]:
    """The subject alternative names, each a GeneralName; empty without the extension."""
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    return [_general_name(name) for name in names]


def _general_name(name: x509.GeneralName) -> dict[str, Any]:
    if isinstance(name, x509.DirectoryName):
        return {"DirectoryName": distinguished_name(name.value)}
    if isinstance(name, x509.OtherName):
        return {"OtherName": {"ObjectIdentifier": name.type_id.dotted_string, "Value": name.value.hex()}}
    if isinstance(name, x509.RegisteredID):
        return {"RegisteredId": name.value.dotted_string}
    return {_PLAIN_NAMES[type(name)]: str(name.value)}
