"""May this certificate replace that one under its ARN? ACM's rules, before ACM is asked.

https://docs.aws.amazon.com/acm/latest/userguide/import-reimport.html and, for the exceptions,
https://docs.aws.amazon.com/acm/latest/userguide/import-certificate-prerequisites.html.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from certkit import certificate as x
from certkit.record import IMPORTED, CertificateRecord, Place

_KEY_USAGES: Final = {
    "digital_signature": "digitalSignature",
    "content_commitment": "nonRepudiation",
    "key_encipherment": "keyEncipherment",
    "data_encipherment": "dataEncipherment",
    "key_agreement": "keyAgreement",
    "key_cert_sign": "keyCertSign",
    "crl_sign": "cRLSign",
}
"""cryptography's names of the bits to RFC 5280's (section 4.2.1.3)."""

_AGREEMENT_USAGES: Final = {"encipher_only": "encipherOnly", "decipher_only": "decipherOnly"}
"""The bits that mean something beside keyAgreement alone."""

_CLIENT_AUTH: Final = "clientAuth"
_EXTENDED_KEY_USAGES: Final = {
    ExtendedKeyUsageOID.SERVER_AUTH: "serverAuth",
    ExtendedKeyUsageOID.CLIENT_AUTH: _CLIENT_AUTH,
    ExtendedKeyUsageOID.CODE_SIGNING: "codeSigning",
    ExtendedKeyUsageOID.EMAIL_PROTECTION: "emailProtection",
    ExtendedKeyUsageOID.TIME_STAMPING: "timeStamping",
    ExtendedKeyUsageOID.OCSP_SIGNING: "OCSPSigning",
}
"""The names of RFC 5280 section 4.2.1.12; of every other one people know the OID, if anything."""


class Clause(StrEnum):
    """What a replacement can come to grief over, and after that what it takes away or adds without a word of ACM's.

    Each is the ID of a rule, in `certkit.rules.replacement`.
    """

    NOT_IMPORTED = "reimport-not-imported"
    WRONG_REGION = "reimport-wrong-region"
    KEY = "reimport-key-differs"
    ALL_NAMES = "reimport-names-lost"
    KEY_USAGE = "reimport-key-usage-lost"
    EXTENDED_KEY_USAGE = "reimport-extended-key-usage-lost"
    SOME_NAMES = "reimport-some-names-lost"
    CLIENT_AUTH = "reimport-client-auth-lost"
    EXTENSION_ADDED = "reimport-extension-added"


class Breach(NamedTuple):
    """A clause that a replacement falls under."""

    clause: Clause
    message: str

    def __str__(self) -> str:
        """Returns what a person reads."""
        return self.message


@dataclass(frozen=True, slots=True)
class Target:
    """What a certificate is to replace.

    Attributes:
        name: its ARN, or the file that stands for it, as the user wrote it.
        der: the leaf that ACM holds, encoded, so that it can be handed to another process; None where it was not looked at.
        kind: `IMPORTED`, `AMAZON_ISSUED` or `PRIVATE`.
        misplaced: why nothing can be put there, whatever stands there.
    """

    name: str
    der: bytes | None
    kind: str = IMPORTED
    misplaced: tuple[Breach, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether ACM lets one certificate replace another.

    Attributes:
        refusals: why not; nothing where it does.
        losses: what it takes away or adds without a word.
    """

    refusals: tuple[Breach, ...]
    losses: tuple[Breach, ...]

    def __str__(self) -> str:
        """Returns `reimport-ok` or `new-arn-required`."""
        return "new-arn-required" if self.refusals else "reimport-ok"


def verdict(new: x509.Certificate, target: Target) -> Verdict:
    """Returns whether `new` may stand where `target` does."""
    if target.misplaced:
        return Verdict(target.misplaced, ())
    old = x.load(target.der) if target.der else None
    if old is None:
        return Verdict(_of_kind(target.kind), ())
    return Verdict(_of_kind(target.kind) or tuple(_refusals(new, old)), losses(new, old))


