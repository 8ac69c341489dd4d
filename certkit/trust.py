"""Which roots the public trusts: those of Mozilla's programme, in certifi's edition."""

import base64
from collections import defaultdict
from collections.abc import Iterable, Sequence
from enum import StrEnum
from functools import cache, lru_cache

from cryptography import x509

from certkit import certificate as x


class Profile(StrEnum):
    """Whose rules a certificate is under: the browsers' and the CA/Browser Forum's, or its owner's alone."""

    PUBLIC = "public"
    PRIVATE = "private"


def profile_of(leaf: x509.Certificate | None, chain: Sequence[x509.Certificate]) -> Profile:
    """Tells from the chain, leaf's issuer first, whether the certificate is a public one.

    Only the top of the chain is looked at; whether the rest hangs together is `chain-not-in-order`'s question. A public
    certificate whose chain is missing counts as private: nothing shows where it leads.
    """
    top = chain[-1] if chain else leaf
    return Profile.PUBLIC if top is not None and _is_under_public_root(top) else Profile.PRIVATE


@lru_cache(maxsize=1024)
def _is_under_public_root(top: x509.Certificate) -> bool:
    return is_under(top, public_roots())


def is_under(top: x509.Certificate, roots: "Roots") -> bool:
    """Tells whether `top` is one of `roots`, a cross-sign of one (its name and key), or issued by one."""
    key = x.public_key(top)
    for root in roots.named(x.subject(top)):
        own = x.public_key(root)
        if key is not None and own is not None and x.spki(own) == x.spki(key):
            return True
    return any(x.verifies(root, top) for root in roots.named(x.issuer(top)))


class Roots:
    """Roots by their names: what is under none of them costs one look."""

    def __init__(self, certificates: Iterable[x509.Certificate]) -> None:
        self._by_subject: dict[bytes, list[x509.Certificate]] = defaultdict(list)
        for certificate in certificates:
            self._by_subject[_encoded(x.subject(certificate))].append(certificate)

    def named(self, name: x509.Name | None) -> Sequence[x509.Certificate]:
        """Returns the roots of this name, compared octet by octet (Baseline Requirements, 7.1.4.1)."""
        return self._by_subject.get(_encoded(name), ()) if name is not None else ()


@cache
def public_roots() -> Roots:
    """Reads the public roots; once a process, when the first chain is looked at."""
    import certifi  # noqa: PLC0415 -- only who judges a chain pays for it

    blocks = certifi.contents().split("-----BEGIN CERTIFICATE-----")[1:]
    ders = (base64.b64decode(block.partition("-----END")[0]) for block in blocks)
    return Roots(found for der in ders if (found := x.load(der)) is not None)


def _encoded(name: x509.Name | None) -> bytes:
    return name.public_bytes() if name is not None else b""
