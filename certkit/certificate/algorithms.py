"""The key in a certificate, and what keys and signatures are called."""

import hashlib
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, mldsa, mlkem, rsa, x448, x25519
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.hazmat.primitives.hashes import HashAlgorithm

from certkit.certificate.fields import LAZY_ERRORS
from certkit.contents import PrivateKey

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
    mldsa.MLDSA44PrivateKey: "ML_DSA_44",
    mldsa.MLDSA65PublicKey: "ML_DSA_65",
    mldsa.MLDSA65PrivateKey: "ML_DSA_65",
    mldsa.MLDSA87PublicKey: "ML_DSA_87",
    mldsa.MLDSA87PrivateKey: "ML_DSA_87",
    mlkem.MLKEM768PublicKey: "ML_KEM_768",
    mlkem.MLKEM768PrivateKey: "ML_KEM_768",
    mlkem.MLKEM1024PublicKey: "ML_KEM_1024",
    mlkem.MLKEM1024PrivateKey: "ML_KEM_1024",
    x25519.X25519PublicKey: "X25519",
    x25519.X25519PrivateKey: "X25519",
    x448.X448PublicKey: "X448",
    x448.X448PrivateKey: "X448",
}
"""The kinds of key that come in one size."""

_CURVES: Final = {"secp256r1": "prime256v1", "secp192r1": "prime192v1"}
"""The curves that ACM (and openssl) call by the name of ANSI X9.62."""


def public_key(certificate: x509.Certificate) -> CertificatePublicKeyTypes | None:
    """Returns the subject's public key, None where its kind or curve is not supported."""
    try:
        return certificate.public_key()
    except LAZY_ERRORS:
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
    except LAZY_ERRORS:
        return None
