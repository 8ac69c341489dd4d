"""What a key of the manifest may hold: each reader takes what TOML gives and returns certkit's own value.

Each raises `ConfigurationError`, with a message that says what is wrong and not where, or whichever `CertkitError` the
check of the same thing on the command line raises.
"""

import datetime as dt
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from certkit import expiry, hosts, region, tags
from certkit.errors import ConfigurationError, UsageError
from certkit.escrow import where
from certkit.expiry import Threshold
from certkit.freeze import Moment, parse_mark, parse_zone
from certkit.rules.services import SERVICES
from certkit.waves import Limit, parse_limit

ACCOUNT_PATTERN: Final = "[0-9]{12}"
ROLE_PATTERN: Final = r"arn:aws[a-z-]*:iam::[0-9]{12}:role/[A-Za-z0-9_+=,.@/-]{1,576}"
"""https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html: a path of 512 and a name of 64."""

EXTERNAL_ID_PATTERN: Final = r"[A-Za-z0-9_+=,.@:/-]{2,1224}"
"""https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html."""

ENDPOINT_PATTERN: Final = r"([A-Za-z0-9_.-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?"
THRESHOLD_PATTERN: Final = r"\s*[0-9]+(\.[0-9]+)?(%|[smhdw])\s*"
PASSIN_PATTERN: Final = r"(env:|file:|secretsmanager://|ssm:///)[^\u0000]+"
"""Standard input and descriptors can be read once, and a manifest is read run after run."""

TOPIC_PATTERN: Final = r"arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,256}"
"""https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html: a FIFO topic's name ends otherwise, and mails nobody."""

BUS_PATTERN: Final = r"(arn:aws[a-z-]*:events:[a-z0-9-]+:[0-9]{12}:event-bus/)?[/._A-Za-z0-9-]{1,256}"
"""https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsRequestEntry.html."""

JOB_PATTERN: Final = r"[A-Za-z0-9_.-]{1,64}"
INTERVAL_PATTERN: Final = r"\s*[0-9]+(\.[0-9]+)?[smhdw]\s*"
JOB_COMMANDS: Final = ("renew", "apply")
"""What can be the scheduled job over a manifest."""

DANGERS: Final = ("lost-name", "expires-sooner")
"""What a reimport may be allowed to do, of `certkit.unsafe.Kind`: a new ARN nobody can allow."""

LAST_WAVE: Final = 99
"""Ours: nobody waits for a hundredth pause."""

MOST_FAILURES: Final = 999_999_999
_LAST_PORT: Final = 65_535


def text(value: object) -> str:
    """Reads a text that is not empty."""
    if not isinstance(value, str):
        raise ConfigurationError(f"it is {_kind(value)}, not a text")
    if not value.strip():
        raise ConfigurationError("it is empty")
    return value


def flag(value: object) -> bool:
    """Reads `true` or `false`."""
    if not isinstance(value, bool):
        raise ConfigurationError(f"it is {_kind(value)}, not true or false")
    return value


def source(value: object) -> str:
    """Reads a SOURCE; standard input can be read once, and a manifest is read run after run."""
    if text(value) == "-":
        raise ConfigurationError("standard input is no SOURCE of a manifest", hint="name a file")
    return _without_nul(text(value))


def path(value: object) -> str:
    """Reads the name of a file or a folder."""
    return _without_nul(text(value))


def password(value: object) -> str:
    """Reads where a password is; the value is never repeated, for it may be the password."""
    if not re.fullmatch(PASSIN_PATTERN, text(value), re.DOTALL):
        raise ConfigurationError(
            "it does not say where the password is",
            hint="env:NAME, file:PATH, secretsmanager://ID or ssm:///NAME; the password itself must not stand here",
        )
    return text(value)


def account_id(value: object) -> str:
    """Reads an account's ID, whose leading zeros count."""
    return _matching(value, ACCOUNT_PATTERN, "no account's ID", "twelve digits, in quotes")


def role(value: object) -> str:
    """Reads the ARN of a role."""
    return _matching(value, ROLE_PATTERN, "no role's ARN", "such as arn:aws:iam::111122223333:role/certkit")


def external_id(value: object) -> str:
    """Reads an external ID."""
    return _matching(value, EXTERNAL_ID_PATTERN, "no external ID", "2 to 1224 letters, digits and _ + = , . @ : / -")


def webhook(value: object) -> str:
    """Reads where the address of a webhook is; whoever has the address can write there, so that it is a secret itself."""
    if not re.fullmatch(PASSIN_PATTERN, text(value), re.DOTALL):
        raise ConfigurationError(
            "it does not say where the address of the webhook is",
            hint="env:NAME or file:PATH; whoever has the address can write there, so that it must not stand here",
        )
    return text(value)


def topic(value: object) -> str:
    """Reads the ARN of an SNS topic."""
    return _matching(value, TOPIC_PATTERN, "no topic's ARN", "such as arn:aws:sns:us-east-1:111122223333:certificates")


def bus(value: object) -> str:
    """Reads the name or the ARN of an event bus."""
    return _matching(value, BUS_PATTERN, "no event bus", "its name, such as default, or its ARN")


def region_name(value: object) -> str:
    """Reads the name of a region."""
    return _matching(value, region.PATTERN, "no region", "name one such as us-east-1")


def bucket(value: object) -> str:
    """Reads the name of a bucket."""
    return _matching(
        value, where.BUCKET_PATTERN, "no bucket's name", "3 to 63 lower-case letters, digits, dots and hyphens"
    )


def prefix(value: object) -> str:
    """Reads what keys in a bucket begin with."""
    return _matching(value, where.PREFIX_PATTERN, "no prefix", "letters, digits and ! _ . * ' ( ) / -")


