"""The image of a process that a system writes when it crashes: keys and passwords would stand in it."""

import sys


def forbid() -> None:
    """Has the system write none of this process.

    What certkit runs inherits that, and may lift it again: the hard limit stays.
    """
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 -- Windows has none

        resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
