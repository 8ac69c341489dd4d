"""The composition root: from a command's options to the values that the library takes."""

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

import typer

from certkit import certificate, formats, sources
from certkit.assembly import Wishes, assemble
from certkit.bundle import Bundle
from certkit.cli.options import ReadingOptions
from certkit.cli.session import Session
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
        wants_keys: whether keys are read at all.
        needs_key: whether a bundle without a key is of no use.
    """

    options: ReadingOptions
    passwords: Passwords
    roots: tuple[bytes, ...]
    wants_keys: bool = True
    needs_key: bool = False


def reading(session: Session, given: Sequence[str], *, needs_key: bool = False) -> Reading:
    """Returns how to read the SOURCEs `given`.

    Raises:
        UsageError: the options contradict each other.
        InputUnreadableError: a password or a file of roots cannot be read.
    """
    options = session.reading_options
    if len(given) > 1 and (options.key or options.chain):
        raise UsageError("--key and --chain go with one SOURCE", hint="run certkit once for each bundle")
    readers = [*given, options.key, options.chain, options.roots].count("-")
    if readers + [options.passin, options.key_passin].count("stdin") > 1:
        raise UsageError("standard input can be read once only", hint="put one of the two into a file")
    passwords = Passwords(_password(session, options.passin), _password(session, options.key_passin))
    return Reading(options, passwords, _roots(session, options.roots), needs_key=needs_key)


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
    return assemble(contents, session.clock(), _wishes(how))


def read_source(session: Session, source: str) -> bytes:
    """Reads the bytes of one SOURCE.

    Raises:
        CertkitError: it cannot be read; the message begins with the SOURCE.
    """
    try:
        return sources.read(source, session.environment, session.stdin)
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
    return contents


def _ask(source: str) -> Passwords:
    word = typer.prompt(f"Password for {one_line(source)}", hide_input=True, default="", show_default=False, err=True)
    return Passwords(Password(str(word).encode("utf-8", "surrogateescape")))


def _password(session: Session, argument: str | None) -> Password | None:
    return passin_forms.read(argument, session.environment, session.stdin) if argument is not None else None


def _roots(session: Session, source: str | None) -> tuple[bytes, ...]:
    if source is None:
        return ()
    data = read_source(session, source)
    try:
        contents = formats.read(data, Passwords(), wants_keys=False)
    except CertkitError as error:
        raise error.about(source) from error
    return tuple(entry.der for entry in contents.certificates)


def _wishes(how: Reading) -> Wishes:
    choice = Choice(how.options.alias, how.options.name_match)
    roots = filter(None, map(certificate.load, how.roots))
    return Wishes(choice, how.needs_key, how.options.include_root, tuple(roots))


def ask_new_password(session: Session, what: str) -> Password:
    """Asks a person at a terminal for the password of what is to be written, twice."""
    session.stderr.flush()
    word = typer.prompt(f"Password for {one_line(what)}", hide_input=True, confirmation_prompt=True, err=True)
    return Password(str(word).encode("utf-8", "surrogateescape"))
