"""The wiring of the ledger: which one, from the options and the environment."""

from pathlib import Path
from typing import TYPE_CHECKING

from certkit.cli.session import Session
from certkit.errors import UsageError
from certkit.ledger import Ledger, NullLedger
from certkit.ledger.sqlite import FILE_NAME, SqliteLedger
from certkit.state import state_folder

if TYPE_CHECKING:
    from certkit.aws.sessions import Session as AwsSession
    from certkit.policy import Table


def open_ledger(session: Session, aws: "AwsSession | None" = None) -> Ledger:
    """Returns the ledger: `--ledger`, else CERTKIT_LEDGER, else a file in the state folder. Nothing is made yet.

    Args:
        aws: the caller's own credentials, where they are at hand.

    Raises:
        UsageError: the options contradict each other, or name none.
        StateUnwritableError: the state folder cannot be made.
    """
    options = session.ledger_options
    if options.no_ledger and options.ledger:
        raise UsageError("--ledger and --no-ledger contradict each other")
    if options.no_ledger:
        return NullLedger()
    where = _where(session)
    if "://" in where:
        return _table(session, where, aws)
    return SqliteLedger(Path(where) if where else state_folder(session.environment) / FILE_NAME, session.clock)


def table_of(session: Session) -> "Table | None":
    """Returns the table that the ledger is in, None where it is none.

    Raises:
        UsageError: that is no table.
    """
    where = _where(session)
    if "://" not in where:
        return None
    from certkit.aws.items import parse
    from certkit.policy import Table
    from certkit.region import HOME_REGION

    name, region = parse(where)
    return Table(name, region or HOME_REGION)


def _where(session: Session) -> str:
    return session.ledger_options.ledger or session.environment.get("CERTKIT_LEDGER") or ""


def _table(session: Session, url: str, aws: "AwsSession | None") -> Ledger:
    """Returns the ledger of a URL, in the home region unless it says otherwise: the same from wherever certkit is run."""
    from certkit.aws.items import parse
    from certkit.aws.table import TableLedger
    from certkit.cli.cloud import Cloud

    table, region = parse(url)
    reached = aws or Cloud(session).aws
    client = reached.dynamodb(region or reached.home_region)
    return TableLedger(client, table, session.clock, session.warn)
