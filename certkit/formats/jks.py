"""Java keystores of the kinds JKS and JCEKS, read without Java.

pyjks, which reads them too, is unmaintained and needs a C compiler. The structure is that of
`sun.security.provider.JavaKeyStore` and `com.sun.crypto.provider.JceKeyStore` in OpenJDK. What Java serialised (a secret
key) is passed over and never deserialised.
"""

import hashlib
import hmac
from dataclasses import dataclass, field
from typing import Final

from certkit import limits
from certkit.contents import CertificateEntry, Contents, KeyEntry, PrivateKey
from certkit.errors import (
    AlgorithmUnsupportedError,
    InputTooLargeError,
    InputUnreadableError,
    PasswordMissingError,
    PasswordWrongError,
)
from certkit.formats import autopsy, der, keys
from certkit.formats.ciphers import WrongPasswordOrDamageError
from certkit.formats.damage import told_of
from certkit.formats.java_stream import JavaStream
from certkit.formats.jks_key import Protector, protector_of, utf_16
from certkit.formats.kdf import Budget
from certkit.formats.telling import KEYSTORE_MAGICS
from certkit.password import Password, Passwords

_PRIVATE_KEY: Final = 1
_TRUSTED_CERTIFICATE: Final = 2
_SECRET_KEY: Final = 3
_VERSIONS: Final = (1, 2)
_TYPED_CERTIFICATES: Final = 2
"""The version from which on each certificate is preceded by its type."""

_DIGEST_BYTES: Final = 20
_WHITENER: Final = b"Mighty Aphrodite"
"""What stands between the password and the store in what the digest is made of."""


@dataclass(frozen=True, slots=True)
class _ProtectedKey:
    """A private key that has not been opened."""

    alias: str
    protector: Protector


@dataclass(slots=True)
class _Store:
    """A keystore that has not been opened.

    Attributes:
        kind: `jks` or `jceks`.
        guarded: what the digest is computed over, after the password.
        digest: what it has to be.
    """

    kind: str
    guarded: bytes = b""
    digest: bytes = b""
    certificates: list[CertificateEntry] = field(default_factory=list)
    keys: list[_ProtectedKey] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def accepts(self, password: Password) -> bool:
        """Tells whether `password` and content are those that the digest was made with."""
        made = hashlib.sha1(utf_16(password) + _WHITENER + self.guarded, usedforsecurity=False)
        return hmac.compare_digest(made.digest(), self.digest)


def protection(data: bytes) -> dict[str, object]:
    """Returns how a keystore is protected, read without its password; the shape is that of `pfx.protection`.

    Raises:
        InputUnreadableError: it is truncated or malformed.
        InputTooLargeError: it holds too many keys or certificates.
        AlgorithmUnsupportedError: a key is protected in a way that is not known here.
    """
    with told_of("the keystore"):
        return _describe(_parse(data))


def read(
    data: bytes, passwords: Passwords, max_iterations: int = limits.MAX_ITERATIONS, *, wants_keys: bool = True
) -> Contents:
    """Reads all keys and certificates in a JKS or JCEKS.

    Args:
        wants_keys: whether keys are read at all. If not, and no password is given, the certificates are read without
            one, which nothing vouches for then: a note says so.

    Raises:
        InputUnreadableError: it is truncated, malformed or damaged.
        InputTooLargeError: it holds too many keys or certificates, or their derivation costs too much.
        PasswordMissingError: no password was given, and the empty one does not open it.
        PasswordWrongError: the given password does not open it, or a key in it.
        AlgorithmUnsupportedError: a key is protected in a way, or of a kind, that cannot be used here.
    """
    with told_of("the keystore"):
        store = _parse(data)
        budget = Budget(max_iterations)
        budget.check(*(key.protector.iterations for key in store.keys if wants_keys))
        password = next(filter(store.accepts, passwords.for_container()), None)
        if password is None and (wants_keys or passwords.is_given):
            raise _not_opened(store, passwords, budget)
        if password is None:
            store.notes.append("unverified: no password was given, so nothing vouches for what stands in this keystore")
        entries = [_open(key, password, passwords, budget) for key in store.keys if wants_keys]
    return Contents(store.kind, tuple(store.certificates), tuple(entries), tuple(store.notes))


def _parse(data: bytes) -> _Store:
    """Reads the structure; nothing is decrypted, and the digest is not looked at.

    Raises:
        MalformedError: it is truncated or malformed.
        InputUnreadableError: it is of an unknown version.
        InputTooLargeError: there are too many keys or certificates.
        AlgorithmUnsupportedError: a key is protected in a way that is not known here.
    """
    reader = JavaStream(data)
    store = _Store(KEYSTORE_MAGICS[reader.take(4)].value)
    version, count = reader.number(), reader.number()
    if version not in _VERSIONS:
        raise InputUnreadableError(f"a keystore of version {version}; those in use are 1 and 2")
    if count > limits.MAX_CERTIFICATES + limits.MAX_KEYS:
        raise InputTooLargeError(f"the keystore claims to hold {count:,} entries, which no keystore does")
    for _ in range(count):
        _parse_entry(reader, version, store)
    store.guarded = data[: reader.position]
    store.digest = reader.take(_DIGEST_BYTES)
    if data[reader.position :]:
        store.notes.append(f"trailing-bytes: {len(data) - reader.position:,} bytes behind the keystore were not read")
    return store


