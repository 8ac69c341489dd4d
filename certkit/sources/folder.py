"""A folder as an ACME client or `certkit split` leaves it, as the one bundle that it is; any other folder is none."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from certkit import limits
from certkit.errors import CertkitError, InputTooLargeError, InputUnreadableError
from certkit.layout import FILES, Layout

MARK: Final = b"# certkit folder: "
"""How the joined files begin, by which `certkit.formats` knows them."""


@dataclass(frozen=True, slots=True)
class _Files:
    """What to read in a folder: chain and keys, no file that says the same again."""

    client: str
    names: tuple[str, ...]


def read(folder: Path, read_file: Callable[[str], bytes]) -> bytes:
    """Reads the certificates and keys in a folder, the leaf first, joined under a line that says whose it is.

    Several certificates in a folder of lego's are all read: `--name-match` chooses.

    Args:
        read_file: reads one file, never more than `limits` allows.

    Raises:
        InputUnreadableError: it is no ACME client's, or a file in it cannot be read.
        InputTooLargeError: it has too many files, or they are too large.
    """
    files = _recognise(folder)
    joined = MARK + f"{files.client} leaves it: {', '.join(files.names)}\n".encode("utf-8", "replace")
    for name in files.names:
        try:
            joined += _file(folder / name, read_file) + b"\n"
        except CertkitError as error:
            raise error.about(name) from error
        if len(joined) > limits.MAX_SOURCE_BYTES:
            raise InputTooLargeError(
                f"its files have more than {limits.MAX_SOURCE_BYTES >> 20} MiB, which no bundle has"
            )
    return joined


def _file(path: Path, read_file: Callable[[str], bytes]) -> bytes:
    if path.is_dir():
        raise InputUnreadableError("it is a folder inside a folder")
    return read_file(str(path))


def _recognise(folder: Path) -> _Files:
    names = _names(folder)
    files = _certbot(names) or _acme_sh(names) or _lego(names) or _certkit(names)
    if files is None:
        raise InputUnreadableError(
            "it is a folder, and none that certbot, lego, acme.sh or certkit split leaves",
            hint="name the file inside it",
        )
    return files


def _names(folder: Path) -> frozenset[str]:
    try:
        names = frozenset(path.name for path in islice(folder.iterdir(), limits.MAX_FOLDER_FILES + 1))
    except OSError as error:
        raise InputUnreadableError((error.strerror or "it cannot be read").lower()) from error
    if len(names) > limits.MAX_FOLDER_FILES:
        raise InputTooLargeError(f"the folder has more than {limits.MAX_FOLDER_FILES:,} files")
    return names


def _certbot(names: frozenset[str]) -> _Files | None:
    """Recognises certbot's `live/NAME`, and what dehydrated and others leave after its model."""
    if "privkey.pem" not in names:
        return None
    if "fullchain.pem" in names:
        return _Files("certbot", ("fullchain.pem", "privkey.pem"))
    return _Files("certbot", ("cert.pem", "chain.pem", "privkey.pem")) if {"cert.pem", "chain.pem"} <= names else None


def _acme_sh(names: frozenset[str]) -> _Files | None:
    """Recognises acme.sh's `NAME` or `NAME_ecc`: the key is called after the domain, as the certificate is."""
    if "fullchain.cer" not in names:
        return None
    keys = sorted(f"{stem}.key" for stem in _stems(names, ".cer") if f"{stem}.key" in names)
    return _Files("acme.sh", ("fullchain.cer", *keys)) if keys else None


def _lego(names: frozenset[str]) -> _Files | None:
    """Recognises lego's `certificates`: for each domain a full chain, a key, and JSON that says where they came from."""
    found = sorted(stem for stem in _stems(names, ".crt") if f"{stem}.key" in names and f"{stem}.json" in names)
    files = tuple(f"{stem}{suffix}" for stem in found for suffix in (".crt", ".key"))
    return _Files("lego", files) if files else None


def _certkit(names: frozenset[str]) -> _Files | None:
    """Recognises what `certkit split` leaves in a layout of its own, or without a key; the rest looks like certbot's."""
    key, body, chain = FILES[Layout.ACM]
    (whole,), (_, full_chain) = FILES[Layout.HAPROXY], FILES[Layout.NGINX]
    parts = [name for name in (body, chain, key) if name in names and body in names]
    found = parts or [name for name in (whole, full_chain) if name in names][:1]
    return _Files("certkit split", tuple(found)) if found else None


def _stems(names: frozenset[str], suffix: str) -> Iterator[str]:
    return (name.removesuffix(suffix) for name in names if name.endswith(suffix))
