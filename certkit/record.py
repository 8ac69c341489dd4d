"""One certificate as ACM describes it."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, TypeAlias

from cryptography import x509

IMPORTED: Final = "IMPORTED"
"""The type of what was imported; what ACM or a private CA issued has another, and ACM renews that itself."""

NAME_TAG: Final = "certkit:name"
"""The identity: which of the user's certificates this is."""

SHA256_TAG: Final = "certkit:sha256"
NOT_AFTER_TAG: Final = "certkit:not-after"
"""For people and other tools; certkit never believes them."""

FOLLOWS_TAG: Final = "certkit:follows"
"""The ARN of the certificate of the same name that this one is taking the place of: see docs/migrate.md."""

UNUSED_SINCE_TAG: Final = "certkit:unused-since"
"""On one that another follows: when certkit first saw that nothing uses it any more."""

_ARN: Final = re.compile(
    r"arn:(?P<partition>aws[\w-]*):acm:(?P<region>[\w-]+):(?P<account>\d{12}):certificate/[\w-]+", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a certificate is: partition, account and region of an ARN."""

    partition: str
    account: str
    region: str


def place_of(arn: str) -> Place | None:
    """Returns where the certificate with this ARN is; None for what is no ACM certificate's ARN."""
    match = _ARN.fullmatch(arn)
    return Place(match["partition"], match["account"], match["region"]) if match else None


Identity: TypeAlias = tuple[str, str, dt.datetime | None, dt.datetime | None]


@dataclass(frozen=True, slots=True)
class Summary:
    """One row of a listing: ACM's, or one made of a certificate that was read elsewhere.

    Attributes:
        arn: empty for one that is not in ACM.
        domain: None where ACM sees no domain in it.
        sans: the first 100 subject alternative names.
        key_algorithm: in the enum's form, `RSA_2048`, whichever form ACM answered in.
        not_before, not_after: None for a certificate that was never issued.
        imported_at: None for one that was not imported.
        issuer: its distinguished name as RFC 4514 has it, None where what listed it does not say: ListCertificates does not.
        serial: `0a:1b:…`, None likewise.
        spki_sha256: of the public key, None where the certificate itself was not read.
        sha256: of the certificate, likewise.
    """

    arn: str
    domain: str | None
    sans: tuple[str, ...]
    kind: str
    status: str
    key_algorithm: str
    not_before: dt.datetime | None
    not_after: dt.datetime | None
    imported_at: dt.datetime | None
    in_use: bool
    issuer: str | None = None
    serial: str | None = None
    spki_sha256: str | None = None
    sha256: str | None = None

    @property
    def identity(self) -> Identity | None:
        """What no two certificates share, None where the listing does not say it.

        A CA gives each serial number once: RFC 5280, section 4.1.2.2.
        """
        if self.issuer is None or self.serial is None:
            return None
        return (self.issuer, self.serial, self.not_before, self.not_after)


@dataclass(frozen=True, slots=True)
class CertificateRecord:
    """Everything certkit knows of one certificate in ACM.

    Attributes:
        kind: `IMPORTED`, `AMAZON_ISSUED` or `PRIVATE`.
        leaf: what ACM holds.
        chain: what ACM holds, in its order; empty where it answers with none.
        in_use_by: the ARNs of what uses it, as far as ACM knows.
        imported_at, created_at: the latest import and the first, which the ARN is from.
    """

    arn: str
    kind: str
    status: str
    leaf: x509.Certificate
    chain: tuple[x509.Certificate, ...]
    tags: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    in_use_by: tuple[str, ...] = ()
    imported_at: dt.datetime | None = None
    created_at: dt.datetime | None = None

    @property
    def name(self) -> str | None:
        """The name that certkit knows it by."""
        return self.tags.get(NAME_TAG)

    @property
    def follows(self) -> str | None:
        """The ARN of the certificate that it is taking the place of."""
        return self.tags.get(FOLLOWS_TAG)


def standing(own: Iterable[CertificateRecord]) -> tuple[CertificateRecord, ...]:
    """Returns those of one name that none of the others follows: what a name means while it moves to a new ARN.

    The tag comes within the call that imports the new one, so that there is no moment at which both, or neither, is meant.
    Two that follow each other, which certkit never makes, both stand.
    """
    every = tuple(own)
    followed = {one.follows: one.arn for one in every if one.follows}
    mutual = {arn for arn, by in followed.items() if followed.get(by) == arn}
    return tuple(one for one in every if one.arn not in followed or one.arn in mutual)


def has_chain(record: CertificateRecord, chain: tuple[x509.Certificate, ...]) -> bool:
    """Tells whether `record` holds this chain.

    Where none was sent, ACM has been seen to answer with none, with an empty one, and with the leaf itself.
    """
    return record.chain == chain or (not chain and record.chain == (record.leaf,))
