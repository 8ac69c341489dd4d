"""Why a command in a Lambda function has failed, as the function's error says it: for a queue, an alarm and people."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from certkit.redaction import redact
from certkit.report import one_line

_MOST_CHARACTERS: Final = 2_000
"""More is in the log."""

_MOST_FAILURES: Final = 10
_SERVED: Final = "served"


def text(command: str, code: int, document: Mapping[str, Any] | None) -> str:
    """Returns one line, redacted, from the document that a command has left; None where it has left none."""
    return bounded("; ".join([f"{command}: exit code {code}", *_reasons(document)]))


def bounded(text: str) -> str:
    """Returns a text as one line, redacted and cut off where it is longer than people read."""
    line = one_line(redact(text))
    return line if len(line) <= _MOST_CHARACTERS else f"{line[:_MOST_CHARACTERS]}..."


def said(error: Mapping[str, Any]) -> str:
    """Returns code and message of an error as it stands in documents."""
    return f"{error['code']}: {error['message']}"


def _reasons(document: Mapping[str, Any] | None) -> Sequence[str]:
    if document is None:
        return ["it has not come to its end"]
    if "error" in document:
        return [said(document["error"])]
    reasons = [reason for row in document.get("results", ()) for reason in _of_row(row)]
    more = [f"and {len(reasons) - _MOST_FAILURES} more"] * (len(reasons) > _MOST_FAILURES)
    return [*reasons[:_MOST_FAILURES], *more]


def _of_row(row: Mapping[str, Any]) -> Iterator[str]:
    """Yields why one certificate in one region failed, and which of its endpoints serve something else."""
    where = f"{row['name']} in {row['region']}"
    if row.get("error"):
        yield f"{where}: {said(row['error'])}"
    for endpoint in row.get("served") or ():
        if endpoint["state"] != _SERVED:
            yield f"{where}: {endpoint['endpoint']}: {endpoint['state']}"
