"""The wiring of what `status` writes, in any of its formats, to standard output or to a file."""

from pathlib import Path
from typing import assert_never

from certkit.cli.options import StatusFormat
from certkit.cli.session import Session
from certkit.files import File, write_set
from certkit.report import status as report
from certkit.report.status import Status
from certkit.report.status_table import Look


def rendered(status: Status, output_format: StatusFormat, look: Look) -> str:
    """Returns the result as it is to be written, without the end of its last line."""
    match output_format:
        case StatusFormat.TEXT:
            from certkit.report import status_text

            return status_text.text(status, look)
        case StatusFormat.JSON:
            from certkit.report.machine import json_text

            return json_text(report.document(status))
        case StatusFormat.CSV:
            from certkit.report import status_csv

            return status_csv.text(status).removesuffix("\n")
        case StatusFormat.PROMETHEUS:
            from certkit.report import prometheus

            return prometheus.text(status).removesuffix("\n")
        case StatusFormat.HTML:
            from certkit.report import html

            return html.page(status)
        case _:
            assert_never(output_format)


def look_of(session: Session, *, unfolds: bool, to_file: bool) -> Look:
    """Returns how a table is to look: as wide as the terminal, where it goes to one."""
    if to_file:
        return Look(unfolds=unfolds)
    return Look(session.width(session.stdout), session.has_color(session.stdout), unfolds)


def write(session: Session, text: str, out: Path | None) -> None:
    """Writes the result; a file is complete before it takes the place of the old one, for whoever reads it meanwhile.

    Raises:
        OutputUnwritableError: the file cannot be written.
    """
    if out is None:
        session.show(text)
        return
    path = out.absolute()
    write_set(path.parent, {path.name: File(text.encode("utf-8", "backslashreplace") + b"\n")}, force=True)
    session.say_more(f"certkit: the status is in {out}")
