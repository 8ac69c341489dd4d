"""Values to text and JSON. What stands in a certificate is somebody else's text, and is shown escaped."""

from typing import Final

_INVISIBLE: Final = frozenset(
    {
        *range(0x20),  # C0 controls, escape sequences among them
        *range(0x7F, 0xA0),  # delete and the C1 controls
        0xAD,  # soft hyphen
        0x61C,  # Arabic letter mark
        *range(0x200B, 0x2010),  # zero width characters and direction marks
        *range(0x2028, 0x202F),  # line separators, embeddings and overrides of direction
        *range(0x2060, 0x2070),  # word joiner, invisible operators and isolates of direction
        0xFEFF,  # byte order mark
        *range(0xFFF9, 0xFFFC),  # annotations
        *range(0xE0000, 0xE0080),  # tags
    }
)
_KEPT: Final = {0x0A}
_ESCAPES: Final = {
    code: f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"  # noqa: PLR2004
    for code in _INVISIBLE - _KEPT
} | {code: f"\\u{code:04x}" for code in range(0xD800, 0xE000)}


def plain(text: str) -> str:
    """Returns `text` with everything escaped that a terminal would not show as a character; line ends stay."""
    return text.translate(_ESCAPES)


def one_line(text: str) -> str:
    """Returns `text` as `plain` does, its line ends escaped too."""
    return plain(text).replace("\n", "\\x0a")
