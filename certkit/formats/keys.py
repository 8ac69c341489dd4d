"""Private keys from DER, and back to PEM.

Loading an RSA key validates its primes, which takes 58 ms for 2,048 bits and 440 ms for 4,096. certkit leaves out that
test alone: it bounds the size first, then checks every relation between the numbers, and the caller MUST compare the
public key with the certificate's. A corrupt number cannot pass; a composite prime, which only the key's maker could
have put there, can.
"""

from enum import StrEnum
from typing import Final

from cryptography.exceptions import InternalError, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

from certkit import limits
from certkit.contents import PrivateKey
from certkit.errors import AlgorithmUnsupportedError, InputTooLargeError, InputUnreadableError, KeyUnsupportedError
from certkit.formats import der, rewrap
from certkit.formats.kdf import Budget
from certkit.password import Password

_MAX_KEY_DER_BYTES: Final = limits.MAX_RSA_BITS
"""An RSA key of N bits takes about N * 9 / 16 bytes; this leaves room for attributes."""

_DSA: Final = "1.2.840.10040.4.1"
_DIFFIE_HELLMAN: Final = frozenset({"1.2.840.113549.1.3.1", "1.2.840.10046.2.1"})
"""Of PKCS#3 and of X9.42: cryptography loads them, and warns that it will not for long."""

_MAX_DSA_DER_BYTES: Final = 2_700
"""A DSA key of 10,000 bits, the largest that OpenSSL uses; loading one of 40,000 bits takes 25 s."""


class KeyFormat(StrEnum):
    """How a private key is written."""

    TRADITIONAL = "traditional"
    PKCS8 = "pkcs8"


def load(encoded: bytes) -> PrivateKey:
    """Loads an unencrypted private key: PKCS#8, PKCS#1, SEC1 or DSA, in DER.

    Raises:
        InputUnreadableError: it is none, or its numbers do not belong together.
        InputTooLargeError: it is larger than any key that is in use.
        KeyUnsupportedError: a kind of key or a curve that cannot be used here.
    """
    kind = _kind(encoded)
    most = _MAX_DSA_DER_BYTES if kind == _DSA else _MAX_KEY_DER_BYTES
    if len(encoded) > most:
        raise InputTooLargeError(f"the private key has {len(encoded):,} bytes, more than {most:,}")
    if kind in _DIFFIE_HELLMAN:
        raise _unsupported(encoded)
    try:
        private_key = serialization.load_der_private_key(encoded, None, unsafe_skip_rsa_key_validation=True)
    except UnsupportedAlgorithm as error:
        raise _unsupported(encoded) from error
    except (ValueError, TypeError, InternalError) as error:
        rescued = rewrap.load_key(encoded)
        if rescued is None:
            raise InputUnreadableError("the private key is malformed") from error
        private_key = rescued
    return _accept(private_key)


def open_pkcs8(encrypted: der.Value, password: Password, budget: Budget) -> PrivateKey:
    """Decrypts an EncryptedPrivateKeyInfo (RFC 5958 section 3) and loads the key in it.

    Raises:
        WrongPasswordOrDamageError: what comes out is no private key.
        MalformedError: it is no EncryptedPrivateKeyInfo.
        InputUnreadableError, AlgorithmUnsupportedError: see `load`; its encryption cannot be used here.
        InputTooLargeError: see `load`; the derivation costs more than the budget has left.
    """
    from certkit.formats import pbe, pfx  # noqa: PLC0415 -- most keys in PEM stand open

    scheme, ciphertext = pfx.parse_encrypted_key(encrypted)
    if scheme.cipher.is_native:
        return load(decrypt_pkcs8(encrypted, password, budget))
    budget.spend(scheme.cost_of(ciphertext))
    private_key = rewrap.open_key(encrypted, password)
    if private_key is None:
        raise pbe.WrongPasswordOrDamageError(f"OpenSSL does not open it under {scheme.cipher.name}")
    return _accept(private_key)


