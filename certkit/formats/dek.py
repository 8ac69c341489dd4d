"""Private keys encrypted as openssl did before PKCS#8: `Proc-Type: 4,ENCRYPTED` and `DEK-Info` (RFC 1421 section 4.6)."""

import hashlib
from typing import Final

from certkit.errors import AlgorithmUnsupportedError
from certkit.formats import ciphers, der
from certkit.formats.ciphers import WrongPasswordOrDamageError
from certkit.password import Password

_SALT_BYTES: Final = 8


def decrypt(info: str, ciphertext: bytes, password: Password) -> bytes:
    """Decrypts the body of a key whose `DEK-Info` header is `info`, such as `AES-256-CBC,0A1B...`.

    Raises:
        WrongPasswordOrDamageError: what comes out is no private key.
        MalformedError: the header has no vector, or bytes are missing.
        AlgorithmUnsupportedError: the cipher cannot be used here.
    """
    name, _, hexadecimal = info.strip().partition(",")
    cipher = ciphers.by_name(name.strip())
    if cipher is None:
        raise AlgorithmUnsupportedError(
            f"the private key is encrypted with {name!a}, which is not supported",
            hint="encrypt it again: openssl pkcs8 -topk8 -in KEY -out NEW",
        )
    try:
        vector = bytes.fromhex(hexadecimal)
    except ValueError as error:
        raise der.MalformedError("the DEK-Info header has no vector") from error
    if len(vector) != cipher.vector_bytes:
        raise der.MalformedError("the DEK-Info header has no vector of the cipher's size")
    plain = ciphers.decrypt_padded(
        cipher, _derive(password.octets, vector[:_SALT_BYTES], cipher.key_bytes), vector, ciphertext
    )
    try:
        return der.read_all(plain).expect(der.SEQUENCE).encoded
    except der.MalformedError as error:
        raise WrongPasswordOrDamageError("what comes out is no private key") from error


def _derive(password: bytes, salt: bytes, size: int) -> bytes:
    """Derives a key as openssl's EVP_BytesToKey with MD5 and one iteration."""
    key = chunk = b""
    while len(key) < size:
        chunk = hashlib.md5(chunk + password + salt, usedforsecurity=False).digest()
        key += chunk
    return key[:size]
