"""The order that ACM demands of a certificate chain: each certificate signed by the next.

https://docs.aws.amazon.com/acm/latest/userguide/import-certificate-format.html
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, padding, rsa

from certkit.testing.refusal import AwsRefusal, invalid

if TYPE_CHECKING:
    from datetime import datetime

    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes


def check_chain(leaf: x509.Certificate, chain: tuple[x509.Certificate, ...], now: datetime) -> None:
    """Checks a chain against the certificate it was sent with; none is a chain too, and may end anywhere.

    Raises:
        AwsRefusal: The leaf is in it, it does not issue the leaf, its order is broken, or one of it is not valid now.
    """
    if leaf in chain:
        raise _out_of_order(chain.index(leaf))
    if chain and not any(_is_issued_by(leaf, issuer) for issuer in chain):
        # https://github.com/go-acme/lego/issues/1506
        raise invalid("Could not validate the certificate with the certificate chain.")
    for position, (subject, issuer) in enumerate(pairwise((leaf, *chain))):
        if not _is_issued_by(subject, issuer):
            raise _out_of_order(position)
    _check_validity(chain, now)


def _check_validity(chain: tuple[x509.Certificate, ...], now: datetime) -> None:
    # The texts are those of moto, which imitates AWS's of 2017.
    if any(now > issuer.not_valid_after_utc for issuer in chain):
        raise invalid("The certificate chain has expired, is not valid.")
    if any(now < issuer.not_valid_before_utc for issuer in chain):
        raise invalid("The certificate chain is not in effect yet, is not valid.")


def _is_issued_by(subject: x509.Certificate, issuer: x509.Certificate) -> bool:
    if subject.issuer != issuer.subject:
        return False
    try:
        _verify_signature(subject, issuer.public_key())
    except (InvalidSignature, UnsupportedAlgorithm, TypeError, ValueError):
        return False
    return True


def _verify_signature(subject: x509.Certificate, key: CertificatePublicKeyTypes) -> None:
    # cryptography's own verify_directly_issued_by refuses SHA-1, which ACM was seen to take:
    # https://github.com/pulumi/pulumi-aws/issues/4046
    signature, signed, hash_algorithm = (
        subject.signature,
        subject.tbs_certificate_bytes,
        subject.signature_hash_algorithm,
    )
    if isinstance(key, (ed25519.Ed25519PublicKey, ed448.Ed448PublicKey)):
        key.verify(signature, signed)
    elif hash_algorithm is None:
        raise TypeError("a signature without a hash, by a key that needs one")
    elif isinstance(key, rsa.RSAPublicKey):
        parameters = subject.signature_algorithm_parameters
        # None for SHA-1, where PKCS#1 is the only one there is.
        scheme = parameters if isinstance(parameters, padding.PSS) else padding.PKCS1v15()
        key.verify(signature, signed, scheme, hash_algorithm)
    elif isinstance(key, ec.EllipticCurvePublicKey):
        key.verify(signature, signed, ec.ECDSA(hash_algorithm))
    elif isinstance(key, dsa.DSAPublicKey):
        key.verify(signature, signed, hash_algorithm)
    else:
        raise TypeError("a key that cannot have signed it")


def _out_of_order(index: int) -> AwsRefusal:
    # https://repost.aws/knowledge-center/acm-import-troubleshooting
    return invalid(
        "Unable to validate certificate chain. The certificate chain must start with the immediate signing "
        "certificate, followed by any intermediaries in order. "
        f"The index within the chain of the invalid certificate is: {index}"
    )
