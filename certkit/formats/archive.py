"""The ZIP that a CA's portal sends: each member read for itself, in memory; nothing is ever written to disk.

What Python's `zipfile` would do to a hostile archive is bounded before and while it does it.
"""

import io
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from certkit import limits
from certkit.contents import Contents
from certkit.errors import (
    AlgorithmUnsupportedError,
    CertkitError,
    InputTooLargeError,
    InputUnreadableError,
    NothingToReadError,
)
from certkit.formats.collection import Collection, joined

if TYPE_CHECKING:
    from zipfile import ZipFile, ZipInfo

_DIRECTORY_ENTRY: Final = b"PK\x01\x02"
_METHODS: Final = frozenset({0, 8})
"""Stored and deflated (APPNOTE.TXT section 4.4.5): what every program writes."""

_ENCRYPTED: Final = 0x1
"""The bit of a member's flags (APPNOTE.TXT section 4.4.4)."""

_UNPACK: Final = "unpack it and name the file inside"

_NAME_CHARACTERS: Final = 80
"""As much of a member's name as stands in a message: a ZIP allows 65,535 bytes."""

_DOCUMENTS: Final = (".txt", ".md", ".htm", ".html", ".pdf", ".rtf", ".url", ".doc", ".docx")
"""Members that may quote a PEM block without being one: instructions do."""


@dataclass(frozen=True, slots=True)
class Member:
    """A file in the archive, unpacked."""

    name: str
    content: bytes


def read(
    data: bytes,
    is_read: Callable[[bytes], bool],
    read_member: Callable[[bytes, int], Contents],
    max_iterations: int = limits.MAX_ITERATIONS,
    *,
    wants_keys: bool = True,
) -> Contents:
    """Reads all keys and certificates in all members of a ZIP.

    Args:
        is_read: tells whether the content of a member is in a format that is read.
        read_member: reads a member's content, with the iterations that it may take.
        max_iterations: what all members together may take; each that asks for any gets an equal share.

    Raises:
        InputUnreadableError: it is damaged, a member is, or no member holds a certificate or a key.
        InputTooLargeError: it has too many members, or unpacks to too much.
        AlgorithmUnsupportedError: a member is encrypted by the archive, or compressed in an unusual way.
        CertkitError: a member cannot be read; the message begins with its name.
    """
    members = tuple(_members(data))
    wanted = [member for member in members if is_read(member.content)]
    share = max_iterations // max(1, sum(_may_derive(member.content) for member in wanted))
    found = Collection()
    for member in members:
        if member in wanted:
            _add(member, read_member, share, found)
        else:
            found.note(f"passed-over: {member.name}, which is in no format that certkit reads")
    if not found and wants_keys:
        raise InputUnreadableError("there is neither a certificate nor a private key in this ZIP")
    return found.contents("zip")


def protection(data: bytes, protection_of: Callable[[bytes], dict[str, object] | None]) -> dict[str, object] | None:
    """Returns how the PFX and keystores in a ZIP are protected; None where there are none.

    Raises:
        InputUnreadableError, InputTooLargeError, AlgorithmUnsupportedError: as `read`.
    """
    return joined(filter(None, (protection_of(member.content) for member in _members(data))))


def _add(member: Member, read_member: Callable[[bytes, int], Contents], share: int, found: Collection) -> None:
    try:
        found.add(member.name, read_member(member.content, share))
    except NothingToReadError as error:
        found.note(f"passed-over: {member.name}: {error.message}")
    except InputUnreadableError as error:
        if not member.name.lower().endswith(_DOCUMENTS):
            raise error.about(member.name) from error
        found.note(f"passed-over: {member.name}, which only quotes a PEM block")
    except CertkitError as error:
        raise error.about(member.name) from error


def _may_derive(content: bytes) -> bool:
    """Tells whether reading a member may take a key derivation: not for PEM without an encrypted block."""
    return b"ENCRYPTED" in content or b"-----BEGIN " not in content


def _members(data: bytes) -> Iterator[Member]:
    """Yields the files in a ZIP, unpacked; folders are none.

    Raises:
        InputUnreadableError, InputTooLargeError, AlgorithmUnsupportedError: as `read`.
    """
    import struct  # noqa: PLC0415 -- with zipfile
    import zipfile  # noqa: PLC0415 -- 15 ms that reading a PFX need not pay

    # 1. The number of members, before zipfile makes an object of each.
    if data.count(_DIRECTORY_ENTRY) > limits.MAX_ARCHIVE_MEMBERS:
        raise InputTooLargeError(f"the ZIP has more than {limits.MAX_ARCHIVE_MEMBERS} members", hint=_UNPACK)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            files = [member for member in archive.infolist() if not member.filename.endswith("/")]
            # 2. What the directory says of them.
            _check(files, len(data))
            # 3. What they really unpack to: the directory may lie.
            yield from _unpacked(archive, files)
    except _DAMAGED as error:
        raise _damaged() from error
    except (zipfile.BadZipFile, struct.error, zlib.error) as error:
        raise _damaged() from error


_DAMAGED: Final = (ValueError, EOFError, OSError, OverflowError, IndexError, NotImplementedError, RuntimeError)
"""What zipfile raises for a hostile archive besides its own error."""


def _damaged() -> InputUnreadableError:
    return InputUnreadableError("the ZIP is damaged", hint="copy or download the file again, in binary mode")


def _check(files: "Sequence[ZipInfo]", archive_bytes: int) -> None:
    for member in files:
        if member.flag_bits & _ENCRYPTED:
            raise AlgorithmUnsupportedError(
                f"{_printable(member.filename)} is encrypted by the ZIP itself, which is not supported", hint=_UNPACK
            )
        if member.compress_type not in _METHODS:
            raise AlgorithmUnsupportedError(
                f"{_printable(member.filename)} is compressed by method {member.compress_type}, which is not supported",
                hint=_UNPACK,
            )
    claimed = sum(member.file_size for member in files)
    if claimed > limits.MAX_SOURCE_BYTES:
        raise _too_large()
    if claimed > limits.MAX_ARCHIVE_RATIO * archive_bytes:
        raise InputTooLargeError(
            f"the ZIP unpacks to more than {limits.MAX_ARCHIVE_RATIO} times its size, which no bundle does",
            hint=_UNPACK,
        )


def _unpacked(archive: "ZipFile", files: "Sequence[ZipInfo]") -> Iterator[Member]:
    left = limits.MAX_SOURCE_BYTES
    for member in files:
        with archive.open(member) as file:
            content = file.read(left + 1)
        left -= len(content)
        if left < 0:
            raise _too_large()
        yield Member(_printable(member.filename), content)


def _too_large() -> InputTooLargeError:
    return InputTooLargeError(
        f"the ZIP unpacks to more than {limits.MAX_SOURCE_BYTES >> 20} MiB, which no bundle has", hint=_UNPACK
    )


def _printable(name: str) -> str:
    """Returns a member's name as it can stand in a message, whatever its maker put into it."""
    return "".join(character if character.isprintable() else "?" for character in name[:_NAME_CHARACTERS])
