"""The way back: a key, a certificate and its chain to one file."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from certkit.bundle import Bundle
from certkit.errors import NoKeyError, OutputExistsError, OutputUnwritableError, PasswordMissingError
from certkit.files import File, write_set
from certkit.formats import writing
from certkit.formats.keys import KeyFormat
from certkit.formats.writing import Container
from certkit.password import Password


@dataclass(frozen=True, slots=True)
class Wrapping:
    """How a bundle is to be packed.

    Attributes:
        password: of the PFX; the others have none.
        alias: the friendly name in the PFX, None for none.
        is_legacy: whether the PFX is for programs that do not know AES.
        key_format: of the key in PEM.
    """

    container: Container
    password: Password | None = field(default=None, repr=False)
    alias: str | None = None
    is_legacy: bool = False
    key_format: KeyFormat = KeyFormat.TRADITIONAL


def pack(bundle: Bundle, path: Path, how: Wrapping, *, force: bool) -> None:
    """Writes `bundle` with its whole chain, the root included if it is there, into the file `path`.

    Raises:
        NoKeyError: a container for keys is asked for, and the bundle has none.
        PasswordMissingError: a PFX is asked for without a password, or with an empty one.
        UsageError: the password cannot stand in a PFX.
        OutputExistsError: the file is there and `force` is not set.
        OutputUnwritableError: it cannot be written, or is there and no file (a folder, a device).
    """
    file = File(_encode(bundle, how), is_private=how.container is not Container.P7B)
    if path.exists() and not path.is_file():
        raise OutputUnwritableError(f"{path} is there, and is no file", hint=_NAME_ANOTHER)
    try:
        write_set(path.parent, {path.name: file}, force=force)
    except OutputExistsError as error:
        raise OutputExistsError(error.message, hint=f"{_NAME_ANOTHER}, or replace it with --force") from error
    except OutputUnwritableError as error:
        raise OutputUnwritableError(error.message, hint=_NAME_ANOTHER) from error


_NAME_ANOTHER: Final = "name another file with --output"


def _encode(bundle: Bundle, how: Wrapping) -> bytes:
    certificates = (bundle.leaf, *(one for one in bundle.whole_chain if one != bundle.leaf))
    if how.container is Container.P7B:
        return writing.to_p7b(certificates)
    if bundle.private_key is None:
        raise NoKeyError("there is no private key", hint="name it with --key FILE", part="key")
    if how.container is Container.PEM:
        return writing.to_pem(bundle.private_key, certificates, how.key_format)
    if how.password is None or not how.password.octets:
        raise PasswordMissingError(
            "a PFX needs a password", hint="give it with --passout env:NAME or --passout file:PATH"
        )
    return writing.to_pfx(bundle.private_key, certificates, how.password, how.alias, is_legacy=how.is_legacy)
