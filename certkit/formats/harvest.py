"""What a reader has found so far, never more than `limits` allows."""

from dataclasses import dataclass, field

from certkit import limits
from certkit.contents import CertificateEntry, KeyEntry
from certkit.errors import InputTooLargeError


@dataclass(slots=True, kw_only=True)
class Harvest:
    """The keys and certificates found in one SOURCE, in their order.

    Attributes:
        wants_keys: whether keys are read at all.
    """

    wants_keys: bool
    certificates: list[CertificateEntry] = field(default_factory=list)
    keys: list[KeyEntry] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add_certificates(self, *entries: CertificateEntry) -> None:
        """Takes in certificates.

        Raises:
            InputTooLargeError: with them there are too many.
        """
        self.certificates += entries
        if len(self.certificates) > limits.MAX_CERTIFICATES:
            raise InputTooLargeError(f"it holds more than {limits.MAX_CERTIFICATES:,} certificates")

    def takes_key(self) -> bool:
        """Tells whether the key that comes next is to be read, before that costs anything.

        Raises:
            InputTooLargeError: with it there are too many.
        """
        if self.wants_keys and len(self.keys) == limits.MAX_KEYS:
            raise InputTooLargeError(f"it holds more than {limits.MAX_KEYS} private keys")
        return self.wants_keys
