"""The wiring of `--complete`: fetches the issuers that a bundle lacks, and keeps them for the next run."""

import datetime as dt

from certkit import completion
from certkit.assembly import Wishes, assemble
from certkit.bundle import Addition, Bundle
from certkit.cache import Cache
from certkit.cli.session import Session
from certkit.completion import Library, NotFetched
from certkit.contents import Contents
from certkit.errors import StateUnwritableError
from certkit.sources.web import Web
from certkit.state import cache_folder


def completed(session: Session, bundle: Bundle, contents: Contents, wishes: Wishes, *, allows_private: bool) -> Bundle:
    """Returns the bundle with the issuers that it lacks, as far as they can be fetched, and notes on the others.

    Raises:
        CertkitError: as `assemble`.
    """
    now = session.clock()
    # What was fetched from inside a network is used only where it could be fetched now.
    memory = _cache(session, "private-issuers" if allows_private else "issuers", now)
    library = Library(Web(allows_private=allows_private).fetch, memory, now)
    found = list(completion.missing_issuers((bundle.leaf, *bundle.whole_chain)[-1], library))
    additions = tuple(one for one in found if isinstance(one, Addition))
    if additions:
        bundle = assemble(contents, now, wishes._replace(additions=(*wishes.additions, *additions)))
    failures = tuple(one.why for one in found if isinstance(one, NotFetched))
    notes = tuple(f"incomplete: {why}" for why in failures)
    return bundle._replace(incomplete=failures, notes=(*bundle.notes, *notes))


def _cache(session: Session, name: str, now: dt.datetime) -> Cache | None:
    """Returns what was fetched before; None where there is no folder for it, as in a container without a home."""
    try:
        return Cache(cache_folder(session.environment) / name, now)
    except StateUnwritableError:
        return None
