"""Issuers that a bundle lacks, fetched from where its certificates say they are (AIA, RFC 5280 section 4.2.2.1).

What is fetched counts only if its key verifies the signature of the certificate that it is said to have issued.
"""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Final

from cryptography import x509

from certkit import certificate as x
from certkit import formats
from certkit.errors import CertkitError
from certkit.password import Passwords

_MAX_STEPS: Final = 8
"""Certificates above a leaf; public chains have two or three."""

_MAX_ADDRESSES: Final = 3
"""Addresses tried for one issuer; public certificates name one, Windows CAs one more in LDAP."""

Fetch = Callable[[str], bytes]


def missing_issuers(top: x509.Certificate, fetch: Fetch) -> Iterator[tuple[x509.Certificate, str]]:
    """Yields the issuer of `top`, its issuer, and so on to a self-signed one, each with the address it came from.

    Stops where an address is missing, cannot be fetched, or yields nothing new that verifies.
    """
    seen = {top}
    for _ in range(_MAX_STEPS):
        if x.is_self_signed(top):
            return
        found = next((one for one in _issuers(top, fetch) if one[0] not in seen), None)
        if found is None:
            return
        yield found
        top = found[0]
        seen.add(top)


def ca_issuers(certificate: x509.Certificate) -> Iterator[str]:
    """Yields the addresses at which a certificate says its issuer's certificate is."""
    for description in x.extension(certificate, x509.AuthorityInformationAccess) or ():
        location = description.access_location
        is_issuer = description.access_method == x509.oid.AuthorityInformationAccessOID.CA_ISSUERS
        if is_issuer and isinstance(location, x509.UniformResourceIdentifier):
            yield location.value


def _issuers(certificate: x509.Certificate, fetch: Fetch) -> Iterator[tuple[x509.Certificate, str]]:
    for url in islice(ca_issuers(certificate), _MAX_ADDRESSES):
        try:
            contents = formats.read(fetch(url), Passwords(), max_iterations=0, wants_keys=False)
        except CertkitError:
            continue
        for entry in contents.certificates:
            candidate = x.load(entry.der)
            if candidate is not None and x.issued(candidate, certificate):
                yield candidate, url
