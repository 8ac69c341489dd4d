"""What ACM demands of a private key.

https://docs.aws.amazon.com/acm/latest/userguide/import-certificate-prerequisites.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_private_key

from certkit.testing.names import RSA_SIZES, key_algorithm
from certkit.testing.pem import PemError, read_blocks
from certkit.testing.refusal import invalid

if TYPE_CHECKING:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

KEY_UNSUPPORTED: Final = "The private key is not supported."
"""https://repost.aws/knowledge-center/acm-import-troubleshooting"""

_KEY_LABELS: Final = frozenset({"PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY"})


def check_private_key(pem: bytes, leaf: x509.Certificate) -> None:
    """Reads the private key and compares it with the certificate.

    Raises:
        AwsRefusal: It is encrypted, no private key, of an algorithm that ACM does not take, or another's.
    """
    key = _parse_private_key(pem)
    if isinstance(key, rsa.RSAPrivateKey) and key.key_size not in RSA_SIZES:
        # https://repost.aws/knowledge-center/acm-import-troubleshooting
        raise invalid(f"The private key length {key.key_size} is not supported for key algorithm.")
    if key_algorithm(leaf) is None:
        raise invalid(KEY_UNSUPPORTED)
    public_key = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    if public_key != leaf.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo):
        raise invalid("The private key does not match the certificate.")  # text unsourced


def _parse_private_key(pem: bytes) -> PrivateKeyTypes:
    try:
        blocks = read_blocks(pem)
    except PemError as error:
        raise invalid("The private key is not PEM-encoded or is not valid.") from error  # moto's text
    # "If the parameter block is included, ACM removes it before using the key."
    # https://docs.aws.amazon.com/acm/latest/userguide/import-certificate-format.html
    if len(blocks) > 1 and blocks[0].label == "EC PARAMETERS":
        blocks = blocks[1:]
    if len(blocks) != 1:
        raise invalid(KEY_UNSUPPORTED)
    (block,) = blocks
    if block.label == "ENCRYPTED PRIVATE KEY" or any(b"ENCRYPTED" in header for header in block.headers):
        raise invalid("Your private key should not be encrypted.")  # a title of https://repost.aws/knowledge-center
    if block.label not in _KEY_LABELS:
        raise invalid("Passed PEM was not a private key.")  # quoted in a comment of a public Lambda function
    try:
        return load_der_private_key(block.der, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise invalid(KEY_UNSUPPORTED) from error
