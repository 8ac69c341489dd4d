"""The path from a leaf to its root, and why it is that one.

Issuers are paired by name, as RFC 5280 section 7.1 compares names, and every link is proved by its signature, SHA-1 and MD5
included: whether a link is still to be trusted is a finding, not a question of order. Where the path forks (cross-signs,
renewed intermediates), `certkit.fork` decides. Same certificates, same path.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from cryptography import x509

from certkit import certificate as x
from certkit import limits
from certkit.errors import ChainBrokenError, InputTooLargeError


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


def find_path(
    leaf: x509.Certificate, candidates: Iterable[x509.Certificate], now: dt.datetime, root_name: str | None = None
) -> Path:
    """Finds the path from `leaf` through `candidates`, whose order does not matter, as far as it goes.

    Args:
        root_name: the root under which a path is preferred, where there are several.

    Raises:
        ChainBrokenError: the only issuer by name has not signed what is said to come from it.
        InputTooLargeError: there are too many candidates of one name to try them all.
    """
    pool = tuple(dict.fromkeys((leaf, *candidates)))
    path = _find_path(leaf, pool, now, root_name)
    refuse_broken_link(leaf, path, pool)
    return path


def find_path_unchecked(
    leaf: x509.Certificate, candidates: Iterable[x509.Certificate], now: dt.datetime, root_name: str | None = None
) -> Path:
    """Finds the path as `find_path` does, whatever may be wrong above its end.

    Raises:
        InputTooLargeError: there are too many candidates of one name to try them all.
    """
    return _find_path(leaf, tuple(dict.fromkeys((leaf, *candidates))), now, root_name)


def _find_path(
    leaf: x509.Certificate, pool: Iterable[x509.Certificate], now: dt.datetime, root_name: str | None
) -> Path:
    issuers = issuers_from((leaf,), pool)
    if leaf in issuers[leaf]:
        return Path((), has_root=True, reachable=frozenset())
    if root_name is None and all(len(above) <= 1 for above in issuers.values()):
        path = tuple(issuers)  # no fork: they were found in the order of the only path, a root last
    else:
        from certkit import fork  # noqa: PLC0415 -- most bundles have none

        path = fork.best_path(leaf, issuers, now, root_name)
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
        found = [candidate for candidate in claimed if x.verifies(candidate, certificate)]
        issuers[certificate] = found
        queue += found
    return issuers


def refuse_broken_link(leaf: x509.Certificate, path: Path, pool: Iterable[x509.Certificate]) -> None:
    """Refuses a path that ends where a certificate in `pool` claims to have issued its last one, and none has.

    Raises:
        ChainBrokenError: the only issuer by name has not signed what is said to come from it.
    """
    if path.has_root:
        return
    certificates = (leaf, *path.certificates)
    top = certificates[-1]
    claimed = sorted((candidate for candidate in pool if x.is_named_issuer(candidate, top)), key=x.to_der)
    if any(x.verifies(candidate, top) for candidate in claimed):
        return
    for candidate in claimed:
        # A leaf by its issuer's name comes from an issuer of its own name more often than it is a root gone bad.
        if x.refutes(candidate, top) and not candidate == top == leaf:
            raise _broken(top, candidate, len(path.certificates))


def is_under(root_name: str, leaf: x509.Certificate, path: Path) -> bool:
    """Tells whether a path ends under a root of this name, be that root there or not."""
    return x.is_called(x.issuer((leaf, *path.certificates)[-1]), root_name)


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
