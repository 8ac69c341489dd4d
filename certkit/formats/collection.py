"""The contents of many files, put together as those of one SOURCE."""

from collections.abc import Iterable

from certkit import limits
from certkit.contents import CertificateEntry, Contents, KeyEntry
from certkit.errors import InputTooLargeError


class Collection:
    """What has been found in the files so far. The same certificate in two of them counts once."""

    def __init__(self) -> None:
        self._certificates: dict[bytes, CertificateEntry] = {}
        self._keys: list[KeyEntry] = []
        self._notes: list[str] = []

    def add(self, name: str, contents: Contents) -> None:
        """Takes in what the file `name` holds; its notes are marked with the name.

        Raises:
            InputTooLargeError: together there are too many keys or certificates.
        """
        for entry in contents.certificates:
            self._certificates.setdefault(entry.der, entry)
        self._keys += contents.keys
        self._notes += (f"{note} (in {name})" for note in contents.notes)
        if len(self._certificates) > limits.MAX_CERTIFICATES:
            raise InputTooLargeError(f"it holds more than {limits.MAX_CERTIFICATES:,} certificates")
        if len(self._keys) > limits.MAX_KEYS:
            raise InputTooLargeError(f"it holds more than {limits.MAX_KEYS} private keys")

    def note(self, note: str) -> None:
        """Takes in something that a person would want to know."""
        self._notes.append(note)

    def __bool__(self) -> bool:
        """Whether anything that certkit can use has been found."""
        return bool(self._certificates or self._keys)

    def contents(self, kind: str) -> Contents:
        """Returns all of it as contents of the format `kind`."""
        return Contents(kind, tuple(self._certificates.values()), tuple(self._keys), tuple(self._notes))


def joined(protections: Iterable[dict[str, object]]) -> dict[str, object] | None:
    """Returns how several PFX and keystores are protected as if they were one, None for none of them.

    The MAC is that of the first.
    """
    found = tuple(protections)
    if not found:
        return None
    bags = [bag for one in found for bag in (one["bags"] if isinstance(one["bags"], list) else ())]
    return {"mac": found[0]["mac"], "bags": bags}
