"""The command line: one file per command, each with arguments, one call, a rendering and an exit code."""
