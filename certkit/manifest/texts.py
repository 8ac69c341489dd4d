"""What a key of the manifest may hold as one text: each reader takes what TOML gives and returns certkit's own value.

Each raises `ConfigurationError`, with a message that says what is wrong and not where, or whichever `CertkitError` the
check of the same thing on the command line raises.
"""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Final

from certkit import expiry, region
from certkit.errors import ConfigurationError
from certkit.escrow import where
from certkit.expiry import Threshold
from certkit.freeze import parse_zone

THRESHOLD_PATTERN: Final = r"\s*[0-9]+(\.[0-9]+)?(%|[smhdw])\s*"
INTERVAL_PATTERN: Final = r"\s*[0-9]+(\.[0-9]+)?[smhdw]\s*"
PASSIN_PATTERN: Final = r"(env:|file:|secretsmanager://|ssm:///)[^\u0000]+"
"""Standard input and descriptors can be read once, and a manifest is read run after run."""


def text(value: object) -> str:
    """Reads a text that is not empty."""
    if not isinstance(value, str):
        raise ConfigurationError(f"it is {kind(value)}, not a text")
    if not value.strip():
        raise ConfigurationError("it is empty")
    return value


@dataclass(frozen=True, slots=True)
class Identifier:
    """A kind of name or number that AWS or certkit gives things.

    Attributes:
        pattern: of the whole of it.
        otherwise: what a text is that does not fit.
    """

    pattern: str
    otherwise: str
    hint: str

    def read(self, value: object) -> str:
        """Reads an identifier of this kind."""
        if not re.fullmatch(self.pattern, text(value)):
            raise ConfigurationError(f"{value!r} is {self.otherwise}", hint=self.hint)
        return text(value)


ACCOUNT: Final = Identifier("[0-9]{12}", "no account's ID", "twelve digits, in quotes")
ROLE: Final = Identifier(
    r"arn:aws[a-z-]*:iam::[0-9]{12}:role/[A-Za-z0-9_+=,.@/-]{1,576}",
    "no role's ARN",
    "such as arn:aws:iam::111122223333:role/certkit",
)
"""https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html: a path of 512 and a name of 64."""

EXTERNAL_ID: Final = Identifier(
    r"[A-Za-z0-9_+=,.@:/-]{2,1224}", "no external ID", "2 to 1224 letters, digits and _ + = , . @ : / -"
)
"""https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html."""

TOPIC: Final = Identifier(
    r"arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,256}",
    "no topic's ARN",
    "such as arn:aws:sns:us-east-1:111122223333:certificates",
)
"""https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html: a FIFO topic's name ends otherwise, and mails nobody."""

BUS: Final = Identifier(
    r"(arn:aws[a-z-]*:events:[a-z0-9-]+:[0-9]{12}:event-bus/)?[/._A-Za-z0-9-]{1,256}",
    "no event bus",
    "its name, such as default, or its ARN",
)
"""https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsRequestEntry.html."""

REGION: Final = Identifier(region.PATTERN, "no region", "name one such as us-east-1")
BUCKET: Final = Identifier(
    where.BUCKET_PATTERN, "no bucket's name", "3 to 63 lower-case letters, digits, dots and hyphens"
)
PREFIX: Final = Identifier(where.PREFIX_PATTERN, "no prefix", "letters, digits and ! _ . * ' ( ) / -")
KMS_KEY: Final = Identifier(where.KMS_KEY_PATTERN, "no KMS key", "its ARN, its ID, or alias/NAME")
JOB: Final = Identifier(r"[A-Za-z0-9_.-]{1,64}", "no job's name", "up to 64 letters, digits and _ . -")


def path(value: object) -> str:
    """Reads the name of a file or a folder."""
    if "\0" in text(value):
        raise ConfigurationError("it holds a NUL")
    return text(value)


def source(value: object) -> str:
    """Reads a SOURCE; standard input can be read once, and a manifest is read run after run."""
    if text(value) == "-":
        raise ConfigurationError("standard input is no SOURCE of a manifest", hint="name a file")
    return path(value)


def password(value: object) -> str:
    """Reads where a password is."""
    return _place_of_secret(
        value,
        "it does not say where the password is",
        "env:NAME, file:PATH, secretsmanager://ID or ssm:///NAME; the password itself must not stand here",
    )


def webhook(value: object) -> str:
    """Reads where the address of a webhook or a ping is; whoever has the address can write there, so that it is a secret itself."""
    return _place_of_secret(
        value,
        "it does not say where the address is",
        "env:NAME or file:PATH; whoever has the address can write there, so that it must not stand here",
    )


def threshold(value: object) -> Threshold:
    """Reads how much of a lifetime is left: `33%` or `30d`."""
    return expiry.parse_threshold(text(value))


def interval(value: object) -> dt.timedelta:
    """Reads a time of more than nothing, such as `1d`."""
    found = expiry.parse_time(text(value))
    if not found:
        raise ConfigurationError(f"{value!r} is no time", hint="such as 1d, or 12h")
    return found


def zone(value: object) -> dt.tzinfo:
    """Reads the name of a time zone."""
    return parse_zone(text(value))


def kind(value: object) -> str:
    """Returns what TOML calls the kind of a value."""
    names = {bool: "a truth value", int: "a number", float: "a number", str: "a text", list: "a list", dict: "a table"}
    return names.get(type(value), "a date or a time")


def _place_of_secret(value: object, message: str, hint: str) -> str:
    """Reads where a secret is; the value is never repeated, for it may be the secret."""
    if not re.fullmatch(PASSIN_PATTERN, text(value), re.DOTALL):
        raise ConfigurationError(message, hint=hint)
    return text(value)
