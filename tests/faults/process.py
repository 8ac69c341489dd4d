"""certkit at its next time, so many minutes from now: `python -m tests.faults.process MINUTES ARGUMENT...`.

What may be on its way two minutes long need not be waited for in earnest then, as it need not by a job that runs daily.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta

from certkit.cli.app import main
from certkit.cli.session import Session


def run(minutes: int, arguments: list[str]) -> int:
    """Runs certkit on a clock that is ahead of the machine's; what it waits for takes its time all the same."""
    return main(arguments, Session(clock=lambda: datetime.now(UTC) + timedelta(minutes=minutes)))


if __name__ == "__main__":
    sys.exit(run(int(sys.argv[1]), sys.argv[2:]))
