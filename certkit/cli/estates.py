"""The wiring of `adopt --all`: everything that is in ACM, as a manifest, and tagged where that is wanted."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from certkit.adoption import Adopted, Held, adopt
from certkit.aws.acm import Acm
from certkit.cli import accounts, conduct, configuration, deploying
from certkit.cli.adopting import want_as_it_is
from certkit.cli.cloud import Cloud
from certkit.cli.conduct import Conduct
from certkit.cli.deploying import Step
from certkit.cli.options import OutputFormat
from certkit.cli.session import Session
from certkit.errors import CertkitError, OutputExistsError
from certkit.files import File, write_set
from certkit.manifest import Account
from certkit.parallel import in_order
from certkit.record import IMPORTED
from certkit.report import adopt as report
from certkit.report import imports
from certkit.report.imports import Told
from certkit.target import Failure

_PARALLEL: Final = 8
"""Regions asked at a time; the rates hold for each region on its own."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user asked `adopt --all` for.

    Attributes:
        config: the configuration, whose accounts are looked at.
        out: where the manifest goes, None for standard output.
        tags: whether everything that the manifest names is tagged too.
        force: whether a file may be replaced.
    """

    config: str | None
    out: Path | None
    tags: bool
    force: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """What was found in all accounts.

    Attributes:
        clients: ACM and the ARN of the caller, by account and region.
        problems: what could not be seen, each in a line.
    """

    adopted: tuple[Adopted, ...]
    clients: Mapping[tuple[str, str], tuple[Acm, str]]
    problems: tuple[str, ...]


def adopt_all(session: Session, wish: Wish, output_format: OutputFormat) -> int:
    """Writes the manifest for everything that is seen, tags it if that is wanted, and returns the exit code.

    Raises:
        OutputExistsError: the file is there.
        ReadOnlyError: CERTKIT_READ_ONLY forbids the tags.
        CertkitError: AWS cannot be reached at all, or the file cannot be written.
    """
    if wish.out and wish.out.exists() and not wish.force:
        raise OutputExistsError(
            f"{wish.out} already exists", hint="name another file with --out, or replace with --force"
        )
    found = configuration.find(wish.config)
    known = found.accounts if found else ()
    cloud = Cloud(session, configuration.regions(found))
    seen = _look(session, cloud, known)
    behaviour = conduct.writing(session, "adopt", "certkit adopt --all without --tag", cloud.aws)
    steps, failures = _steps(behaviour, seen) if wish.tags else ([], [])
    deploying.check_read_only(behaviour, steps)
    text = report.manifest_text(seen.adopted, known)
    if wish.out:
        write_set(wish.out.absolute().parent, {wish.out.name: File(text.encode())}, force=wish.force)
        session.say(f"certkit: the manifest is in {wish.out}")
    outcomes: list[Told] = [(failed, ()) for failed in failures]
    outcomes += [(outcome, ()) for _, outcome in deploying.carry_out_all(behaviour, steps)]
    _show(session, wish, text, outcomes, output_format)
    _tell(session, wish, seen)
    return CertkitError.exit_code if seen.problems or any(outcome.error for outcome, _ in outcomes) else 0


def _show(session: Session, wish: Wish, text: str, outcomes: Sequence[Told], output_format: OutputFormat) -> None:
    if output_format is OutputFormat.JSON:
        session.show_document(report.document(outcomes, text))
        return
    if wish.out is None:
        session.show(text.rstrip("\n"))
    for outcome, _ in outcomes:
        session.say("certkit: " + " ".join(imports.text(outcome).split()))


def _tell(session: Session, wish: Wish, seen: Seen) -> None:
    untagged = len(list(_untagged(seen)))
    if untagged and not wish.tags:
        session.say(f"certkit: {untagged} of them certkit does not know yet: certkit adopt --all --tag tags them")
    for problem in seen.problems:
        session.warn(problem)


def _steps(behaviour: Conduct, seen: Seen) -> tuple[list[Step], list[Failure]]:
    """Decides on the tags of everything that has none; one that cannot be read stops no other."""
    steps: list[Step] = []
    failures: list[Failure] = []
    for name, member in _untagged(seen):
        try:
            steps.append(deploying.decide(behaviour, want_as_it_is(*seen.clients[member.site], member.arn, name)))
        except CertkitError as error:
            failures.append(Failure(name, *member.site, error, arn=member.arn))
    return steps, failures


def _untagged(seen: Seen) -> Iterator[tuple[str, Held]]:
    for one in seen.adopted:
        yield from ((one.name, member) for member in one.members if member.name is None)


def _look(session: Session, cloud: Cloud, known: Sequence[Account]) -> Seen:
    """Looks at every region of every account, in parallel.

    Raises:
        AwsError: there is no caller at all.
    """
    regions = cloud.regions_to_read()
    present = accounts.enter(cloud, known or [None], regions[0])
    problems = [
        f"{account.name if account else 'the account'} was not seen: {presence.message}"
        for account, presence in present.items()
        if isinstance(presence, CertkitError)
    ]
    clients = {
        (presence.identity.account, region): (Acm(presence.aws, region), presence.identity.arn)
        for presence in present.values()
        if not isinstance(presence, CertkitError)
        for region in regions
    }
    asked = (partial(_held, account, acm) for (account, _), (acm, _) in clients.items())
    looks = list(in_order(asked, _PARALLEL))
    held = [one for found, _ in looks for one in found]
    problems += [problem for _, told in looks for problem in told]
    session.say(f"certkit: regions looked at: {len(clients)}, imported certificates in them: {len(held)}")
    return Seen(adopt(held), clients, tuple(problems))


def _held(account: str, acm: Acm) -> tuple[list[Held], list[str]]:
    """Returns what was imported into one region, with names and leaves as ACM itself has them, and what cannot be seen."""
    held: list[Held] = []
    problems: list[str] = []
    try:
        listed = [summary for summary in acm.summaries() if summary.kind == IMPORTED]
    except CertkitError as error:
        return [], [f"{acm.region} of {account} was not seen: {error.message}"]
    for summary in listed:
        try:
            sha256 = hashlib.sha256(acm.leaf_der(summary.arn)).hexdigest()
            name = acm.name_of(summary.arn)
        except CertkitError as error:
            problems.append(error.message)
            continue
        not_after, imported_at = summary.not_after, summary.imported_at
        held.append(Held(summary.arn, account, acm.region, summary.domain, sha256, not_after, imported_at, name))
    return held, problems
