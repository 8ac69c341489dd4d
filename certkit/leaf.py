"""Which certificate is the leaf: the one that the private key belongs to, never the one that happens to stand first."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from cryptography import x509

from certkit import certificate as x
from certkit.chain import issuers_from
from certkit.contents import KeyEntry, PrivateKey
from certkit.errors import KeyMismatchError, NoLeafError, SeveralLeavesError, UsageError


@dataclass(frozen=True, slots=True)
class Choice:
    """What the user said to choose by, where a SOURCE holds more than one leaf.

    Attributes:
        alias: the friendly name of a keystore's entry.
        name_match: a DNS name that the leaf covers.
    """

    alias: str | None = None
    name_match: str | None = None


@dataclass(frozen=True, slots=True)
class Named:
    """A certificate with the alias it goes by."""

    certificate: x509.Certificate
    alias: str | None


Entry = TypeVar("Entry", Named, KeyEntry)


@dataclass(frozen=True, slots=True)
class Leaf:
    """The leaf and its key, None where there is no key at all."""

    certificate: x509.Certificate
    private_key: PrivateKey | None


def choose(
    certificates: Sequence[Named], keys: Sequence[KeyEntry], now: dt.datetime, choice: Choice | None = None
) -> Leaf:
    """Chooses the leaf among `certificates`, in which a certificate may stand twice.

    Raises:
        NoLeafError: there is no certificate.
        KeyMismatchError: there are keys and certificates, and no two belong together.
        SeveralLeavesError: more than one could be meant.
        UsageError: `choice` fits nothing.
    """
    wanted = choice or Choice()
    if not certificates:
        raise NoLeafError("there is no certificate" + (", only a private key" if keys else ""))
    if keys:
        return _by_key(certificates, _with_alias(keys, wanted.alias), now, wanted)
    return Leaf(_without_key(certificates, wanted), None)


def _by_key(certificates: Sequence[Named], keys: Sequence[KeyEntry], now: dt.datetime, choice: Choice) -> Leaf:
    by_spki: dict[bytes, list[x509.Certificate]] = {}
    for named in certificates:
        key = x.public_key(named.certificate)
        if key is not None:
            by_spki.setdefault(x.spki(key), []).append(named.certificate)
    private_keys = {x.spki(entry.private_key.public_key()): entry.private_key for entry in keys}
    leaves = [
        Leaf(_newest(_covering(by_spki[spki], choice), now), private_key)
        for spki, private_key in private_keys.items()
        if spki in by_spki and _covering(by_spki[spki], choice)
    ]
    if not leaves and not any(spki in by_spki for spki in private_keys):
        raise _mismatch(keys, certificates)
    if not leaves:
        raise UsageError(f"no certificate with a private key covers {choice.name_match}")
    if len(leaves) > 1:
        raise _several([leaf.certificate for leaf in leaves])
    return leaves[0]


def _newest(certificates: Iterable[x509.Certificate], now: dt.datetime) -> x509.Certificate:
    """Returns, of several certificates for one key, the newest of those that are valid now, else of all.

    Raises:
        SeveralLeavesError: two of them are equally new.
    """
    unique = list(dict.fromkeys(certificates))
    candidates = [one for one in unique if x.is_valid_at(one, now)] or unique
    newest = max(one.not_valid_before_utc for one in candidates)
    found = [one for one in candidates if one.not_valid_before_utc == newest]
    if len(found) > 1:
        raise _several(found)
    return found[0]


def _without_key(certificates: Sequence[Named], choice: Choice) -> x509.Certificate:
    """Returns the certificate that issued none of the others, of several such the one that `choice` fits.

    Raises:
        SeveralLeavesError: there are several such, or none.
    """
    unique = list(dict.fromkeys(named.certificate for named in certificates))
    issuers = issuers_from(unique, unique)
    issuing = {found for one in unique for found in issuers[one] if found != one}
    leaves = [one for one in unique if one not in issuing] or unique
    if choice.alias is not None:
        chosen = {named.certificate for named in _with_alias(certificates, choice.alias)}
        leaves = [one for one in leaves if one in chosen]
    leaves = _covering(leaves, choice)
    if not leaves:
        raise UsageError("no certificate that could be the leaf fits --alias and --name-match")
    if len(leaves) > 1:
        leaves = _without_namesakes(leaves) or leaves
    if len(leaves) > 1:
        raise _several(leaves)
    return leaves[0]


def _without_namesakes(leaves: list[x509.Certificate]) -> list[x509.Certificate]:
    """Returns those that no other claims to come from, for a chain with a broken signature in it."""
    few = leaves[:_MAX_NAMESAKES]
    return [one for one in few if not any(x.is_named_issuer(one, other) for other in leaves if other != one)]


_MAX_NAMESAKES: Final = 32


def _with_alias(entries: Sequence[Entry], alias: str | None) -> Sequence[Entry]:
    """Returns the entries of this alias, all where none is asked for; Java keeps aliases without their case."""
    if alias is None:
        return entries
    found = [entry for entry in entries if entry.alias is not None and entry.alias.casefold() == alias.casefold()]
    if not found:
        there = sorted({entry.alias for entry in entries if entry.alias})
        raise UsageError(
            f"there is no entry with the alias {alias!r}",
            hint=f"there is {', '.join(map(repr, there))}" if there else "none of its entries has an alias",
        )
    return found


def _covering(certificates: Iterable[x509.Certificate], choice: Choice) -> list[x509.Certificate]:
    return [one for one in certificates if choice.name_match is None or x.covers(one, choice.name_match)]


def _mismatch(keys: Sequence[KeyEntry], certificates: Sequence[Named]) -> KeyMismatchError:
    algorithms = ", ".join(sorted({x.key_algorithm(entry.private_key) for entry in keys}))
    count = len({named.certificate for named in certificates})
    which = "the certificate is not for it" if count == 1 else f"none of the {count} certificates is for it"
    return KeyMismatchError(
        f"the private key ({algorithms}) stands alone: {which}",
        hint="look for the key that the certificate was requested with, or name it with --key",
        part="key",
    )


def _several(certificates: Sequence[x509.Certificate]) -> SeveralLeavesError:
    names = ", ".join(
        f"{x.common_name(one) or 'no common name'} (sha256 {x.fingerprint(one)[:16]}…)" for one in certificates[:5]
    )
    more = f" and {len(certificates) - 5} more" if len(certificates) > 5 else ""  # noqa: PLR2004 -- as many as are named
    return SeveralLeavesError(
        f"{len(certificates)} certificates could be the leaf: {names}{more}",
        hint="choose one with --name-match DNS or --alias NAME",
    )
