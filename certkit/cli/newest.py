"""The wiring of a pattern in a manifest: of the bundles in the files that fit it, the newest."""

from collections.abc import Callable
from pathlib import Path

from certkit.bundle import Bundle
from certkit.candidates import newest_of
from certkit.cli.session import Session
from certkit.errors import CertkitError, InputUnreadableError, UsageError
from certkit.sources.patterns import expand


def read(session: Session, pattern: str, read_one: Callable[[str], Bundle]) -> Bundle:
    """Reads the bundles that fit, and returns the newest.

    What cannot be read is passed over, with a line that says so, unless it was written after the file that is taken: then
    it is most likely the one that is meant.

    Raises:
        CertkitError: nothing fits, the latest file cannot be read, or the files are not all of one certificate.
    """
    files = sorted((file for file in expand([pattern]) if file != pattern), key=_written, reverse=True)
    if not files:
        raise InputUnreadableError(f"{pattern}: no file fits the pattern")
    found, failed = _read_all(files, read_one)
    if not found:
        raise next(iter(failed.values()))
    file = newest_of({name: bundle.leaf for name, bundle in found.items()}, session.clock())
    for other, error in failed.items():
        if files.index(other) < files.index(file):
            raise error
        session.warn(f"{error.message}: {file} is taken")
    session.say_more(f"certkit: {pattern}: {file} is the newest of {len(files)}")
    return found[file]


def _read_all(files: list[str], read_one: Callable[[str], Bundle]) -> tuple[dict[str, Bundle], dict[str, CertkitError]]:
    """Returns the bundles, and why other files give none; `name_match` or `alias` not fitting counts only if nothing else is left."""
    found: dict[str, Bundle] = {}
    failed: dict[str, CertkitError] = {}
    unfit: dict[str, CertkitError] = {}
    for file in files:
        try:
            found[file] = read_one(file)
        except UsageError as error:
            unfit[file] = error
        except CertkitError as error:
            failed[file] = error
    return found, failed if found or failed else unfit


def _written(file: str) -> tuple[float, str]:
    """Returns when a file was written, and its name, which decides between files of the same moment."""
    try:
        return Path(file).stat().st_mtime, file
    except OSError:
        return 0.0, file
