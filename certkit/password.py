"""A password, in every encoding that a bundle's writer may have used."""

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Password:
    """A password as the bytes the user gave, or no password at all.

    PKCS#12 tells an absent password from an empty one (RFC 7292 appendix B.1), and both occur in real files.

    Attributes:
        value: the bytes, without a line end; None for an absent password.
    """

    value: bytes | None = field(repr=False)

    @property
    def bmp(self) -> bytes:
        """The BMPString with its terminator that PKCS#12's own key derivation takes (RFC 7292 appendix B.1).

        Characters outside the basic plane become surrogate pairs; bytes that are not UTF-8 count as Latin-1: as OpenSSL has it.
        """
        if self.value is None:
            return b""
        try:
            text = self.value.decode("utf-8")
        except UnicodeDecodeError:
            text = self.value.decode("latin-1")
        return text.encode("utf-16-be", "surrogatepass") + b"\0\0"

    @property
    def octets(self) -> bytes:
        """The bytes that PBES1 and PBES2 take (RFC 8018): as given."""
        return self.value or b""


ABSENT = Password(None)
EMPTY = Password(b"")


@dataclass(frozen=True, slots=True)
class Passwords:
    """What may open a SOURCE.

    Attributes:
        container: `--passin`: for the bundle, and for a key that has none of its own.
        key: `--key-passin`: for a key with a password of its own.
    """

    container: Password | None = None
    key: Password | None = None

    @property
    def is_given(self) -> bool:
        """Whether the user gave a password for the bundle."""
        return self.container is not None

    def for_container(self) -> Iterator[Password]:
        """Yields what to try on the bundle: the given password alone, else none and the empty one."""
        yield from (self.container,) if self.container else (EMPTY, ABSENT)

    def for_key(self, opened_with: Password | None = None) -> Iterator[Password]:
        """Yields what to try on a key inside a bundle that `opened_with` opened, the likeliest first."""
        seen = []
        for candidate in (self.key, opened_with, *self.for_container()):
            if candidate is not None and candidate not in seen:
                seen.append(candidate)
                yield candidate
