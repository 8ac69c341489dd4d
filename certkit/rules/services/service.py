"""What a service of AWS asks of a certificate in ACM."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum


class Naming(StrEnum):
    """What a service wants a certificate to name."""

    DOMAIN = "a domain name"
    DOMAIN_OR_ADDRESS = "a domain name or an IP address"


class KeyPurpose(StrEnum):
    """What an extended key usage is for, in RFC 5280's words."""

    SERVER_AUTH = "serverAuth"
    CLIENT_AUTH = "clientAuth"


@dataclass(frozen=True, slots=True)
class Service:
    """A service, and the limits of its own. What is not documented is no limit.

    Attributes:
        title: what AWS calls it, and what the certificate does there.
        source: the page that says so.
        region: the only region that it takes certificates from, None where it is its own.
        key_algorithms: those that it takes; empty where no page lists them.
        takes_imports: whether it takes a certificate of the user's at all.
        needs_chain: whether a certificate that a CA issued needs its chain.
        max_chain_certificates: the leaf counted, None where no page says.
        max_chain_bytes: of the chain as PEM, None where no page says.
        takes_root: whether a root may stand in the chain of a public certificate.
        takes_self_signed: whether a certificate may be its own issuer.
        needs_public_ca: whether a CA must have issued it that the public trusts.
        extended_key_usage: the one that it must have.
        naming: what it must name.
        needs_common_name: whether its subject must have a common name, the one that clients use where that is known.
        needs_ca: whether it must be a CA's.
        min_life: how long it must still be valid.
        note: what is not about one certificate, or where AWS contradicts itself; sentences.
    """

    title: str
    source: str
    region: str | None = None
    key_algorithms: tuple[str, ...] = ()
    takes_imports: bool = True
    needs_chain: bool = False
    max_chain_certificates: int | None = None
    max_chain_bytes: int | None = None
    takes_root: bool = True
    takes_self_signed: bool = True
    needs_public_ca: bool = False
    extended_key_usage: KeyPurpose | None = None
    naming: Naming | None = None
    needs_common_name: bool = False
    needs_ca: bool = False
    min_life: dt.timedelta | None = None
    note: str = ""
