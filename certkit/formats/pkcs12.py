"""PKCS#12 opened: budget first, then the MAC, then what is inside (RFC 7292).

cryptography's `load_pkcs12` drops all keys but one, loses the whole file to one odd certificate, takes any number of
iterations and has one message for every failure. It is not used here.
"""

from dataclasses import dataclass
from typing import Final

from certkit import limits
from certkit.contents import CertificateEntry, Contents, KeyEntry
from certkit.formats import der, keys, pfx
from certkit.formats.damage import told_of
from certkit.formats.harvest import Harvest
from certkit.formats.kdf import Budget
from certkit.formats.keyring import Keyring
from certkit.password import Passwords

_X509_CERTIFICATE: Final = "1.2.840.113549.1.9.22.1"
_PASSED_OVER: Final = {
    "1.2.840.113549.1.12.10.1.4": "a revocation list",
    "1.2.840.113549.1.12.10.1.5": "a secret",
}


@dataclass(slots=True, kw_only=True)
class _Harvest(Harvest):
    """What has been found in the bags so far, with what opens the locked ones."""

    keyring: Keyring


def protection(data: bytes) -> dict[str, object]:
    """Returns how a PFX is protected, read without its password; the shape is that of `pfx.protection`.

    Raises:
        InputUnreadableError: it is no PFX.
        AlgorithmUnsupportedError: it uses an algorithm that is not known here.
    """
    with told_of("the PFX"):
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
    with told_of("the PFX"):
        structure = pfx.parse(data)
        keyring = Keyring(passwords, Budget(max_iterations))
        keyring.budget.check(*pfx.visible_iterations(structure))
        keyring.open_mac(structure)
        harvest = _Harvest(keyring=keyring, wants_keys=wants_keys)
        if structure.mac is None:
            harvest.notes.append("no-mac: nothing guards the integrity of this PFX, it has no MAC")
        for safe in structure.safes:
            _harvest_bags(keyring.open_safe(safe, structure), harvest, limits.MAX_NESTING)
    notes = (
        *harvest.notes,
        *(
            f"password-encoding: what is encrypted in it takes {name} of the password, so other programs may not open it"
            for name in sorted(keyring.encodings)
        ),
    )
    return Contents("pkcs12", tuple(harvest.certificates), tuple(harvest.keys), notes)


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
    (octets,) = explicit
    harvest.add_certificates(CertificateEntry(octets.octets(), alias))


def _harvest_key(kind: str, value: der.Value, alias: str | None, harvest: _Harvest) -> None:
    if not harvest.takes_key():
        return
    was_encrypted = kind == pfx.SHROUDED_KEY_BAG
    private_key = harvest.keyring.open_key(value) if was_encrypted else keys.load(der.to_definite(value))
    harvest.keys.append(KeyEntry(private_key, alias, was_encrypted))
