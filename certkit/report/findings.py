"""What is the matter with an estate: in `status`, and on the page of all findings."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Final

from certkit.estate import Finding, Kind
from certkit.inventory import Listed
from certkit.report import one_line

_MOST: Final = 10
"""Findings of one kind that a person reads; JSON has all of them."""

_HEAD: Final = """# Findings

What `certkit status --findings` says about everything that is there, where [the rules](rules.md) are about one certificate. An
**error** is down, a **warning** wants somebody to act, a **note** could be better. In JSON they stand in `findings`, each with
`finding`, `weight`, `account`, `region`, `certificates` (ARNs, and the SOURCEs of those outside ACM), `message` and `hint`. They
change no exit code.

The listings say all that most of them need. `--closer` also reads each imported certificate that is in use (three calls for
each): only then are there `chain-expires-first`, `let-acm-issue-it`, and `same-key` for what is in ACM.

This page is made from the code: `make docs`.

"""


def item(finding: Finding) -> dict[str, object]:
    """Returns one finding as it stands in the document."""
    return {
        "finding": finding.kind.id,
        "weight": finding.kind.weight.value,
        "account": finding.account,
        "region": finding.region,
        "certificates": [one.place for one in finding.certificates],
        "message": finding.message,
        "hint": finding.kind.hint,
    }


def lines(findings: Sequence[Finding]) -> Iterator[str]:
    """Yields what a person reads: each kind with what to do, and the first of its findings."""
    yield f"{len(findings)} finding{'s' * (len(findings) != 1)}"
    for kind, found in groupby(findings, lambda finding: finding.kind):
        alike = list(found)
        yield f"{kind.weight.value}: {kind.id}: {kind.hint}"
        yield from (f"  {_line(finding)}" for finding in alike[:_MOST])
        if len(alike) > _MOST:
            yield f"  and {len(alike) - _MOST} more: --format json has all"


def page(kinds: Iterable[Kind]) -> str:
    """Returns `docs/findings.md`: a section for each kind."""
    sections = (
        f"## {kind.id}\n\n**{kind.weight.value}**\n\n{kind.explanation}\n\nTo do: {kind.hint}.\n" for kind in kinds
    )
    return _HEAD + "\n".join(sections)


def _line(finding: Finding) -> str:
    if not finding.certificates:
        return one_line(f"{finding.region} of {finding.account}: {finding.message}")
    names = dict.fromkeys(map(_called, finding.certificates))
    places = ", ".join(one.place for one in finding.certificates)
    return one_line(f"{', '.join(names)}: {finding.message} ({places})")


def _called(one: Listed) -> str:
    return one.name or one.summary.domain or one.place.rpartition("/")[2]
