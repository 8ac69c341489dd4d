"""Reading one X.509 certificate: what it says of itself, and whether one issued another (RFC 5280).

cryptography parses lazily: a certificate can load and then fail at its subject, its key or its extensions. Every function
here has an answer for such a one, so that an odd certificate in a bundle never costs the others.
"""

import datetime as dt
import hashlib
import ipaddress
import re
import unicodedata
from typing import Final, TypeAlias, TypeVar

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, mldsa, padding, rsa
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.hazmat.primitives.hashes import HashAlgorithm

from certkit import limits
from certkit.contents import PrivateKey

NameKey: TypeAlias = tuple[frozenset[tuple[str, str]], ...]
"""A distinguished name in the form in which RFC 5280 section 7.1 compares names."""

_LAZY_ERRORS: Final = (
    ValueError,
    TypeError,  # a BIT STRING in a name
    UnsupportedAlgorithm,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
)
"""What cryptography raises when a part of a certificate is first looked at."""

_SIGNATURE_ALGORITHMS: Final = {
    "1.2.840.113549.1.1.4": "md5WithRSAEncryption",
    "1.2.840.113549.1.1.5": "sha1WithRSAEncryption",
    "1.2.840.113549.1.1.10": "rsassaPss",
    "1.2.840.113549.1.1.11": "sha256WithRSAEncryption",
    "1.2.840.113549.1.1.12": "sha384WithRSAEncryption",
    "1.2.840.113549.1.1.13": "sha512WithRSAEncryption",
    "1.2.840.113549.1.1.14": "sha224WithRSAEncryption",
    "1.2.840.10040.4.3": "dsa-with-SHA1",
    "2.16.840.1.101.3.4.3.2": "dsa-with-SHA256",
    "1.2.840.10045.4.1": "ecdsa-with-SHA1",
    "1.2.840.10045.4.3.1": "ecdsa-with-SHA224",
    "1.2.840.10045.4.3.2": "ecdsa-with-SHA256",
    "1.2.840.10045.4.3.3": "ecdsa-with-SHA384",
    "1.2.840.10045.4.3.4": "ecdsa-with-SHA512",
    "1.3.101.112": "ED25519",
    "1.3.101.113": "ED448",
    "2.16.840.1.101.3.4.3.17": "ML-DSA-44",
    "2.16.840.1.101.3.4.3.18": "ML-DSA-65",
    "2.16.840.1.101.3.4.3.19": "ML-DSA-87",
}
"""The names of RFC 8017 appendix C, RFC 5758, RFC 8410 and RFC 9881, as openssl prints them."""

_KINDS: Final[dict[type, str]] = {
    ed25519.Ed25519PublicKey: "Ed25519",
    ed25519.Ed25519PrivateKey: "Ed25519",
    ed448.Ed448PublicKey: "Ed448",
    ed448.Ed448PrivateKey: "Ed448",
    mldsa.MLDSA44PublicKey: "ML_DSA_44",
    mldsa.MLDSA65PublicKey: "ML_DSA_65",
    mldsa.MLDSA87PublicKey: "ML_DSA_87",
}
"""The kinds of key that come in one size."""

_CURVES: Final = {"secp256r1": "prime256v1", "secp192r1": "prime192v1"}
"""The curves that ACM (and openssl) call by the name of ANSI X9.62."""

_SAN_PREFIXES: Final[dict[type[x509.GeneralName], str]] = {
    x509.DNSName: "DNS",
    x509.IPAddress: "IP",
    x509.RFC822Name: "email",
    x509.UniformResourceIdentifier: "URI",
}

_DOMAIN_NAME: Final = re.compile(
    r"(\*\.)?(((?!-)[A-Za-z0-9-]{0,62}[A-Za-z0-9])\.)+((?!-)[A-Za-z0-9-]{1,62}[A-Za-z0-9])"
)
"""https://docs.aws.amazon.com/acm/latest/APIReference/API_CertificateDetail.html, DomainName."""

Extension = TypeVar("Extension", bound=x509.ExtensionType)


