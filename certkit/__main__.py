"""`python -m certkit` and the `certkit` program."""

import sys

from certkit.cli.app import main

__all__ = ["main"]

if __name__ == "__main__":
    sys.exit(main())
