"""What a Lambda function may be asked for: an event to a command line. No I/O.

An event is `{}`, or `{"command": ["renew", "--only", "shop"]}`. Whoever may invoke the function may say no more than that: what
is to be in ACM, who writes it, and which ledger is kept stand in the function's own environment. An event cannot name a
manifest, because a manifest can name programs.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from certkit.errors import UsageError

OPTIONS: Final[Mapping[str, Mapping[str, bool]]] = {
    "renew": {"--only": True, "--dry-run": False},
    "apply": {"--only": True, "--expect": True, "--allow": True, "--wait": False},
    "plan": {"--only": True, "--check": False},
    "status": {"--region": True, "--account": True, "--within": True, "--findings": False, "--notify": False},
    "doctor": {},
}
"""The commands, their options, and whether a value follows. None names a file, a ledger, or somebody to be."""

COMMON: Final[Mapping[str, bool]] = {"--quiet": False, "--verbose": False}

_DEFAULT: Final = ("renew",)
_POSITIONAL: Final = frozenset({"renew", "apply", "plan"})
"""The commands that take the manifest as an argument; the others take `--config`."""


def command_line(event: object, manifest: str) -> list[str]:
    """Returns the arguments of certkit for an event.

    Raises:
        UsageError: it asks for anything but the commands and options of `OPTIONS`.
    """
    command, *options = _words(event)
    if command not in OPTIONS:
        raise UsageError(f"the event: {command!r} is no command of a function", hint=f"one of {', '.join(OPTIONS)}")
    _check(command, options)
    where = [manifest] if command in _POSITIONAL else ["--config", manifest]
    return [command, *where, *options, "--format", "json"]


def _words(event: object) -> Sequence[str]:
    if event is None or event == {}:
        return _DEFAULT
    words: Any = event.get("command") if isinstance(event, Mapping) and set(event) == {"command"} else None
    if not isinstance(words, list) or not words or not all(isinstance(word, str) for word in words):
        raise UsageError("the event is none of certkit's", hint='{} or {"command": ["renew", "--only", "shop"]}')
    return words


def _check(command: str, options: Sequence[str]) -> None:
    known = {**OPTIONS[command], **COMMON}
    rest = iter(options)
    for word in rest:
        name, mark, _ = word.partition("=")
        if name not in known or (mark and not known[name]):
            raise UsageError(f"the event: {command} takes no {name!r} in a function", hint=f"one of {', '.join(known)}")
        # A value of its own behind it, which must not be an option that nobody has looked at.
        if known[name] and not mark and next(rest, "-").startswith("-"):
            raise UsageError(f"the event: {name} has no value")
