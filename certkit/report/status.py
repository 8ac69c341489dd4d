"""What `certkit status` shows: the values, the document for programs, and the line that heads every text."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from certkit import expiry
from certkit.changes import Changes, place
from certkit.estate import Finding
from certkit.expiry import Threshold
from certkit.incident import Hit
from certkit.inventory import Coverage, Inventory, Listed, State, is_expiring
from certkit.report import certificate as certificates
from certkit.report import count
from certkit.report import findings as findings_of_estate
from certkit.report import usage as usages
from certkit.usage import Usage

FEW: Final = 3
"""As many places as fit a line."""


@dataclass(frozen=True, slots=True)
class Status:
    """Everything that there is to show.

    Attributes:
        threshold: from when on a certificate is marked as expiring.
        changes: what changed, None where that was not asked.
        hits: those that are looked for, None where none are.
        findings: what is the matter with all of it, None where that was not asked.
        usage: what uses them, likewise.
    """

    inventory: Inventory
    threshold: Threshold
    changes: Changes | None = None
    hits: tuple[Hit, ...] | None = None
    findings: tuple[Finding, ...] | None = None
    usage: Usage | None = None

    @property
    def certificates(self) -> tuple[Listed, ...]:
        """What is listed: everything, or what was looked for."""
        return self.inventory.certificates if self.hits is None else tuple(hit.listed for hit in self.hits)

    @property
    def has_expiring(self) -> bool:
        """Whether one of those that are listed has reached the threshold."""
        return any(is_expiring(one, self.inventory.at, self.threshold) for one in self.certificates)


def document(status: Status) -> dict[str, object]:
    """Returns the document `certkit.status/1`."""
    now = status.inventory.at
    rows = [item(listed, now, status.threshold) for listed in status.certificates]
    if status.hits is not None:
        rows = [row | _hit(hit) for row, hit in zip(rows, status.hits, strict=True)]
    if status.usage is not None:
        used = [usages.item(status.usage, listed.summary) for listed in status.certificates]
        rows = [usage | row for usage, row in zip(used, rows, strict=True)]
    found: dict[str, object] = {
        "schema": "certkit.status/1",
        "at": certificates.time_text(now),
        "coverage": [_coverage(one) for one in status.inventory.coverage],
        "certificates": rows,
    }
    if status.usage is not None:
        found["usage_coverage"] = usages.coverage(status.usage)
    if status.changes is not None:
        found["changes"] = _changes(status.changes)
    if status.findings is not None:
        found["findings"] = [findings_of_estate.item(finding) for finding in status.findings]
    return found


def item(listed: Listed, now: dt.datetime, threshold: Threshold) -> dict[str, object]:
    """Returns one certificate as it stands in the document; `source` is there for those that are not in ACM."""
    summary = listed.summary
    found: dict[str, object] = {
        "arn": summary.arn or None,
        "account": listed.account,
        "region": listed.region,
        "name": listed.name,
        "domain": summary.domain,
        "sans": list(summary.sans),
        "type": summary.kind,
        "status": summary.status,
        "key_algorithm": summary.key_algorithm,
        "not_before": certificates.time_text(summary.not_before) if summary.not_before else None,
        "not_after": certificates.time_text(summary.not_after) if summary.not_after else None,
        "days_left": expiry.days_left(summary.not_after, now) if summary.not_after else None,
        "life_left_percent": percent_left(listed, now),
        "in_use": summary.in_use,
        "expiring": is_expiring(listed, now, threshold),
        "managed": listed.name is not None,
    }
    return found if listed.source is None else found | {"source": listed.source}


def percent_left(listed: Listed, now: dt.datetime) -> int | None:
    """Returns how much of its lifetime is left, rounded down; None for one that was never issued."""
    summary = listed.summary
    if summary.not_before is None or summary.not_after is None:
        return None
    return int(100 * expiry.share_left(summary.not_before, summary.not_after, now))


def head(status: Status) -> str:
    """Returns the first line: how many certificates, where, and how many places could not be seen."""
    coverage = status.inventory.coverage
    seen = [one for one in coverage if one.state is State.SEEN]
    line = f"{count(len(status.inventory.certificates), 'certificate')} in {_places(seen)}"
    for state in (State.DENIED, State.FAILED):
        unseen = sum(one.state is state for one in coverage)
        line += f"; {unseen} {state}" if unseen else ""
    return line


def _places(seen: Sequence[Coverage]) -> str:
    regions = [one.region for one in seen if one.region is not None]
    accounts = {one.account for one in seen if one.region is not None}
    sources = [one.source for one in seen if one.source is not None]
    found = []
    if len(accounts) > 1:
        found = [f"{count(len(regions), 'region')} of {len(accounts)} accounts"]
    elif regions:
        found = [", ".join(regions) if len(regions) <= FEW else f"{len(regions)} regions"]
    if sources:
        found.append(f"{count(len(sources), 'source')}")
    return " and ".join(found) or "no region"


def _coverage(one: Coverage) -> dict[str, object]:
    found: dict[str, object] = {"account": one.account, "region": one.region, "state": str(one.state)}
    return found if one.source is None else found | {"source": one.source}


def _hit(hit: Hit) -> dict[str, object]:
    summary = hit.listed.summary
    return {
        "owner": hit.listed.owner,
        "serial": summary.serial,
        "issuer": summary.issuer,
        "in_use_by": list(hit.in_use_by),
    }


def _changes(changes: Changes) -> dict[str, object]:
    return {
        "since": changes.since,
        "left_out": changes.left_out,
        "items": [
            {
                "kind": str(one.kind),
                "place": place(one.row),
                "domain": one.row.get("domain"),
                "before": dict(one.before),
            }
            for one in changes.changes
        ],
    }