def load(der: bytes) -> x509.Certificate | None:
    """Parses one certificate; None where it cannot be parsed.

    cryptography reads strict DER only: about 5 % of the odd certificates in public collections load in openssl and not here.
    A validity that Python's calendar does not hold (the year 0) counts as one that cannot be parsed.
    """
    try:
        certificate = x509.load_der_x509_certificate(der)
        _ = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    except (ValueError, x509.InvalidVersion, UnsupportedAlgorithm):
        return None
    return certificate


def to_der(certificate: x509.Certificate) -> bytes:
    """Returns the certificate's encoding, byte for byte as it was signed."""
    return certificate.public_bytes(serialization.Encoding.DER)


def to_pem(certificate: x509.Certificate) -> bytes:
    """Returns the certificate as RFC 7468 has it: LF, 64 columns, nothing around it."""
    return certificate.public_bytes(serialization.Encoding.PEM)


def fingerprint(certificate: x509.Certificate) -> str:
    """Returns the SHA-256 of the DER in lower-case hex."""
    return hashlib.sha256(to_der(certificate)).hexdigest()


def public_key(certificate: x509.Certificate) -> CertificatePublicKeyTypes | None:
    """Returns the subject's public key, None where its kind or curve is not supported."""
    try:
        return certificate.public_key()
    except _LAZY_ERRORS:
        return None


def spki(key: CertificatePublicKeyTypes) -> bytes:
    """Returns a public key as SubjectPublicKeyInfo, in one canonical encoding."""
    return key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def spki_fingerprint(key: CertificatePublicKeyTypes) -> str:
    """Returns the SHA-256 of a public key's SubjectPublicKeyInfo in lower-case hex."""
    return hashlib.sha256(spki(key)).hexdigest()


def key_algorithm(key: CertificatePublicKeyTypes | PrivateKey | None) -> str:
    """Returns the algorithm and size of a key in ACM's enum form, beyond the enum in the same manner."""
    match key:
        case rsa.RSAPublicKey() | rsa.RSAPrivateKey():
            return f"RSA_{key.key_size}"
        case ec.EllipticCurvePublicKey() | ec.EllipticCurvePrivateKey():
            return f"EC_{_CURVES.get(key.curve.name, key.curve.name)}"
        case dsa.DSAPublicKey() | dsa.DSAPrivateKey():
            return f"DSA_{key.key_size}"
        case _:
            return next((name for kind, name in _KINDS.items() if isinstance(key, kind)), "unknown")


def subject_key_algorithm(certificate: x509.Certificate) -> str:
    """Returns the algorithm and size of a certificate's key; an RSA key bound to PSS is of a kind of its own (RFC 4055)."""
    algorithm = key_algorithm(public_key(certificate))
    is_pss = certificate.public_key_algorithm_oid == x509.oid.PublicKeyAlgorithmOID.RSASSA_PSS
    return algorithm.replace("RSA_", "RSASSA_PSS_", 1) if is_pss else algorithm


def signature_algorithm(certificate: x509.Certificate) -> str:
    """Returns the name of the algorithm that it is signed with, or its OID."""
    oid = certificate.signature_algorithm_oid.dotted_string
    return _SIGNATURE_ALGORITHMS.get(oid, oid)


def signature_hash(certificate: x509.Certificate) -> HashAlgorithm | None:
    """Returns the hash that it is signed with, None where there is none or it is unknown."""
    try:
        return certificate.signature_hash_algorithm
    except _LAZY_ERRORS:
        return None


def subject(certificate: x509.Certificate) -> x509.Name | None:
    """Returns the subject, None where it cannot be parsed."""
    try:
        return certificate.subject
    except _LAZY_ERRORS:
        return None


def issuer(certificate: x509.Certificate) -> x509.Name | None:
    """Returns the issuer, None where it cannot be parsed."""
    try:
        return certificate.issuer
    except _LAZY_ERRORS:
        return None


