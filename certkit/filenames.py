"""Which names a file system takes, and which of them it takes for one: Windows's and macOS's differ from the others.

https://learn.microsoft.com/en-us/windows/win32/fileio/naming-a-file.
"""

import re
import sys
from typing import Final

_DEVICES: Final = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])(?=\.| *$)", re.IGNORECASE)
"""Windows's devices, which every folder has; whatever suffix follows."""

_REFUSED: Final = re.compile(r'[<>:"/\\|?*\x00-\x1f]')
_DROPPED_AT_THE_END: Final = ". "


def on_disk(name: str, platform: str = sys.platform) -> str:
    """Returns the name of a file or folder as it can be written: `name` itself, but on Windows.

    There `con` becomes `_con`, and a sign that no name may have becomes `_`: a backslash would lead to another folder, a
    colon to a hidden stream, and a dot or blank at the end would be dropped.
    """
    if platform != "win32":
        return name
    kept = name.rstrip(_DROPPED_AT_THE_END)
    fitting = _REFUSED.sub("_", kept) + "_" * (len(name) - len(kept))
    return f"_{fitting}" if _DEVICES.match(fitting) else fitting


def known_as(name: str, platform: str = sys.platform) -> str:
    """Returns by what the platform's usual file system knows a name: two with one such name are one file."""
    return on_disk(name, platform).casefold() if platform in {"win32", "darwin"} else name
