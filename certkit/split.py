"""One bundle to the three files that ACM's import takes."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from certkit.assembly import encode_parts
from certkit.bundle import Bundle
from certkit.files import File, write_set
from certkit.formats.keys import KeyFormat

NAMES: Final[Mapping[str, str]] = {"key": "cert_key.pem", "body": "cert_body.pem", "chain": "cert_chain.pem"}
"""What each part is called in the output folder."""


def split(bundle: Bundle, folder: Path, key_format: KeyFormat, *, force: bool) -> dict[str, Path | None]:
    """Writes key, body and chain of `bundle` into `folder`, all of them or none.

    Returns:
        The path of each part by its name in `NAMES`; None for a chain that is empty, which leaves no file.

    Raises:
        NoKeyError: the bundle has no private key.
        OutputExistsError: a file is in the way and `force` is not set.
        OutputUnwritableError: the folder cannot be written.
    """
    parts = encode_parts(bundle, key_format)
    files = {
        NAMES["key"]: File(parts.key, is_private=True),
        NAMES["body"]: File(parts.body),
        NAMES["chain"]: File(parts.chain or None),
    }
    write_set(folder, files, force=force)
    return {part: folder / name if files[name].content is not None else None for part, name in NAMES.items()}
