"""What a key of the manifest may hold beside one text: flags, numbers, times, lists and tables, read as `texts` are."""

import datetime as dt
import re
from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Any, Final

from certkit import hosts, tags
from certkit.errors import ConfigurationError, UsageError
from certkit.freeze import Moment, parse_mark
from certkit.manifest.texts import REGION, kind, path, text
from certkit.rules.services import SERVICES
from certkit.waves import Limit, parse_limit

ENDPOINT_PATTERN: Final = r"([A-Za-z0-9_.-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?"
JOB_COMMANDS: Final = ("renew", "apply")
"""What can be the scheduled job over a manifest."""

DANGERS: Final = ("lost-name", "expires-sooner")
"""What a reimport may be allowed to do, of `certkit.unsafe.Kind`: a new ARN nobody can allow."""

LAST_WAVE: Final = 99
"""Ours: nobody waits for a hundredth pause."""

MOST_FAILURES: Final = 999_999_999
_LAST_PORT: Final = 65_535


def flag(value: object) -> bool:
    """Reads `true` or `false`."""
    if not isinstance(value, bool):
        raise ConfigurationError(f"it is {kind(value)}, not true or false")
    return value


def wave(value: object) -> int:
    """Reads the number of a wave."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= LAST_WAVE:
        raise ConfigurationError(f"{value!r} is no wave", hint=f"a number from 1, the first, to {LAST_WAVE}")
    return value


def limit(value: object) -> Limit:
    """Reads how many failures are enough: a number, or a share in quotes."""
    if isinstance(value, int) and not isinstance(value, bool):
        return parse_limit(str(value))
    return parse_limit(text(value))


def moment(value: object) -> Moment:
    """Reads a day, a time, or, as a text, a time of every week or day."""
    return value if isinstance(value, dt.date) else parse_mark(text(value))  # a datetime is a date, too


def job_command(value: object) -> str:
    """Reads the command that a job is."""
    return _one_of(JOB_COMMANDS, text(value), "no job")


def some(value: object) -> tuple[str, ...]:
    """Reads a list of at least one text, each different."""
    found = _texts(value)
    if not found:
        raise ConfigurationError("it is an empty list")
    twice = next((each for number, each in enumerate(found) if each in found[:number]), None)
    if twice is not None:
        raise ConfigurationError(f"{twice!r} stands in it twice")
    return found


def command(value: object) -> tuple[str, ...]:
    """Reads a command as the list of its arguments: no shell splits it."""
    if isinstance(value, str):
        raise ConfigurationError(
            "a command is a list of arguments, which no shell splits", hint='such as ["certbot", "renew"]'
        )
    found = _texts(value)
    if not found:
        raise ConfigurationError("it is an empty list")
    return tuple(map(path, found))


def regions(value: object) -> tuple[str, ...]:
    """Reads a list of regions."""
    return tuple(map(REGION.read, some(value)))


def services(value: object) -> tuple[str, ...]:
    """Reads a list of services."""
    return tuple(_one_of(SERVICES, name, "no service that certkit knows") for name in some(value))


def dangers(value: object) -> tuple[str, ...]:
    """Reads a list of dangers that a reimport may have."""
    return tuple(_one_of(DANGERS, name, "no danger that can be allowed") for name in some(value))


def endpoints(value: object) -> tuple[str, ...]:
    """Reads a list of `HOST` or `HOST:PORT`, IPv6 addresses in brackets."""
    return tuple(map(_endpoint, some(value)))


def wave_table(value: object) -> Mapping[str, int]:
    """Reads the waves of regions."""
    table = _table(value, "{ us-east-1 = 2 }")
    return MappingProxyType({REGION.read(name): wave(each) for name, each in table.items()})


def endpoint_table(value: object) -> Mapping[str, tuple[str, ...]]:
    """Reads a table of lists of endpoints."""
    table = _table(value, '{ prod = ["a.example:443"] }')
    return MappingProxyType({name: endpoints(each) for name, each in table.items()})


def tag_table(value: object) -> Mapping[str, str]:
    """Reads a table of tags, which ACM must take."""
    table = _table(value, '{ team = "web" }')
    for key, each in table.items():
        if not isinstance(each, str):
            raise ConfigurationError(f"the tag {key!r} is {kind(each)}, not a text", hint="put it in quotes")
    tags.check_own(table)
    return MappingProxyType(dict(table))


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ConfigurationError(f"it is {kind(value)}, not a list", hint='write it as ["…"]')
    return tuple(text(each) for each in value)


def _one_of(known: Collection[str], name: str, otherwise: str) -> str:
    if name not in known:
        raise ConfigurationError(f"{name!r} is {otherwise}", hint=f"one of {', '.join(known)}")
    return name


def _endpoint(name: str) -> str:
    match = re.fullmatch(ENDPOINT_PATTERN, name)
    if not match or not 0 < int((match[2] or ":443")[1:]) <= _LAST_PORT or not _is_host(match[1]):
        raise ConfigurationError(f"{name!r} is no HOST:PORT", hint="such as shop.example.com:443")
    return name


def _is_host(name: str) -> bool:
    try:
        hosts.parse(name)
    except UsageError:
        return False
    return True


def _table(value: object, example: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise ConfigurationError(f"it is {kind(value)}, not a table", hint=f"write it as {example}")
    return value
