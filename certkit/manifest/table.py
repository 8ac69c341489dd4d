"""One table of the manifest while it is being read: every error says file, line and key."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path as FilePath
from pathlib import PurePath
from typing import Final, TypeVar

from certkit.errors import CertkitError, ConfigurationError
from certkit.manifest.keys import Key
from certkit.manifest.lines import Path, line_of
from certkit.selection import nearest

Value = TypeVar("Value")
_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class Text:
    """The text that is being read.

    Attributes:
        name: the file's, for messages.
        folder: what relative paths count from.
        lines: where its keys stand.
        top: where the manifest begins in it: `tool.certkit` in a `pyproject.toml`.
    """

    name: str
    folder: PurePath
    lines: Mapping[Path, int]
    top: Path = ()

    def path_of(self, name: str) -> FilePath:
        """Returns the file that the text calls `name`."""
        return FilePath(self.folder, name)

    def secret_at(self, form: str | None) -> str | None:
        """Returns where a secret is, the path in `file:PATH` counted from the folder; None for None."""
        if form and form.startswith("file:"):
            return f"file:{self.folder / form.removeprefix('file:')}"
        return form

    def error(self, path: Path, message: str, hint: str | None = None) -> ConfigurationError:
        """Returns the error for what stands at `path`."""
        called = f"{dotted(path)}: " if path else ""
        return ConfigurationError(f"{self.name}:{line_of(self.lines, self.top + path)}: {called}{message}", hint=hint)


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its place in the text."""

    text: Text
    path: Path
    values: Mapping[str, object]

    def check(self, names: Sequence[str]) -> "Table":
        """Returns itself, once it has no key beside those of `names`.

        Raises:
            ConfigurationError: it has one.
        """
        for name in self.values:
            if name not in names:
                hint = nearest(name, names, f"one of {', '.join(names)}")
                raise self.text.error((*self.path, name), "there is no such key", hint)
        return self

    def table(self, name: str) -> "Table":
        """Returns the table under a key, an empty one where there is none.

        Raises:
            ConfigurationError: something else stands there.
        """
        value = self.values.get(name, {})
        if not isinstance(value, dict):
            raise self.text.error((*self.path, name), "it is no table", f"write it as [{dotted((*self.path, name))}]")
        return Table(self.text, (*self.path, name), value)

    def tables(self, name: str) -> Sequence["Table"]:
        """Returns the tables of an array under a key, none where there is none.

        Raises:
            ConfigurationError: something else stands there.
        """
        found = self.values.get(name, [])
        if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
            raise self.error(name, "it is no list of tables", f"write each as [[{name}]]")
        return [Table(self.text, (*self.path, name, number), one) for number, one in enumerate(found)]

    def get(self, key: Key[Value]) -> Value | None:
        """Returns what a key says, None where it is not there.

        Raises:
            ConfigurationError: it says something else than it may.
        """
        if key.name not in self.values:
            return None
        try:
            return key.read(self.values[key.name])
        except CertkitError as error:
            raise self.error(key.name, error.message, error.hint) from error

    def need(self, key: Key[Value]) -> Value:
        """Returns what a key says.

        Raises:
            ConfigurationError: it is not there, or says something else than it may.
        """
        value = self.get(key)
        if value is None:
            raise self.error("", f"{key.name} is missing", f"such as {key.name} = {key.example}")
        return value

    def error(self, name: str, message: str, hint: str | None = None) -> ConfigurationError:
        """Returns the error for a key, for the whole table without one."""
        return self.text.error((*self.path, name) if name else self.path, message, hint)


def dotted(path: Path) -> str:
    """Returns a path as TOML writes it, an index as a number from 1."""
    return ".".join(_part(part) for part in path)


def _part(part: str | int) -> str:
    if isinstance(part, int):
        return str(part + 1)
    return part if _BARE.fullmatch(part) else f'"{part}"'
