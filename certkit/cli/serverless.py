"""The wiring of `schedule lambda`: from the manifest to the templates that AWS deploys."""

import datetime as dt
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from certkit.aws.partitions import home_of, partition_of
from certkit.cli import ledgers, policies
from certkit.cli.session import Session
from certkit.errors import ConfigurationError, InputUnreadableError, UsageError
from certkit.manifest import Account, Manifest
from certkit.notify.metrics import NAMESPACE
from certkit.region import HOME_REGION
from certkit.schedule import Function, Members, Program, grants, lambda_files
from certkit.sources.store import S3Object, parse

_ZIP: Final = re.compile(r".*(python3\.[0-9]+)-(arm64|x86_64)\.zip")
"""What `make lambda` calls a layer: compiled files are for one Python alone, and cryptography is for one processor."""

_RUNTIME: Final = "python3.13"
_ARCHITECTURE: Final = "arm64"
_BESIDE: Final = "certkit.toml"
_LONGEST: Final = dt.timedelta(days=1)
"""https://docs.aws.amazon.com/scheduler/latest/APIReference/API_FlexibleTimeWindow.html."""


@dataclass(frozen=True, slots=True)
class When:
    """When the job begins, in UTC, and within what time after that."""

    hour: int
    minute: int
    window: dt.timedelta


def files(
    session: Session, found: Manifest, when: When, package: str, uri: str | None, out: str | None
) -> Mapping[str, str]:
    """Returns the templates and what goes with them, by their names within their folder.

    Args:
        package: what pip installs, or the zip of `make lambda`.
        uri: where the manifest will be in S3; None where it goes with the function.
        out: the folder of the template, None where it is shown.

    Raises:
        UsageError, ConfigurationError: the options cannot be used, or the manifest cannot on another machine.
        InputUnreadableError: the manifest cannot be read again.
    """
    _check(found)
    if when.window > _LONGEST:
        raise UsageError("--jitter: a day is the most on Lambda")
    if uri is not None and not (uri.startswith("s3://") and isinstance(parse(uri), S3Object)):
        raise UsageError(f"--manifest-uri {uri!r} is none", hint="s3://BUCKET/KEY")
    _warn(session, found)
    function = Function(
        program=_program(package, out),
        command=found.job.command,
        manifest=uri or _BESIDE,
        hour=when.hour,
        minute=when.minute,
        window=-(-int(when.window.total_seconds()) // 60),
        job=found.job.name,
        namespace=NAMESPACE,
        regions=_regions(found, *_own(found)),
        channels=replace(policies.channels(found), metrics=NAMESPACE),
        grants=tuple(grants.statements(found, (uri,) if uri else ())),
        table=ledgers.table_of(session),
        home=home_of(partition_of(next(iter(found.regions), HOME_REGION))),
    )
    return lambda_files(function, _text(found), package, _members(session, found))


def _check(found: Manifest) -> None:
    """Checks that a function can do what a manifest says, and that its silence will be noticed.

    Raises:
        ConfigurationError: it cannot.
    """
    for where, source in grants.left_behind(found):
        raise ConfigurationError(
            f"{found.path}: {where}: {source} is on this machine, and the job will run on another",
            hint="put it into AWS, and name it by s3://, secretsmanager:// or ssm:///",
        )
    if not found.job.heartbeat:
        raise ConfigurationError(
            f"{found.path}: without a heartbeat the alarm on a silent job would never be still",
            hint="write into it: [job], and below it heartbeat = true",
        )


def _warn(session: Session, found: Manifest) -> None:
    """Says what may not be there when the job runs."""
    for spec in found.certificates:
        commands = {name: getattr(spec.renewal, name) for name in ("command", "pre", "post", "on_failure")}
        for program in sorted({command[0] for command in commands.values() if command}):
            session.warn(f"{spec.name}: a function has no {program} unless a layer of yours brings it")


def _program(package: str, out: str | None) -> Program:
    if not package.endswith(".zip"):
        return Program("program", _RUNTIME, _ARCHITECTURE, is_ready=False)
    match = _ZIP.fullmatch(Path(package).name)
    if not match:
        raise UsageError(
            f"--package {package}: its name does not say which Python it is for", hint="as make lambda wrote it"
        )
    if not Path(package).is_file():
        raise UsageError(f"--package {package}: there is no such file", hint="make lambda writes one into dist")
    where = os.path.relpath(package, out) if out is not None else str(Path(package).absolute())
    return Program(where, match[1], match[2], is_ready=True)


def _own(found: Manifest) -> Iterator[Account | None]:
    yield None
    yield from (account for account in found.accounts if account.role is None)


def _regions(found: Manifest, *accounts: Account | None) -> tuple[str, ...]:
    """Returns the regions in which any of these accounts gets certificates, sorted; None is the caller's own."""
    wanted = set(accounts)
    regions = {
        region
        for spec in found.certificates
        if wanted & set(spec.accounts or (None,))
        for region in spec.regions or (HOME_REGION,)
    }
    return tuple(sorted(regions))


def _members(session: Session, found: Manifest) -> Members | None:
    """Returns the accounts that certificates go to by a role, None where there is none."""
    members = [account for account in found.accounts if account.role]
    regions = _regions(found, *members)
    if not regions:
        return None
    roles = dict.fromkeys(f"/{(account.role or '').partition(':role/')[2]}" for account in members)
    if len(roles) > 1:
        session.warn(f"the roles have several names, and members.yaml makes one: {', '.join(roles)}")
    for account in members:
        if not account.external_id:
            session.warn(f"accounts.{account.name}: members.yaml asks for an external_id")
    ids = {account.external_id for account in members}
    path, _, name = next(iter(roles)).rpartition("/")
    return Members(name, f"{path}/", ids.pop() if len(ids) == 1 else None, regions)


def _text(found: Manifest) -> str:
    try:
        return found.path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputUnreadableError(f"{found.path}: it cannot be read") from error