def name_key(name: x509.Name | None) -> NameKey | None:
    """Returns `name` in the form to compare: string types, case and runs of white space do not count (RFC 5280, 7.1)."""
    if name is None:
        return None
    return tuple(frozenset((part.oid.dotted_string, _prepared(str(part.value))) for part in rdn) for rdn in name.rdns)


def _prepared(value: str) -> str:
    """Returns `value` as RFC 4518 section 2 prepares it, near enough: a link is proved by its signature, not by its name."""
    return " ".join(unicodedata.normalize("NFKC", value).casefold().split())


def extension(certificate: x509.Certificate, kind: type[Extension]) -> Extension | None:
    """Returns the extension of this `kind`, None where there is none or the extensions cannot be parsed."""
    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except (x509.ExtensionNotFound, *_LAZY_ERRORS):
        return None


def unreadable_parts(certificate: x509.Certificate) -> tuple[str, ...]:
    """Returns which of `subject`, `issuer` and `extensions` cannot be parsed."""
    return tuple(part for part in ("subject", "issuer", "extensions") if not _can_be_read(certificate, part))


def _can_be_read(certificate: x509.Certificate, part: str) -> bool:
    try:
        getattr(certificate, part)
    except _LAZY_ERRORS:
        return False
    return True


def sans(certificate: x509.Certificate) -> tuple[str, ...]:
    """Returns the subject alternative names in openssl's form: `DNS:a.example`, `IP:192.0.2.1`, in their order."""
    names = extension(certificate, x509.SubjectAlternativeName)
    return tuple(_san(name) for name in names) if names else ()


def dns_names(certificate: x509.Certificate) -> tuple[str, ...]:
    """Returns the DNS names among the subject alternative names."""
    names = extension(certificate, x509.SubjectAlternativeName)
    return tuple(names.get_values_for_type(x509.DNSName)) if names else ()


def common_names(certificate: x509.Certificate) -> tuple[str, ...]:
    """Returns the common names of the subject, in their order."""
    name = subject(certificate)
    found = name.get_attributes_for_oid(x509.NameOID.COMMON_NAME) if name else []
    return tuple(str(attribute.value) for attribute in found)


def common_name(certificate: x509.Certificate) -> str | None:
    """Returns the last common name of the subject, None where there is none."""
    return next(reversed(common_names(certificate)), None)


def domains(certificate: x509.Certificate) -> tuple[str, ...]:
    """Returns the names that ACM would take for domains, each once: common names, then subject alternative names."""
    names = dict.fromkeys((*common_names(certificate), *dns_names(certificate)))
    return tuple(name for name in names if is_domain_name(name))


def title(certificate: x509.Certificate) -> str:
    """Returns what people call it by: its common name, else its first other name, else its subject."""
    name = subject(certificate)
    named = common_name(certificate) or next((san.partition(":")[2] for san in sans(certificate)), None)
    return named or (name.rfc4514_string() if name else "") or "a certificate without a name"


def is_domain_name(name: str) -> bool:
    """Tells whether ACM would take `name` for a domain: the pattern of DomainNameString in its service model."""
    return len(name) <= limits.MAX_DOMAIN_CHARACTERS and _DOMAIN_NAME.fullmatch(name) is not None


def covers(certificate: x509.Certificate, host: str) -> bool:
    """Tells whether a DNS name of the certificate covers `host` (RFC 9525, 6.3); none covers an IP address.

    A `*` stands for the whole first label, and for exactly one. Names beyond ASCII are compared as IDNA 2003 encodes them.
    """
    return any(is_covered(host, name) for name in dns_names(certificate))


def is_covered(host: str, name: str) -> bool:
    """Tells whether the DNS name `name` of a certificate covers `host`, as `covers` does."""
    wanted, presented = _labels(host), _labels(name)
    if not wanted or _is_ip_address(host):
        return False
    is_wildcard = presented[:1] == ["*"] and len(presented) > 1
    return presented == wanted or (is_wildcard and presented[1:] == wanted[1:])


