"""Whether one certificate issued another: by name, by key identifier, and by signature, which alone proves it."""

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, mldsa, padding, rsa
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes

from certkit.certificate.algorithms import public_key
from certkit.certificate.fields import extension, issuer, name_key, subject


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
