"""The wiring of `pack`: what to write, with which password, and into which kind of file."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from certkit.cli import wiring
from certkit.cli.options import OutputFormat
from certkit.cli.session import Session
from certkit.errors import CertkitError, UsageError
from certkit.formats.keys import KeyFormat
from certkit.formats.writing import Container
from certkit.pack import Wrapping, pack
from certkit.password import Password
from certkit.report import pack as report

_ENDINGS: Final = {
    ".pfx": Container.PFX,
    ".p12": Container.PFX,
    ".p7b": Container.P7B,
    ".pem": Container.PEM,
}


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user asked `pack` for.

    Attributes:
        container: the value of a `Container`, None where the ending of `output` decides.
        passout: where the password of the PFX is.
        alias: the friendly name in the PFX.
        key_format: the value of a `KeyFormat`.
    """

    body: str
    output: Path
    container: str | None
    passout: str | None
    alias: str | None
    key_format: str
    is_legacy: bool
    is_forced: bool


def run(session: Session, wish: Wish, output_format: OutputFormat) -> int:
    """Packs the parts, says what was written, and returns the exit code.

    Raises:
        UsageError: nothing says what to write, or an option does not go with it.
        CertkitError: the parts cannot be read, or do not belong together, or the file cannot be written.
    """
    container = Container(wish.container) if wish.container else _by_ending(wish.output)
    _refuse_contradictions(session, wish, container)
    needs_key = container is not Container.P7B
    reading = wiring.reading(session, [wish.body], needs_key=needs_key)._replace(keeps_root=True)
    bundle = wiring.read_bundle(session, wish.body, reading)
    password = _password(session, wish) if container is Container.PFX else None
    how = Wrapping(container, password, wish.alias, wish.is_legacy, KeyFormat(wish.key_format))
    pack(bundle, wish.output, how, force=wish.is_forced)
    if output_format is OutputFormat.JSON:
        session.show_document(report.document(bundle, wish.output, container))
    else:
        session.show(report.text(bundle, wish.output, container))
    return 0


def _by_ending(path: Path) -> Container:
    try:
        return _ENDINGS[path.suffix.lower()]
    except KeyError:
        raise UsageError(
            f"the ending of {path} does not say what to write", hint="say it with --to pfx, --to p7b or --to pem"
        ) from None


def _refuse_contradictions(session: Session, wish: Wish, container: Container) -> None:
    """Refuses what would otherwise be passed over in silence, a password that protects nothing above all.

    Raises:
        UsageError: an option that does not go with the others.
    """
    if not wish.output.name or str(wish.output) == "-":
        raise UsageError(f"{wish.output} is no file that could be written", hint="name one with --output")
    only_pfx = {"--passout": wish.passout, "--friendly-name": wish.alias, "--legacy": wish.is_legacy}
    for option, value in only_pfx.items():
        if value and container is not Container.PFX:
            raise UsageError(f"{option} goes with a PFX, and this is to be a {container.value.upper()}")
    if wish.alias is not None and not wish.alias.isprintable():
        raise UsageError("--friendly-name holds what is no character")
    given = session.reading_options
    if wish.passout == "stdin" and "-" in {wish.body, given.key, given.chain, given.roots}:
        raise UsageError("standard input can be read once only", hint="put one of the two into a file")


def _password(session: Session, wish: Wish) -> Password | None:
    if wish.passout is None:
        return wiring.ask_new_password(session, str(wish.output)) if session.can_ask else None
    try:
        return wiring.read_password(session, wish.passout)
    except CertkitError as error:
        hint = error.hint and error.hint.replace("--passin", "--passout")
        raise type(error)(error.message.replace("--passin", "--passout"), hint=hint) from error
