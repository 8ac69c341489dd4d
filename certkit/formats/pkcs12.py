"""PKCS#12 opened: budget first, then the MAC, then what is inside (RFC 7292).

cryptography's `load_pkcs12` drops all keys but one, loses the whole file to one odd certificate, takes any number of
iterations and has one message for every failure. It is not used here.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from types import TracebackType
from typing import Final

from certkit import limits
from certkit.contents import CertificateEntry, Contents, KeyEntry, PrivateKey
from certkit.errors import InputTooLargeError, InputUnreadableError, PasswordMissingError, PasswordWrongError
from certkit.formats import der, keys, pbe, pfx
from certkit.formats.kdf import Budget
from certkit.password import ABSENT, EMPTY, Password, Passwords

_X509_CERTIFICATE: Final = "1.2.840.113549.1.9.22.1"
_PASSED_OVER: Final = {
    "1.2.840.113549.1.12.10.1.4": "a revocation list",
    "1.2.840.113549.1.12.10.1.5": "a secret",
}


@dataclass(slots=True)
class _Harvest:
    """What has been found in the bags so far."""

    budget: Budget
    passwords: Passwords
    opened_with: Password | None
    wants_keys: bool
    certificates: list[CertificateEntry] = field(default_factory=list)
    keys: list[KeyEntry] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def protection(data: bytes) -> dict[str, object]:
    """Returns how a PFX is protected, read without its password; the shape is that of `pfx.protection`.

    Raises:
        InputUnreadableError: it is no PFX.
        AlgorithmUnsupportedError: it uses an algorithm that is not known here.
    """
    with _Malformed():
        return pfx.protection(pfx.parse(data))


def read(
    data: bytes, passwords: Passwords, max_iterations: int = limits.MAX_ITERATIONS, *, wants_keys: bool = True
) -> Contents:
    """Reads all keys and certificates in a PFX.

    Args:
        wants_keys: whether keys are read at all; else they are passed over, locked or not.

    Raises:
        InputUnreadableError: it is no PFX, truncated or damaged.
        InputTooLargeError: its key derivation, or the number of its keys or certificates, is over the limits.
        PasswordMissingError: no password was given and neither none nor the empty one opens it.
        PasswordWrongError: the given password does not open it.
        AlgorithmUnsupportedError: a cipher, derivation or key that cannot be used here.
    """
    with _Malformed():
        structure = pfx.parse(data)
        budget = Budget(max_iterations)
        budget.check(*pfx.visible_iterations(structure))
        harvest = _Harvest(budget, passwords, _find_password(structure, passwords, budget), wants_keys)
        if structure.mac is None:
            harvest.notes.append("no-mac: nothing guards the integrity of this PFX, it has no MAC")
        for safe in structure.safes:
            content = _open_safe(safe, harvest, has_mac=structure.mac is not None)
            _harvest_bags(content, harvest, limits.MAX_NESTING)
        how = pfx.protection(structure)
    return Contents("pkcs12", tuple(harvest.certificates), tuple(harvest.keys), tuple(harvest.notes), how)


class _Malformed:
    """Turns malformed ASN.1 inside a `with` block into the error that a user can act on."""

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if isinstance(error, der.MalformedError) and error.truncated_at is not None:
            raise InputUnreadableError(
                f"the PFX is truncated: it ends at byte {error.truncated_at:,}, in the middle of a value",
                hint="copy or download the file again, in binary mode",
            ) from error
        if isinstance(error, ValueError):  # a MalformedError, or a SEQUENCE with fewer parts than it must have
            raise InputUnreadableError("the PFX is malformed", hint="copy or download the file again") from error


def _find_password(structure: pfx.Pfx, passwords: Passwords, budget: Budget) -> Password | None:
    """Returns the password that the MAC accepts, None where there is no MAC to ask.

    Raises:
        PasswordMissingError, PasswordWrongError: it accepts none of the candidates.
    """
    if structure.mac is None:
        return None
    budget.spend(structure.mac.kdf.iterations)
    for candidate in passwords.for_container():
        if structure.mac.accepts(candidate, structure.authenticated):
            return candidate
    raise _no_password(passwords)


def _no_password(passwords: Passwords) -> PasswordMissingError | PasswordWrongError:
    if not passwords.is_given:
        return PasswordMissingError(
            "it is encrypted and no password was given", hint="give it with --passin env:NAME or --passin file:PATH"
        )
    return PasswordWrongError("the password is wrong, or the file is damaged")


def _open_safe(safe: pfx.Safe, harvest: _Harvest, *, has_mac: bool) -> bytes:
    """Returns the SafeContents of `safe`, decrypted where needed.

    Raises:
        PasswordMissingError, PasswordWrongError: there is no MAC and no candidate opens it.
        InputUnreadableError: the MAC accepts the password, and yet it does not open this.
    """
    if safe.scheme is None:
        return safe.content
    for candidate in _candidates(harvest):
        try:
            plain = safe.scheme.decrypt(safe.content, candidate, harvest.budget)
            der.read_all(plain).expect(der.SEQUENCE)
        except (pbe.WrongPasswordOrDamageError, der.MalformedError):
            continue
        harvest.opened_with = candidate
        return plain
    if has_mac:
        raise _mac_only()
    raise _no_password(harvest.passwords)


def _mac_only() -> InputUnreadableError:
    return InputUnreadableError(
        "the MAC accepts this password, but the contents do not",
        hint="probably written by Java or node-forge with a non-ASCII password: export it again with an ASCII one",
    )


def _candidates(harvest: _Harvest) -> Iterator[Password]:
    """Yields what may open a safe: what opened the last, its twin (none for empty), else every candidate."""
    if harvest.opened_with is None:
        yield from harvest.passwords.for_container()
        return
    yield harvest.opened_with
    if harvest.opened_with in {ABSENT, EMPTY}:
        yield EMPTY if harvest.opened_with == ABSENT else ABSENT


def _harvest_bags(safe_contents: bytes, harvest: _Harvest, depth: int) -> None:
    for kind, value, alias in pfx.bags(safe_contents):
        if kind == pfx.CERTIFICATE_BAG:
            _harvest_certificate(value, alias, harvest)
        elif kind in {pfx.KEY_BAG, pfx.SHROUDED_KEY_BAG}:
            _harvest_key(kind, value, alias, harvest)
        elif kind == pfx.NESTED_BAG and depth:
            _harvest_bags(value.encoded, harvest, depth - 1)
        else:
            name = _PASSED_OVER.get(kind, f"a bag of type {kind}")
            harvest.notes.append(f"passed-over: {name}, which is neither key nor certificate")


def _harvest_certificate(value: der.Value, alias: str | None, harvest: _Harvest) -> None:
    kind, explicit = value.parts()
    if kind.oid() != _X509_CERTIFICATE:
        harvest.notes.append("passed-over: a certificate that is not an X.509 one")
        return
    if len(harvest.certificates) == limits.MAX_CERTIFICATES:
        raise InputTooLargeError(f"it holds more than {limits.MAX_CERTIFICATES:,} certificates")
    (octets,) = explicit
    harvest.certificates.append(CertificateEntry(octets.octets(), alias))


def _harvest_key(kind: str, value: der.Value, alias: str | None, harvest: _Harvest) -> None:
    if not harvest.wants_keys:
        return
    if len(harvest.keys) == limits.MAX_KEYS:
        raise InputTooLargeError(f"it holds more than {limits.MAX_KEYS} private keys")
    was_encrypted = kind == pfx.SHROUDED_KEY_BAG
    private_key = _open_key(value, harvest) if was_encrypted else keys.load(der.to_definite(value))
    harvest.keys.append(KeyEntry(private_key, alias, was_encrypted))


def _open_key(shrouded: der.Value, harvest: _Harvest) -> PrivateKey:
    """Decrypts a key bag with its own password, the bundle's, none or the empty one.

    Raises:
        PasswordMissingError, PasswordWrongError: none of them fits.
    """
    candidates = list(harvest.passwords.for_key(harvest.opened_with))
    for candidate in candidates:
        try:
            plain = keys.decrypt_pkcs8(shrouded, candidate, harvest.budget)
        except pbe.WrongPasswordOrDamageError:
            continue
        return keys.load(plain)
    if harvest.opened_with is None:
        raise _no_password(harvest.passwords)
    if harvest.passwords.key is None:
        raise PasswordWrongError(
            "the password opens the PFX, but not the private key in it",
            hint="give the key's own password with --key-passin",
        )
    raise PasswordWrongError("the password of the private key is wrong")