def _labels(name: str) -> list[str]:
    """Returns the labels of a DNS name in the form to compare; none where one of them is empty or cannot be encoded."""
    try:
        encoded = name if name.isascii() else name.encode("idna").decode("ascii")
    except UnicodeError:
        return []
    labels = encoded.lower().removesuffix(".").split(".")
    return labels if all(labels) else []


def _is_ip_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def is_ca(certificate: x509.Certificate) -> bool:
    """Tells whether its basic constraints say that it is a CA's."""
    constraints = extension(certificate, x509.BasicConstraints)
    return bool(constraints and constraints.ca)


def is_valid_at(certificate: x509.Certificate, now: dt.datetime) -> bool:
    """Tells whether `now` is within its validity, both ends included (RFC 5280, 4.1.2.5)."""
    return certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc


def is_self_signed(certificate: x509.Certificate) -> bool:
    """Tells whether it is its own issuer, by name and by signature."""
    return issued(certificate, certificate)


def is_named_issuer(candidate: x509.Certificate, certificate: x509.Certificate) -> bool:
    """Tells whether `candidate` claims to be the issuer: the names match, and no key identifier says otherwise."""
    name = name_key(issuer(certificate))
    if name is None or name != name_key(subject(candidate)):
        return False
    authority = extension(certificate, x509.AuthorityKeyIdentifier)
    own = extension(candidate, x509.SubjectKeyIdentifier)
    return not (authority and own and authority.key_identifier and authority.key_identifier != own.digest)


def issued(candidate: x509.Certificate, certificate: x509.Certificate) -> bool:
    """Tells whether `candidate` is the issuer, by name and by verified signature."""
    name = name_key(issuer(certificate))
    return name is not None and name == name_key(subject(candidate)) and verifies(candidate, certificate)


def verifies(candidate: x509.Certificate, certificate: x509.Certificate) -> bool:
    """Tells whether the key of `candidate` verifies the signature on `certificate`; SHA-1 and MD5 count too."""
    return _verdict(candidate, certificate) is True


def refutes(candidate: x509.Certificate, certificate: x509.Certificate) -> bool:
    """Tells whether the signature on `certificate` is not that of `candidate`'s key; what cannot be checked is not refuted."""
    return _verdict(candidate, certificate) is False


def _verdict(candidate: x509.Certificate, certificate: x509.Certificate) -> bool | None:
    key = public_key(candidate)
    if key is None:
        return None
    try:
        _verify(key, certificate)
    except UnsupportedAlgorithm:
        return None
    except (InvalidSignature, TypeError, ValueError):
        return False
    return True


def _verify(key: CertificatePublicKeyTypes, certificate: x509.Certificate) -> None:
    signature, signed, digest = (
        certificate.signature,
        certificate.tbs_certificate_bytes,
        certificate.signature_hash_algorithm,
    )
    match key:
        case rsa.RSAPublicKey() if digest:
            parameters = certificate.signature_algorithm_parameters
            scheme = parameters if isinstance(parameters, padding.PSS) else padding.PKCS1v15()
            key.verify(signature, signed, scheme, digest)
        case ec.EllipticCurvePublicKey() if digest:
            key.verify(signature, signed, ec.ECDSA(digest))
        case dsa.DSAPublicKey() if digest:
            key.verify(signature, signed, digest)
        case (
            ed25519.Ed25519PublicKey()
            | ed448.Ed448PublicKey()
            | mldsa.MLDSA44PublicKey()
            | mldsa.MLDSA65PublicKey()
            | mldsa.MLDSA87PublicKey()
        ):
            key.verify(signature, signed)
        case _:
            raise InvalidSignature


def _san(name: x509.GeneralName) -> str:
    match name:
        case x509.DirectoryName():
            return f"DirName:{name.value.rfc4514_string()}"
        case x509.RegisteredID():
            return f"RID:{name.value.dotted_string}"
        case x509.OtherName():
            return f"othername:{name.type_id.dotted_string}"
        case _:
            return f"{_SAN_PREFIXES.get(type(name), type(name).__name__)}:{name.value}"
