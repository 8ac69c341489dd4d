"""What is there more than once: the same certificate, the same names, the same key."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator

from certkit import limits
from certkit.estate.finding import Estate, Found, Weight, kind
from certkit.inventory import Listed


@kind(Weight.WARNING, hint="keep the one that is in use, and delete the others: certkit prune")
def same_certificate(estate: Estate) -> Iterator[Found]:
    """One region of one account holds one certificate under several ARNs.

    ACM imports the same certificate as often as it is told to, and each counts toward the quota. A renewal that replaces
    one of them leaves the others to expire.
    """
    for group in _alike(estate.imported, _identity):
        yield Found(tuple(group), f"{len(group)} ARNs hold the same certificate")


@kind(Weight.NOTE, hint="keep the one that is in use and is renewed; certkit prune shows which are superseded")
def same_names(estate: Estate) -> Iterator[Found]:
    """One region of one account holds several certificates for the same names and with the same kind of key.

    None of them has expired. Often all but one were left behind by a renewal that imported instead of reimporting.
    """
    alive = (one for one in estate.imported if one.summary.not_after and one.summary.not_after > estate.now)
    for group in _alike(alive, _names):
        if len({_or_place(_identity(one), one) for one in group}) > 1:
            yield Found(tuple(group), f"{len(group)} certificates are for the same names")


@kind(Weight.WARNING, hint="make a new key for each certificate, or at least for each place")
def same_key(estate: Estate) -> Iterator[Found]:
    """Several certificates, which are not the same, have the same key: whoever has it can pose as all of them.

    Only the certificates that were read can be compared: files, endpoints, and in ACM what was looked at closely.
    """

    def key(one: Listed) -> Hashable | None:
        closeup = estate.closeups.get(one.summary.arn)
        return one.summary.spki_sha256 or (closeup.spki_sha256 if closeup else None)

    for group in _alike(estate.inventory.certificates, key):
        if len({_or_place(_names(one), one) for one in group}) > 1:
            yield Found(tuple(group), f"{len(group)} certificates for different names have the same key")


def _alike(certificates: Iterable[Listed], key: Callable[[Listed], Hashable | None]) -> Iterator[tuple[Listed, ...]]:
    """Yields those that have the same key, where that is more than one; what has none is like no other."""
    groups: dict[Hashable, list[Listed]] = defaultdict(list)
    for one in certificates:
        own = key(one)
        if own is not None:
            groups[own].append(one)
    return (tuple(group) for group in groups.values() if len(group) > 1)


def _or_place(own: Hashable | None, one: Listed) -> Hashable:
    return one.place if own is None else own


def _identity(one: Listed) -> Hashable | None:
    """Returns what certificates of one place have in common if they are the same."""
    identity = one.summary.identity
    return identity and (one.account, one.region, identity)


def _names(one: Listed) -> Hashable | None:
    """Returns what certificates of one place for the same names have in common; unknown where a listing has not all names."""
    summary = one.summary
    names = frozenset(name.lower() for name in summary.sans)
    if not names or len(names) >= limits.LISTED_NAMES:
        return None
    return (one.account, one.region, names, summary.key_algorithm)
