"""Keys and certificates in PEM text, each block read for itself."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from certkit import limits
from certkit.contents import CertificateEntry, Contents, KeyEntry, PrivateKey
from certkit.errors import NothingToReadError
from certkit.formats import der, keys, pkcs7
from certkit.formats.armour import (
    CERTIFICATE_LABELS,
    ENCRYPTED_KEY_LABEL,
    KEY_LABELS,
    Block,
    blocks,
    decode,
    headers,
    malformed,
)
from certkit.formats.harvest import Harvest
from certkit.formats.kdf import Budget
from certkit.formats.telling import as_octets, is_pem, is_pkcs7
from certkit.password import Password, Passwords

__all__ = [
    "CERTIFICATE_LABELS",
    "ENCRYPTED_KEY_LABEL",
    "KEY_LABELS",
    "Block",
    "as_octets",
    "blocks",
    "decode",
    "is_pem",
    "read",
]

_SILENT_LABELS: Final = frozenset({"EC PARAMETERS"})
"""What openssl writes before an EC key, and what the key itself holds again."""


@dataclass(slots=True, kw_only=True)
class _Harvest(Harvest):
    """What has been found in the blocks so far, with what opens the locked ones.

    Attributes:
        formats: `pem` and `pkcs7`, as far as they have been met.
    """

    budget: Budget
    passwords: Passwords
    formats: set[str] = field(default_factory=set)


def read(
    data: bytes, passwords: Passwords, max_iterations: int = limits.MAX_ITERATIONS, *, wants_keys: bool = True
) -> Contents:
    """Reads all keys and certificates in PEM text.

    Args:
        wants_keys: whether keys are read at all; else they are passed over, locked or not.

    Raises:
        InputUnreadableError: a block is truncated or malformed.
        NothingToReadError: there is no block that certkit reads.
        InputTooLargeError: there are too many of them, or their key derivation costs too much.
        PasswordMissingError, PasswordWrongError: a key is encrypted and cannot be opened.
        AlgorithmUnsupportedError: a key's encryption or kind cannot be used here.
    """
    harvest = _Harvest(budget=Budget(max_iterations), passwords=passwords, wants_keys=wants_keys)
    for block in blocks(as_octets(data)):
        _harvest_block(block, harvest)
    if not harvest.certificates and not harvest.keys and wants_keys:
        raise NothingToReadError("there is neither a certificate nor a private key in this PEM file")
    found = "pkcs7" if harvest.formats == {"pkcs7"} else "pem"
    return Contents(found, tuple(harvest.certificates), tuple(harvest.keys), tuple(harvest.notes))


def _harvest_block(block: Block, harvest: _Harvest) -> None:
    if block.label in CERTIFICATE_LABELS or block.label in pkcs7.LABELS:
        _harvest_certificates(block, harvest)
    elif block.label in KEY_LABELS or block.label == ENCRYPTED_KEY_LABEL:
        if harvest.takes_key():
            harvest.keys.append(_read_key(block, harvest))
            harvest.formats.add("pem")
    elif block.label not in _SILENT_LABELS:
        harvest.notes.append(f"passed-over: a {block.label} block, which is neither key nor certificate")


def _harvest_certificates(block: Block, harvest: _Harvest) -> None:
    """Takes in a certificate, or those of PKCS#7, which some CAs send under the label of a certificate."""
    encoded = decode(block)
    if block.label in pkcs7.LABELS or is_pkcs7(encoded):
        entries, notes = pkcs7.parse(encoded)
        harvest.notes += notes
        harvest.formats.add("pkcs7")
    else:
        entries = (CertificateEntry(_certificate_der(block, encoded)),)
        harvest.formats.add("pem")
    harvest.add_certificates(*entries)


def _certificate_der(block: Block, encoded: bytes) -> bytes:
    """Returns the certificate's DER; the trust settings behind a TRUSTED CERTIFICATE are left out."""
    if block.label != "TRUSTED CERTIFICATE":
        return encoded
    try:
        return der.read(encoded).encoded
    except der.MalformedError as error:
        raise malformed(block) from error


def _read_key(block: Block, harvest: _Harvest) -> KeyEntry:
    if block.label == ENCRYPTED_KEY_LABEL:
        return KeyEntry(_open_pkcs8(block, harvest), was_encrypted=True)
    info = headers(block).get(b"DEK-Info")
    if info is not None:
        return KeyEntry(_open_dek(block, info, harvest), was_encrypted=True)
    return KeyEntry(keys.load(decode(block)))


def _open_pkcs8(block: Block, harvest: _Harvest) -> PrivateKey:
    from certkit.formats import autopsy, pbe, pfx  # noqa: PLC0415 -- most keys in PEM stand open

    try:
        encrypted = der.read_all(decode(block))
        scheme, ciphertext = pfx.parse_encrypted_key(encrypted)
        for candidate in _distinct(harvest.passwords.for_key()):
            try:
                return keys.open_pkcs8(encrypted, candidate, harvest.budget)
            except pbe.WrongPasswordOrDamageError:
                continue
    except ValueError as error:
        raise malformed(block) from error
    raise autopsy.explain_key(
        harvest.passwords, lambda candidate: autopsy.opens(scheme, ciphertext, candidate, harvest.budget)
    )


def _open_dek(block: Block, info: bytes, harvest: _Harvest) -> PrivateKey:
    from certkit.formats import autopsy, dek, pbe  # noqa: PLC0415 -- the same

    ciphertext = decode(block)

    def decrypt(candidate: Password) -> bytes | None:
        try:
            return dek.decrypt(info.decode("ascii", "replace"), ciphertext, candidate)
        except pbe.WrongPasswordOrDamageError:
            return None

    try:
        for candidate in _distinct(harvest.passwords.for_key()):
            plain = decrypt(candidate)
            if plain is not None:
                return keys.load(plain)
    except der.MalformedError as error:
        raise malformed(block) from error
    raise autopsy.explain_key(harvest.passwords, lambda candidate: decrypt(candidate) is not None)


def _distinct(candidates: Iterable[Password]) -> tuple[Password, ...]:
    """Returns the candidates without those whose octets were there: none is empty to a key outside of a PFX."""
    return tuple({candidate.octets: candidate for candidate in candidates}.values())
