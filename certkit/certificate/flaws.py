"""Why a certificate cannot be parsed, in words."""

import re
from typing import Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm

from certkit.certificate.fields import parse

_PLACES: Final = {
    "TbsCertificate::version": "its version",
    "TbsCertificate::serial": "its serial number",
    "TbsCertificate::signature_alg": "its signature algorithm",
    "TbsCertificate::issuer": "its issuer",
    "TbsCertificate::validity": "its validity",
    "TbsCertificate::subject": "its subject",
    "TbsCertificate::spki": "its public key",
    "TbsCertificate::raw_extensions": "its extensions",
    "Certificate::signature_alg": "its signature algorithm",
    "Certificate::signature": "its signature",
}
"""Where cryptography's parser stops: the fields of RFC 5280 section 4.1."""

_PLACE: Final = re.compile(r'"(\w+::\w+)"')


def flaw(der: bytes) -> str | None:
    """Returns what is wrong with a certificate that `load` does not parse, None where it parses it.

    cryptography names the field; whether it is malformed there, or only not strict DER, it does not say.
    """
    try:
        certificate = parse(der)
    except x509.InvalidVersion as error:
        return f"it is of X.509 version {error.parsed_version + 1}"
    except (ValueError, UnsupportedAlgorithm) as error:
        place = next((_PLACES[found] for found in _PLACE.findall(str(error)) if found in _PLACES), None)
        return f"it is malformed, or not strict DER{f', in {place}' if place else ''}"
    try:
        _ = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    except ValueError:
        return "its validity names a year that no calendar has"
    return None
