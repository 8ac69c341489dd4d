"""The nightly job where one machine is not enough: AWS Step Functions has many workers do it, each a part.

Three Lambda functions, `certkit.fleet.plan`, `.work` and `.conclude`; `deploy/fleet` has the state machine. What they do is
what `certkit renew` does: a worker runs that, narrowed to one region of one account and some names.
"""

import io
import os
from collections.abc import Callable, Mapping
from typing import Any, TextIO

from certkit.cli.session import Session
from certkit.errors import CertkitError
from certkit.fleet import steps
from certkit.fleet.night import World

__all__ = ["conclude", "plan", "work"]

Step = Callable[[Mapping[str, Any], World], dict[str, Any]]


def plan(event: Mapping[str, Any], context: object) -> dict[str, Any]:
    """Writes down who is to do what; see `certkit.fleet.steps.plan`."""
    del context
    return _take(steps.plan, event)


def work(event: Mapping[str, Any], context: object) -> dict[str, Any]:
    """Does one item; see `certkit.fleet.steps.work`."""
    del context
    return _take(steps.work, event)


def conclude(event: Mapping[str, Any], context: object) -> dict[str, Any]:
    """Looks what came of a wave; see `certkit.fleet.steps.conclude`."""
    del context
    return _take(steps.conclude, event)


def _take(step: Step, event: Mapping[str, Any]) -> dict[str, Any]:
    """Takes a step in the environment of the process; what it fails of is in the log with its way out, and raised again."""
    try:
        return step(event, World(os.environ, _session))
    except CertkitError as error:
        _session(io.StringIO()).report(error)
        raise


def _session(stdout: TextIO) -> Session:
    return Session(stdin=io.BytesIO(), stdout=stdout, asks=False)
