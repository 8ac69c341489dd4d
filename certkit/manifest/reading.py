"""TOML text to the manifest."""

import tomllib
from collections.abc import Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Final

from certkit import limits
from certkit.errors import ConfigurationError, InputTooLargeError
from certkit.manifest import accounts, certificates, escrow, keys, rollout
from certkit.manifest.lines import key_lines
from certkit.manifest.spec import Address, JobSpec, Manifest, Telling
from certkit.manifest.table import Table, Text
from certkit.waiver import Waiver, waivers_of

CERTIFICATES: Final = "certificates"
SECTIONS: Final = (
    "defaults",
    "accounts",
    CERTIFICATES,
    "waiver",
    "notify",
    "owners",
    "job",
    "escrow",
    "waves",
    "freeze",
)
"""The tables at the top."""

_PYPROJECT: Final = "pyproject.toml"


def load(path: Path) -> Manifest:
    """Reads a manifest; of a `pyproject.toml` its table `tool.certkit`.

    Raises:
        ConfigurationError: the file cannot be read, or does not hold a manifest.
    """
    return parse(text_of(path), path)


def text_of(path: Path) -> str:
    """Reads the text of a manifest.

    Raises:
        ConfigurationError: the file cannot be read.
    """
    try:
        with path.open("rb") as file:
            data = file.read(limits.MAX_MANIFEST_BYTES + 1)
        text = data.decode("utf-8-sig")
    except OSError as error:
        raise ConfigurationError(f"{path}: {(error.strerror or 'it cannot be read').lower()}") from error
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"{path}: it is no UTF-8, as TOML must be") from error
    except ValueError as error:  # a NUL in the path
        raise ConfigurationError(f"{str(path)!r}: it is no path") from error
    if len(data) > limits.MAX_MANIFEST_BYTES:
        raise ConfigurationError(f"{path}: it has more than {limits.MAX_MANIFEST_BYTES >> 20} MiB")
    return text


def parse(text: str, path: Path) -> Manifest:
    """Returns the manifest in `text`, whose relative paths count from the folder of `path`.

    Raises:
        ConfigurationError: it is no TOML, or says something that a manifest may not; with file, line and key.
    """
    return manifest_of(top_of(text, path), path)


def manifest_of(top: Table, path: Path) -> Manifest:
    """Returns what the tables of a manifest say.

    Raises:
        ConfigurationError: something that it may not; with file, line and key.
    """
    if top.text.top:
        top.check([name for name in SECTIONS if name != CERTIFICATES])
    top.check(SECTIONS)
    known = accounts.read(top.table("accounts"))
    defaults = top.table("defaults").check([key.name for key in keys.DEFAULT_KEYS])
    named = top.table(CERTIFICATES)
    specs = tuple(certificates.read(named.table(name), name, defaults, known) for name in named.values)
    return Manifest(
        path,
        defaults.get(keys.REGIONS) or (),
        tuple(known.values()),
        specs,
        tuple(waiver for one in top.tables("waiver") for waiver in _waiver(one)),
        _telling(top),
        escrow.read(top.table("escrow")),
        rollout.waves(top.table("waves"), known),
        rollout.freezes(top, known),
        _job(top.table("job")),
    )


def has_section(text: str) -> bool:
    """Tells whether a `pyproject.toml` has the table `tool.certkit`; False where it is no TOML: that is others' concern."""
    try:
        key_lines(text)
        return "certkit" in tomllib.loads(text).get("tool", {})
    except (ValueError, TypeError, InputTooLargeError):
        return False


def top_of(text: str, path: Path) -> Table:
    """Returns the tables of a manifest as TOML has them.

    Raises:
        ConfigurationError: it is no TOML.
    """
    try:
        lines = key_lines(text)
        tables = tomllib.loads(text)
    except (
        ValueError,
        InputTooLargeError,
    ) as error:  # tomllib raises the one for what it calls no TOML, and for huge numbers
        reason = str(error)
        raise ConfigurationError(f"{path}: {reason[:1].lower()}{reason[1:]}", hint="https://toml.io") from error
    if path.name != _PYPROJECT:
        return Table(Text(str(path), path.parent, lines), (), tables)
    place = Text(str(path), path.parent, lines, ("tool", "certkit"))
    outer = Table(Text(str(path), path.parent, lines), (), tables)
    return Table(place, (), outer.table("tool").table("certkit").values)


def _telling(top: Table) -> Telling:
    own = top.table("notify").check([key.name for key in keys.NOTIFY_KEYS])
    named = top.table("owners")
    owners = {name: _owner(named.table(name)) for name in named.values}
    return Telling(
        default=_address(own),
        owners=MappingProxyType(owners),
        events=own.get(keys.EVENTS),
        metrics=own.get(keys.METRICS) or False,
        allows_private=own.get(keys.ALLOW_PRIVATE) or False,
    )


def _job(table: Table) -> JobSpec:
    table.check([key.name for key in keys.JOB_KEYS])
    return JobSpec(
        name=table.get(keys.JOB_NAME) or JobSpec().name,
        command=table.get(keys.JOB_COMMAND) or JobSpec().command,
        every=table.get(keys.EVERY),
        ping=table.text.secret_at(table.get(keys.PING)),
        heartbeat=table.get(keys.HEARTBEAT) or False,
    )


def _owner(table: Table) -> Address:
    address = _address(table.check([key.name for key in keys.ADDRESS_KEYS]))
    if address == Address():
        raise table.error("", "there is no address", f"such as webhook = {keys.WEBHOOK.example}, or sns")
    return address


def _address(table: Table) -> Address:
    return Address(table.get(keys.SNS), table.text.secret_at(table.get(keys.WEBHOOK)))


def _waiver(table: Table) -> Sequence[Waiver]:
    """Returns the waiver of one table, which is read alone, so that an error names its line."""
    table.check([key.name for key in keys.WAIVER_KEYS])
    try:
        return waivers_of([table.values])
    except ConfigurationError as error:
        _, _, rest = error.message.partition(": ")
        name = rest.partition(":")[0]
        key = name if name in table.values else ""
        raise table.error(key, rest.removeprefix(f"{key}: ") if key else rest, error.hint) from error
