"""The tables of accounts to their values, and the accounts that other tables name."""

from collections.abc import Mapping

from certkit.manifest import keys
from certkit.manifest.keys import Key
from certkit.manifest.spec import Account
from certkit.manifest.table import Table
from certkit.selection import nearest


def read(table: Table) -> Mapping[str, Account]:
    """Returns the accounts by what the manifest calls them.

    Raises:
        ConfigurationError: one says something that it may not.
    """
    accounts: dict[str, Account] = {}
    for name in table.values:
        own = table.table(name).check([key.name for key in keys.ACCOUNT_KEYS])
        account = _account(name, own)
        _check(own, account, accounts)
        accounts[name] = account
    return accounts


def named(table: Table, key: Key[tuple[str, ...]], accounts: Mapping[str, Account]) -> tuple[Account, ...]:
    """Returns the accounts that a table names under a key.

    Raises:
        ConfigurationError: there is no account of one of the names.
    """
    names = table.get(key) or ()
    for name in names:
        if name not in accounts:
            hint = nearest(name, accounts, f"write [accounts.{name}] with its id")
            raise table.error(key.name, f"there is no account {name!r}", hint)
    return tuple(accounts[name] for name in names)


def _account(name: str, own: Table) -> Account:
    number, wave = own.need(keys.ACCOUNT_ID), own.get(keys.WAVE)
    return Account(name, number, own.get(keys.ROLE), own.get(keys.EXTERNAL_ID), wave or 1)


def _check(table: Table, account: Account, others: Mapping[str, Account]) -> None:
    twin = next((other.name for other in others.values() if other.id == account.id), None)
    if twin is not None:
        raise table.error("id", f"{account.id} is the account {twin!r} already")
    if account.role and account.role.split(":")[4] != account.id:
        raise table.error("role", f"the role is in account {account.role.split(':')[4]}, not in {account.id}")
    if account.external_id and not account.role:
        raise table.error("external_id", "there is no role that could ask for it", "name it with role =")
