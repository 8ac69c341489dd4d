"""Rules on what the certificate and its key say, whatever bytes they are sent as."""

from collections.abc import Iterator
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa

from certkit import certificate as x
from certkit import limits, pages
from certkit.formats import x509_der
from certkit.rules.rule import Candidate, Severity, rule

_PROFILE = "https://www.rfc-editor.org/rfc/rfc5280#section-4"

_STRONG_RSA_BITS: Final = 2048
"""Baseline Requirements, section 6.1.5."""


@rule(Severity.ERROR, source=pages.PREREQUISITES, hint="name the key with --key FILE")
def no_key(candidate: Candidate) -> Iterator[tuple[str, str]]:
    """An import needs the private key of the certificate.

    ACM stores the pair; a certificate alone cannot be used. With `--certificates-only` this rule is left out.
    """
    if candidate.needs_key and candidate.private_key is None and not candidate.parts.key:
        yield "key", "there is no private key"


@rule(Severity.ERROR, source=pages.PREREQUISITES, hint="use the key that the certificate was requested with")
def key_mismatch(candidate: Candidate) -> Iterator[tuple[str, str]]:
    """The private key must be the one that belongs to the certificate's public key."""
    if candidate.leaf is None or candidate.private_key is None:
        return
    public_key = x.public_key(candidate.leaf)
    if public_key is not None and x.spki(public_key) != x.spki(candidate.private_key.public_key()):
        yield "key", "the private key does not belong to the certificate"


@rule(
    Severity.ERROR, source=pages.PREREQUISITES, hint="ask the CA for a certificate on an RSA_2048 or EC_prime256v1 key"
)
def key_algorithm_unsupported(candidate: Candidate) -> Iterator[tuple[str, str]]:
    """The key must be RSA with 1,024, 2,048, 3,072 or 4,096 bits, or ECDSA on P-256, P-384 or P-521.

    No other size, curve or kind is imported: not Ed25519, not secp256k1, not RSA with 8,192 bits or bound to PSS.
    """
    if candidate.leaf is None:
        return
    algorithm = x.subject_key_algorithm(candidate.leaf)
    if algorithm == "unknown":
        oid = x509_der.key_kind(x.to_der(candidate.leaf))
        yield "leaf", f"the key is of a kind or on a curve ({oid}) that ACM does not import"
    elif algorithm not in limits.KEY_ALGORITHMS:
        yield "leaf", f"the key is {algorithm}, which ACM does not import"


@rule(Severity.ERROR, source=pages.PREREQUISITES, hint="ask the CA for a version 3 certificate")
def certificate_not_version_3(candidate: Candidate) -> Iterator[tuple[str, str]]:
    """The certificate must be an X.509 version 3 certificate."""
    if candidate.leaf is not None and candidate.leaf.version is not x509.Version.v3:
        yield "leaf", "it is an X.509 version 1 certificate"


@rule(Severity.WARNING, source=_PROFILE, hint="ask the CA for a certificate in strict DER")
def certificate_partly_unreadable(candidate: Candidate) -> Iterator[tuple[str, str]]:
    """Subject, issuer and extensions of the certificate should be readable.

    They are not where they are malformed, or where an extension stands twice. certkit then cannot see the names and usages,
    and the rules about them say nothing of worth. Whether ACM imports it is not documented.
    """
    for what in x.unreadable_parts(candidate.leaf) if candidate.leaf is not None else ():
        yield "leaf", f"its {what} cannot be read"


@rule(Severity.ERROR, source=pages.PREREQUISITES, hint="renew it, then import the new one")
def certificate_expired(candidate: Candidate) -> Iterator[tuple[str, str]]:
    """The certificate must be valid at the time of the import."""
    if candidate.leaf is not None and candidate.leaf.not_valid_after_utc < candidate.now:
        yield "leaf", f"it expired on {candidate.leaf.not_valid_after_utc:%Y-%m-%d}"


@rule(
    Severity.ERROR, source=pages.PREREQUISITES, hint="import it when its validity has begun; check this machine's clock"
)
def certificate_not_yet_valid(candidate: Candidate) -> Iterator[tuple[str, str]]:
    """The certificate's validity must have begun at the time of the import."""
    if candidate.leaf is not None and candidate.leaf.not_valid_before_utc > candidate.now:
        yield "leaf", f"it is not valid before {candidate.leaf.not_valid_before_utc:%Y-%m-%d %H:%M} UTC"


