"""What later steps of a GitHub workflow are told of an import: its outputs `arn`, `action` and `not_after`.

https://docs.github.com/actions/reference/workflow-commands-for-github-actions#multiline-strings: appended to the file that
`GITHUB_OUTPUT` names, each value between two lines of a delimiter that does not stand in it.
"""

import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from certkit.errors import OutputUnwritableError

_VARIABLE: Final = "GITHUB_OUTPUT"
_OUTPUTS: Final = ("arn", "action", "not_after")


def write(environment: Mapping[str, str], results: Sequence[Mapping[str, object]]) -> None:
    """Adds the outputs, where the environment names a file for them; of several regions each has a line, in their order.

    Args:
        results: as they stand in the document.

    Raises:
        OutputUnwritableError: the file cannot be written; what was done in ACM stays done.
    """
    path = environment.get(_VARIABLE)
    if not path:
        return
    blocks = (_block(name, [str(result[name] or "") for result in results]) for name in _OUTPUTS)
    try:
        with Path(path).open("a", encoding="utf-8", newline="\n") as file:
            file.write("".join(blocks))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is no path"
        raise OutputUnwritableError(
            f"{_VARIABLE}: {path}: {reason.lower()}", hint="the import is done; only its outputs are missing"
        ) from error


def _block(name: str, values: Sequence[str]) -> str:
    delimiter = f"certkit-{secrets.token_hex(16)}"
    return "".join(f"{line}\n" for line in (f"{name}<<{delimiter}", *values, delimiter))
