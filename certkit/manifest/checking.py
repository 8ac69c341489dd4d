"""Everything that is wrong with a manifest, and not only the first of it."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from certkit.errors import ConfigurationError
from certkit.manifest.reading import CERTIFICATES, manifest_of, top_of
from certkit.manifest.table import Table

_NAMED: Final = ("accounts", "owners", CERTIFICATES)
"""The tables of tables: each of those is looked at by itself."""


def problems(text: str, path: Path) -> tuple[ConfigurationError, ...]:
    """Returns the first error of each table, in the order of their lines; nothing where `parse` would return a manifest.

    A manifest is taken apart, and each piece read with what it refers to: so one mistake hides another in its own table alone.
    """
    try:
        top = top_of(text, path)
    except ConfigurationError as error:
        return (error,)
    first = _error(top, path)
    if first is None:
        return ()
    errors = [first, *filter(None, (_error(Table(top.text, (), piece), path) for piece in _pieces(top)))]
    return tuple(sorted({error.message: error for error in errors}.values(), key=_line))


def _pieces(top: Table) -> Iterator[Mapping[str, object]]:
    accounts = _names(top, "accounts")
    standing = {"accounts": {name: {"id": f"{number:012}"} for number, name in enumerate(accounts)}}
    for key, value in top.values.items():
        if key not in _NAMED:
            yield {**standing, key: value}
    for section in ("accounts", "owners"):
        for name, value in _names(top, section).items():
            yield {section: {name: value}}
    yield {key: value for key, value in top.values.items() if key == "accounts"}
    defaults = {key: value for key, value in top.values.items() if key == "defaults"}
    around = {**standing, **defaults}
    sound = standing if _error(Table(top.text, (), around), Path(top.text.name)) else around
    for name, value in _names(top, CERTIFICATES).items():
        yield {**sound, CERTIFICATES: {name: value}}


def _names(top: Table, section: str) -> Mapping[str, object]:
    """Returns the tables of a section; nothing where it is no table, which is an error of the whole."""
    value = top.values.get(section, {})
    return value if isinstance(value, dict) else {}


def _error(top: Table, path: Path) -> ConfigurationError | None:
    try:
        manifest_of(top, path)
    except ConfigurationError as error:
        return error
    return None


def _line(error: ConfigurationError) -> int:
    """Returns the line that a message names, 0 where it names none."""
    return next((int(part) for part in error.message.split(":") if part.isdecimal()), 0)
