"""What must be so once the last run has ended, whatever has happened before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from certkit.certificate import fingerprint
from certkit.memory import recall
from certkit.observe import observe
from certkit.plan import Nothing, make_plan, removable, wanted_tags
from tests.aws.scene import ACCOUNT, HOME

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from certkit.apply import Result
    from certkit.plan import Desired
    from certkit.testing import StrictAcm
    from certkit.testing.record import Record
    from tests.faults.host import FaultyLedger, Host
    from tests.faults.scenario import Scenario


def violations(
    server: StrictAcm, scenario: Scenario, arns: tuple[str, ...], ledgers: Iterable[FaultyLedger], last: Result | None
) -> Iterator[str]:
    """Yields what is not as it must be."""
    held = list(server.backend()._records.values())
    ours = named(server, scenario.desired)
    if len(ours) != 1:
        yield f"{len(ours)} certificates of one name"
        return
    yield from _wrong_with(ours[0], scenario, arns)
    if len([record for record in held if record.tags.get("team") == "other"]) != 1:
        yield "a stranger is gone or changed"
    if len(held) != 2:
        yield "certificates without their tags are left"
    if last is None or last.error or last.arn != ours[0].arn:
        yield f"the last run failed: {last.error.message if last and last.error else last}"
    for ledger in ledgers:
        yield from _lies(ledger, scenario.desired, ours[0])


def named(server: StrictAcm, desired: Desired) -> list[Record]:
    """What ACM holds under the name, however far the indexes lag."""
    records = server.backend()._records.values()
    return [record for record in records if record.tags.get("certkit:name") == desired.name]


def pending(host: Host, desired: Desired) -> Iterator[str]:
    """Yields what a plan after the last run would still do."""
    seen = observe(host.acm(), desired, host.clock(), host.journal().memory(desired))
    (action,) = make_plan([(desired, seen)]).actions
    if not isinstance(action, Nothing) or removable(desired, seen):
        yield f"the plan is not empty: {type(action).__name__}"


def _wrong_with(record: Record, scenario: Scenario, arns: tuple[str, ...]) -> Iterator[str]:
    desired = scenario.desired
    if record.material.leaf != desired.bundle.leaf:
        yield "another leaf"
    if record.material.chain != desired.bundle.chain:
        yield "another chain"
    tags = dict(record.tags)
    if not wanted_tags(desired).items() <= tags.items():
        yield "tags are missing"
    if not scenario.foreign.items() <= tags.items():
        yield "a foreign tag is lost"
    if scenario.keeps is not None and record.arn != arns[scenario.keeps]:
        yield "the ARN has changed"
    if scenario.keeps is not None and record.in_use_by != scenario.held[scenario.keeps].in_use_by:
        yield "it is no longer in use"


def _lies(ledger: FaultyLedger, desired: Desired, record: Record) -> Iterator[str]:
    if ledger.open_intents(ACCOUNT, HOME):
        yield f"{ledger.host.name}: an intent is left open"
    if dict(recall(ledger, desired).held) != {record.arn: fingerprint(record.material.leaf)}:
        yield f"{ledger.host.name}: the ledger says what ACM does not hold"
