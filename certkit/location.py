"""Where in a PEM file a part of a bundle stands, in lines, for those who show findings beside the file."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from cryptography import x509

from certkit import certificate as x
from certkit.errors import CertkitError
from certkit.formats import format_of
from certkit.formats.armour import CERTIFICATE_LABELS, ENCRYPTED_KEY_LABEL, KEY_LABELS, Block, blocks, decode
from certkit.formats.telling import Format, as_octets

_BEGIN_CHARACTERS: Final = len("-----BEGIN -----")
"""What stands in the line of a BEGIN beside the label."""


class Place(NamedTuple):
    """The lines of a block, from its BEGIN to its END, counted from 1; what ends a line is a line feed."""

    source: str
    first_line: int
    last_line: int


class _Found(NamedTuple):
    block: Block
    place: Place


def places(
    source: str, data: bytes, leaf: x509.Certificate | None, chain: Sequence[x509.Certificate]
) -> dict[str, Place]:
    """Returns where in `data`, the bytes of `source`, the parts of a bundle stand; none where it is no PEM file.

    A certificate that stands there twice is where it stands first. The key is not told from others: of several none is found.
    `chain` is everything from the first of its certificates to the last.
    """
    if format_of(data) is not Format.PEM:
        return {}
    found = list(_found(source, as_octets(data)))
    by_der = _by_der(found)
    parts = {part: by_der[der] for part, der in _wanted(leaf, chain) if der in by_der}
    parts |= _chain(parts)
    keys = [place for block, place in found if block.label in KEY_LABELS or block.label == ENCRYPTED_KEY_LABEL]
    return parts | ({"key": keys[0]} if len(keys) == 1 else {})


def path_in(source: str) -> str:
    """Returns a SOURCE as those name it who show files: a path without what may stand in front of it."""
    return source.removeprefix("fileb://").removeprefix("file://")


def _wanted(leaf: x509.Certificate | None, chain: Iterable[x509.Certificate]) -> Iterator[tuple[str, bytes]]:
    if leaf is not None:
        yield "leaf", x.to_der(leaf)
    for position, certificate in enumerate(chain):
        yield f"chain[{position}]", x.to_der(certificate)


def _found(source: str, data: bytes) -> Iterator[_Found]:
    """Yields the blocks with their places, as far as the file is sound."""
    line, counted = 1, 0
    try:
        for block in blocks(data):
            end = block.start + _BEGIN_CHARACTERS + len(block.label) + len(block.body)
            first = line + data.count(b"\n", counted, block.start)
            line, counted = first + data.count(b"\n", block.start, end), end
            yield _Found(block, Place(source, first, line))
    except CertkitError:
        return


def _by_der(found: Iterable[_Found]) -> dict[bytes, Place]:
    by_der: dict[bytes, Place] = {}
    for block, place in found:
        if block.label in CERTIFICATE_LABELS:
            try:
                by_der.setdefault(decode(block), place)
            except CertkitError:
                continue
    return by_der


def _chain(parts: Mapping[str, Place]) -> dict[str, Place]:
    own = [place for part, place in parts.items() if part != "leaf"]
    if not own:
        return {}
    first, last = min(place.first_line for place in own), max(place.last_line for place in own)
    return {"chain": Place(own[0].source, first, last)}
