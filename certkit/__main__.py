"""`python -m certkit` and the `certkit` program."""

import gc
import sys
from typing import Final

_ALLOCATIONS: Final = 100_000
"""How many objects may come before the garbage collector looks: imports alone make half of them, and no garbage."""


def main() -> int:
    """Runs certkit with the arguments of the process, and returns the exit code.

    A command takes a tenth of a second, a quarter of which the collector would take to find nothing: so it looks rarely
    while modules are imported, and not at all when the interpreter is taken apart.
    """
    _leave_no_core()
    gc.set_threshold(_ALLOCATIONS)
    from certkit.cli.app import main as run  # noqa: PLC0415 -- after the collector has been told

    code = run()
    gc.freeze()
    return code


def _leave_no_core() -> None:
    """Has the system write no image of this process should it crash: keys and passwords would stand in it.

    What certkit runs inherits that, and may lift it again: the hard limit stays.
    """
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 -- Windows has none

        resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))


if __name__ == "__main__":
    sys.exit(main())
