"""`python -m tests.faults`: the whole campaign, on all processors; with `naive`, of a client that must fail."""

from __future__ import annotations

import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from itertools import chain
from multiprocessing import get_context

from tests.faults.share import play
from tests.faults.table import table


def main(arguments: list[str]) -> int:
    """Prints the table; 1 where something was violated."""
    start = time.monotonic()
    workers = os.cpu_count() or 1
    with ProcessPoolExecutor(workers, get_context("spawn")) as pool:
        parts = pool.map(play, range(workers), [workers] * workers, ["naive" in arguments] * workers)
        numbered = sorted(chain.from_iterable(parts), key=lambda pair: pair[0])
    rows = [row for _, row in numbered]
    print(*table(rows), f"{time.monotonic() - start:.0f} s", sep="\n")  # noqa: T201 -- what `make faults` shows
    return 1 if any(row.violations for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
