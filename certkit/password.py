"""A password, in every encoding that a bundle's writer may have used."""

import codecs
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

_BLANKS: Final = b" \t\r\n\v\f"
_LINE_ENDS: Final = b"\r\n"


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
        return b"" if self.value is None else self._utf_16 + b"\0\0"

    @property
    def octets(self) -> bytes:
        """The bytes that PBES1 and PBES2 take (RFC 8018): as given."""
        return self.value or b""

    def foreign_encodings(self) -> tuple["Encoding", ...]:
        """Returns what other writers take for `octets`, none of it equal to `octets` itself.

        They agree on ASCII. Beyond it OpenSSL, NSS and GnuTLS take UTF-8, node-forge what `_by_node_forge` says, Java all
        bytes of UTF-16 without their top bits, or only the low ones.
        """
        units = self._utf_16
        encodings = (
            Encoding("UTF-8", Password(self._text.encode("utf-8", "surrogatepass"))),
            Encoding("node-forge's encoding", Password(_by_node_forge(units))),
            Encoding("Java's encoding", Password(bytes(octet & 0x7F for octet in units))),
            Encoding("Java's encoding", Password(bytes(octet & 0x7F for octet in units[1::2]))),
        )
        return () if self.octets.isascii() else tuple(each for each in encodings if each.password != self)

    def slips(self) -> Iterator["Slip"]:
        """Yields what may have been meant, where something stuck to the password on its way."""
        given = self.octets
        bare = given.removeprefix(codecs.BOM_UTF8)
        seen = {given, b""}
        for meant, what in (
            (given.rstrip(_LINE_ENDS), "ends in a line end"),
            (bare, "begins with a byte order mark"),
            (bare.rstrip(_LINE_ENDS), "begins with a byte order mark and ends in a line end"),
            (bare.strip(_BLANKS), "has blanks around it"),
        ):
            if meant not in seen:
                seen.add(meant)
                yield Slip(what, Password(meant))

    @property
    def _text(self) -> str:
        try:
            return self.octets.decode("utf-8")
        except UnicodeDecodeError:
            return self.octets.decode("latin-1")

    @property
    def _utf_16(self) -> bytes:
        return self._text.encode("utf-16-be", "surrogatepass")


def _by_node_forge(units: bytes) -> bytes:
    """Returns the low byte of each UTF-16 unit, with the high one mixed into the byte before it.

    node-forge reads four units for one word of its hash and lets what does not fit into a byte run into the next higher one.
    """
    low = bytearray(units[1::2])
    for index, high in enumerate(units[::2]):
        if index % 4:
            low[index - 1] ^= high
    return bytes(low)


class Encoding(NamedTuple):
    """A password as some programs encode it.

    Attributes:
        name: as it stands in a note.
    """

    name: str
    password: Password


class Slip(NamedTuple):
    """A password as it may have been meant.

    Attributes:
        what: what is wrong with the given one: "ends in a line end".
    """

    what: str
    password: Password


ABSENT = Password(None)
EMPTY = Password(b"")


class Passwords(NamedTuple):
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
