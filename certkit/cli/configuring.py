"""The wiring of `config`: all that is wrong with a manifest, or the schema of one."""

from certkit.cli import configuration
from certkit.cli.options import OutputFormat
from certkit.cli.session import Session
from certkit.errors import ConfigurationError
from certkit.manifest import parse
from certkit.manifest.checking import problems
from certkit.manifest.reading import text_of
from certkit.report import config as report
from certkit.report.manifest import schema_text


def check(session: Session, argument: str | None, option: str | None, output_format: OutputFormat) -> int:
    """Shows everything that is wrong with a manifest, and returns the exit code.

    Raises:
        UsageError: argument and option name two.
        ConfigurationError: there is none, or it cannot be read.
    """
    path = configuration.manifest_path(argument, option)
    text = text_of(path)
    found = problems(text, path)
    manifest = None if found else parse(text, path)
    if output_format is OutputFormat.JSON:
        session.show_document(report.document(str(path), manifest, found))
    else:
        session.show(report.text(str(path), manifest, found))
    return ConfigurationError.exit_code if found else 0


def show_schema(session: Session) -> int:
    """Prints the JSON Schema, and returns the exit code."""
    session.show(schema_text().rstrip("\n"))
    return 0
