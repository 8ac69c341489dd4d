"""The tables of waves and freezes to their values."""

from collections.abc import Mapping
from types import MappingProxyType

from certkit.errors import CertkitError
from certkit.freeze import Freeze, Recurring, Span, parse_zone, time_between
from certkit.manifest import keys
from certkit.manifest.accounts import named
from certkit.manifest.spec import Account
from certkit.manifest.table import Table
from certkit.waves import Waves


def waves(table: Table, accounts: Mapping[str, Account]) -> Waves:
    """Returns in which order places get their certificates.

    Raises:
        ConfigurationError: it says something that it may not.
    """
    table.check([key.name for key in keys.WAVES_KEYS])
    return Waves(
        accounts=MappingProxyType({one.id: one.wave for one in accounts.values() if one.wave > 1}),
        regions=table.get(keys.WAVE_REGIONS) or MappingProxyType({}),
        pause=table.get(keys.PAUSE) or Waves().pause,
        limit=table.get(keys.MAX_FAILURES),
    )


def freezes(top: Table, accounts: Mapping[str, Account]) -> tuple[Freeze, ...]:
    """Returns when nothing is written.

    Raises:
        ConfigurationError: one says something that it may not.
    """
    return tuple(_freeze(one, accounts) for one in top.tables("freeze"))


def _freeze(table: Table, accounts: Mapping[str, Account]) -> Freeze:
    table.check([key.name for key in keys.FREEZE_KEYS])
    return Freeze(
        time=_time(table),
        reason=table.need(keys.FREEZE_REASON),
        match=table.get(keys.FREEZE_MATCH) or "*",
        accounts=tuple(one.id for one in named(table, keys.FREEZE_ACCOUNTS, accounts)),
        break_within=table.get(keys.BREAK_WITHIN),
    )


def _time(table: Table) -> Span | Recurring:
    begin, end = table.need(keys.FROM), table.need(keys.FREEZE_UNTIL)
    try:
        return time_between(begin, end, table.get(keys.TIME_ZONE) or parse_zone("UTC"))
    except CertkitError as error:
        raise table.error(keys.FREEZE_UNTIL.name, error.message, error.hint) from error
