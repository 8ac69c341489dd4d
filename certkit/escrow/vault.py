"""Bundles put into a store and taken out of it again."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from certkit.bundle import Bundle
from certkit.errors import CertkitError, EscrowUnreadableError
from certkit.escrow import content
from certkit.escrow.deposit import Deposit, Site, deposit_of, named
from certkit.escrow.envelope import Plain, Seal


class Store(Protocol):
    """Where deposits are kept, by a path with slashes. Every method may be called from several threads at once.

    Every method raises `EscrowError` or `AwsError` where the store cannot be reached, read or written.
    """

    def put(self, path: str, kept: bytes) -> None:
        """Keeps these bytes, for good: they are durable when this returns."""

    def get(self, path: str) -> bytes:
        """Returns what is kept at `path`.

        Raises:
            EscrowUnreadableError: there is nothing, or more than any deposit takes.
        """

    def files(self, folder: str) -> Iterable[str]:
        """Yields the names of what is kept right below `folder`, which need not be there."""


@dataclass(frozen=True, slots=True)
class Escrow:
    """The escrow of one run."""

    store: Store
    seal: Seal

    def deposits(self, site: Site) -> tuple[Deposit, ...]:
        """Returns what is kept of one certificate in one region of one account, oldest first.

        Raises:
            EscrowError, AwsError: the store cannot be read.
        """
        found = [named(site, file) for file in self.store.files(site.folder)]
        return tuple(sorted((one for one in found if one), key=lambda one: (one.at, one.file)))

    def keep(self, site: Site, arn: str, bundle: Bundle, at: dt.datetime) -> tuple[str, ...]:
        """Keeps a bundle that ACM holds now, unless it is the newest already; where that fails, returns the warning."""
        try:
            newest = self.deposits(site)[-1:]
            if not any(one.holds(bundle) for one in newest):
                deposit = deposit_of(site, bundle, at, self.seal.suffix)
                self.store.put(deposit.path, self.seal.close(content.encode(deposit, arn, bundle)))
        except CertkitError as error:
            way_out = error.hint or "look into it"
            return (f"the bundle is not in escrow: {error.message}; {way_out}; the next run tries again",)
        return ()

    def fetch(self, deposit: Deposit) -> Bundle:
        """Returns the bundle of a deposit.

        Raises:
            EscrowError, AwsError: it cannot be had.
            UsageError: it is closed to a key, and nobody has said where that is.
        """
        kept = self.store.get(deposit.path)
        plain = Plain()
        seal = plain if deposit.file.endswith(f".{plain.suffix}") else self.seal  # how it was closed at that time
        try:
            opened = seal.open(kept)
        except EscrowUnreadableError as error:
            raise error.about(deposit.path) from error
        return content.decode(deposit, opened)
