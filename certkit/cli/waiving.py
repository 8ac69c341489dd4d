"""The wiring of waivers: the configuration's, and what they may call a SOURCE."""

import os.path
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from certkit import sources
from certkit.location import path_in
from certkit.sources.patterns import is_path
from certkit.waiver import Waiver


@dataclass(frozen=True, slots=True)
class Waiving:
    """The waivers of one configuration.

    Attributes:
        folder: that of the configuration, which paths count from.
        called: the names of the certificates of the configuration, by the absolute path of their SOURCE.
    """

    waivers: tuple[Waiver, ...] = ()
    folder: Path = Path()
    called: Mapping[Path, Sequence[str]] = field(default_factory=dict)

    def names(self, source: str) -> tuple[str, ...]:
        """Returns what a waiver may call a SOURCE: its names in the configuration, its path, its file's name, and its stem."""
        if not self.waivers:
            return ()
        if not is_path(path_in(source)):
            return (source, sources.stem(source))
        path, folder = _path(source), _path(str(self.folder))
        shown = path.relative_to(folder) if path.is_relative_to(folder) else path
        return (*self.called.get(path, ()), shown.as_posix(), path.name, sources.stem(source))


def find(config: str | None) -> Waiving:
    """Returns the waivers of the file `config`, else of the configuration in this folder, of which there may be none.

    Raises:
        ConfigurationError: it cannot be read, or says something that it may not.
    """
    from certkit.cli import configuration

    manifest = configuration.find(config)
    if manifest is None:
        return Waiving()
    called = defaultdict(list)
    for spec in manifest.certificates:
        called[_path(spec.origin.source)].append(spec.name)
    return Waiving(manifest.waivers, manifest.path.parent, called)


def _path(source: str) -> Path:
    """Returns the path in a SOURCE, without what in it leads nowhere; links are not followed."""
    return Path(os.path.abspath(path_in(source)))  # noqa: PTH100 -- Path.absolute leaves `..` where it is
