"""One run of a fleet, as its three kinds of workers see it: the configuration, and the documents that they leave each other."""

import re
from dataclasses import dataclass
from typing import Any, Final

from certkit import function
from certkit.aws.shelf import Shelf
from certkit.cli.fetching import caller
from certkit.cli.session import Session
from certkit.errors import ConfigurationError, PlanChangedError, UsageError
from certkit.fleet import item as items
from certkit.fleet.item import Item
from certkit.sources import store
from certkit.sources.store import S3Object

PLAN: Final = "plan.json"
REPORT: Final = "report.json"
_RUN: Final = re.compile(r"[A-Za-z0-9_.-]{1,80}")
"""The name of an execution: https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html."""

_SHELF: Final = "CERTKIT_FLEET"
_LEDGER: Final = "CERTKIT_LEDGER"
_PARALLEL: Final = "CERTKIT_FLEET_PARALLEL"
_LANES: Final = 100
"""Lanes worked on at a time unless told: a tenth of the Lambda functions that an account may run at a time.

https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
"""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done in a run.

    Attributes:
        manifest_sha256: of the manifest that it was made of.
        is_whole: whether it is all of the manifest, and so the job itself.
    """

    manifest_sha256: str
    is_whole: bool
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Before:
    """What came of the waves before one, and goes no further.

    Attributes:
        failed: the names that failed somewhere.
        waiting: the names of which a freeze or a rollback holds something back.
    """

    failed: frozenset[str] = frozenset()
    waiting: frozenset[str] = frozenset()


def shelf_of(session: Session, run: str) -> Shelf:
    """Returns where the documents of a run stand.

    Raises:
        UsageError: that is no run.
        ConfigurationError: CERTKIT_FLEET names no place in S3.
    """
    if not _RUN.fullmatch(run) or run.strip(".") == "":
        raise UsageError(f"{run!r} is no run", hint="the name of an execution")
    where = _needed(session, _SHELF, "s3://BUCKET/PREFIX")
    address = store.parse(where) if where.startswith("s3://") else None
    if not isinstance(address, S3Object) or address.version:
        raise ConfigurationError(f"{_SHELF}={where} is no place in S3", hint="such as s3://BUCKET/fleet")
    aws = caller(session)
    return Shelf(aws.s3(address.region or aws.region), address.bucket, f"{address.key.rstrip('/')}/{run}")


def check_manifest(session: Session, planned: Plan, sha256: str) -> None:
    """Checks that a manifest is the one that the plan was made of.

    Raises:
        PlanChangedError: it is another one.
    """
    if sha256 != planned.manifest_sha256:
        where = session.environment[function.MANIFEST]
        raise PlanChangedError(f"{where} is not the manifest that the plan was made of", hint="start a new execution")


def check_ledger(session: Session) -> None:
    """Checks that the ledger is one that all workers share: a worker's own disk is gone with it.

    Raises:
        ConfigurationError: it is not.
    """
    if "://" not in _needed(session, _LEDGER, "dynamodb://TABLE"):
        raise ConfigurationError(f"{_LEDGER} is no ledger that workers share", hint="name a table: dynamodb://TABLE")


def parallel(session: Session) -> int:
    """Returns how many lanes are worked on at a time: CERTKIT_FLEET_PARALLEL, else a hundred.

    Raises:
        ConfigurationError: it is no such number.
    """
    value = session.environment.get(_PARALLEL) or str(_LANES)
    if not re.fullmatch("[1-9][0-9]{0,3}", value):
        raise ConfigurationError(f"{_PARALLEL}={value} is no number of workers", hint="1 to 9999")
    return int(value)


def put_plan(shelf: Shelf, plan: Plan) -> None:
    """Keeps a plan.

    Raises:
        AwsError: S3 refuses, or does not answer.
    """
    listed = [items.to_document(item) for item in plan.items]
    shelf.put(PLAN, {"manifest_sha256": plan.manifest_sha256, "is_whole": plan.is_whole, "items": listed})


def get_plan(shelf: Shelf) -> Plan:
    """Returns the plan that was kept.

    Raises:
        CertkitError: S3 refuses, or what is there is no plan.
    """
    return shelf.get(PLAN, _plan)


def before(document: Any) -> Before:  # noqa: ANN401 -- whatever stands there
    """Returns what came of the waves before one.

    Raises:
        ValueError: it is not that.
    """
    match document:
        case {"failed": list(failed), "waiting": list(waiting)} if all(
            isinstance(name, str) for name in (*failed, *waiting)
        ):
            return Before(frozenset(failed), frozenset(waiting))
    raise ValueError("no lists of names")


def result_name(number: int) -> str:
    """Returns what the result of an item is called."""
    return f"items/{number:05}.json"


def lanes_name(wave: int) -> str:
    """Returns what the list of a wave's lanes is called."""
    return f"lanes-{wave}.json"


def before_name(wave: int) -> str:
    """Returns what the document is called that says what came of the waves before one."""
    return f"before-{wave}.json"


def _plan(document: Any) -> Plan:  # noqa: ANN401 -- whatever stands there
    """Returns the plan that `put_plan` made this of.

    Raises:
        ValueError: it made none of it.
    """
    match document:
        case {"manifest_sha256": str(sha256), "is_whole": bool(is_whole), "items": list(listed)}:
            return Plan(sha256, is_whole, tuple(map(items.from_document, listed)))
    raise ValueError("no plan")


def _needed(session: Session, variable: str, example: str) -> str:
    value = session.environment.get(variable, "")
    if not value:
        raise ConfigurationError(f"{variable} is not set", hint=f"such as {example}")
    return value
