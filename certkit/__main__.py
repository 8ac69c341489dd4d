"""`python -m certkit` and the `certkit` program."""

import gc
import sys
from typing import Final

from certkit import coredump

_ALLOCATIONS: Final = 100_000
"""How many objects may come before the garbage collector looks: imports alone make half of them, and no garbage."""


def main() -> int:
    """Runs certkit with the arguments of the process, and returns the exit code.

    A command takes a tenth of a second, a quarter of which the collector would take to find nothing: so it looks rarely
    while modules are imported, and not at all when the interpreter is taken apart.
    """
    coredump.forbid()
    gc.set_threshold(_ALLOCATIONS)
    from certkit.cli.app import main as run  # noqa: PLC0415 -- after the collector has been told

    code = run()
    gc.freeze()
    return code


if __name__ == "__main__":
    sys.exit(main())
