"""The wiring of `schedule`: the options checked against where the job runs, and the files of its definition."""

import re
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from certkit import __version__, schedule
from certkit.cli import configuration, serverless
from certkit.cli.options import OutputFormat
from certkit.cli.serverless import When
from certkit.cli.session import Session
from certkit.errors import UsageError
from certkit.expiry import parse_threshold
from certkit.files import File, write_set
from certkit.report import one_line
from certkit.report import schedule as report
from certkit.schedule import FOLDER, Job, Kind

_TIME: Final = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")
_ELSEWHERE: Final = frozenset({Kind.KUBERNETES, Kind.GITHUB, Kind.LAMBDA})
"""The kinds that run the job on another machine, which does not outlive it."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user asked for, as the options of `schedule` have it."""

    kind: Kind
    manifest: str | None
    config: str | None
    at: str
    jitter: str
    role: str | None
    image: str | None
    secrets: tuple[str, ...]
    package: str | None
    manifest_uri: str | None


def run(session: Session, wish: Wish, out: str | None, output_format: OutputFormat, *, force: bool) -> int:
    """Writes the job's definition, to standard output where no folder is named, and returns the exit code.

    Raises:
        UsageError, ConfigurationError: the manifest or the options cannot be used.
        OutputExistsError, OutputUnwritableError: nothing was written.
    """
    _check_options(wish)
    files = _lambda(session, wish, out) if wish.kind is Kind.LAMBDA else schedule.files(wish.kind, _job(session, wish))
    if out is not None:
        for name, text in files.items():
            path = Path(out, name)
            write_set(path.parent, {path.name: File(text.encode())}, force=force)
            session.say(f"certkit: wrote {path}")
    if output_format is OutputFormat.JSON:
        session.show_document(report.document(wish.kind, files))
    elif out is None:
        session.show(report.text(files))
    return 0


def _job(session: Session, wish: Wish) -> Job:
    found = configuration.manifest(wish.manifest, wish.config)
    when = _when(wish)
    return Job(
        program=_program(),
        package=_package(wish),
        manifest=_manifest(wish.kind, found.path),
        hour=when.hour,
        minute=when.minute,
        jitter=wish.jitter,
        ledger=_ledger(session, wish.kind),
        role=wish.role,
        image=wish.image or "",
        secrets=wish.secrets,
    )


def _lambda(session: Session, wish: Wish, out: str | None) -> Mapping[str, str]:
    found = configuration.manifest(wish.manifest, wish.config)
    _ledger(session, wish.kind)
    return serverless.files(session, found, _when(wish), _package(wish), wish.manifest_uri, out)


def _when(wish: Wish) -> When:
    match = _TIME.fullmatch(wish.at)
    if not match:
        raise UsageError(f"--at {wish.at!r} is no time of the day", hint="give a time, such as 03:17")
    window = parse_threshold(wish.jitter).left
    if window is None:
        raise UsageError(f"--jitter {wish.jitter!r} is no time", hint="give a time, such as 30m")
    return When(int(match[1]), int(match[2]), window)


def _package(wish: Wish) -> str:
    return wish.package or f"certkit=={__version__}"


def _check_options(wish: Wish) -> None:
    """Checks that every option has a meaning where the job is to run, and that none is missing there."""
    meant = {
        "--image": (wish.image, {Kind.KUBERNETES}),
        "--secret": (wish.secrets, {Kind.KUBERNETES}),
        "--role-arn": (wish.role, {Kind.KUBERNETES, Kind.GITHUB}),
        "--package": (wish.package, {Kind.GITHUB, Kind.LAMBDA}),
        "--manifest-uri": (wish.manifest_uri, {Kind.LAMBDA}),
    }
    for option, (value, kinds) in meant.items():
        if value and wish.kind not in kinds:
            raise UsageError(f"{option} goes with {' or '.join(sorted(kinds))}, not with {wish.kind}")
    if wish.kind is Kind.KUBERNETES and not wish.image:
        raise UsageError("--image is missing", hint="name an image in which `certkit` can be run")
    if wish.kind is Kind.GITHUB and not wish.role:
        raise UsageError(
            "--role-arn is missing", hint="name the role that trusts this repository, by GitHub's OIDC provider in IAM"
        )


def _program() -> str:
    """Returns certkit's own whole path: a job has a shorter PATH than people have."""
    beside = Path(sys.executable).parent / "certkit"
    return str(beside) if beside.is_file() else shutil.which("certkit") or "certkit"


def _manifest(kind: Kind, path: Path) -> str:
    if kind is Kind.KUBERNETES:
        return f"{FOLDER}/{path.name}"
    name = str(path if kind is Kind.GITHUB else path.absolute())
    if not name.isprintable():
        raise UsageError(f"{one_line(name)}: no job can name such a path", hint="call the file certkit.toml")
    return name


def _ledger(session: Session, kind: Kind) -> str | None:
    where = session.ledger_options.ledger or session.environment.get("CERTKIT_LEDGER")
    if not where or "://" in where:
        return where or None
    if kind in _ELSEWHERE:
        raise UsageError(f"--ledger {where}: a file does not outlive the job", hint="such as dynamodb://certkit")
    return str(Path(where).absolute())