@rule(Severity.ERROR, source=pages.IMPORT_CERTIFICATE, hint="ask the CA for a certificate that names its issuer")
def issuer_empty(candidate: Candidate) -> Iterator[tuple[str, str]]:
    """The issuer field must not be empty."""
    issuer = x.issuer(candidate.leaf) if candidate.leaf is not None else None
    if issuer is not None and not list(issuer):
        yield "leaf", "its issuer field is empty"


@rule(Severity.ERROR, source=pages.IMPORT_CERTIFICATE, hint="ask the CA for a certificate with a shorter OCSP address")
def ocsp_url_too_long(candidate: Candidate) -> Iterator[tuple[str, str]]:
    """The OCSP authority URL, if there is one, must not exceed 1,000 characters."""
    access = x.extension(candidate.leaf, x509.AuthorityInformationAccess) if candidate.leaf is not None else None
    for description in access or ():
        location = description.access_location
        is_ocsp = description.access_method == x509.oid.AuthorityInformationAccessOID.OCSP
        is_url = isinstance(location, x509.UniformResourceIdentifier)
        if is_ocsp and is_url and len(location.value) > limits.MAX_OCSP_URL_CHARACTERS:
            yield "leaf", f"its OCSP URL has more than {limits.MAX_OCSP_URL_CHARACTERS:,} characters"


@rule(
    Severity.WARNING,
    source=pages.PREREQUISITES,
    hint="ask the CA for a certificate with the DNS names that it is to serve",
)
def no_domain_name(candidate: Candidate) -> Iterator[tuple[str, str]]:
    """The certificate should name a domain that ACM recognises: two labels or more, `*` as the whole first one at most.

    ACM imports one without (a CA's, an IP address's), shows it without a domain, hides it from the default list, and
    the services then refuse it.
    """
    if candidate.leaf is not None and _shows_names(candidate.leaf) and not x.domains(candidate.leaf):
        yield "leaf", "none of its names is a domain name"


@rule(Severity.WARNING, source=pages.BASELINE, hint="ask the CA for a certificate with subject alternative names")
def no_subject_alternative_name(candidate: Candidate) -> Iterator[tuple[str, str]]:
    """A server's certificate should list its names as subject alternative names: clients look nowhere else (RFC 9525)."""
    leaf = candidate.leaf
    if leaf is None or x.is_ca(leaf) or leaf.version is not x509.Version.v3 or not _shows_names(leaf):
        return
    if not x.sans(leaf):
        yield "leaf", "it has no subject alternative name, and clients do not look at the common name"


@rule(Severity.WARNING, source=pages.BASELINE, hint="renew it with a key of 2,048 bits or on P-256")
def weak_key(candidate: Candidate) -> Iterator[tuple[str, str]]:
    """An RSA key should have 2,048 bits or more. ACM imports 1,024; clients refuse them."""
    for part, certificate in _all(candidate):
        key = x.public_key(certificate)
        if isinstance(key, rsa.RSAPublicKey) and key.key_size < _STRONG_RSA_BITS:
            yield part, f"its key is RSA_{key.key_size}, which clients refuse"


@rule(Severity.WARNING, source=pages.BASELINE, hint="renew it with a SHA-256 signature")
def weak_signature(candidate: Candidate) -> Iterator[tuple[str, str]]:
    """Nothing but a root should be signed with SHA-1 or MD5. ACM is known to import it; clients refuse it."""
    for part, certificate in _all(candidate):
        if isinstance(x.signature_hash(certificate), hashes.SHA1 | hashes.MD5) and not x.is_self_signed(certificate):
            yield part, f"it is signed with {x.signature_algorithm(certificate)}, which clients refuse"


def _shows_names(certificate: x509.Certificate) -> bool:
    return "extensions" not in x.unreadable_parts(certificate)


def _all(candidate: Candidate) -> Iterator[tuple[str, x509.Certificate]]:
    if candidate.leaf is not None:
        yield "leaf", candidate.leaf
    for position, certificate in enumerate(candidate.chain):
        yield f"chain[{position}]", certificate


RULES = (
    certificate_not_version_3,
    issuer_empty,
    ocsp_url_too_long,
    key_algorithm_unsupported,
    no_key,
    key_mismatch,
    certificate_expired,
    certificate_not_yet_valid,
    certificate_partly_unreadable,
    no_domain_name,
    no_subject_alternative_name,
    weak_key,
    weak_signature,
)
"""What no other key or chain can mend comes first: it would have to be mended even if the rest were right."""
