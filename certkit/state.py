"""The folder of what certkit remembers from run to run: ledger, locks, caches."""

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryFile
from typing import Final

from platformdirs import user_cache_path, user_state_path

from certkit.errors import StateUnwritableError

_FOLDER_MODE: Final = 0o700


def state_folder(environment: Mapping[str, str]) -> Path:
    """Returns where state is kept: `CERTKIT_STATE`, else the platform's folder for it.

    Raises:
        StateUnwritableError: it is not there and cannot be made.
    """
    given = environment.get("CERTKIT_STATE")
    return _made(Path(given) if given else user_state_path("certkit"))


def cache_folder(environment: Mapping[str, str]) -> Path:
    """Returns where what can be fetched again is kept: within `CERTKIT_STATE`, else the platform's folder for caches.

    Raises:
        StateUnwritableError: it is not there and cannot be made.
    """
    given = environment.get("CERTKIT_STATE")
    return _made(Path(given, "cache") if given else user_cache_path("certkit"))


def check_writable(folder: Path) -> None:
    """Writes a file into `folder`, and takes it away again.

    Raises:
        StateUnwritableError: the file system does not let it.
    """
    try:
        with TemporaryFile(dir=folder) as probe:
            probe.write(b"certkit")
    except OSError as error:
        raise StateUnwritableError(
            f"the state folder {folder} cannot be written: {(error.strerror or 'failure').lower()}",
            hint="name another with CERTKIT_STATE",
        ) from error


def _made(folder: Path) -> Path:
    try:
        folder.mkdir(_FOLDER_MODE, parents=True, exist_ok=True)
    except OSError as error:
        raise StateUnwritableError(
            f"the state folder {folder} cannot be made: {(error.strerror or 'failure').lower()}",
            hint="name another with CERTKIT_STATE",
        ) from error
    return folder
