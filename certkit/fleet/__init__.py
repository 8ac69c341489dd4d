"""The nightly job where one machine is not enough: AWS Step Functions has many workers do it, each a part.

Three Lambda functions, `certkit.fleet.plan`, `.work` and `.conclude`; `deploy/fleet` has the state machine. What they do is
what `certkit renew` does: a worker runs that, narrowed to one region of one account and some names.
"""

import io
from collections.abc import Callable, Mapping
from typing import Any

from certkit import coredump, function
from certkit.cli.session import Session
from certkit.errors import CertkitError
from certkit.fleet import steps

__all__ = ["conclude", "plan", "work"]

Step = Callable[[Mapping[str, Any], Session], dict[str, Any]]


def plan(event: Mapping[str, Any], context: object) -> dict[str, Any]:
    """Writes down who is to do what; see `certkit.fleet.steps.plan`."""
    return take(steps.plan, event, context)


def work(event: Mapping[str, Any], context: object) -> dict[str, Any]:
    """Does one item; see `certkit.fleet.steps.work`."""
    return take(steps.work, event, context)


def conclude(event: Mapping[str, Any], context: object) -> dict[str, Any]:
    """Looks what came of a wave; see `certkit.fleet.steps.conclude`."""
    return take(steps.conclude, event, context)


def take(step: Step, event: Mapping[str, Any], context: object, session: Session | None = None) -> dict[str, Any]:
    """Takes a step in the environment of the process; what it fails of is in the log with its way out, and raised again.

    Raises:
        CertkitError: the step fails.
        TimeoutError: Lambda's time was up.
    """
    coredump.forbid()
    inside = session or Session(stdin=io.BytesIO(), stdout=io.StringIO(), asks=False)
    with function.in_time(context, inside):
        try:
            return step(event, inside)
        except CertkitError as error:
            inside.report(error)
            raise
