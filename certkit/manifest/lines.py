"""Where each key of a TOML text stands, which Python's own reader does not tell, and what is nested too deeply for it.

https://toml.io/en/v1.0.0. Only keys at the beginning of a statement are noted: what stands in an inline table or an array
is within some lines of its statement. Of a text that is no TOML, the reader says what is wrong with it.
"""

import re
from collections.abc import Mapping
from typing import Final, TypeAlias

from certkit import limits
from certkit.errors import InputTooLargeError

Path: TypeAlias = tuple[str | int, ...]
"""From the top of the text to a value: the keys, and in an array of tables the index."""

_BLANK: Final = re.compile(r"(?:[ \t\r\n]|#[^\n]*)+")
_PIECE: Final = re.compile(
    r"""
    "{3} (?: \\. | (?!"{3}) [^\\] )*+ "{3,5}
    | '{3} (?: (?!'{3}) . )*+ '{3,5}
    | " (?: \\. | [^"\\\n] )*+ "
    | ' [^'\n]*+ '
    | [A-Za-z0-9_-]++ | [ \t]++ | .
    """,
    re.DOTALL | re.VERBOSE,
)
"""A string in one of four forms, a bare word, or any other character."""

_OPENING: Final = frozenset("[{")
_CLOSING: Final = frozenset("]}")


def line_of(lines: Mapping[Path, int], path: Path) -> int:
    """Returns the line of the statement that a value stands in, 1 where it is not known."""
    return next((lines[path[:end]] for end in range(len(path), 0, -1) if path[:end] in lines), 1)


def key_lines(text: str) -> dict[Path, int]:
    """Returns the line on which each key at the beginning of a statement stands first, counted from 1.

    Raises:
        InputTooLargeError: values or keys are nested more deeply than any manifest needs.
    """
    return _Scan(text).run()


class _Scan:
    """A walk over the statements of a text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._line = 1
        self._lines: dict[Path, int] = {}
        self._counts: dict[Path, int] = {}
        self._table: Path = ()

    def run(self) -> dict[Path, int]:
        while self._skip_blank():
            line = self._line
            if self._text.startswith("[", self._at):
                self._header(line)
            else:
                self._note(self._table + self._keys("="), line)
                self._value()
        return self._lines

    def _header(self, line: int) -> None:
        is_array = self._text.startswith("[[", self._at)
        self._take("[[" if is_array else "[")
        path = self._resolved(self._keys("]"))
        self._take("]]" if is_array else "]")
        if is_array:
            self._counts[path] = self._counts.get(path, -1) + 1
            self._note(path, line)
            path += (self._counts[path],)
        self._table = path
        self._note(path, line)

    def _resolved(self, keys: Path) -> Path:
        """Returns a header's path with the index of the table that it is in, where that is one of an array."""
        path: Path = ()
        for key in keys:
            path += (self._counts[path], key) if path in self._counts else (key,)
        return path

    def _keys(self, end: str) -> Path:
        """Reads a dotted key up to `end`."""
        keys: list[str] = []
        dots = 0
        while (piece := self._piece()) not in {end, "", "\n"}:
            if piece == ".":
                dots += 1
                _check_depth(dots + 1)
            elif not piece.isspace() and len(keys) == dots:  # two words without a dot are no key
                keys.append(_unquoted(piece))
        self._at -= len(piece)
        self._line -= piece.count("\n")
        return tuple(keys)

    def _value(self) -> None:
        """Skips a value, to the end of the line on which it ends."""
        depth = 0
        while piece := self._piece():
            if piece == "#":
                self._at = self._end_of_line()
            elif piece in _OPENING:
                depth += 1
                _check_depth(depth)
            elif piece in _CLOSING:
                depth -= 1
            elif piece == "\n" and depth <= 0:
                return

    def _piece(self) -> str:
        """Returns the next piece, nothing at the end."""
        match = _PIECE.match(self._text, self._at)
        piece = match[0] if match else ""
        self._advance(piece)
        return piece

    def _take(self, expected: str) -> None:
        if self._text.startswith(expected, self._at):
            self._advance(expected)

    def _skip_blank(self) -> bool:
        """Skips blanks and comments; tells whether anything is left."""
        match = _BLANK.match(self._text, self._at)
        self._advance(match[0] if match else "")
        return self._at < len(self._text)

    def _advance(self, piece: str) -> None:
        self._at += len(piece)
        self._line += piece.count("\n")

    def _end_of_line(self) -> int:
        end = self._text.find("\n", self._at)
        return len(self._text) if end < 0 else end

    def _note(self, path: Path, line: int) -> None:
        for end in range(1, len(path) + 1):
            self._lines.setdefault(path[:end], line)


def _unquoted(piece: str) -> str:
    """Returns a key without its quotes; escapes in it are left as they are, being rare in names."""
    return piece[1:-1] if piece[:1] in {'"', "'"} and len(piece) > 1 else piece


def _check_depth(depth: int) -> None:
    if depth > limits.MAX_MANIFEST_NESTING:
        raise InputTooLargeError(f"it is nested more than {limits.MAX_MANIFEST_NESTING} deep, which no manifest is")
