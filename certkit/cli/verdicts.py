"""Shows what `validate` found, in the form that was asked for."""

from collections.abc import Iterable, Iterator, Sequence

from certkit.cli import batch
from certkit.cli.jobs import Job, Outcome
from certkit.cli.judging import Judging
from certkit.cli.options import ReportFormat
from certkit.cli.session import Session
from certkit.judgement import Failure, Judgement
from certkit.waiver import Waiver


def show(session: Session, finished: Iterable[Outcome], judging: Judging) -> int:
    """Shows what came of all SOURCEs, line by line as it comes or in one document, and returns the exit code."""
    code = 0
    kept: list[Judgement | Failure] = []
    used, unused = set[Waiver](), set[Waiver]()
    for outcome in finished:
        code = max(code, outcome.exit_code)
        verdict = _verdict(outcome)
        if isinstance(verdict, Judgement):
            used |= verdict.used
            unused |= verdict.unused
        if judging.output_format in {ReportFormat.TEXT, ReportFormat.GITHUB}:
            _show_lines(session, verdict, judging.output_format)
        else:
            kept.append(verdict)
    if kept:
        session.show(_document(kept, judging, code))
    _note_unused(session, judging, used, unused)
    return code


def outcomes(session: Session, jobs: Sequence[Job], output_format: ReportFormat) -> Iterator[Outcome]:
    """Yields what comes of each job; for continuous integration, that an only SOURCE cannot be read is an outcome as well.

    Raises:
        CertkitError: in text and JSON, where the only SOURCE cannot be read.
    """
    if output_format in {ReportFormat.TEXT, ReportFormat.JSON}:
        return batch.run(session, jobs)
    return batch.run_each(session, jobs)


def _verdict(outcome: Outcome) -> Judgement | Failure:
    if outcome.error:
        return Failure(outcome.source, outcome.error)
    if not isinstance(outcome.value, Judgement):
        raise TypeError("a job of validate judges")
    return outcome.value


def _show_lines(session: Session, verdict: Judgement | Failure, output_format: ReportFormat) -> None:
    if output_format is ReportFormat.GITHUB:
        from certkit.report import github

        session.show(github.text(verdict))
    elif isinstance(verdict, Failure):
        session.report(verdict.error)
    else:
        from certkit.report import validate as report

        session.show(report.text(verdict))


def _document(verdicts: Sequence[Judgement | Failure], judging: Judging, code: int) -> str:
    from certkit.report import machine

    if judging.output_format is ReportFormat.JUNIT:
        from certkit.report import junit

        return junit.document(verdicts, judging.criteria, judging.fail_on)
    if judging.output_format is ReportFormat.SARIF:
        from certkit.report import sarif

        return machine.json_text(sarif.document(verdicts, judging.criteria, code))
    from certkit.report import validate as report

    return machine.json_text(report.document(map(report.item, verdicts)))


def _note_unused(session: Session, judging: Judging, used: set[Waiver], unused: set[Waiver]) -> None:
    """Says which waivers have nothing to waive any more; those for bundles that were not looked at are not meant."""
    for waiver in judging.waivers:
        if waiver in unused - used and waiver.rule in judging.rules:
            session.say(f"certkit: note: the waiver of {waiver.rule} for {waiver.match} waives nothing")