def kms_key(value: object) -> str:
    """Reads a KMS key."""
    return _matching(value, where.KMS_KEY_PATTERN, "no KMS key", "its ARN, its ID, or alias/NAME")


def threshold(value: object) -> Threshold:
    """Reads how much of a lifetime is left: `33%` or `30d`."""
    return expiry.parse_threshold(text(value))


def interval(value: object) -> dt.timedelta:
    """Reads a time of more than nothing, such as `1d`."""
    found = expiry.parse_time(text(value))
    if not found:
        raise ConfigurationError(f"{value!r} is no time", hint="such as 1d, or 12h")
    return found


def wave(value: object) -> int:
    """Reads the number of a wave."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= LAST_WAVE:
        raise ConfigurationError(f"{value!r} is no wave", hint=f"a number from 1, the first, to {LAST_WAVE}")
    return value


def wave_table(value: object) -> Mapping[str, int]:
    """Reads the waves of regions."""
    if not isinstance(value, dict):
        raise ConfigurationError(f"it is {_kind(value)}, not a table", hint="write it as { us-east-1 = 2 }")
    return MappingProxyType({region_name(name): wave(each) for name, each in value.items()})


def limit(value: object) -> Limit:
    """Reads how many failures are enough: a number, or a share in quotes."""
    if isinstance(value, int) and not isinstance(value, bool):
        return parse_limit(str(value))
    return parse_limit(text(value))


def moment(value: object) -> Moment:
    """Reads a day, a time, or, as a text, a time of every week or day."""
    return value if isinstance(value, dt.date) else parse_mark(text(value))  # a datetime is a date, too


def zone(value: object) -> dt.tzinfo:
    """Reads the name of a time zone."""
    return parse_zone(text(value))


def job(value: object) -> str:
    """Reads the name of a job."""
    return _matching(value, JOB_PATTERN, "no job's name", "up to 64 letters, digits and _ . -")


def job_command(value: object) -> str:
    """Reads the command that a job is."""
    if text(value) not in JOB_COMMANDS:
        raise ConfigurationError(f"{value!r} is no job", hint=f"one of {', '.join(JOB_COMMANDS)}")
    return text(value)


def texts(value: object) -> tuple[str, ...]:
    """Reads a list of texts that are not empty."""
    if not isinstance(value, list):
        raise ConfigurationError(f"it is {_kind(value)}, not a list", hint='write it as ["…"]')
    return tuple(text(each) for each in value)


def some(value: object) -> tuple[str, ...]:
    """Reads a list of at least one text, each different."""
    found = texts(value)
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
    found = texts(value)
    if not found:
        raise ConfigurationError("it is an empty list")
    return tuple(_without_nul(argument) for argument in found)


def regions(value: object) -> tuple[str, ...]:
    """Reads a list of regions."""
    for name in some(value):
        if not region.is_region(name):
            raise ConfigurationError(f"{name!r} is no region", hint="name one such as us-east-1")
    return some(value)


def services(value: object) -> tuple[str, ...]:
    """Reads a list of services."""
    for name in some(value):
        if name not in SERVICES:
            raise ConfigurationError(f"{name!r} is no service that certkit knows", hint=f"one of {', '.join(SERVICES)}")
    return some(value)


def dangers(value: object) -> tuple[str, ...]:
    """Reads a list of dangers that a reimport may have."""
    for name in some(value):
        if name not in DANGERS:
            raise ConfigurationError(f"{name!r} is no danger that can be allowed", hint=f"one of {', '.join(DANGERS)}")
    return some(value)


def endpoints(value: object) -> tuple[str, ...]:
    """Reads a list of `HOST` or `HOST:PORT`, IPv6 addresses in brackets."""
    for name in some(value):
        match = re.fullmatch(ENDPOINT_PATTERN, name)
        if not match or not 0 < int((match[2] or ":443")[1:]) <= _LAST_PORT or not _is_host(match[1]):
            raise ConfigurationError(f"{name!r} is no HOST:PORT", hint="such as shop.example.com:443")
    return some(value)


def _is_host(name: str) -> bool:
    try:
        hosts.parse(name)
    except UsageError:
        return False
    return True


def endpoint_table(value: object) -> Mapping[str, tuple[str, ...]]:
    """Reads a table of lists of endpoints."""
    if not isinstance(value, dict):
        raise ConfigurationError(f"it is {_kind(value)}, not a table", hint='write it as { prod = ["a.example:443"] }')
    return MappingProxyType({name: endpoints(each) for name, each in value.items()})


def tag_table(value: object) -> Mapping[str, str]:
    """Reads a table of tags, which ACM must take."""
    if not isinstance(value, dict):
        raise ConfigurationError(f"it is {_kind(value)}, not a table", hint='write it as { team = "web" }')
    for key, each in value.items():
        if not isinstance(each, str):
            raise ConfigurationError(f"the tag {key!r} is {_kind(each)}, not a text", hint="put it in quotes")
    tags.check_own(value)
    return MappingProxyType(dict(value))


def _matching(value: object, pattern: str, otherwise: str, hint: str) -> str:
    if not re.fullmatch(pattern, text(value)):
        raise ConfigurationError(f"{value!r} is {otherwise}", hint=hint)
    return text(value)


def _without_nul(value: str) -> str:
    if "\0" in value:
        raise ConfigurationError("it holds a NUL")
    return value


def _kind(value: object) -> str:
    """Returns what TOML calls the kind of a value."""
    names = {bool: "a truth value", int: "a number", float: "a number", str: "a text", list: "a list", dict: "a table"}
    return names.get(type(value), "a date or a time")
