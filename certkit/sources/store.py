"""The addresses of what stands in a store: `s3://`, `secretsmanager://` and `ssm://`, taken apart and not asked yet.

Nothing in an address is percent-encoded: a key or a name stands there as the AWS CLI takes it. Settings follow a question
mark: `region`, and which version is meant.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from certkit.errors import UsageError
from certkit.region import is_region

_SETTINGS: Final = re.compile(r"\?((?:versionId|versionStage|region)=[^?&#]*(?:&[A-Za-z]+=[^?&#]*)*)\Z")
_BUCKET: Final = re.compile(r"[A-Za-z0-9._-]{1,255}")
"""Also what was allowed in us-east-1 before 2018: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html."""

_FEWEST: Final = 32
_MOST: Final = 64
"""Characters of a version's ID: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html."""

_HINTS: Final = {
    "s3": "write it as s3://BUCKET/KEY, with ?versionId=ID or ?region=REGION behind it where need be",
    "secretsmanager": "write it as secretsmanager://NAME or secretsmanager://ARN, with #FIELD behind it for one of JSON",
    "ssm": "write it as ssm:///NAME, with #FIELD behind it for one of JSON",
}


@dataclass(frozen=True, slots=True)
class S3Object:
    """An object in S3.

    Attributes:
        version: None for the latest.
        region: where the address says so.
    """

    bucket: str
    key: str
    version: str | None = None
    region: str | None = None


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret in Secrets Manager.

    Attributes:
        id: its name, or its ARN.
        version, stage: None for what is current.
        region: where the address says so.
        field: of the JSON in it, None for all that it holds.
    """

    id: str
    version: str | None = None
    stage: str | None = None
    region: str | None = None
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter in Systems Manager.

    Attributes:
        name: its name, with `:VERSION` or `:LABEL` behind it where one is meant, or its ARN.
        region, field: as in a `Secret`.
    """

    name: str
    region: str | None = None
    field: str | None = None


Address: TypeAlias = S3Object | Secret | Parameter


def parse(source: str) -> Address:
    """Takes the address of something in a store apart.

    Raises:
        UsageError: it is none, or contradicts itself.
    """
    scheme, _, rest = source.partition("://")
    try:
        source.encode()
    except UnicodeEncodeError as error:  # octets of the command line that are no text
        raise _wrong(scheme, "it is not in UTF-8") from error
    match scheme:
        case "s3":
            return _object(rest)
        case "secretsmanager":
            return _secret(rest)
        case "ssm":
            return _parameter(rest)
    raise UsageError("it is in no store that is read")


def _object(rest: str) -> S3Object:
    path, settings = _settings("s3", rest, ("versionId", "region"))
    bucket, _, key = path.partition("/")
    if not _BUCKET.fullmatch(bucket):
        raise _wrong("s3", "it names no bucket")
    if not key or key.endswith("/"):
        raise _wrong("s3", "it names no object in the bucket")
    return S3Object(bucket, key, settings.get("versionId"), settings.get("region"))


def _secret(rest: str) -> Secret:
    path, field = _field("secretsmanager", rest)
    name, settings = _settings("secretsmanager", path, ("versionId", "versionStage", "region"))
    _check_name("secretsmanager", name)
    region = _region("secretsmanager", name, settings.get("region"))
    version = settings.get("versionId")
    if version is not None and not _FEWEST <= len(version) <= _MOST:
        raise _wrong("secretsmanager", f"the ID of a secret's version has {_FEWEST} to {_MOST} characters")
    return Secret(name, version, settings.get("versionStage"), region, field)


def _parameter(rest: str) -> Parameter:
    path, field = _field("ssm", rest)
    name, settings = _settings("ssm", path, ("region",))
    _check_name("ssm", name)
    return Parameter(name, _region("ssm", name, settings.get("region")), field)


def _field(scheme: str, rest: str) -> tuple[str, str | None]:
    """Returns what stands before the first number sign, which no name holds, and behind it."""
    path, mark, field = rest.partition("#")
    if mark and not field:
        raise _wrong(scheme, "behind the # no field is named")
    return path, field or None


def _settings(scheme: str, rest: str, known: tuple[str, ...]) -> tuple[str, Mapping[str, str]]:
    """Returns what stands before the settings, and the settings; of a key in S3 any other question mark is a part."""
    match = _SETTINGS.search(rest)
    if match is None:
        return rest, {}
    settings: dict[str, str] = {}
    for pair in match[1].split("&"):
        name, _, value = pair.partition("=")
        if name not in known or name in settings or not value:
            raise _wrong(scheme, f"the setting {name!r} is not understood")
        settings[name] = value
    if not is_region(settings.get("region", "us-east-1")):
        raise UsageError(f"{settings['region']!r} is no region", hint="name one such as us-east-1")
    return rest[: match.start()], settings


def _check_name(scheme: str, name: str) -> None:
    if not name.strip("/") or "?" in name:
        raise _wrong(scheme, "it names nothing" if "?" not in name else "what stands behind the ? is not understood")


def _region(scheme: str, name: str, named: str | None) -> str | None:
    """Returns the region: that of the ARN, where the name is one, else the one that is named.

    Raises:
        UsageError: it is another service's ARN, or of another region than the one named.
    """
    if not name.startswith("arn:"):
        return named
    parts = name.split(":")
    if len(parts) < 6 or parts[2] != scheme or not is_region(parts[3]):  # noqa: PLR2004 -- the parts of every ARN
        raise _wrong(scheme, "the ARN is none of this service's")
    if named and named != parts[3]:
        raise UsageError(f"the ARN is in {parts[3]}, and the region named is {named}")
    return parts[3]


def _wrong(scheme: str, message: str) -> UsageError:
    return UsageError(message, hint=_HINTS[scheme])
