"""Issues certificates for tests: certification authorities, intermediates, leaves, and odd ones.

Keys are made once a process and shared by all certificates that do not ask for another, because RSA keys are slow to
make. The default validity is fixed and long, so that no test depends on today.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPrivateKeyTypes

NOT_BEFORE: Final = datetime(2026, 1, 1, tzinfo=UTC)
NOT_AFTER: Final = datetime(2049, 12, 31, 23, 59, 59, tzinfo=UTC)

SERVER_AUTH: Final = ExtendedKeyUsageOID.SERVER_AUTH
CLIENT_AUTH: Final = ExtendedKeyUsageOID.CLIENT_AUTH
ANY_USAGE: Final = ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE

_CURVES: Final[dict[str, ec.EllipticCurve]] = {
    "EC_prime256v1": ec.SECP256R1(),
    "EC_secp384r1": ec.SECP384R1(),
    "EC_secp521r1": ec.SECP521R1(),
    "EC_secp256k1": ec.SECP256K1(),
    "EC_secp224r1": ec.SECP224R1(),
    "EC_prime192v1": ec.SECP192R1(),
    "EC_brainpoolP256r1": ec.BrainpoolP256R1(),
}
KEY_USAGES: Final = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)


_ECDSA_WITH_SHA256: Final = bytes.fromhex("300a06082a8648ce3d040302")
_ECDSA_WITH_SHA1: Final = bytes.fromhex("300906072a8648ce3d0401")


@cache
def make_key(algorithm: str = "EC_prime256v1", number: int = 0) -> CertificateIssuerPrivateKeyTypes:  # noqa: ARG001 - tells keys apart
    """A private key by ACM's name for its algorithm, or the like (`RSA_1536`, `Ed25519`, `DSA_2048`).

    The same arguments give the same key; another `number` gives another key.
    """
    kind, _, size = algorithm.partition("_")
    match kind:
        case "RSA":
            return rsa.generate_private_key(65537, int(size))
        case "DSA":
            return _dsa_parameters(int(size)).generate_private_key()
        case "Ed25519":
            return ed25519.Ed25519PrivateKey.generate()
    return ec.generate_private_key(_CURVES[algorithm])


@cache
def _dsa_parameters(size: int) -> dsa.DSAParameters:
    return dsa.generate_parameters(size)  # takes a second, and all keys may share them


@dataclass(frozen=True, slots=True)
class Request:
    """What a certificate is to say; the defaults are those of a plain server certificate.

    Attributes:
        common_name: None: the subject is `subject`, or empty.
        sans: DNS names and IP addresses, told apart; empty: no extension.
        san_is_critical: None: where the subject is empty.
        key: Algorithm and number of `make_key`.
        organization: Goes before the common name.
        not_before: UTC.
        not_after: UTC.
        is_ca: With basicConstraints that say so.
        path_length: Of a CA; None: any.
        key_usages: Attribute names of `x509.KeyUsage`; empty: no extension.
        extended_key_usages: Empty: no extension.
        serial: None: a random one.
        hash_algorithm: Of the signature; ignored where an Ed25519 key signs. SHA-1: `signed_with_sha1`.
        issuer_name: Instead of the issuer's own.
        ocsp_url: Empty: no extension.
        extensions: Added to the others, none of them critical.
        critical_extensions: Added to the others, all of them critical.
    """

    common_name: str | None = "shop.example.com"
    sans: tuple[str, ...] = ()
    key: tuple[str, int] = ("EC_prime256v1", 0)
    organization: str | None = None
    not_before: datetime = NOT_BEFORE
    not_after: datetime = NOT_AFTER
    is_ca: bool = False
    path_length: int | None = None
    key_usages: tuple[str, ...] = ()
    extended_key_usages: tuple[x509.ObjectIdentifier, ...] = ()
    serial: int | None = None
    hash_algorithm: hashes.SHA256 | hashes.SHA384 | hashes.SHA512 = field(default_factory=hashes.SHA256)
    issuer_name: x509.Name | None = None
    ocsp_url: str = ""
    extensions: tuple[x509.ExtensionType, ...] = ()
    critical_extensions: tuple[x509.ExtensionType, ...] = ()
    san_is_critical: bool | None = None

    @property
    def subject(self) -> x509.Name:
        """The subject's name."""
        parts = ((NameOID.ORGANIZATION_NAME, self.organization), (NameOID.COMMON_NAME, self.common_name))
        return x509.Name([x509.NameAttribute(oid, value) for oid, value in parts if value is not None])


