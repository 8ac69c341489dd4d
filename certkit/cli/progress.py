"""A progress bar, on a terminal and nowhere else."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

from certkit.cli.session import Session

Item = TypeVar("Item")


def track(session: Session, items: Iterable[Item], total: int) -> Iterator[Item]:
    """Yields `items` as they come; on a terminal a bar on standard error shows how far it is."""
    if session.quiet or not session.stderr.isatty():
        yield from items
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(
        console=Console(file=session.stderr, no_color=not session.has_color(session.stderr)), transient=True
    ) as bar:
        yield from bar.track(items, total=total, description="bundles")
