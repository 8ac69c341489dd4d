"""The table of one certificate to its values."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

from certkit import expiry, region
from certkit import tags as acm_tags
from certkit.errors import CertkitError
from certkit.manifest import keys
from certkit.manifest.accounts import named
from certkit.manifest.spec import Account, CertificateSpec, Origin, Renewal
from certkit.manifest.table import Table, Value
from certkit.record import NAME_TAG, NOT_AFTER_TAG, SHA256_TAG
from certkit.selection import nearest
from certkit.sources import FILE_SCHEMES
from certkit.sources.patterns import is_path

_OWN_TAGS: Final = (NAME_TAG, SHA256_TAG, NOT_AFTER_TAG)


def read(table: Table, name: str, defaults: Table, accounts: Mapping[str, Account]) -> CertificateSpec:
    """Returns what the table of one certificate says, with `defaults` for what it does not say.

    Raises:
        ConfigurationError: it says something that it may not.
    """
    table.check([key.name for key in keys.CERTIFICATE_KEYS])
    try:
        acm_tags.check_name(name)
    except CertkitError as error:
        raise table.error("", "the name cannot stand in a tag of ACM's: " + error.message, error.hint) from error
    return CertificateSpec(
        name=name,
        origin=_origin(table, defaults),
        services=_either(table, defaults, keys.FOR) or (),
        regions=_either(table, defaults, keys.REGIONS) or (),
        accounts=named(table, keys.ACCOUNTS, accounts) or named(defaults, keys.ACCOUNTS, accounts),
        tags=_tags(table, defaults),
        owner=_either(table, defaults, keys.OWNER),
        renewal=_renewal(table, defaults, accounts),
    )


def _either(table: Table, defaults: Table, key: keys.Key[Value]) -> Value | None:
    """Returns what the certificate says, else what the defaults say."""
    own, other = table.get(key), defaults.get(key)
    return other if own is None else own


def _tags(table: Table, defaults: Table) -> Mapping[str, str]:
    joined = {**(defaults.get(keys.TAGS) or {}), **(table.get(keys.TAGS) or {})}
    try:
        acm_tags.check({**joined, **dict.fromkeys(_OWN_TAGS, "")})
    except CertkitError as error:
        raise table.error(keys.TAGS.name, f"with certkit's own and those of [defaults] {error.message}") from error
    return MappingProxyType(joined)


def _origin(table: Table, defaults: Table) -> Origin:
    source, body, key = table.get(keys.SOURCE), table.get(keys.BODY), table.get(keys.KEY)
    if source and body:
        raise table.error(keys.BODY.name, "source is there already", "name the bundle, or its parts")
    if body and not key:
        raise table.error(keys.BODY.name, "key is missing beside it", "name the private key, or the bundle as source")
    chosen = source or body
    if chosen is None:
        raise table.error("", "source is missing", f"such as source = {keys.SOURCE.example}, or body and key")
    folder = Path(table.text.folder)
    return Origin(
        source=_resolved(folder, chosen),
        key=_optional(folder, key),
        chain=_optional(folder, table.get(keys.CHAIN)),
        passin=table.text.secret_at(table.get(keys.PASSIN)),
        key_passin=table.text.secret_at(table.get(keys.KEY_PASSIN)),
        alias=table.get(keys.ALIAS),
        name_match=table.get(keys.NAME_MATCH),
        roots=_optional(folder, table.get(keys.ROOTS)),
        include_root=_either(table, defaults, keys.INCLUDE_ROOT) or False,
    )


def _optional(folder: Path, source: str | None) -> str | None:
    return _resolved(folder, source) if source else None


def _resolved(folder: Path, source: str) -> str:
    """Returns a SOURCE with its path counted from `folder`; what is no path as it is."""
    for scheme in FILE_SCHEMES:
        if source.startswith(scheme):
            return scheme + str(folder / source.removeprefix(scheme))
    return str(folder / source) if is_path(source) else source


def _renewal(table: Table, defaults: Table, accounts: Mapping[str, Account]) -> Renewal:
    return Renewal(
        command=table.get(keys.RENEW_COMMAND) or (),
        when=_either(table, defaults, keys.RENEW_WHEN) or expiry.DEFAULT,
        pre=_either(table, defaults, keys.PRE) or (),
        post=_either(table, defaults, keys.POST) or (),
        on_failure=_either(table, defaults, keys.ON_FAILURE) or (),
        verify=table.get(keys.VERIFY) or (),
        allowed=table.get(keys.RENEW_ALLOW) or (),
        verify_in=_verify_in(table, accounts),
    )


def _verify_in(table: Table, accounts: Mapping[str, Account]) -> Mapping[str, tuple[str, ...]]:
    """Returns the endpoints by place; an account of the manifest or a region is one."""
    found = table.get(keys.VERIFY_IN) or MappingProxyType({})
    for name in found:
        if name not in accounts and not region.is_region(name):
            hint = nearest(name, accounts, "name an account of [accounts], or a region such as us-east-1")
            raise table.error(keys.VERIFY_IN.name, f"{name!r} is neither an account nor a region", hint)
    return found
