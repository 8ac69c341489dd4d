"""The wiring of `policy`: for which accounts and regions, from the options and the manifest."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from certkit.cli import configuration, escrows
from certkit.cli.ledgers import table_of
from certkit.cli.options import OutputFormat
from certkit.cli.session import Session
from certkit.errors import UsageError
from certkit.escrow.where import InBucket
from certkit.manifest import Manifest
from certkit.notify.metrics import NAMESPACE
from certkit.policy import Channels, Role, Scope, document
from certkit.region import HOME_REGION, is_region
from certkit.report import policy as report

_ANY: Final = "*"
_ALL: Final = "all"
_ACCOUNT: Final = re.compile(r"[0-9]{12}")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the user asked for; nothing, an empty tuple or None is the manifest's."""

    role: str | None
    regions: tuple[str, ...]
    accounts: tuple[str, ...]
    config: str | None
    sees_usage: bool = False


def show(session: Session, wanted: Wanted, output_format: OutputFormat) -> int:
    """Prints the policies and returns the exit code.

    Raises:
        UsageError: the options name no region or account, or several accounts where one policy is to be printed.
        ConfigurationError: the manifest cannot be read.
    """
    roles = [Role(wanted.role)] if wanted.role else list(Role)
    if not wanted.role and output_format is OutputFormat.TEXT:
        session.show(report.table())
        return 0
    scopes = _scopes(session, wanted)
    policies = [(role, scope.account, document(role, scope)) for role in roles for scope in scopes]
    if output_format is OutputFormat.JSON:
        session.show_document(report.document(policies))
        return 0
    if len(policies) > 1:
        raise UsageError(
            f"{len(policies)} accounts are named, and a policy stands in one: "
            + ", ".join(account for _, account, _ in policies),
            hint="choose one with --account ID, or take all with --format json",
        )
    session.show(report.text(policies[0][2]))
    return 0


def _scopes(session: Session, wanted: Wanted) -> list[Scope]:
    """Returns what the policy of each account is for; the escrow is reached by the caller, and by no role of the manifest.

    Raises:
        UsageError, ConfigurationError: see `show`.
    """
    for account in wanted.accounts:
        if not _ACCOUNT.fullmatch(account):
            raise UsageError(f"--account {account!r} is no account", hint="give its ID, of 12 digits")
    found = configuration.find(wanted.config)
    by_account = places(found, session.environment.get("CERTKIT_REGION") or HOME_REGION)
    everywhere = tuple(sorted({region for regions in by_account.values() for region in regions}))
    table, escrow = table_of(session), escrows.place(session, found.escrow if found else None)
    entered = {account.id for account in (found.accounts if found else ()) if account.role}
    return [
        Scope(
            account,
            _regions(wanted.regions or by_account.get(account, everywhere)),
            table,
            channels(found),
            wanted.sees_usage,
            escrow if isinstance(escrow, InBucket) and account not in entered else None,
        )
        for account in dict.fromkeys(wanted.accounts or sorted(by_account))
    ]


def channels(found: Manifest | None) -> Channels:
    """Returns whom a configuration tells, and by what."""
    if found is None:
        return Channels()
    telling = found.telling
    topics = tuple(dict.fromkeys(one.sns for one in (telling.default, *telling.owners.values()) if one.sns))
    return Channels(topics, telling.events, NAMESPACE if telling.metrics or found.job.heartbeat else None)


def places(manifest: Manifest | None, home: str) -> Mapping[str, tuple[str, ...]]:
    """Returns the regions of each account that a manifest sends certificates to; `*` is the caller's own."""
    found: dict[str, set[str]] = {}
    for spec in manifest.certificates if manifest else ():
        for account in [account.id for account in spec.accounts] or [_ANY]:
            found.setdefault(account, set()).update(spec.regions or (home,))
    if not found:
        return {_ANY: (manifest.regions if manifest else ()) or (home,)}
    return {account: tuple(sorted(regions)) for account, regions in found.items()}


def _regions(names: Sequence[str]) -> tuple[str, ...]:
    for name in names:
        if name != _ALL and not is_region(name):
            raise UsageError(f"{name!r} is no region", hint="name one such as us-east-1, or all")
    return (_ANY,) if _ALL in names else tuple(dict.fromkeys(names))
