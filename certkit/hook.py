"""What an ACME client says to its hooks, and which certificate of the manifest that is. No I/O."""

import posixpath
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Final

from certkit.errors import UsageError
from certkit.manifest import CertificateSpec, Origin
from certkit.sources import local_path

_LEGO_FILES: Final = ("CERT_PATH", "CERT_KEY_PATH", "CERT_PEM_PATH", "CERT_PFX_PATH")
_ACME_SH_FILES: Final = ("CERT_PATH", "CERT_KEY_PATH", "CERT_FULLCHAIN_PATH", "CA_CERT_PATH")


class Client(StrEnum):
    """An ACME client."""

    CERTBOT = "certbot"
    LEGO = "lego"
    ACME_SH = "acme.sh"


@dataclass(frozen=True, slots=True)
class Renewed:
    """What a client has just renewed.

    Attributes:
        folder: where it is.
        files: its files, as far as the client names them.
        names: the domain names that the client calls it by.
        is_alone: whether nothing else is in the folder.
    """

    folder: str
    files: frozenset[str]
    names: tuple[str, ...]
    is_alone: bool


def renewed(client: Client, environment: Mapping[str, str]) -> Renewed:
    """Returns what the variables of a hook say.

    Raises:
        UsageError: the client's variables are not there.
    """
    match client:
        case Client.CERTBOT:
            return _certbot(environment)
        case Client.LEGO:
            return _lego(environment)
        case Client.ACME_SH:
            return _acme_sh(environment)


def sources(
    found: Renewed, specs: Iterable[CertificateSpec], locate: Callable[[str], str]
) -> Iterator[CertificateSpec]:
    """Yields the certificates that come from what was renewed.

    Args:
        locate: returns where a path leads, so that two spellings of one place are the same.
    """
    here = Renewed(locate(found.folder), frozenset(map(locate, found.files)), found.names, found.is_alone)
    for spec in specs:
        if any(_is_from(here, spec.origin, locate(path)) for path in _paths(spec.origin)):
            yield spec


def _is_from(found: Renewed, origin: Origin, path: str) -> bool:
    if path == found.folder:
        return found.is_alone or origin.name_match in (None, *found.names)
    is_fitting = path in found.files or any(fnmatchcase(file, path) for file in found.files)
    return is_fitting or (found.is_alone and posixpath.dirname(path) == found.folder)


def _paths(origin: Origin) -> Iterator[str]:
    """Yields the bundle and its key, where they are files; a chain may serve many certificates."""
    sources = filter(None, (origin.source, origin.key))
    yield from filter(None, map(local_path, sources))


def _certbot(environment: Mapping[str, str]) -> Renewed:
    """Reads what certbot says: https://eff-certbot.readthedocs.io/en/stable/using.html#renewing-certificates."""
    lineage = environment.get("RENEWED_LINEAGE")
    if not lineage:
        raise _unset("RENEWED_LINEAGE", "certbot sets it for --deploy-hook")
    return Renewed(lineage, frozenset(), tuple(environment.get("RENEWED_DOMAINS", "").split()), is_alone=True)


def _lego(environment: Mapping[str, str]) -> Renewed:
    """Reads what lego says, version 5 with a prefix of its own: https://go-acme.github.io/lego/advanced/hooks/."""
    for prefix, names in (("LEGO_HOOK_", "CERT_DOMAINS"), ("LEGO_", "CERT_DOMAIN")):
        certificate = environment.get(f"{prefix}CERT_PATH")
        if certificate:
            files = filter(None, (environment.get(prefix + name) for name in _LEGO_FILES))
            domains = tuple(filter(None, environment.get(prefix + names, "").replace(",", " ").split()))
            return Renewed(posixpath.dirname(certificate), frozenset(files), domains, is_alone=False)
    raise _unset(
        "LEGO_HOOK_CERT_PATH", "lego sets it for --deploy-hook, before version 5 LEGO_CERT_PATH for --renew-hook"
    )


def _acme_sh(environment: Mapping[str, str]) -> Renewed:
    """Reads what acme.sh says: https://github.com/acmesh-official/acme.sh/wiki/Using-pre-hook-post-hook-renew-hook-reloadcmd."""
    certificate = environment.get("CERT_PATH")
    if not certificate:
        raise _unset("CERT_PATH", "acme.sh sets it for --renew-hook")
    files = filter(None, map(environment.get, _ACME_SH_FILES))
    domains = tuple(filter(None, [environment.get("Le_Domain")]))
    return Renewed(posixpath.dirname(certificate), frozenset(files), domains, is_alone=True)


def _unset(variable: str, who: str) -> UsageError:
    return UsageError(f"{variable} is not set", hint=f"{who}; --name NAME applies a certificate without it")
