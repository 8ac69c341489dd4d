"""Of several bundles that fit one pattern, the one that is meant: the newest. No I/O."""

import datetime as dt
from collections.abc import Mapping

from cryptography import x509

from certkit import certificate as x
from certkit.errors import SeveralLeavesError


def newest_of(leaves: Mapping[str, x509.Certificate], now: dt.datetime) -> str:
    """Returns the file with the newest leaf: of those that are valid now, else of all, the one that became valid last.

    A pattern is for the versions of one certificate. Where one of the candidates has no name in common with the newest, it is
    another certificate, and which of the two is meant cannot be told.

    Args:
        leaves: at least one, by the file; of files with the same leaf the first is taken.

    Raises:
        SeveralLeavesError: they are of several certificates, or two of them are equally new.
    """
    valid = {file: leaf for file, leaf in leaves.items() if x.is_valid_at(leaf, now)} or dict(leaves)
    newest = max(valid, key=lambda file: valid[file].not_valid_before_utc)
    for file, leaf in valid.items():
        is_as_new = leaf.not_valid_before_utc == valid[newest].not_valid_before_utc and leaf != valid[newest]
        if is_as_new or not _names(leaf) & _names(valid[newest]):
            raise SeveralLeavesError(
                f"{file} and {newest} both fit the pattern, and "
                + ("are equally new" if is_as_new else "are of different certificates"),
                hint="write a narrower pattern, or choose by a name with name_match =",
            )
    return newest


def _names(leaf: x509.Certificate) -> set[str]:
    """Returns what a certificate is for, IP addresses and common names included."""
    return {name.lower() for name in (*x.dns_names(leaf), *x.common_names(leaf))} or {x.fingerprint(leaf)}