def _parse_entry(reader: JavaStream, version: int, store: _Store) -> None:
    kind, alias = reader.number(), reader.text()
    reader.take(8)  # when it was made
    if kind == _TRUSTED_CERTIFICATE:
        _parse_certificate(reader, version, alias, store)
    elif kind == _PRIVATE_KEY:
        _parse_key(reader, version, alias, store)
    elif kind == _SECRET_KEY:
        reader.pass_over_object()
        store.notes.append(f"passed-over: the secret key {_quoted(alias)}, which is no private key")
    else:
        raise der.MalformedError(f"an entry of the unknown kind {kind}")


def _parse_certificate(reader: JavaStream, version: int, alias: str, store: _Store) -> None:
    kind = reader.text() if version >= _TYPED_CERTIFICATES else "X.509"
    encoded = reader.take(reader.number())
    if kind not in {"X.509", "X509"}:
        store.notes.append("passed-over: a certificate that is not an X.509 one")
        return
    if len(store.certificates) == limits.MAX_CERTIFICATES:
        raise InputTooLargeError(f"it holds more than {limits.MAX_CERTIFICATES:,} certificates")
    store.certificates.append(CertificateEntry(encoded, alias))


def _parse_key(reader: JavaStream, version: int, alias: str, store: _Store) -> None:
    if len(store.keys) == limits.MAX_KEYS:
        raise InputTooLargeError(f"it holds more than {limits.MAX_KEYS} private keys")
    size = reader.number()
    if size > limits.MAX_ENCRYPTED_KEY_BYTES:
        raise InputTooLargeError(f"a private key has {size:,} bytes, more than {limits.MAX_ENCRYPTED_KEY_BYTES:,}")
    store.keys.append(_ProtectedKey(alias, protector_of(der.read_all(reader.take(size)))))
    for _ in range(reader.number()):
        _parse_certificate(reader, version, alias, store)


def _open(key: _ProtectedKey, opened_with: Password | None, passwords: Passwords, budget: Budget) -> KeyEntry:
    """Opens a key with its own password or the store's.

    Raises:
        PasswordWrongError: neither fits.
    """
    for candidate in passwords.for_key(opened_with):
        private_key = _try(key, candidate, budget)
        if private_key is not None:
            return KeyEntry(private_key, key.alias, was_encrypted=True)
    if passwords.key is None:
        raise PasswordWrongError(
            f"the password opens the keystore, but not the private key {_quoted(key.alias)} in it",
            hint="give the key's own password with --key-passin",
        )
    raise PasswordWrongError(f"the password of the private key {_quoted(key.alias)} is wrong")


def _try(key: _ProtectedKey, candidate: Password, budget: Budget) -> PrivateKey | None:
    budget.spend(key.protector.iterations)
    try:
        return keys.load(key.protector.decrypt(candidate))
    except WrongPasswordOrDamageError:
        return None


def _not_opened(
    store: _Store, passwords: Passwords, budget: Budget
) -> PasswordMissingError | PasswordWrongError | InputUnreadableError:
    """Returns why the digest does not fit: a key that opens tells a damaged store from a wrong password."""
    given = passwords.container
    if given is None:
        return autopsy.missing("it is encrypted and no password was given")
    if store.keys and _opens(store.keys[0], given, budget):
        return InputUnreadableError(
            "the keystore was changed after it was written: the password opens a key in it, and its digest does not fit",
            hint="copy or download the file again, in binary mode",
        )
    return autopsy.wrong("the password is wrong, or the file is damaged", given, store.accepts)


def _opens(key: _ProtectedKey, password: Password, budget: Budget) -> bool:
    if not budget.affords(key.protector.iterations):
        return False
    try:
        return _try(key, password, budget) is not None
    except (InputUnreadableError, AlgorithmUnsupportedError):
        return True  # it came out whole, only to be of a kind that is not read


def _quoted(alias: str) -> str:
    return repr(alias[:_ALIAS_CHARACTERS])


_ALIAS_CHARACTERS: Final = 80
"""As much of an alias as stands in a message: Java allows 65,535 bytes."""


def _describe(store: _Store) -> dict[str, object]:
    bags = [{"content": "key", **key.protector.describe()} for key in store.keys]
    plain = {"content": "certificate", "cipher": None, "kdf": None, "iterations": None}
    return {
        "mac": {"algorithm": "SHA1", "kdf": "none", "iterations": 1},
        "bags": [*bags, *(plain for _ in store.certificates)],
    }
