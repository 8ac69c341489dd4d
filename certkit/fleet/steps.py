"""The three steps of a fleet's run: plan, work, and look what came of it."""

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from certkit import function, renew
from certkit.cli import app, heartbeats, manifests
from certkit.cli.cloud import Cloud
from certkit.cli.heartbeats import Beat
from certkit.cli.ledgers import open_ledger
from certkit.cli.order import Order, chosen, load
from certkit.errors import CertkitError, ConfigurationError, UsageError
from certkit.fleet import night, outcome, tally
from certkit.fleet.item import Item, lanes, narrowed, partition, waves_of
from certkit.fleet.night import Plan
from certkit.fleet.outcome import Outcome
from certkit.fleet.tally import Tally
from certkit.manifest import CertificateSpec, Manifest
from certkit.parallel import in_order
from certkit.rollout import TOO_LATE

if TYPE_CHECKING:
    from certkit.aws.shelf import Shelf
    from certkit.cli.session import Session

_PARALLEL: Final = 16
"""Results read at a time."""

_WISHES: Final = ("only", "accounts", "again")
_SAID: Final = frozenset({0, 1, UsageError.exit_code, CertkitError.exit_code})
"""What `renew` exits with where it has said what came of each certificate, or why it could not begin."""


def plan(event: Mapping[str, Any], session: "Session") -> dict[str, Any]:
    """Writes the items of a run down, and returns what is to be worked on first.

    Args:
        event: `run`, the name of the execution, and `input`, its input: `only`, names; `accounts`, names of the manifest;
            `again`, an earlier run, of which only what failed is done.

    Raises:
        CertkitError: the manifest, or what is asked for, cannot be used; nothing was begun.
    """
    wishes = _wishes(event.get("input") or {})
    night.check_ledger(session)
    shelf = night.shelf_of(session, event["run"])
    with function.manifest_file(session) as (path, sha256):
        order = Order(path, None, tuple(wishes["only"]), purges_tags=False, accounts=tuple(wishes["accounts"]))
        manifest = load(order)
        specs = _without_commands(chosen(manifest, order))
        items = partition(specs, manifests.places(Cloud(session, manifest.regions), specs), manifest.waves)
    if wishes["again"]:
        wanted = night.shelf_of(session, wishes["again"]).get(night.REPORT, tally.again)
        items = narrowed(items, wanted)
    night.put_plan(shelf, Plan(sha256, not any(wishes.values()), items))
    session.say(
        f"certkit: fleet: {len(items)} items, {sum(len(item.names) for item in items):,} certificates in places"
    )
    if not items:
        return {"run": event["run"], "items": 0}
    return {**_wave(shelf, items, event["run"], waves_of(items)[0]), "parallel": night.parallel(session)}


def work(event: Mapping[str, Any], session: "Session") -> dict[str, Any]:
    """Runs `certkit renew` for one item, and keeps what came of it; what fails of it is no failure of the worker's.

    What an earlier call has left is gone on with. The answer says whether to call again: where something is left, and
    this call has done some of it.

    Args:
        event: `run`, and the number of the `item`.

    Raises:
        CertkitError: the plan cannot be read, or the result not be kept.
    """
    shelf = night.shelf_of(session, event["run"])
    planned = night.get_plan(shelf)
    (item,) = (one for one in planned.items if one.number == event["item"])
    before = shelf.find(night.result_name(item.number), outcome.from_document) or _nothing_yet(shelf, item)
    came = before
    if before.left:
        with function.manifest_file(session) as (path, sha256):
            night.check_manifest(session, planned, sha256)
            came = outcome.joined(before, _renew(session, path, item, before.left))
    shelf.put(night.result_name(item.number), asdict(came))
    return {"run": event["run"], "item": item.number, "code": came.code, "again": 0 < len(came.left) < len(before.left)}


def conclude(event: Mapping[str, Any], session: "Session") -> dict[str, Any]:
    """Looks what came of a wave: returns what the next one is to work on, or the end, with the report on all of it.

    Args:
        event: `run`, and the `wave` that has ended.

    Raises:
        CertkitError: the results cannot be read, or the report not be written.
    """
    run, wave = event["run"], event["wave"]
    shelf = night.shelf_of(session, run)
    planned = night.get_plan(shelf)
    with function.manifest_file(session) as (path, sha256):
        night.check_manifest(session, planned, sha256)
        manifest = load(Order(path, None, (), purges_tags=False))
    begun = _outcomes(shelf, [item for item in planned.items if item.wave <= wave])
    left = [item for item in planned.items if item.wave > wave]
    came, total = tally.count(begun), sum(len(item.names) for item in planned.items)
    limit = manifest.waves.limit
    if left and not (limit and limit.is_reached(came.failures, total)):
        ahead = _ahead(shelf, planned.items, run, waves_of(left)[0], came)
        return {**ahead, "parallel": night.parallel(session), "pause": int(manifest.waves.pause.total_seconds())}
    came = tally.count([*begun, *((item, tally.not_begun(item.wave, wave, came)) for item in left)])
    _beat(session, manifest, came, is_whole=planned.is_whole)
    return _end(shelf, run, came, session)


