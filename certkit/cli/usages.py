"""The wiring of `status --usage`: what uses everything that was seen."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from certkit.cli.options import StatusFormat
from certkit.cli.progress import track
from certkit.cli.session import Session
from certkit.errors import UsageError
from certkit.inventory import Listed
from certkit.usage import Usage

if TYPE_CHECKING:
    from certkit.census import Site

_FORMATS: Final = frozenset({StatusFormat.TEXT, StatusFormat.JSON, StatusFormat.CSV})


def check(output_format: StatusFormat, *, reaches_aws: bool) -> None:
    """Checks that the options go together.

    Raises:
        UsageError: they do not.
    """
    if output_format not in _FORMATS:
        raise UsageError(f"--usage does not go with --format {output_format}", hint="text, json and csv show usage")
    if not reaches_aws:
        raise UsageError("--usage is about what is in ACM, and SOURCEs alone are asked for", hint="name --region too")


def find(session: Session, certificates: Iterable[Listed], sites: "Sequence[Site]") -> Usage:
    """Asks the services that take certificates from ACM what they use, as the callers that saw the certificates."""
    from certkit.aws import usage

    sessions = {site.account: site.aws for site in reversed(sites)}
    held = [usage.Held(one.summary.arn, one.summary.in_use) for one in certificates if one.summary.arn]
    return usage.find(held, sessions, lambda answers, total: track(session, answers, total, "services"))
