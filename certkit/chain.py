"""The path from a leaf to its root, and why it is that one.

Issuers are paired by name, as RFC 5280 section 7.1 compares names, and every link is proved by its signature, SHA-1 and MD5
included: whether a link is still to be trusted is a finding, not a question of order. Where the path forks (cross-signs,
renewed intermediates), the one wins that reaches a root, is valid now, is shortest, then newest. Same certificates, same path.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple, TypeAlias

from cryptography import x509

from certkit import certificate as x
from certkit import limits
from certkit.errors import ChainBrokenError, InputTooLargeError

_Path: TypeAlias = tuple[x509.Certificate, ...]
_Issuers: TypeAlias = Mapping[x509.Certificate, list[x509.Certificate]]


class Path(NamedTuple):
    """What was found above a leaf.

    Attributes:
        certificates: leaf's issuer first, a self-signed root included if it is there.
        has_root: whether the last one, or a leaf without any above it, is self-signed.
        reachable: every certificate on any path from the leaf, also on those that were not taken.
    """

    certificates: tuple[x509.Certificate, ...]
    has_root: bool
    reachable: frozenset[x509.Certificate]


def find_path(leaf: x509.Certificate, candidates: Iterable[x509.Certificate], now: dt.datetime) -> Path:
    """Finds the path from `leaf` through `candidates`, whose order does not matter, as far as it goes.

    Raises:
        ChainBrokenError: the only issuer by name has not signed what is said to come from it.
        InputTooLargeError: there are too many candidates of one name to try them all.
    """
    pool = tuple(dict.fromkeys((leaf, *candidates)))
    path = find_path_unchecked(leaf, pool, now)
    if not path.has_root:
        _refuse_broken_link((leaf, *path.certificates), pool)
    return path


def find_path_unchecked(leaf: x509.Certificate, candidates: Iterable[x509.Certificate], now: dt.datetime) -> Path:
    """Finds the path as `find_path` does, whatever may be wrong above its end.

    Raises:
        InputTooLargeError: there are too many candidates of one name to try them all.
    """
    issuers = issuers_from((leaf,), dict.fromkeys((leaf, *candidates)))
    if leaf in issuers[leaf]:
        return Path((), has_root=True, reachable=frozenset())
    path = _best_path(leaf, issuers, now)
    return Path(path[1:], path[-1] in issuers[path[-1]], frozenset(issuers) - {leaf})


def issuers_from(
    starts: Iterable[x509.Certificate], pool: Iterable[x509.Certificate]
) -> dict[x509.Certificate, list[x509.Certificate]]:
    """Returns the verified issuers of each of `starts` and of everything above them; a self-signed one is among its own.

    Raises:
        InputTooLargeError: there are too many candidates of one name to try them all.
    """
    by_subject = defaultdict(list)
    for candidate in pool:
        by_subject[x.name_key(x.subject(candidate))].append(candidate)
    by_subject.pop(None, None)
    issuers: dict[x509.Certificate, list[x509.Certificate]] = {}
    queue, steps = list(starts), 0
    for certificate in queue:
        if certificate in issuers:
            continue
        claimed = by_subject.get(x.name_key(x.issuer(certificate)), [])
        steps += len(claimed)
        if steps > limits.MAX_SIGNATURES:
            raise InputTooLargeError("there are too many certificates of one name to find the chain among them")
        issuers[certificate] = [candidate for candidate in claimed if x.verifies(candidate, certificate)]
        queue += issuers[certificate]
    return issuers


def _best_path(leaf: x509.Certificate, issuers: _Issuers, now: dt.datetime) -> _Path:
    """Returns the preferred path, `leaf` first: reaching a root, then valid now, then shortest, then newest."""
    if all(len(above) <= 1 and certificate not in above for certificate, above in issuers.items()):
        return tuple(issuers)  # no fork, no loop, no root: they were found in the order of the only path
    owners = {certificate: _owner(certificate) for certificate in issuers}

    def is_root(path: _Path) -> bool:
        return path[-1] in issuers[path[-1]]

    def is_end(path: _Path) -> bool:
        passed = {owners[certificate] for certificate in path}
        return all(owners[candidate] in passed for candidate in issuers[path[-1]])

    def is_valid(certificate: x509.Certificate) -> bool:
        return x.is_valid_at(certificate, now)

    for is_goal in (is_root, is_end):
        for is_usable in (is_valid, _anything):
            for level in _levels(leaf, issuers, is_usable):
                goals = [path for path in level if is_goal(path)]
                if goals:
                    return min(goals, key=_age)
    # Loops that run into each other have no end: as far as a search comes without standing anywhere twice.
    *_, last = _levels(leaf, issuers, _anything)
    return min(last, key=_age)


def _levels(
    leaf: x509.Certificate, issuers: _Issuers, is_usable: Callable[[x509.Certificate], bool]
) -> Iterator[list[_Path]]:
    """Yields the shortest paths from `leaf` to everything above it, level by level; within a level the newest wins."""
    level: dict[x509.Certificate, _Path] = {leaf: (leaf,)}
    seen = {leaf}
    while level:
        yield list(level.values())
        above: dict[x509.Certificate, _Path] = {}
        for path in sorted(level.values(), key=_age):
            for issuer in issuers[path[-1]]:
                if issuer not in seen and is_usable(issuer):
                    above.setdefault(issuer, (*path, issuer))
        seen.update(above)
        level = above


def _owner(certificate: x509.Certificate) -> tuple[x.NameKey | None, bytes | None]:
    """Returns whose certificate it is, by name and key: a path that comes back to one of them has come to its end."""
    key = x.public_key(certificate)
    return x.name_key(x.subject(certificate)), x.spki(key) if key is not None else None


def _anything(_: x509.Certificate) -> bool:
    return True


def _age(path: _Path) -> tuple[tuple[float, float, bytes], ...]:
    """Orders paths: newest first from the leaf upwards, by their bytes where all else is equal."""
    return tuple(
        (
            -certificate.not_valid_before_utc.timestamp(),
            -certificate.not_valid_after_utc.timestamp(),
            x.to_der(certificate),
        )
        for certificate in path
    )


def _refuse_broken_link(path: _Path, pool: tuple[x509.Certificate, ...]) -> None:
    """Raises if a certificate in `pool` claims to have issued the end of `path`, and none has."""
    top = path[-1]
    claimed = sorted((candidate for candidate in pool if x.is_named_issuer(candidate, top)), key=x.to_der)
    if any(x.verifies(candidate, top) for candidate in claimed):
        return
    for candidate in claimed:
        # A leaf by its issuer's name comes from an issuer of its own name more often than it is a root gone bad.
        if x.refutes(candidate, top) and (candidate != top or len(path) > 1):
            raise _broken(top, candidate, len(path) - 1)


def _broken(certificate: x509.Certificate, issuer: x509.Certificate, position: int) -> ChainBrokenError:
    name = x.common_name(certificate) or "a certificate"
    if issuer == certificate:
        message, position = f"the signature on {name} does not verify with its own key", position - 1
    else:
        message = f"the signature on {name} does not verify with the key of {x.common_name(issuer) or 'its issuer'}"
    return ChainBrokenError(
        message,
        hint="one of the two was altered or is a twin of another key: get the chain again from the CA",
        part=f"chain[{position}]",
    )
