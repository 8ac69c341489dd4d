"""A failure as text for people and as the error document for machines."""

from certkit.errors import CertkitError
from certkit.report import one_line


def document(error: CertkitError) -> dict[str, object]:
    """Returns the document `certkit.error/1`."""
    return {"schema": "certkit.error/1", "error": detail(error)}


def detail(error: CertkitError) -> dict[str, str | None]:
    """Returns code, message and hint, as they stand in a document of several results too."""
    return {"code": error.code, "message": error.message, "hint": error.hint}


def text(error: CertkitError) -> str:
    """Returns the two lines that a person reads: what is wrong, and what to do."""
    lines = [f"certkit: error: {one_line(error.message)}"]
    if error.hint:
        lines.append(f"certkit: hint: {one_line(error.hint)}")
    return "\n".join(lines)
