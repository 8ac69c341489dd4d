"""Many SOURCEs in one call: each handled whole or not at all, in parallel where there are many of them."""

import os
import signal
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final

from certkit.cli.jobs import Job, Outcome
from certkit.cli.options import OutputFormat
from certkit.cli.session import Session
from certkit.errors import CertkitError, PasswordMissingError
from certkit.report import failure

_WORTH_PROCESSES: Final = 24
"""From how many bundles on starting processes pays: each costs about as long as a dozen bundles."""


def run(session: Session, jobs: Sequence[Job]) -> Iterator[Outcome]:
    """Yields what came of each job, in their order, with a progress bar on a terminal.

    Raises:
        CertkitError: the only job failed; of several, each failure is an outcome.
    """
    if len(jobs) == 1:
        yield jobs[0](session)
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
    processes = min(os.cpu_count() or 1, len(jobs) // _WORTH_PROCESSES + 1)
    if processes == 1 or any(job.source == "-" for job in jobs):
        silent = session.without_questions()
        yield from (_attempt(job, silent) for job in jobs)
        return
    from concurrent.futures import ProcessPoolExecutor

    with ProcessPoolExecutor(processes, initializer=_leave_signals_to_the_parent) as pool:
        yield from pool.map(_attempt, jobs, chunksize=8)


def _leave_signals_to_the_parent() -> None:
    """Has a process of the pool finish what it is at when the terminal interrupts all of them; the parent ends it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)


def _attempt(job: Job, session: Session | None = None) -> Outcome:
    """Carries out one job, in a process of its own where there is no `session`."""
    try:
        return job(session or Session().without_questions())
    except CertkitError as error:
        item = {"source": job.source, "error": failure.detail(error)}
        return Outcome(job.source, item, "", error, exit_code=CertkitError.exit_code)