def _ahead(shelf: "Shelf", items: Sequence[Item], run: str, wave: int, came: Tally) -> dict[str, Any]:
    """Writes down what the next wave is to work on, and what of it is not to be begun; returns where that stands."""
    failed = sorted({one.name for one in came.missed if one.name})
    shelf.put(night.before_name(wave), {"failed": failed, "waiting": sorted(came.waiting)})
    return _wave(shelf, items, run, wave)


def _beat(session: "Session", manifest: Manifest, came: Tally, *, is_whole: bool) -> None:
    """Leaves the job's heartbeat, which the workers' own runs, being parts of it, do not."""
    beat = Beat(renew.ACTION, is_whole, "", tally.summary(came), came.failures, came.is_good)
    heartbeats.leave(session, open_ledger(session), manifest, beat)


def _wave(shelf: "Shelf", items: Sequence[Item], run: str, wave: int) -> dict[str, Any]:
    """Writes down what a wave is to work on, and returns where that stands."""
    own = lanes(items, wave)
    name = night.lanes_name(wave)
    shelf.put(name, [{"run": run, **asdict(lane)} for lane in own])
    return {
        "run": run,
        "is_done": False,
        "wave": wave,
        "items": sum(len(lane.items) for lane in own),
        "bucket": shelf.bucket,
        "lanes": shelf.key(name),
    }


def _end(shelf: "Shelf", run: str, came: Tally, session: "Session") -> dict[str, Any]:
    """Writes the report, and returns where it stands and how it went."""
    shelf.put(night.REPORT, tally.document(run, came))
    session.report_text(tally.text(run, came))
    return {
        "run": run,
        "is_done": True,
        "is_good": came.is_good,
        "report": f"{shelf}/{night.REPORT}",
        "cause": f"{tally.summary(came)}; {shelf}/{night.REPORT}",
    }


def _nothing_yet(shelf: "Shelf", item: Item) -> Outcome:
    """Returns the outcome of an item before its worker was called: all is left but what an earlier wave lets go no further."""
    before = (shelf.find(night.before_name(item.wave), night.before) if item.wave > 1 else None) or night.Before()
    held = tuple(name for name in item.names if name in before.failed)
    waiting = tuple(name for name in item.names if name in before.waiting - before.failed)
    return Outcome(
        0, held=held, waiting=waiting, left=tuple(name for name in item.names if name not in {*held, *waiting})
    )


def _renew(session: "Session", path: str, item: Item, names: Sequence[str]) -> Outcome:
    """Runs the command as a user would, narrowed to some of an item."""
    account = ["--account", item.account] if item.account else []
    only = [word for name in names for word in ("--only", name)]
    where = f"{item.region} of {item.account_id}" if item.account_id else item.region
    session.say(f"certkit: fleet: item {item.number}: {len(names)} certificates in {where}")
    session.stdout = shown = io.StringIO()
    code = app.run(["renew", path, *account, "--region", item.region, *only, "--format", "json"], session)
    if code not in _SAID or not shown.getvalue():
        raise RuntimeError(f"item {item.number}: certkit renew ended with {code}; the log says why")
    document = json.loads(shown.getvalue())
    rows = tuple(document.get("results", ()))
    left = tuple(row["name"] for row in rows if row["error"] and row["error"]["message"] == TOO_LATE)
    return Outcome(code, rows, document.get("error"), left=left, run=session.run)


def _outcomes(shelf: "Shelf", items: Sequence[Item]) -> list[tuple[Item, Outcome | CertkitError]]:
    """Returns what each item's worker left, or that it left nothing."""
    reads = (partial(shelf.find, night.result_name(item.number), outcome.from_document) for item in items)
    found = in_order(reads, _PARALLEL)
    return [(item, one or tally.lost(item)) for item, one in zip(items, found, strict=True)]


def _wishes(given: Mapping[str, Any]) -> dict[str, Any]:
    """Returns what the execution's input asks for.

    Raises:
        UsageError: it asks for something else than it may.
    """
    for name in given:
        if name not in _WISHES:
            raise UsageError(f"the input has no {name!r}", hint=f"one of {', '.join(_WISHES)}")
    for name in ("only", "accounts"):
        value = given.get(name, [])
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise UsageError(f"{name!r} of the input is no list of names", hint=f'such as "{name}": ["shop"]')
    if not isinstance(given.get("again", ""), str):
        raise UsageError("'again' of the input is no run", hint="the name of an execution")
    return {"only": given.get("only", []), "accounts": given.get("accounts", []), "again": given.get("again", "")}


def _without_commands(specs: Sequence[CertificateSpec]) -> Sequence[CertificateSpec]:
    """Returns the certificates, none of which has a command: each of its items would run it, on a disk of its own.

    Raises:
        ConfigurationError: one has.
    """
    having = [spec.name for spec in specs if spec.renewal.command]
    if having:
        raise ConfigurationError(
            f"{', '.join(having)}: renew_command would be run by each worker, on a disk of its own",
            hint="renew them where the CA is reached, into a store; the fleet takes what is there",
        )
    return specs