def decrypt_pkcs8(encrypted: der.Value, password: Password, budget: Budget) -> bytes:
    """Decrypts an EncryptedPrivateKeyInfo to the DER of what it holds; `open_pkcs8` opens more of them.

    Raises:
        WrongPasswordOrDamageError: what comes out is no private key.
        MalformedError: it is no EncryptedPrivateKeyInfo.
        AlgorithmUnsupportedError: its encryption cannot be used here.
        InputTooLargeError: the derivation costs more than the budget has left.
    """
    from certkit.formats import pbe, pfx  # noqa: PLC0415 -- the same

    scheme, ciphertext = pfx.parse_encrypted_key(encrypted)
    plain = scheme.decrypt_sequence(ciphertext, password, budget)
    try:
        return der.to_definite(plain)
    except der.MalformedError as error:
        raise pbe.WrongPasswordOrDamageError("what comes out is no private key") from error


def encode(private_key: PrivateKey, key_format: KeyFormat) -> bytes:
    """Encodes a private key as unencrypted PEM, as PKCS#8 where it has no traditional form (Ed25519, ML-DSA)."""
    traditional = key_format is KeyFormat.TRADITIONAL and has_traditional_form(private_key)
    form = serialization.PrivateFormat.TraditionalOpenSSL if traditional else serialization.PrivateFormat.PKCS8
    return private_key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())


def has_traditional_form(private_key: PrivateKey) -> bool:
    """Tells whether openssl has a form of its own for this kind of key, older than PKCS#8."""
    return isinstance(private_key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | dsa.DSAPrivateKey)


def _kind(encoded: bytes) -> str | None:
    """Returns the OID of a PKCS#8 key's kind, None for another form."""
    try:
        _, algorithm, *_ = der.read(encoded).parts()
        kind, *_ = algorithm.parts()
        return kind.oid()
    except ValueError:  # a MalformedError, or too few parts
        return None


def _unsupported(encoded: bytes) -> AlgorithmUnsupportedError:
    """Returns the error for a key that names its kind, or curve, and cannot be used."""
    try:
        algorithm = rewrap.algorithm_of(encoded)
        *_, named = (part.oid() for part in algorithm.parts() if part.tag == der.OBJECT_IDENTIFIER)
    except ValueError:  # a MalformedError, or too few parts
        return AlgorithmUnsupportedError("the private key is of a kind or on a curve that is not supported")
    return KeyUnsupportedError(
        f"the private key is of a kind or on a curve ({named}) that is not supported",
        hint="ACM takes RSA keys, and those on P-256, P-384 and P-521",
        algorithm=algorithm.encoded,
    )


def _accept(private_key: PrivateKeyTypes) -> PrivateKey:
    """Returns a key of a kind that certificates have, an RSA one only if its numbers belong together."""
    if isinstance(private_key, rsa.RSAPrivateKey):
        _check_relations(private_key.private_numbers())
    if isinstance(private_key, PrivateKey):
        return private_key
    raise AlgorithmUnsupportedError("a Diffie-Hellman key is not supported")


def _check_relations(numbers: rsa.RSAPrivateNumbers) -> None:
    """Checks what RFC 8017 section 3.2 demands of the numbers, except that p and q are prime.

    Raises:
        InputUnreadableError: a relation does not hold.
        InputTooLargeError: the modulus is larger than any that is in use.
    """
    p, q, d = numbers.p, numbers.q, numbers.d
    e, n = numbers.public_numbers.e, numbers.public_numbers.n
    # 1. Sizes, before any arithmetic: the cost of what follows grows with them.
    if n.bit_length() > limits.MAX_RSA_BITS:
        raise InputTooLargeError(f"the RSA key has {n.bit_length():,} bits, more than {limits.MAX_RSA_BITS:,}")
    # 2. Signs and parity: below, a zero would divide.
    sound = min(p, q) > 2 and 1 < d < n and 2 < e < n and n & e & 1  # noqa: PLR2004 -- the smallest odd prime is 3
    # 3. The relations themselves.
    if not (
        sound
        and p * q == n
        and e * d % (p - 1) == e * d % (q - 1) == 1
        and numbers.dmp1 == d % (p - 1)
        and numbers.dmq1 == d % (q - 1)
        and numbers.iqmp < p
        and numbers.iqmp * q % p == 1
    ):
        raise InputUnreadableError(
            "the numbers of the RSA key do not belong together", hint="the key is damaged: get it again from its source"
        )
