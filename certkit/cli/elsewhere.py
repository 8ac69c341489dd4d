"""The wiring of what is not in ACM: files, folders and endpoints, as rows of the same list."""

import os
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Final

from certkit import limits
from certkit import outside as rows
from certkit.cli import wiring
from certkit.cli.session import Session
from certkit.cli.wiring import Reading
from certkit.errors import CertkitError, InputTooLargeError, InputUnreadableError, NoLeafError, UsageError
from certkit.inventory import Coverage, Listed, Sight, State
from certkit.sources import endpoint, patterns

_CERTIFICATE: Final = b"-----BEGIN CERTIFICATE-----"
_PARALLEL: Final = 16
"""Endpoints asked at a time."""


def look(session: Session, given: Sequence[str]) -> Iterator[Sight]:
    """Yields what is seen of each SOURCE: files first, then endpoints; of a folder, what is seen of each file in it.

    Raises:
        UsageError: an endpoint is written as none is, or the options contradict each other.
    """
    sources = list(patterns.expand(given))
    endpoints = {source: _endpoint(source) for source in sources if source.startswith(endpoint.SCHEME)}
    how = wiring.reading(session, sources)._replace(wants_keys=False)
    for source in sources:
        if source not in endpoints:
            yield from _local(session, source, how)
    if endpoints:
        yield from _remote_all(session, endpoints)


def _remote_all(session: Session, endpoints: Mapping[str, endpoint.Endpoint]) -> Iterator[Sight]:
    from certkit.parallel import in_order

    return in_order((partial(_remote, session, *found) for found in endpoints.items()), _PARALLEL)


def _endpoint(source: str) -> endpoint.Endpoint:
    try:
        return endpoint.parse(source)
    except UsageError as error:
        raise error.about(source) from error


def _remote(session: Session, source: str, server: endpoint.Endpoint) -> Sight:
    try:
        leaf = list(rows.leaves([endpoint.fetch(server)]))
    except CertkitError as error:
        return _failed(source, error)
    if not leaf:
        return _failed(source, InputUnreadableError("the certificate that it serves cannot be parsed"))
    return _seen(source, tuple(rows.listed(one, source, rows.ENDPOINT, session.clock()) for one in leaf))


def _local(session: Session, source: str, how: Reading) -> Iterator[Sight]:
    """Yields what is seen of a file, of a folder that is one bundle, or of every file in any other folder."""
    sight = _bundle(session, source, how)
    if sight.coverage.state is State.SEEN or not (patterns.is_path(source) and Path(source).is_dir()):
        yield sight
        return
    try:
        paths = list(islice(_paths(session, Path(source)), limits.MAX_FOLDER_FILES + 1))
    except CertkitError as error:
        yield _failed(source, error)
        return
    if len(paths) > limits.MAX_FOLDER_FILES:
        yield _failed(source, InputTooLargeError(f"the folder has more than {limits.MAX_FOLDER_FILES:,} files"))
        return
    yield from _with_certificates(session, paths, how)


def _with_certificates(session: Session, paths: Sequence[str], how: Reading) -> Iterator[Sight]:
    """Yields what is seen of the files in a folder; files without any certificate are left out."""
    for path in paths:
        data = None
        try:
            data = wiring.read_source(session, path)
            yield _parsed(session, path, data, how)
        except CertkitError as error:
            if _is_other(data, error):
                session.say_more(f"certkit: {path} is left out: {error.message}")
            else:
                yield _failed(path, error)


def _is_other(data: bytes | None, error: CertkitError) -> bool:
    """Tells whether a file is left out: it is too large, or was read and holds nothing that looks like a certificate."""
    if isinstance(error, InputTooLargeError):
        return True
    was_read = data is not None and _CERTIFICATE not in data
    return was_read and isinstance(error, InputUnreadableError | NoLeafError)


def _bundle(session: Session, source: str, how: Reading) -> Sight:
    try:
        return _read(session, source, how)
    except CertkitError as error:
        return _failed(source, error)


def _read(session: Session, source: str, how: Reading) -> Sight:
    return _parsed(session, source, wiring.read_source(session, source), how)


def _parsed(session: Session, source: str, data: bytes, how: Reading) -> Sight:
    """Returns the leaves in the bytes of one SOURCE.

    Raises:
        CertkitError: they cannot be read.
        NoLeafError: there is no certificate among them.
    """
    contents = wiring.parse_contents(session, source, data, how)
    leaves = list(rows.leaves(entry.der for entry in contents.certificates))
    if not leaves:
        raise NoLeafError(f"{source}: there is no certificate in it")
    return _seen(source, tuple(rows.listed(leaf, source, rows.FILE, session.clock()) for leaf in leaves))


def _paths(session: Session, folder: Path) -> Iterator[str]:
    """Yields what is below a folder, by name: folders that are one bundle, and files; links to folders are not followed.

    Raises:
        InputUnreadableError: a folder cannot be listed.
    """

    def fail(error: OSError) -> None:
        raise InputUnreadableError((error.strerror or "it cannot be read").lower()) from error

    for parent, folders, names in os.walk(folder, onerror=fail):
        if Path(parent) != folder and _is_bundle(session, parent):
            folders.clear()
            yield parent
            continue
        folders.sort()
        yield from (str(Path(parent, name)) for name in sorted(names))


def _is_bundle(session: Session, folder: str) -> bool:
    try:
        wiring.read_source(session, folder)
    except CertkitError:
        return False
    return True


def _seen(source: str, certificates: tuple[Listed, ...]) -> Sight:
    return Sight(certificates, Coverage(None, None, State.SEEN, source=source))


def _failed(source: str, error: CertkitError) -> Sight:
    reason = error.message.removeprefix(f"{source}: ")
    return Sight((), Coverage(None, None, State.FAILED, reason, source=source))
