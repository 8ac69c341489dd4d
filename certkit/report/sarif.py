"""What `certkit validate` finds as SARIF 2.1.0, which GitHub code scanning and most dashboards read.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/sarif-v2.1.0-errata01-os-complete.html
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePath
from typing import Final
from urllib.parse import quote

from certkit import __version__
from certkit.judgement import Failure, Judgement
from certkit.location import Place, path_in
from certkit.report import one_line
from certkit.rules import Criterion, Finding
from certkit.waiver import Waiver

SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_NO_PATH: Final = re.compile(r"env:|arn:|[a-z][a-z0-9+.]*://")


def document(
    verdicts: Sequence[Judgement | Failure], criteria: Sequence[Criterion], exit_code: int
) -> dict[str, object]:
    """Returns the document, with one run.

    Args:
        criteria: what every bundle was held to; what else was found is described by the finding alone.
        exit_code: what the process is about to exit with.
    """
    judgements = [verdict for verdict in verdicts if isinstance(verdict, Judgement)]
    failures = [verdict for verdict in verdicts if isinstance(verdict, Failure)]
    indexes = {one.id: index for index, one in enumerate(criteria)}
    run = {
        "tool": {"driver": {"name": "certkit", "version": __version__, "rules": [_rule(one) for one in criteria]}},
        "invocations": [
            {
                "executionSuccessful": not failures,
                "exitCode": exit_code,
                "toolExecutionNotifications": [_notification(failure) for failure in failures],
            }
        ],
        "results": [result for judgement in judgements for result in _results(judgement, indexes)],
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(criterion: Criterion) -> dict[str, object]:
    first, _, _ = criterion.explanation.partition("\n")
    severity = criterion.severity.value
    return {
        "id": criterion.id,
        "shortDescription": {"text": _text(first)},
        "fullDescription": {"text": _text(criterion.explanation)},
        "help": {"text": _text(f"{criterion.explanation}\n\nTo do: {criterion.hint}.")},
        "helpUri": criterion.source,
        "defaultConfiguration": {"level": severity},
        "properties": {"tags": ["certificate", "acm"], "problem.severity": severity},
    }


def _results(judgement: Judgement, indexes: Mapping[str, int]) -> Iterator[dict[str, object]]:
    counts: Counter[tuple[str, str]] = Counter()
    pairs: list[tuple[Finding, list[dict[str, object]]]] = [(finding, []) for finding in judgement.findings]
    pairs += [(waived.finding, [_suppression(waived.waiver)]) for waived in judgement.waived]
    for finding, suppressions in pairs:
        counts[finding.rule, finding.part] += 1
        yield {
            "ruleId": finding.rule,
            **({"ruleIndex": indexes[finding.rule]} if finding.rule in indexes else {}),
            "level": finding.severity.value,
            "message": {"text": _message(finding)},
            "locations": [_location(judgement.source, judgement.places.get(finding.part))],
            "partialFingerprints": _fingerprints(judgement.source, finding, counts[finding.rule, finding.part]),
            "suppressions": suppressions,
        }


def _message(finding: Finding) -> str:
    to_do = f". To do: {finding.hint}" if finding.hint else ""
    return _text(f"{finding.part}: {one_line(finding.message + to_do)}")


def _fingerprints(source: str, finding: Finding, number: int) -> dict[str, str]:
    """Returns what tells this result from others, run after run: the rule, the part, the file; not what is renewed.

    GitHub looks at `primaryLocationLineHash` alone, and would make it from the certificate's base64 where it is missing: each
    renewal would close an alert and open its twin.
    """
    digest = hashlib.sha256("\0".join((finding.rule, finding.part, _uri(source))).encode()).hexdigest()
    return {"primaryLocationLineHash": f"{digest[:16]}:{number}"}


def _suppression(waiver: Waiver) -> dict[str, object]:
    reason = f"{one_line(waiver.reason)} (until {waiver.until})"
    return {"kind": "external", "status": "accepted", "justification": reason}


def _notification(failure: Failure) -> dict[str, object]:
    error = failure.error
    message = ". To do: ".join(filter(None, (error.message, error.hint)))
    return {
        "descriptor": {"id": error.code},
        "level": "error",
        "message": {"text": _text(one_line(message))},
        "locations": [_location(failure.source, None)],
    }


def _location(source: str, place: Place | None) -> dict[str, object]:
    physical: dict[str, object] = {"artifactLocation": {"uri": _uri(place.source if place else source)}}
    if place:
        physical["region"] = {"startLine": place.first_line, "endLine": place.last_line}
    return {"physicalLocation": physical}


def _uri(source: str) -> str:
    """Returns a SOURCE as a URI: a relative path as it is, which readers take from the root of the repository."""
    source = path_in(source)
    if _NO_PATH.match(source):
        return quote(source, safe=":/?#@!$&'()*+,;=~", errors="surrogateescape")
    path = PurePath(source)
    return path.as_uri() if path.is_absolute() else quote(path.as_posix().encode("utf-8", "surrogateescape"))


def _text(text: str) -> str:
    """Returns `text` for a `text` of SARIF, where braces are placeholders (3.11.5) and brackets links (3.11.6)."""
    return re.sub(r"[\[\]]", r"\\\g<0>", text).replace("{", "{{").replace("}", "}}")
