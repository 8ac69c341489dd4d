"""The composition root: from a command's options to the values that the library takes."""

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

import typer
from cryptography import x509

from certkit import certificate, exposure, formats, sources
from certkit.assembly import Wishes, assemble
from certkit.bundle import Addition, Bundle
from certkit.cli.session import Session
from certkit.cli.settings import ReadingOptions
from certkit.contents import Contents
from certkit.errors import CertkitError, PasswordMissingError, UsageError
from certkit.leaf import Choice
from certkit.password import Password, Passwords
from certkit.report import one_line
from certkit.sources import passwords as passin_forms


class Reading(NamedTuple):
    """How the SOURCEs of one command are to be read.

    Attributes:
        options: as the user gave them.
        passwords: read from where the options say, once for all SOURCEs.
        roots: the certificates of `--roots`, as DER.
        intermediates: the certificates of each `--intermediates` with its SOURCE, as DER.
        wants_keys: whether keys are read at all.
        needs_key: whether a bundle without a key is of no use.
        keeps_root: whether a self-signed root stays in the chain, also where that was not asked for.
    """

    options: ReadingOptions
    passwords: Passwords
    roots: tuple[bytes, ...]
    intermediates: tuple[tuple[str, tuple[bytes, ...]], ...] = ()
    wants_keys: bool = True
    needs_key: bool = False
    keeps_root: bool = False


def reading(session: Session, given: Sequence[str], *, needs_key: bool = False) -> Reading:
    """Returns how to read the SOURCEs `given`.

    Raises:
        UsageError: the options contradict each other.
        InputUnreadableError: a password, or what stands beside the bundles, cannot be read.
    """
    options = session.reading_options
    if len(given) > 1 and (options.key or options.chain):
        raise UsageError("--key and --chain go with one SOURCE", hint="run certkit once for each bundle")
    if options.allow_private_aia and not options.complete:
        raise UsageError("--allow-private-aia goes with --complete")
    readers = [*given, options.key, options.chain, options.roots, *options.intermediates].count("-")
    if readers + [options.passin, options.key_passin].count("stdin") > 1:
        raise UsageError("standard input can be read once only", hint="put one of the two into a file")
    passwords = Passwords(_password(session, options.passin), _password(session, options.key_passin))
    roots = _certificates(session, options.roots) if options.roots is not None else ()
    beside = tuple((source, _certificates(session, source)) for source in options.intermediates)
    return Reading(options, passwords, roots, beside, needs_key=needs_key)


def read_contents(session: Session, source: str, how: Reading) -> Contents:
    """Reads one SOURCE with its `--key` and `--chain`; asks a person at a terminal for a missing password.

    Raises:
        CertkitError: it cannot be read; the message begins with the SOURCE.
    """
    return parse_contents(session, source, read_source(session, source), how)


def parse_contents(session: Session, source: str, data: bytes, how: Reading) -> Contents:
    """Reads `data`, the bytes of one SOURCE, as `read_contents` does.

    Raises:
        CertkitError: it cannot be read; the message begins with the SOURCE.
    """
    contents = _parse(session, source, data, how)
    for part in (how.options.key, how.options.chain):
        if part is not None:
            contents = contents.with_parts_of(_parse(session, part, read_source(session, part), how))
    return contents


def read_bundle(session: Session, source: str, how: Reading) -> Bundle:
    """Reads one SOURCE and puts it in order.

    Raises:
        CertkitError: it cannot be read, or does not make a bundle; the message begins with the SOURCE.
    """
    return put_in_order(session, source, read_contents(session, source, how), how)


def put_in_order(session: Session, source: str, contents: Contents, how: Reading) -> Bundle:
    """Puts what was read of one SOURCE in order.

    Raises:
        CertkitError: it does not make a bundle; the message begins with the SOURCE.
    """
    try:
        return in_order(session, contents, how)
    except CertkitError as error:
        raise error.about(source) from error


