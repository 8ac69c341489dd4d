"""Many SOURCEs in one call: each handled whole or not at all, in parallel where there are many of them."""

import datetime as dt
import os
import signal
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Final

from certkit.cli.jobs import Job, Outcome
from certkit.cli.options import OutputFormat
from certkit.cli.session import Session
from certkit.errors import CertkitError, PasswordMissingError
from certkit.report import failure
from certkit.sources import is_remote

_WORTH_PROCESSES: Final = 24
"""The number of bundles from which processes pay off: each takes as long to start as a dozen bundles take."""

_AT_ONCE: Final = 16
"""The most bundles that a process is handed at once: their results come back together, and are shown only then."""

_MOST_PROCESSES: Final = 61
"""Windows waits for no more: https://docs.python.org/3/library/concurrent.futures.html#processpoolexecutor."""

_TURNS: Final = 8
"""The least turns that each process gets, so that none is idle for long while another works off the last bundles."""


def run(session: Session, jobs: Sequence[Job]) -> Iterator[Outcome]:
    """Yields what came of each job, in their order, with a progress bar on a terminal.

    Raises:
        CertkitError: the only job failed; of several, each failure is an outcome.
    """
    if len(jobs) == 1:
        yield jobs[0](session)
        return
    yield from run_each(session, jobs)


def run_each(session: Session, jobs: Sequence[Job]) -> Iterator[Outcome]:
    """Yields what came of each job as `run` does; a failure is an outcome also where there is one job only."""
    if len(jobs) == 1:
        outcome = _attempt(jobs[0], session)
        yield outcome._replace(exit_code=outcome.error.exit_code) if outcome.error else outcome
        return
    from certkit.cli.progress import track

    for job, outcome in zip(jobs, track(session, _outcomes(session, jobs), len(jobs)), strict=True):
        if isinstance(outcome.error, PasswordMissingError) and session.can_ask:
            yield _attempt(job, session)
        else:
            yield outcome


def show(
    session: Session,
    outcomes: Iterable[Outcome],
    document: Callable[[Iterable[Mapping[str, object]]], dict[str, object]],
    output_format: OutputFormat,
) -> int:
    """Shows what came of all SOURCEs, in text as it comes, and returns the exit code."""
    code, items = 0, []
    for outcome in outcomes:
        code = max(code, outcome.exit_code)
        if output_format is OutputFormat.JSON:
            items.append(outcome.item)
        elif outcome.error:
            session.report(outcome.error)
        else:
            session.show(outcome.text)
    if output_format is OutputFormat.JSON:
        session.show_document(document(items))
    return code


def _outcomes(session: Session, jobs: Sequence[Job]) -> Iterator[Outcome]:
    processes = min(os.cpu_count() or 1, _MOST_PROCESSES, len(jobs) // _WORTH_PROCESSES + 1)
    if processes == 1 or any(job.source == "-" or is_remote(job.source) for job in jobs):
        silent = session.without_questions()
        yield from (_attempt(job, silent) for job in jobs)
        return
    from concurrent.futures import ProcessPoolExecutor

    attempt = partial(_attempt_elsewhere, session.clock(), (session.quiet, session.verbose, session.debug))
    with ProcessPoolExecutor(processes, initializer=_begin_to_work) as pool:
        for outcomes in pool.map(attempt, _handfuls(jobs, processes)):
            yield from outcomes


def _handfuls(jobs: Sequence[Job], processes: int) -> Iterator[Sequence[Job]]:
    size = max(1, min(_AT_ONCE, len(jobs) // (processes * _TURNS)))
    return (jobs[start : start + size] for start in range(0, len(jobs), size))


def _begin_to_work() -> None:
    """Readies a process of the pool for many bundles."""
    _leave_signals_to_the_parent()
    from certkit.formats import libcrypto

    libcrypto.derivation()  # from then on each PFX of 2,048 iterations opens half a millisecond sooner


def _leave_signals_to_the_parent() -> None:
    """Has a process of the pool finish what it is at when the terminal interrupts all of them; the parent ends it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)


def _attempt_elsewhere(now: dt.datetime, talk: tuple[bool, bool, bool], jobs: Sequence[Job]) -> list[Outcome]:
    """Carries out some jobs in another process; all of them judge by the same `now`."""
    quiet, verbose, debug = talk
    session = Session(clock=lambda: now, quiet=quiet, verbose=verbose, debug=debug).without_questions()
    return [_attempt(job, session) for job in jobs]


def _attempt(job: Job, session: Session) -> Outcome:
    try:
        return job(session)
    except CertkitError as error:
        item = {"source": job.source, "error": failure.detail(error)}
        return Outcome(job.source, item, "", error, exit_code=CertkitError.exit_code)