def misplaced(place: Place, partition: str, regions: Sequence[str]) -> tuple[Breach, ...]:
    """Returns why nothing can be reimported at `place`.

    Args:
        partition: the one that the region of `place` belongs to.
        regions: those that the certificate is for; none for the ARN's own.
    """
    if place.partition != partition:
        message = f"there is no region {place.region} in the partition {place.partition}: it is one of {partition}"
        return (Breach(Clause.WRONG_REGION, message),)
    others = [region for region in regions if region != place.region]
    return tuple(
        Breach(Clause.WRONG_REGION, f"it stands in {place.region}, and cannot be used from {region}")
        for region in others
    )


def refusals(new: x509.Certificate, current: CertificateRecord) -> tuple[Breach, ...]:
    """Returns why ACM would refuse to put `new` under the ARN of `current`; nothing where it would not."""
    return _of_kind(current.kind) or tuple(_refusals(new, current.leaf))


def losses(new: x509.Certificate, old: x509.Certificate) -> tuple[Breach, ...]:
    """Returns what ACM takes away or adds without a word when `new` replaces `old`."""
    return tuple(_losses(new, old))


def _of_kind(kind: str) -> tuple[Breach, ...]:
    """Returns why nothing of this type can be replaced: CertificateArn of ImportCertificate."""
    if kind == IMPORTED:
        return ()
    message = f"the certificate there is of type {kind}, and only an imported one can be replaced"
    return (Breach(Clause.NOT_IMPORTED, message),)


def _refusals(new: x509.Certificate, old: x509.Certificate) -> Iterator[Breach]:
    algorithm, before = x.subject_key_algorithm(new), x.subject_key_algorithm(old)
    if algorithm != before:
        message = f"its key is {algorithm}, the one there is {before}: ACM changes neither type nor size under an ARN"
        yield Breach(Clause.KEY, message)
    if x.domains(old) and not x.domains(new):
        yield Breach(Clause.ALL_NAMES, "it has no domain name left, and ACM lets one lose some names, not all")
    may_go = {"keyEncipherment"} if before.startswith("EC_") else set()  # RFC 5480 section 3 forbids it on EC
    yield from _missing(Clause.KEY_USAGE, _usages(new), _usages(old), may_go)
    yield from _missing(Clause.EXTENDED_KEY_USAGE, _extended_usages(new), _extended_usages(old), {_CLIENT_AUTH})


def _missing(clause: Clause, new: set[str], old: set[str], may_go: set[str]) -> Iterator[Breach]:
    """Yields what `new` lacks of `old`; values of `may_go` may be dropped from an extension, not the extension with them."""
    what = _EXTENSIONS[clause]
    lost = old - new - may_go
    if lost:
        yield Breach(clause, f"it lacks the {what} {', '.join(sorted(lost))}, which the one there has")
    elif old and not new:
        yield Breach(clause, f"it has no {what} left, and ACM lets one lose some values, not the extension")


_EXTENSIONS: Final = {Clause.KEY_USAGE: "key usage", Clause.EXTENDED_KEY_USAGE: "extended key usage"}


def _losses(new: x509.Certificate, old: x509.Certificate) -> Iterator[Breach]:
    for name in sorted(_names(old) - _names(new)):
        yield Breach(Clause.SOME_NAMES, f"the name {name} is lost")
    before, after = _extended_usages(old), _extended_usages(new)
    if _CLIENT_AUTH in before - after:
        message = "the extended key usage clientAuth is lost, which breaks its use as a client certificate"
        yield Breach(Clause.CLIENT_AUTH, message)
    for what, had, has in (("key usage", _usages(old), _usages(new)), ("extended key usage", before, after)):
        if has and not had:
            yield Breach(Clause.EXTENSION_ADDED, f"it has the extension {what}, which the one there has not")


def _names(certificate: x509.Certificate) -> set[str]:
    return {name.lower() for name in (*x.dns_names(certificate), *x.domains(certificate))}


def _usages(certificate: x509.Certificate) -> set[str]:
    usage = x.extension(certificate, x509.KeyUsage)
    if usage is None:
        return set()
    bits = _KEY_USAGES | (_AGREEMENT_USAGES if usage.key_agreement else {})
    return {name for bit, name in bits.items() if getattr(usage, bit)}


def _extended_usages(certificate: x509.Certificate) -> set[str]:
    usages = x.extension(certificate, x509.ExtendedKeyUsage)
    return {_EXTENDED_KEY_USAGES.get(usage, usage.dotted_string) for usage in usages} if usages else set()
