"""Which certificate is the leaf: the one that the private key belongs to, never the one that happens to stand first."""

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple, TypeVar

from cryptography import x509

from certkit import certificate as x
from certkit.chain import issuers_from
from certkit.contents import KeyEntry, PrivateKey
from certkit.errors import KeyMismatchError, NoLeafError, SeveralLeavesError, UsageError


class Choice(NamedTuple):
    """What the user said to choose by, where a SOURCE holds more than one leaf.

    Attributes:
        alias: the friendly name of a keystore's entry.
        name_match: a DNS name or an IP address that the leaf covers.
    """

    alias: str | None = None
    name_match: str | None = None


class Named(NamedTuple):
    """A certificate with the alias it goes by."""

    certificate: x509.Certificate
    alias: str | None


Entry = TypeVar("Entry", Named, KeyEntry)


class Leaf(NamedTuple):
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
        UsageError: `choice` fits nothing, or names no host.
    """
    wanted = choice or Choice()
    if not certificates:
        hint = "name the file with the certificate, and this one with --key" if keys else None
        raise NoLeafError("there is no certificate" + (", only a private key" if keys else ""), hint=hint)
    if wanted.alias is not None:
        certificates, keys = _entry_called(wanted.alias, certificates, keys)
    if keys:
        return _by_key(certificates, keys, now, wanted)
    return Leaf(_without_key(certificates, wanted), None)


def _entry_called(
    alias: str, certificates: Sequence[Named], keys: Sequence[KeyEntry]
) -> tuple[Sequence[Named], Sequence[KeyEntry]]:
    """Returns the certificates and keys of one entry of a keystore: a key with its certificates, or a certificate alone.

    Writers name the key, its certificate, or both; of several certificates for the key, one by its name is meant.

    Raises:
        UsageError: nothing carries the alias.
    """
    named_keys, named = _called(alias, keys), _called(alias, certificates)
    if named_keys:
        own = [one for one in named if any(_belong_together(entry, one) for entry in named_keys)]
        return own or certificates, named_keys
    if named:
        return named, [entry for entry in keys if any(_belong_together(entry, one) for one in named)]
    there = sorted({*(entry.alias for entry in keys), *(one.alias for one in certificates)} - {None, ""}, key=str)
    raise UsageError(
        f"there is no entry with the alias {alias!r}",
        hint=f"there is {', '.join(map(repr, there))}" if there else "none of its entries has an alias",
    )


def _called(alias: str, entries: Sequence[Entry]) -> list[Entry]:
    """Returns the entries of this alias; Java keeps aliases without their case."""
    return [entry for entry in entries if entry.alias is not None and entry.alias.casefold() == alias.casefold()]


def _belong_together(entry: KeyEntry, named: Named) -> bool:
    key = x.public_key(named.certificate)
    return key is not None and x.spki(key) == x.spki(entry.private_key.public_key())


def _by_key(certificates: Sequence[Named], keys: Sequence[KeyEntry], now: dt.datetime, choice: Choice) -> Leaf:
    private_keys = {x.spki(entry.private_key.public_key()): entry.private_key for entry in keys}
    by_key: dict[bytes, list[x509.Certificate]] = {}
    for named in certificates:
        key = x.public_key(named.certificate)
        if key is not None and x.spki(key) in private_keys:
            by_key.setdefault(x.spki(key), []).append(named.certificate)
    if not by_key:
        raise _mismatch(keys, certificates)
    covering = {spki: _covering(found, choice) for spki, found in by_key.items()}
    leaves = [Leaf(_newest(found, now), private_keys[spki]) for spki, found in covering.items() if found]
    if not leaves:
        raise UsageError(f"no certificate with a private key covers {choice.name_match}")
    if len(leaves) > 1:
        raise _several([leaf.certificate for leaf in leaves])
    return leaves[0]


def _newest(certificates: Sequence[x509.Certificate], now: dt.datetime) -> x509.Certificate:
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
        UsageError: `choice` fits none of them.
    """
    unique = list(dict.fromkeys(named.certificate for named in certificates))
    issuers = issuers_from(unique, unique)
    issuing = {found for one in unique for found in issuers[one] if found != one}
    leaves = [one for one in unique if one not in issuing] or unique
    leaves = _covering(leaves, choice)
    if not leaves:
        raise UsageError(f"no certificate that could be the leaf covers {choice.name_match}")
    leaves = _without_namesakes(leaves) or leaves
    if len(leaves) > 1:
        raise _several(leaves)
    return leaves[0]


def _without_namesakes(leaves: Sequence[x509.Certificate]) -> list[x509.Certificate]:
    """Returns those that no other claims to come from, for a chain with a broken signature in it."""
    claims: dict[x.NameKey | None, list[x509.Certificate]] = {}
    for one in leaves:
        claims.setdefault(x.name_key(x.issuer(one)), []).append(one)

    def is_claimed(one: x509.Certificate) -> bool:
        claiming = claims.get(x.name_key(x.subject(one)), [])
        return any(x.is_named_issuer(one, other) for other in claiming if other != one)

    return [one for one in leaves if not is_claimed(one)]


def _covering(certificates: Sequence[x509.Certificate], choice: Choice) -> list[x509.Certificate]:
    """Returns those that are for the host of `choice`; as in openssl, a common name counts where no DNS name is beside it."""
    if choice.name_match is None:
        return list(certificates)
    from certkit import hosts  # noqa: PLC0415 -- few choose by a name

    host = hosts.parse(choice.name_match)
    return [
        one
        for one in certificates
        if hosts.covers(one, host) or (not x.dns_names(one) and hosts.is_any(host, x.common_names(one)))
    ]


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
