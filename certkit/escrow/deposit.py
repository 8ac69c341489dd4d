"""One bundle in escrow, and the name that it goes by there: what a listing shows needs no key to be opened."""

import datetime as dt
import hashlib
import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from certkit import certificate as x
from certkit.bundle import Bundle
from certkit.memory import chain_sha256

_TIME: Final = "%Y%m%dT%H%M%S.%fZ"
_NO_CHAIN: Final = "none"
_NAME: Final = re.compile(
    r"(\d{8}T\d{6}\.\d{6}Z)_(\d{8}T\d{6}\.\d{6}Z)_([0-9a-f]{64})_([0-9a-f]{64}|none)\.[a-z0-9]+", re.ASCII
)
_LONGEST: Final = 160
"""Characters of a folder's name: file systems take 255, and S3 takes 1,024 bytes for a whole key."""


@dataclass(frozen=True, slots=True)
class Site:
    """Whose history a bundle belongs to: one certificate in one region of one account.

    Attributes:
        name: what certkit knows it by, its ARN where it has none.
    """

    name: str
    account: str
    region: str

    @property
    def folder(self) -> str:
        """The path below which its bundles are: no part of it leads elsewhere, whatever the name is."""
        encoded = quote(self.name, safe="").replace(".", "%2E")
        if len(encoded) > _LONGEST:
            digest = hashlib.sha256(self.name.encode("utf-8", "backslashreplace")).hexdigest()
            encoded = f"{encoded[: _LONGEST - len(digest) - 1]}~{digest}"
        return f"{self.account}/{self.region}/{encoded}"


@dataclass(frozen=True, slots=True)
class Deposit:
    """A bundle that is kept.

    Attributes:
        at: when it was put there, aware, UTC.
        not_after: of the leaf, aware, UTC.
        sha256: of the leaf.
        chain_sha256: of the chain, over its DER in order; None for none.
        file: its name within the folder of its site.
    """

    site: Site
    at: dt.datetime
    not_after: dt.datetime
    sha256: str
    chain_sha256: str | None
    file: str

    @property
    def path(self) -> str:
        """Where it is."""
        return f"{self.site.folder}/{self.file}"

    def holds(self, bundle: Bundle) -> bool:
        """Tells whether it is this bundle, by leaf and chain."""
        return (self.sha256, self.chain_sha256) == (x.fingerprint(bundle.leaf), chain_sha256(bundle.chain))


def deposit_of(site: Site, bundle: Bundle, at: dt.datetime, suffix: str) -> Deposit:
    """Returns what a bundle that is put away now goes by."""
    leaf, chain = x.fingerprint(bundle.leaf), chain_sha256(bundle.chain)
    not_after = bundle.leaf.not_valid_after_utc
    file = f"{at.astimezone(dt.UTC):{_TIME}}_{not_after:{_TIME}}_{leaf}_{chain or _NO_CHAIN}.{suffix}"
    return Deposit(site, at, not_after, leaf, chain, file)


def named(site: Site, file: str) -> Deposit | None:
    """Returns the deposit of this name, None for what is none: others may keep files there."""
    match = _NAME.fullmatch(file)
    if match is None:
        return None
    try:
        at, not_after = (dt.datetime.strptime(text, _TIME).replace(tzinfo=dt.UTC) for text in match.group(1, 2))
    except ValueError:  # a thirteenth month, say
        return None
    return Deposit(site, at, not_after, match[3], None if match[4] == _NO_CHAIN else match[4], file)
