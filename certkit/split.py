"""One bundle to files: the three that ACM's import takes, or those that a server reads."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple

from certkit.assembly import encode_certificates, encode_parts
from certkit.bundle import Bundle
from certkit.files import File, write_set
from certkit.formats.keys import KeyFormat
from certkit.layout import FILES, Layout


class Written(NamedTuple):
    """A file that was written.

    Attributes:
        holds: the parts in it, in their order: `key`, `body` and `chain`.
    """

    path: Path
    holds: tuple[str, ...]


class Form(NamedTuple):
    """How a bundle is to be written.

    Attributes:
        has_key: whether the private key is written; where not, no file of the key's own is touched.
    """

    layout: Layout = Layout.ACM
    key_format: KeyFormat = KeyFormat.TRADITIONAL
    has_key: bool = True


AS_ACM_TAKES_IT: Final = Form()


def split(bundle: Bundle, folder: Path, form: Form = AS_ACM_TAKES_IT, *, force: bool) -> tuple[Written, ...]:
    """Writes the parts of `bundle` into `folder`, all files or none; what has a key in it for its owner alone.

    Returns:
        The files, in the order of the layout. A chain that is empty leaves no file, nor a stale one of its name.

    Raises:
        NoKeyError: the bundle has no private key, and `form` wants it.
        OutputExistsError: a file is in the way and `force` is not set.
        OutputUnwritableError: the folder cannot be written.
    """
    parts = encode_parts(bundle, form.key_format) if form.has_key else encode_certificates(bundle)
    content = {"key": parts.key, "body": parts.body, "chain": parts.chain}
    names = {name: holds for name, holds in FILES[form.layout].items() if form.has_key or holds != ("key",)}
    held = {name: tuple(part for part in holds if content[part]) for name, holds in names.items()}
    write_set(folder, {name: _file(holds, content) for name, holds in held.items()}, force=force)
    return tuple(Written(folder / name, holds) for name, holds in held.items() if holds)


def _file(holds: tuple[str, ...], content: Mapping[str, bytes]) -> File:
    """Returns a file with these parts; where there are none, one that is not to be there."""
    return File(b"".join(content[part] for part in holds) or None, is_private="key" in holds)
