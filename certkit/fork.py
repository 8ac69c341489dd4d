"""Which of several paths from a leaf is taken: stated preferences, so that the same certificates give the same path."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from cryptography import x509

from certkit import certificate as x

Path: TypeAlias = tuple[x509.Certificate, ...]
Issuers: TypeAlias = Mapping[x509.Certificate, list[x509.Certificate]]
_Claim: TypeAlias = Callable[[Path], bool]


def best_path(leaf: x509.Certificate, issuers: Issuers, now: dt.datetime, root_name: str | None = None) -> Path:
    """Returns the preferred path, `leaf` first: reaching a root, then valid now, then shortest, then newest.

    Args:
        issuers: the verified issuers of `leaf` and of everything above it; a self-signed one is among its own.
        root_name: before all else, a path under a root of this name is taken, also under one that is not there.
    """

    def is_valid(certificate: x509.Certificate) -> bool:
        return x.is_valid_at(certificate, now)

    for is_goal in _goals(issuers, root_name):
        for is_usable in (is_valid, _anything):
            for level in _levels(leaf, issuers, is_usable):
                goals = [path for path in level if is_goal(path)]
                if goals:
                    return min(goals, key=_age)
    # Loops that run into each other have no end: as far as a search comes without standing anywhere twice.
    *_, last = _levels(leaf, issuers, _anything)
    return min(last, key=_age)


def _goals(issuers: Issuers, root_name: str | None) -> Iterator[_Claim]:
    """Yields what a path is to be, the most wanted first."""
    owners = {certificate: _owner(certificate) for certificate in issuers}

    def is_root(path: Path) -> bool:
        return path[-1] in issuers[path[-1]]

    def is_end(path: Path) -> bool:
        passed = {owners[certificate] for certificate in path}
        return all(owners[candidate] in passed for candidate in issuers[path[-1]])

    if root_name is not None:
        yield from _goals_under(root_name, is_root, is_end)
    yield from (is_root, is_end)


def _goals_under(root_name: str, is_root: _Claim, is_end: _Claim) -> Iterator[_Claim]:
    """Yields the goals under a root of this name.

    The last of them leaves out a cross-certificate of the root that is meant: what bears its name and another's signature.
    """

    def is_under(path: Path) -> bool:
        return x.is_called(x.issuer(path[-1]), root_name)

    yield lambda path: is_under(path) and is_root(path)
    yield lambda path: is_under(path) and is_end(path)
    yield lambda path: is_under(path) and len(path) > 1


def _levels(
    leaf: x509.Certificate, issuers: Issuers, is_usable: Callable[[x509.Certificate], bool]
) -> Iterator[list[Path]]:
    """Yields the shortest paths from `leaf` to everything above it, level by level; within a level the newest wins."""
    level: dict[x509.Certificate, Path] = {leaf: (leaf,)}
    seen = {leaf}
    while level:
        yield list(level.values())
        above: dict[x509.Certificate, Path] = {}
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


def _age(path: Path) -> tuple[tuple[float, float, bytes], ...]:
    """Orders paths: newest first from the leaf upwards, by their bytes where all else is equal."""
    return tuple(
        (
            -certificate.not_valid_before_utc.timestamp(),
            -certificate.not_valid_after_utc.timestamp(),
            x.to_der(certificate),
        )
        for certificate in path
    )