@dataclass(frozen=True, slots=True)
class Issued:
    """A certificate, its private key, and what issued it.

    Attributes:
        certificate: The certificate.
        private_key: Its key.
        issuer: None for a self-signed one.
    """

    certificate: x509.Certificate
    private_key: CertificateIssuerPrivateKeyTypes = field(repr=False)
    issuer: Issued | None = None

    def issue(self, request: Request) -> Issued:
        """Issues a certificate signed by this one's key; whether this is a CA is not looked at."""
        return Issued(_sign(request, self.certificate.subject, self.private_key), make_key(*request.key), self)

    @property
    def issuers(self) -> tuple[Issued, ...]:
        """What issued it, the immediate issuer first, the root last."""
        return () if self.issuer is None else (self.issuer, *self.issuer.issuers)

    @property
    def pem(self) -> bytes:
        """The certificate as PEM."""
        return self.certificate.public_bytes(Encoding.PEM)

    @property
    def der(self) -> bytes:
        """The certificate as DER."""
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def sha256(self) -> str:
        """The fingerprint, lower-case hex."""
        return hashlib.sha256(self.der).hexdigest()

    @property
    def chain_pem(self) -> bytes:
        """The issuers as PEM, in order, without the root if there is another."""
        return join_pem(self.issuers[:-1] or self.issuers)

    @property
    def full_chain_pem(self) -> bytes:
        """The issuers as PEM, in order, with the root."""
        return join_pem(self.issuers)

    @property
    def key_pem(self) -> bytes:
        """The private key as PEM, PKCS#8, unencrypted."""
        return self.private_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    @property
    def traditional_key_pem(self) -> bytes:
        """The private key as PEM in its own form: PKCS#1 (RSA) or SEC1 (elliptic curves)."""
        return self.private_key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())

    def encrypted_key_pem(self, password: bytes) -> bytes:
        """The private key as PEM, PKCS#8, encrypted."""
        return self.private_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(password))


def self_signed(request: Request) -> Issued:
    """Issues a certificate signed by its own key."""
    key = make_key(*request.key)
    return Issued(_sign(request, request.subject, key), key)


def make_root(common_name: str = "Example Root", *, key: tuple[str, int] = ("EC_prime256v1", 10)) -> Issued:
    """A certification authority of its own."""
    return self_signed(ca_request(common_name, key=key))


def make_chain(*, leaf: Request | None = None, intermediates: int = 1) -> Issued:
    """A leaf under so many intermediates under a root; the others are its `issuers`."""
    issuer = make_root()
    for number in range(intermediates):
        issuer = issuer.issue(ca_request(f"Example Intermediate {number}", key=("EC_prime256v1", 11 + number)))
    return issuer.issue(leaf or Request())


def ca_request(common_name: str, *, key: tuple[str, int] = ("EC_prime256v1", 10)) -> Request:
    """What a certificate of a certification authority says."""
    return Request(common_name=common_name, key=key, is_ca=True, key_usages=("key_cert_sign", "crl_sign"))


def join_pem(certificates: Iterable[Issued]) -> bytes:
    """Certificates as PEM, one after the other."""
    return b"".join(issued.pem for issued in certificates)


def as_version_1(issued: Issued) -> bytes:
    """The PEM of the same self-signed certificate as X.509 version 1, without extensions; the key must be EC."""
    bare = (
        x509.CertificateBuilder()
        .subject_name(issued.certificate.subject)
        .issuer_name(issued.certificate.issuer)
        .serial_number(issued.certificate.serial_number)
        .not_valid_before(issued.certificate.not_valid_before_utc)
        .not_valid_after(issued.certificate.not_valid_after_utc)
        .public_key(issued.certificate.public_key())
        .sign(issued.private_key, hashes.SHA256())
    )
    content = _der_content(bare.tbs_certificate_bytes).removeprefix(bytes.fromhex("a003020102"))  # [0] version 3
    return _assemble(_der(0x30, content), _ECDSA_WITH_SHA256, issued.private_key, hashes.SHA256())


def signed_with_sha1(issued: Issued) -> bytes:
    """The PEM of the same certificate, signed by its issuer with SHA-1; the issuer's key must be EC."""
    tbs = issued.certificate.tbs_certificate_bytes.replace(_ECDSA_WITH_SHA256, _ECDSA_WITH_SHA1)
    signer = issued if issued.issuer is None else issued.issuer
    # SHA-1's algorithm identifier is one octet shorter, which the outer length has to follow.
    return _assemble(_der(0x30, _der_content(tbs)), _ECDSA_WITH_SHA1, signer.private_key, hashes.SHA1())  # noqa: S303


