"""How a deposit is closed: not at all, where the store encrypts it, or to a recipient's public key.

CMS EnvelopedData (RFC 5652 section 6) with AES-256, so that `openssl cms -decrypt` opens it too. It keeps a secret and
proves nothing: whoever has the certificate can make one. `certkit.escrow.content` checks what comes out.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

from cryptography import x509
from cryptography.exceptions import InternalError, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.ciphers import algorithms
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7

from certkit import certificate as x
from certkit.contents import PrivateKey
from certkit.errors import ConfigurationError, EscrowUnreadableError, UsageError

MIN_RSA_BITS: Final = 2_048
"""NIST SP 800-131A revision 2, section 6: what is shorter is disallowed for the transport of keys."""

_OPTIONS: Final = (pkcs7.PKCS7Options.Binary,)


class Seal(Protocol):
    """How a deposit is closed, and opened again."""

    @property
    def suffix(self) -> str:
        """What the names of closed deposits end in, without the dot."""

    def close(self, content: bytes) -> bytes:
        """Returns what is kept."""

    def open(self, kept: bytes) -> bytes:
        """Returns the content.

        Raises:
            EscrowUnreadableError: it cannot be opened.
        """


@dataclass(frozen=True, slots=True)
class Plain:
    """The store encrypts: nothing is done here."""

    suffix: str = "pem"

    def close(self, content: bytes) -> bytes:
        """Returns the content as it is."""
        return content

    def open(self, kept: bytes) -> bytes:
        """Returns what was kept as it is."""
        return kept


@dataclass(frozen=True, slots=True)
class Envelope:
    """A deposit can be opened with the private key of `recipient` alone, which no import needs.

    Attributes:
        private_key: gets it, when it is needed; None where nobody has said where it is.
    """

    recipient: x509.Certificate
    private_key: Callable[[], PrivateKey] | None = None
    suffix: str = "p7m"

    def close(self, content: bytes) -> bytes:
        """Returns EnvelopedData in DER."""
        builder = pkcs7.PKCS7EnvelopeBuilder().set_data(content).add_recipient(self.recipient)
        builder = builder.set_content_encryption_algorithm(algorithms.AES256)
        return builder.encrypt(Encoding.DER, _OPTIONS)

    def open(self, kept: bytes) -> bytes:
        """Returns what EnvelopedData holds.

        Raises:
            UsageError: nobody has said where the private key is, or it is not the recipient's.
            EscrowUnreadableError: it is damaged, or was closed to another key.
        """
        if self.private_key is None:
            raise UsageError("the escrow is closed to a key", hint="name the recipient's private key with --key SOURCE")
        private_key = self.private_key()
        public = x.public_key(self.recipient)
        if not isinstance(private_key, rsa.RSAPrivateKey) or public is None or not _is_of(private_key, self.recipient):
            raise UsageError("--key: it is not the private key of the recipient of the escrow")
        try:
            return pkcs7.pkcs7_decrypt_der(kept, self.recipient, private_key, [])
        except (ValueError, UnsupportedAlgorithm, InternalError) as error:
            raise EscrowUnreadableError(
                "it cannot be opened with this key: it is damaged, or was closed to another recipient",
                hint="name the recipient's certificate of that time, and its key with --key",
            ) from error


def check_recipient(certificate: x509.Certificate) -> None:
    """Checks that bundles can be closed to a certificate. Its validity does not count: it only carries the key.

    Raises:
        ConfigurationError: its key is no RSA key, or too short.
    """
    public = x.public_key(certificate)
    if not isinstance(public, rsa.RSAPublicKey) or public.key_size < MIN_RSA_BITS:
        raise ConfigurationError(
            f"the recipient of the escrow has the key {x.subject_key_algorithm(certificate)}, and it takes RSA"
            f" of at least {MIN_RSA_BITS} bits",
            hint="openssl req -x509 -newkey rsa:4096 -keyout escrow.key -out escrow.crt -days 3650 -subj /CN=escrow",
        )


def _is_of(private_key: rsa.RSAPrivateKey, certificate: x509.Certificate) -> bool:
    public = x.public_key(certificate)
    return public is not None and x.spki(private_key.public_key()) == x.spki(public)
