"""The wiring of `status --usage`: what uses everything that was seen."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from certkit.cli.progress import track
from certkit.cli.session import Session
from certkit.inventory import Listed
from certkit.usage import Usage

if TYPE_CHECKING:
    from certkit.census import Site


def find(session: Session, certificates: Iterable[Listed], sites: "Sequence[Site]") -> Usage:
    """Asks the services that take certificates from ACM what they use, as the callers that saw the certificates."""
    from certkit.aws import usage

    sessions = {site.account: site.aws for site in reversed(sites)}
    held = [usage.Held(one.summary.arn, one.summary.in_use) for one in certificates if one.summary.arn]
    return usage.find(held, sessions, lambda answers, total: track(session, answers, total, "services"))
