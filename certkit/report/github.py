"""What `certkit validate` finds as annotations of a GitHub workflow.

https://docs.github.com/actions/reference/workflow-commands-for-github-actions: a line `::error file=,line=,title=::message` for
each finding. A runner obeys whatever line begins like that, so text from files is never at the beginning of one.
"""

from collections.abc import Iterator
from typing import Final

from certkit.judgement import Failure, Judgement
from certkit.location import path_in
from certkit.report import one_line
from certkit.rules import Finding

_IN_MESSAGES: Final = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_IN_PROPERTIES: Final = {**_IN_MESSAGES, ":": "%3A", ",": "%2C"}
"""What actions/toolkit replaces in `packages/core/src/command.ts`, and the runner puts back."""


def text(verdict: Judgement | Failure) -> str:
    """Returns the annotations of one SOURCE, a line each; none where there is nothing to say."""
    if isinstance(verdict, Failure):
        message = "\n".join(filter(None, map(_shown, (verdict.error.message, verdict.error.hint))))
        return _command("error", {"file": path_in(verdict.source), "title": verdict.error.code}, message)
    return "\n".join(_lines(verdict))


def _lines(judgement: Judgement) -> Iterator[str]:
    for finding in judgement.findings:
        yield _annotation(judgement, finding, str(finding.severity), finding.hint)
    for waived in judgement.waived:
        waiver = waived.waiver
        yield _annotation(judgement, waived.finding, "notice", f"waived until {waiver.until}: {waiver.reason}")


def _annotation(judgement: Judgement, finding: Finding, level: str, below: str | None) -> str:
    place = judgement.places.get(finding.part)
    properties = {"file": path_in(place.source if place else judgement.source)}
    if place:
        properties |= {"line": str(place.first_line), "endLine": str(place.last_line)}
    message = f"{_shown(judgement.source)}: {finding.part}: {_shown(finding.message)} [{finding.rule}]"
    return _command(level, properties | {"title": finding.rule}, "\n".join(filter(None, [message, _shown(below)])))


def _shown(part: str | None) -> str:
    return one_line(part or "")


def _command(level: str, properties: dict[str, str], message: str) -> str:
    named = ",".join(f"{name}={_replaced(_shown(value), _IN_PROPERTIES)}" for name, value in properties.items())
    return f"::{level} {named}::{_replaced(message, _IN_MESSAGES)}"


def _replaced(value: str, codes: dict[str, str]) -> str:
    return "".join(codes.get(character, character) for character in value)
