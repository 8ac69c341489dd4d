"""What the user asked of a manifest: which file it is, which of its certificates are meant, and for which accounts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from certkit.cli import configuration
from certkit.errors import UsageError
from certkit.manifest import CertificateSpec, Manifest
from certkit.selection import nearest


@dataclass(frozen=True, slots=True)
class Order:
    """What the user asked for.

    Attributes:
        manifest, config: the file, as the argument or the option names it.
        only: the certificates that are meant, all where there are none.
        purges_tags: whether the tags go that nobody names.
        accounts: the accounts that are meant, all where there are none.
        verifies: whether what uses a certificate is looked for, where the manifest names no endpoint.
        allowed: the certificates that may be written although that is unsafe, or they are held.
    """

    manifest: str | None
    config: str | None
    only: tuple[str, ...]
    purges_tags: bool
    accounts: tuple[str, ...] = ()
    verifies: bool = False
    allowed: tuple[str, ...] = ()


def load(order: Order) -> Manifest:
    """Returns the manifest that is to be carried out.

    Raises:
        UsageError, ConfigurationError: see `configuration.manifest`.
    """
    return configuration.manifest(order.manifest, order.config)


def chosen(manifest: Manifest, order: Order) -> tuple[CertificateSpec, ...]:
    """Returns the certificates that are meant, as they go to the accounts that are.

    Raises:
        UsageError: the manifest names no such certificate or account, or none that goes there.
    """
    names = [spec.name for spec in manifest.certificates]
    _check_known(
        "--only", order.only, names, f"{manifest.path} names no such certificate", f"{manifest.path} names them"
    )
    specs = tuple(spec for spec in manifest.certificates if not order.only or spec.name in order.only)
    return _going_to(order.accounts, specs, manifest) if order.accounts else specs


def check_allowed(order: Order, specs: Sequence[CertificateSpec]) -> None:
    """Checks that what may be written although it is unsafe is among the certificates that are meant.

    Raises:
        UsageError: it is not.
    """
    names = [spec.name for spec in specs]
    _check_known("--allow", order.allowed, names, "the plan has no such certificate", "the plan names them")


def _going_to(
    accounts: Sequence[str], specs: Sequence[CertificateSpec], manifest: Manifest
) -> tuple[CertificateSpec, ...]:
    """Returns what goes to some accounts, as if it went to no others."""
    names = [account.name for account in manifest.accounts]
    _check_known("--account", accounts, names, f"{manifest.path} names no such account", f"{manifest.path} names them")
    there = [replace(spec, accounts=tuple(one for one in spec.accounts if one.name in accounts)) for spec in specs]
    going = tuple(spec for spec in there if spec.accounts)
    if not going:
        raise UsageError(f"--account {' '.join(accounts)}: none of the certificates goes there")
    return going


def _check_known(option: str, given: Sequence[str], names: Sequence[str], fault: str, hint: str) -> None:
    for name in given:
        if name not in names:
            raise UsageError(f"{option} {name!r}: {fault}", hint=nearest(name, names, hint))
