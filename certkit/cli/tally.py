"""How many have failed so far, and whether that is enough to begin nothing more."""

from dataclasses import dataclass, field
from threading import Lock

from certkit.errors import CertkitError
from certkit.waves import Limit


@dataclass(slots=True)
class Tally:
    """How many have failed so far, over all threads.

    Attributes:
        limit: how many are enough, None where none are.
        total: certificates in their places, of all waves.
    """

    limit: Limit | None
    total: int
    failures: int = 0
    lock: Lock = field(default_factory=Lock)

    def note(self, error: CertkitError | None) -> None:
        """Counts what has failed."""
        with self.lock:
            self.failures += error is not None

    @property
    def reached(self) -> Limit | None:
        """The limit, once it is reached."""
        is_reached = self.limit is not None and self.limit.is_reached(self.failures, self.total)
        return self.limit if is_reached else None
