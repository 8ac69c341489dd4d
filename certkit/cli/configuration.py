"""The wiring of the configuration: which file it is, and what it says."""

from itertools import chain
from pathlib import Path
from typing import Final

from certkit.errors import ConfigurationError, UsageError
from certkit.manifest import CertificateSpec, Manifest, load
from certkit.manifest.reading import has_section
from certkit.region import HOME_REGION

DEFAULT: Final = "certkit.toml"
_PYPROJECT: Final = "pyproject.toml"


def find(given: str | None) -> Manifest | None:
    """Returns the configuration: the file `given`, else certkit.toml, else pyproject.toml with a table `tool.certkit`.

    Only the working folder is looked at. None where there is none of them.

    Raises:
        ConfigurationError: it cannot be read, or says something that it may not.
    """
    path = path_of(given)
    return load(path) if path else None


def path_of(given: str | None) -> Path | None:
    """Returns which file `find` reads, None where there is none."""
    return Path(given) if given is not None else _default()


def manifest(argument: str | None, option: str | None) -> Manifest:
    """Returns the manifest that a command is to carry out; its argument and `--config` mean the same.

    Raises:
        UsageError: they name two files.
        ConfigurationError: there is none, it cannot be read, or it names no certificate.
    """
    found = load(manifest_path(argument, option))
    if not found.certificates:
        raise ConfigurationError(f"{found.path}: it names no certificate", hint="write each as [certificates.NAME]")
    return found


def manifest_path(argument: str | None, option: str | None) -> Path:
    """Returns which file `manifest` reads.

    Raises:
        UsageError: argument and option name two.
        ConfigurationError: there is none.
    """
    if argument is not None and option is not None and argument != option:
        raise UsageError(f"{argument} and --config {option} are two manifests", hint="name one")
    path = path_of(argument if argument is not None else option)
    if path is None:
        raise ConfigurationError(
            f"there is no {DEFAULT} in this folder", hint="name a manifest, or write one: certkit adopt --all"
        )
    return path


def regions(found: Manifest | None) -> tuple[str, ...]:
    """Returns every region that something of the configuration goes to, the default ones first; none where it names none."""
    if found is None:
        return ()
    own = [spec.regions or (HOME_REGION,) for spec in found.certificates]
    return tuple(dict.fromkeys((*found.regions, *chain.from_iterable(own))))


def certificate(found: Manifest | None, name: str | None) -> CertificateSpec | None:
    """Returns what the configuration says of the certificate of that name; None where it says nothing."""
    return next((spec for spec in found.certificates if spec.name == name), None) if found else None


def regions_of(found: Manifest | None, name: str | None) -> tuple[str, ...]:
    """Returns the regions that the configuration names for the certificate of that name, else for all."""
    spec = certificate(found, name)
    return (spec.regions if spec else ()) or (found.regions if found else ())


def _default() -> Path | None:
    for path in (Path(DEFAULT), Path(_PYPROJECT)):
        if path.is_file() and (path.name == DEFAULT or _has_section(path)):
            return path
    return None


def _has_section(path: Path) -> bool:
    try:
        return has_section(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError):
        return False
