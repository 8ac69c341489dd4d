"""What a reader found in a SOURCE, before anything is chosen."""

from typing import NamedTuple, TypeAlias

from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, mldsa, mlkem, rsa, x448, x25519

PrivateKey: TypeAlias = (
    rsa.RSAPrivateKey
    | ec.EllipticCurvePrivateKey
    | ed25519.Ed25519PrivateKey
    | ed448.Ed448PrivateKey
    | dsa.DSAPrivateKey
    | mldsa.MLDSA44PrivateKey
    | mldsa.MLDSA65PrivateKey
    | mldsa.MLDSA87PrivateKey
    | mlkem.MLKEM768PrivateKey
    | mlkem.MLKEM1024PrivateKey
    | x25519.X25519PrivateKey
    | x448.X448PrivateKey
)
"""The kinds of private key that are read. ACM takes the first two; the others are read in order to be named."""


class CertificateEntry(NamedTuple):
    """A certificate as it was found.

    Attributes:
        der: its encoding, not looked into yet.
        alias: the friendly name it goes by in a keystore, or None.
    """

    der: bytes
    alias: str | None = None


class KeyEntry(NamedTuple):
    """A private key as it was found, its numbers checked against each other.

    Attributes:
        alias: the friendly name it goes by in a keystore, or None.
        was_encrypted: whether it stood under a password in the input.
    """

    private_key: PrivateKey
    alias: str | None = None
    was_encrypted: bool = False

    def __repr__(self) -> str:
        """Returns everything but the key."""
        return f"KeyEntry(alias={self.alias!r}, was_encrypted={self.was_encrypted})"


class Contents(NamedTuple):
    """Everything in a SOURCE that certkit can use, in the order in which it stood there.

    Attributes:
        format: one of `certkit.formats.Format`.
        notes: what a person would want to know, and what could not be read: a word, a colon, a sentence.
    """

    format: str
    certificates: tuple[CertificateEntry, ...] = ()
    keys: tuple[KeyEntry, ...] = ()
    notes: tuple[str, ...] = ()

    def with_parts_of(self, other: "Contents") -> "Contents":
        """Returns these contents with what `other` (a `--key` or `--chain`) holds behind them."""
        return self._replace(
            certificates=self.certificates + other.certificates,
            keys=self.keys + other.keys,
            notes=self.notes + other.notes,
        )
