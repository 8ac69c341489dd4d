"""Which of the bundles in escrow stood before the one that ACM holds."""

from collections.abc import Iterable, Sequence
from typing import Final

from certkit.errors import NothingEscrowedError, UsageError
from certkit.escrow.deposit import Deposit, Site

_FULL: Final = 64
"""Hexadecimal digits of a SHA-256."""

_LEAST: Final = 8
"""Digits that are enough to name a bundle; ours."""


def course(deposits: Iterable[Deposit]) -> tuple[Deposit, ...]:
    """Returns the bundles that led to the latest one, oldest first: a bundle that came back undoes what came after it.

    After A, B, C and a rollback to A only A is left, so that no rollback leads to what was rolled back from. Of several
    deposits of one leaf the latest counts, which has the latest chain.
    """
    kept: list[Deposit] = []
    for deposit in sorted(deposits, key=lambda one: (one.at, one.file)):
        before = [one.sha256 for one in kept]
        if deposit.sha256 in before:
            del kept[before.index(deposit.sha256) :]
        kept.append(deposit)
    return tuple(kept)


def previous(deposits: Iterable[Deposit], held: str) -> Deposit | None:
    """Returns the newest bundle before the one that ACM holds; where that one is not in escrow, the newest of all.

    Args:
        held: the fingerprint of the leaf that ACM holds.
    """
    line = course(deposits)
    before = [one.sha256 for one in line]
    older = line[: before.index(held)] if held in before else line
    return older[-1] if older else None


def chosen(site: Site, deposits: Sequence[Deposit], held: str, wanted: str | None) -> Deposit:
    """Returns the bundle to go back to.

    Args:
        wanted: the fingerprint of a leaf, or the beginning of it; None for the previous one.

    Raises:
        NothingEscrowedError: there is none.
        UsageError: several leaves begin with what is wanted.
    """
    where = f"{site.name}: in {site.region} of {site.account}"
    if wanted is None:
        found = previous(deposits, held)
        if found is None:
            raise NothingEscrowedError(
                f"{where} no bundle in escrow is older than the one that ACM holds",
                hint="certkit rollback NAME --list shows what there is; --to SHA256 takes one of them",
            )
        return found
    fitting = [one for one in deposits if one.sha256.startswith(wanted.lower())]
    if not fitting:
        raise NothingEscrowedError(
            f"{where} no bundle in escrow is {wanted}", hint="certkit rollback NAME --list shows what there is"
        )
    if len({one.sha256 for one in fitting}) > 1:
        raise UsageError(f"--to {wanted}: several bundles begin with it", hint="give more digits")
    return max(fitting, key=lambda one: (one.at, one.file))


def check_wanted(wanted: str) -> None:
    """Checks what is to be a fingerprint, or the beginning of one.

    Raises:
        UsageError: it is none.
    """
    digits = wanted.lower()
    if not _LEAST <= len(digits) <= _FULL or not set(digits) <= set("0123456789abcdef"):
        raise UsageError(
            f"--to {wanted!r} is no fingerprint", hint=f"at least {_LEAST} hexadecimal digits of the leaf's SHA-256"
        )
