"""Values to text and JSON. What stands in a certificate is somebody else's text, and is shown escaped."""

from typing import Final

_FILLERS: Final = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0")
"""Letters and marks, as Unicode has it, that show as nothing or as a blank."""


def plain(text: str) -> str:
    """Returns `text` with everything escaped that a terminal would not show as a character; line ends stay.

    Controls and escape sequences, marks and overrides of direction, what has no width, blanks other than the space.
    """
    return "\n".join(map(one_line, text.split("\n")))


def one_line(text: str) -> str:
    """Returns `text` as `plain` does, its line ends escaped too; nor is it a command to a runner of GitHub's."""
    if "::" in text or "##[" in text:
        text = _no_command(text)
    if text.isascii() and text.isprintable():
        return text
    return "".join(one if one.isprintable() and one not in _FILLERS else _escaped(one) for one in text)


def count(number: int, thing: str) -> str:
    """Returns a number of things, as people write it: `1 region`, `1,200 regions`."""
    return f"{number:,} {thing}{'s' * (number != 1)}"


def _no_command(text: str) -> str:
    """Returns `text` so that a runner does not obey a line that begins with it.

    https://docs.github.com/actions/reference/workflow-commands-for-github-actions: `::name::value` at the beginning, and of
    old `##[name]value` anywhere (`ActionCommand.cs` in actions/runner). An IPv6 address has two colons once.
    """
    text = text.replace("##[", "\\x23#[")
    bare = text.lstrip()
    is_command = bare.startswith("::") and "::" in bare[2:]
    return text.replace("::", "\\x3a:", 1) if is_command else text


def _escaped(character: str) -> str:
    code = ord(character)
    if code < 0x100:  # noqa: PLR2004 -- two digits are enough
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"  # noqa: PLR2004 -- as Python and C write it