def altered(
    issued: Issued, *changes: tuple[bytes, bytes], hash_algorithm: hashes.HashAlgorithm | None = None
) -> x509.Certificate:
    """The same certificate with octets of it replaced by as many others, and signed anew; the signer's key is EC or RSA.

    With the octets of an algorithm among the changes, `hash_algorithm` says what to sign with.
    """
    tbs = issued.certificate.tbs_certificate_bytes
    outside = _der_content(issued.der)[len(tbs) :]
    algorithm = outside[: 2 + outside[1]]
    for old, new in changes:
        if len(old) != len(new) or old not in tbs:
            raise ValueError(f"{old!r} cannot be replaced")
        tbs, algorithm = tbs.replace(old, new), algorithm.replace(old, new)
    signer = (issued.issuer or issued).private_key
    digest = hash_algorithm or hashes.SHA256()
    if isinstance(signer, rsa.RSAPrivateKey):
        signature = signer.sign(tbs, padding.PKCS1v15(), digest)
    elif isinstance(signer, ec.EllipticCurvePrivateKey):
        signature = signer.sign(tbs, ec.ECDSA(digest))
    else:
        raise TypeError("only written for RSA and elliptic curves")
    return x509.load_der_x509_certificate(_der(0x30, tbs + algorithm + _der(0x03, b"\0" + signature)))


def with_broken_signature(issued: Issued) -> x509.Certificate:
    """The same certificate with one bit of its signature turned over."""
    return x509.load_der_x509_certificate(issued.der[:-1] + bytes([issued.der[-1] ^ 1]))


def _assemble(
    tbs: bytes, algorithm: bytes, signer: CertificateIssuerPrivateKeyTypes, hash_algorithm: hashes.HashAlgorithm
) -> bytes:
    if not isinstance(signer, ec.EllipticCurvePrivateKey):
        raise TypeError("only written for elliptic curves")
    signature = _der(0x03, b"\0" + signer.sign(tbs, ec.ECDSA(hash_algorithm)))
    certificate = x509.load_der_x509_certificate(_der(0x30, tbs + algorithm + signature))
    return certificate.public_bytes(Encoding.PEM)


def _sign(request: Request, issuer_name: x509.Name, signer: CertificateIssuerPrivateKeyTypes) -> x509.Certificate:
    builder = (
        x509.CertificateBuilder()
        .subject_name(request.subject)
        .issuer_name(issuer_name if request.issuer_name is None else request.issuer_name)
        .serial_number(x509.random_serial_number() if request.serial is None else request.serial)
        .not_valid_before(request.not_before)
        .not_valid_after(request.not_after)
        .public_key(make_key(*request.key).public_key())
    )
    for extension, is_critical in _extensions(request):
        builder = builder.add_extension(extension, is_critical)
    return builder.sign(signer, None if isinstance(signer, ed25519.Ed25519PrivateKey) else request.hash_algorithm)


def _extensions(request: Request) -> Iterable[tuple[x509.ExtensionType, bool]]:
    yield x509.BasicConstraints(ca=request.is_ca, path_length=request.path_length), True
    if request.sans:
        is_critical = not list(request.subject) if request.san_is_critical is None else request.san_is_critical
        yield x509.SubjectAlternativeName([_general_name(name) for name in request.sans]), is_critical
    if request.key_usages:
        yield x509.KeyUsage(**{usage: usage in request.key_usages for usage in KEY_USAGES}), True
    if request.extended_key_usages:
        yield x509.ExtendedKeyUsage(request.extended_key_usages), False
    if request.ocsp_url:
        location = x509.UniformResourceIdentifier(request.ocsp_url)
        yield (
            x509.AuthorityInformationAccess([x509.AccessDescription(AuthorityInformationAccessOID.OCSP, location)]),
            False,
        )
    for extension in request.extensions:
        yield extension, False
    for extension in request.critical_extensions:
        yield extension, True


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _der(tag: int, content: bytes) -> bytes:
    length = len(content)
    if length < 128:
        return bytes([tag, length]) + content
    octets = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes([tag, 128 + len(octets)]) + octets + content


def _der_content(der: bytes) -> bytes:
    return der[2:] if der[1] < 128 else der[2 + der[1] - 128 :]
