"""How far a path goes with the certificates that stand beside a bundle.

What may stand in the chain (`--intermediates`, what was fetched) only continues what the bundle itself has. It takes the
place of the bundle's own certificates where those have expired, or lead to another root than the one that is preferred.
"""

import datetime as dt
from collections.abc import Sequence

from cryptography import x509

from certkit import certificate as x
from certkit.chain import Path, find_path_unchecked, is_under, refuse_broken_link


def find_path_with(
    leaf: x509.Certificate,
    found: Sequence[x509.Certificate],
    beside: Sequence[x509.Certificate],
    roots: Sequence[x509.Certificate],
    now: dt.datetime,
    root_name: str | None = None,
) -> tuple[Path, bool]:
    """Returns the path through `found` and, where that ends, `beside`; and whether it, or else `roots`, leads to a root.

    A fork is decided in favour of one of `roots`, which then ends the path without standing in it.

    Raises:
        ChainBrokenError: the only issuer by name in `found` has not signed what is said to come from it.
        InputTooLargeError: there are too many certificates of one name to try them all.
    """
    path = _continued(leaf, found, beside, now, root_name)
    refuse_broken_link(leaf, path, found)
    if path.has_root or not roots:
        return path, path.has_root
    anchors = tuple(filter(x.is_self_signed, roots))
    for anchored in (
        find_path_unchecked(leaf, (*found, *anchors), now, root_name),
        _continued(leaf, found, (*beside, *anchors), now, root_name),
    ):
        if anchored.has_root:
            return Path(anchored.certificates[:-1], has_root=False, reachable=anchored.reachable), True
    return path, find_path_unchecked(leaf, (*found, *beside, *roots), now).has_root


def _continued(
    leaf: x509.Certificate,
    found: Sequence[x509.Certificate],
    beside: Sequence[x509.Certificate],
    now: dt.datetime,
    root_name: str | None,
) -> Path:
    own = find_path_unchecked(leaf, found, now, root_name)
    if not beside:
        return own

    def is_wanted(path: Path) -> bool:
        return root_name is None or is_under(root_name, leaf, path)

    whole = find_path_unchecked(leaf, (*found, *beside), now, root_name)
    if (is_wanted(whole) and not is_wanted(own)) or (_is_valid(whole, now) and not _is_valid(own, now)):
        return whole
    if own.has_root:
        return own
    above = _above((leaf, *own.certificates), (*found, *beside), now, root_name)
    joined = Path((*own.certificates, *above.certificates), above.has_root, own.reachable | above.reachable)
    return joined if is_wanted(joined) or not is_wanted(own) else own


def _above(
    passed: Sequence[x509.Certificate], pool: Sequence[x509.Certificate], now: dt.datetime, root_name: str | None
) -> Path:
    """Returns the path from the last of `passed` upwards, on which none of them stands again."""
    return find_path_unchecked(passed[-1], (one for one in pool if one not in passed), now, root_name)


def _is_valid(path: Path, now: dt.datetime) -> bool:
    return all(x.is_valid_at(certificate, now) for certificate in path.certificates)