def in_order(session: Session, contents: Contents, how: Reading) -> Bundle:
    """Does what `put_in_order` does, with messages that do not name the SOURCE."""
    wishes, now = _wishes(how), session.clock()
    bundle = assemble(contents, now, wishes)
    if how.options.complete and not bundle.is_complete:
        from certkit.cli import completing

        bundle = completing.completed(session, bundle, contents, wishes, allows_private=how.options.allow_private_aia)
    if how.options.strict:
        from certkit.strict import refuse_repairs

        refuse_repairs(bundle, now)
    return bundle


def read_source(session: Session, source: str) -> bytes:
    """Reads the bytes of one SOURCE.

    Raises:
        CertkitError: it cannot be read; the message begins with the SOURCE.
    """
    try:
        return sources.read(source, session.environment, session.stdin, partial(_fetch, session))
    except CertkitError as error:
        raise error.about(source) from error


def _parse(session: Session, source: str, data: bytes, how: Reading) -> Contents:
    read = partial(formats.read, data, max_iterations=how.options.max_iterations, wants_keys=how.wants_keys)
    try:
        try:
            contents = read(passwords=how.passwords)
        except PasswordMissingError:
            if not session.can_ask:
                raise
            contents = read(passwords=_ask(source))
    except CertkitError as error:
        raise error.about(source) from error
    counts = f"certificates: {len(contents.certificates)}, private keys: {len(contents.keys)}"
    session.say_more(f"certkit: {source}: {len(data):,} bytes, {contents.format}, {counts}")
    if any(not key.was_encrypted for key in contents.keys):
        _warn_of_exposure(session, source)
    return contents


def _warn_of_exposure(session: Session, source: str) -> None:
    """Says which file of a SOURCE holds a key without a password that everybody on this machine can read."""
    path = sources.local_path(source)
    for file in exposure.readable(path) if path is not None else ():
        session.warn_once(f"{file}: everybody on this machine can read its private key: chmod o-r {file}")


def _ask(source: str) -> Passwords:
    word = typer.prompt(f"Password for {one_line(source)}", hide_input=True, default="", show_default=False, err=True)
    return Passwords(Password(str(word).encode("utf-8", "surrogateescape")))


def read_password(session: Session, argument: str) -> Password:
    """Reads the password that an option names.

    Raises:
        CertkitError: it cannot be read, or is the password itself; the message calls the option `--passin`.
    """
    return passin_forms.read(argument, session.environment, session.stdin, partial(_fetch, session))


def _fetch(session: Session, source: str) -> bytes:
    from certkit.cli import fetching  # boto3 is for those who name what stands in AWS

    return fetching.fetch(session, source)


def _password(session: Session, argument: str | None) -> Password | None:
    return read_password(session, argument) if argument is not None else None


def _certificates(session: Session, source: str) -> tuple[bytes, ...]:
    """Returns the certificates in a SOURCE that stands beside the bundles, as DER."""
    data = read_source(session, source)
    try:
        contents = formats.read(data, Passwords(), wants_keys=False)
    except CertkitError as error:
        raise error.about(source) from error
    return tuple(entry.der for entry in contents.certificates)


def roots_of(how: Reading) -> tuple[x509.Certificate, ...]:
    """Returns the certificates of `--roots`, as far as they can be parsed."""
    return tuple(filter(None, map(certificate.load, how.roots)))


def _wishes(how: Reading) -> Wishes:
    options = how.options
    return Wishes(
        Choice(options.alias, options.name_match),
        how.needs_key,
        options.include_root or how.keeps_root,
        roots_of(how),
        tuple(
            Addition(one, source) for source, found in how.intermediates for one in map(certificate.load, found) if one
        ),
        options.prefer_root,
    )


def ask_new_password(session: Session, what: str) -> Password:
    """Asks a person at a terminal for the password of what is to be written, twice."""
    session.stderr.flush()
    word = typer.prompt(f"Password for {one_line(what)}", hide_input=True, confirmation_prompt=True, err=True)
    return Password(str(word).encode("utf-8", "surrogateescape"))
