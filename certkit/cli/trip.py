"""One run of `migrate`: what it finds when it begins."""

from dataclasses import dataclass

from certkit.cli.migration_wish import Wish
from certkit.cli.session import Session
from certkit.cli.whereabouts import Pair, Scene
from certkit.errors import UsageError
from certkit.freeze import Freeze, freeze_on
from certkit.migration import Migration
from certkit.record import CertificateRecord
from certkit.report.migration import FORWARD, Account


@dataclass(frozen=True, slots=True)
class Trip:
    """One run: where, what for, and what stands there.

    Attributes:
        freezes: those of the configuration.
    """

    session: Session
    wish: Wish
    scene: Scene
    pair: Pair
    freezes: tuple[Freeze, ...]

    @property
    def freeze(self) -> Freeze | None:
        """The freeze that holds back what is wanted. None holds back the way back, and what is retired cannot be urgent."""
        if self.wish.reverts:
            return None
        stands = (self.pair.previous or self.pair.current).leaf.not_valid_after_utc
        expires = None if self.wish.retires else stands
        scene = self.scene
        return freeze_on(self.freezes, scene.name, scene.account, expires, self.session.clock())

    def account(self, migration: Migration, direction: str = FORWARD) -> Account:
        """Returns what is told of the run."""
        return Account(migration, direction, self.session.clock())

    def ends(self) -> tuple[CertificateRecord | None, CertificateRecord | None]:
        """Returns the old one and the new one, as far as they are there.

        Raises:
            UsageError: no migration is under way, and no SOURCE says where to.
        """
        current, previous = self.pair.current, self.pair.previous
        if previous is not None:
            return previous, current
        if current.follows is not None and self.wish.to is None:
            return None, current
        if self.wish.to is None:
            raise UsageError(
                f"{self.wish.name} is not on its way to a new ARN", hint=f"certkit migrate {self.wish.name} --to SOURCE"
            )
        return current, None

    def both(self) -> tuple[CertificateRecord, CertificateRecord]:
        """Returns the old one and the new one.

        Raises:
            UsageError: no migration is under way: there is nothing to go back to.
        """
        if self.pair.previous is None:
            raise UsageError(f"{self.wish.name} is not on its way to a new ARN: there is no old one to go back to")
        return self.pair.previous, self.pair.current
