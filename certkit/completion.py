"""Issuers that a bundle lacks, fetched from where its certificates say they are (AIA, RFC 5280 section 4.2.2.1).

What was fetched, now or in an earlier run, counts only if its key verifies the signature of the certificate that it is said
to have issued.
"""

import datetime as dt
from collections.abc import Callable, Collection, Iterator
from itertools import islice
from typing import Final, NamedTuple, Protocol, TypeAlias

from cryptography import x509

from certkit import certificate as x
from certkit import formats
from certkit.bundle import Addition
from certkit.errors import CertkitError, InputUnreadableError
from certkit.password import Passwords

_MAX_STEPS: Final = 8
"""Certificates above a leaf; public chains have two or three."""

_MAX_ADDRESSES: Final = 3
"""Addresses tried for one issuer; public certificates name one, Windows CAs one more in LDAP."""

Fetch: TypeAlias = Callable[[str], bytes]


class Recalled(NamedTuple):
    """An answer that an address gave before.

    Attributes:
        is_fresh: whether the address need not be asked again.
    """

    answer: bytes
    is_fresh: bool


class Memory(Protocol):
    """What addresses answered in earlier runs."""

    def recall(self, url: str) -> Recalled | None:
        """Returns what is remembered of an address, None for nothing."""

    def keep(self, url: str, answer: bytes) -> None:
        """Remembers an answer, if that can be done."""


class NotFetched(NamedTuple):
    """Why an issuer could not be had from one address, or from none.

    Attributes:
        why: a line that names the address.
    """

    why: str


class Library(NamedTuple):
    """Where issuers are looked for.

    Attributes:
        memory: None where nothing can be remembered.
        now: an issuer that has expired by now is asked for again, as its successor stands at the same address.
    """

    fetch: Fetch
    memory: Memory | None
    now: dt.datetime


def missing_issuers(top: x509.Certificate, library: Library) -> Iterator[Addition | NotFetched]:
    """Yields the issuer of `top`, its issuer, and so on to a self-signed one, each with the address it came from.

    Ends where none of a certificate's addresses yields an issuer that verifies; then with the reason for each of them.
    """
    seen = {top}
    for _ in range(_MAX_STEPS):
        if x.is_self_signed(top):
            return
        outcomes = _outcomes(top, library, seen)
        yield from outcomes
        last = outcomes[-1]
        if isinstance(last, NotFetched):
            return
        top = last.certificate
        seen.add(top)


def ca_issuers(certificate: x509.Certificate) -> Iterator[str]:
    """Yields the addresses at which a certificate says its issuer's certificate is."""
    for description in x.extension(certificate, x509.AuthorityInformationAccess) or ():
        location = description.access_location
        is_issuer = description.access_method == x509.oid.AuthorityInformationAccessOID.CA_ISSUERS
        if is_issuer and isinstance(location, x509.UniformResourceIdentifier):
            yield location.value


def _outcomes(
    certificate: x509.Certificate, library: Library, seen: Collection[x509.Certificate]
) -> list[Addition | NotFetched]:
    """Returns the issuer of a certificate alone, or why each of its addresses yields none.

    What is remembered serves where it is fresh, and where no address answers.
    """
    urls = tuple(islice(ca_issuers(certificate), _MAX_ADDRESSES))
    remembered = [one for url in urls if (one := _remembered(url, certificate, library, seen))]
    fresh = next((addition for addition, is_fresh in remembered if is_fresh), None)
    if fresh:
        return [fresh]
    failures: list[Addition | NotFetched] = []
    for url in urls:
        try:
            return [Addition(_fetched_issuer(url, certificate, library, seen), url)]
        except CertkitError as error:
            hint = f"; {error.hint}" if error.hint else ""
            failures.append(NotFetched(f"{x.title(certificate)}: {error.message}{hint}"))
    if remembered:
        return [remembered[0][0]]
    return failures or [NotFetched(f"{x.title(certificate)} does not say where its issuer's certificate is")]


def _remembered(
    url: str, certificate: x509.Certificate, library: Library, seen: Collection[x509.Certificate]
) -> tuple[Addition, bool] | None:
    """Returns the issuer that an address yielded before, and whether it need not be asked again."""
    recalled = library.memory.recall(url) if library.memory else None
    issuer = _issuer_in(recalled.answer, certificate, seen) if recalled else None
    if recalled is None or issuer is None:
        return None
    return Addition(issuer, url), recalled.is_fresh and x.is_valid_at(issuer, library.now)


def _fetched_issuer(
    url: str, certificate: x509.Certificate, library: Library, seen: Collection[x509.Certificate]
) -> x509.Certificate:
    """Fetches the issuer of a certificate, and remembers it.

    Raises:
        CertkitError: it cannot be fetched, or what is fetched has not issued `certificate`.
    """
    issuer = _issuer_in(library.fetch(url), certificate, seen)
    if issuer is None:
        raise InputUnreadableError(f"{url} answers with no certificate that has issued it")
    if library.memory:
        library.memory.keep(url, x.to_der(issuer))
    return issuer


def _issuer_in(
    answer: bytes, certificate: x509.Certificate, seen: Collection[x509.Certificate]
) -> x509.Certificate | None:
    try:
        contents = formats.read(answer, Passwords(), max_iterations=0, wants_keys=False)
    except CertkitError:
        return None
    candidates = (x.load(entry.der) for entry in contents.certificates)
    return next((one for one in candidates if one and one not in seen and x.issued(one, certificate)), None)
