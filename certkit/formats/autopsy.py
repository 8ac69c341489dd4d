"""Why a password does not open something: it is damaged, or the password is nearly right, or it is wrong.

All that is tried here comes out of the same budget as the reading itself; what it does not afford is not tried.
"""

from collections.abc import Callable
from typing import TypeAlias

from certkit.errors import (
    AlgorithmUnsupportedError,
    InputUnreadableError,
    PasswordMissingError,
    PasswordWrongError,
)
from certkit.formats import pbe, pfx
from certkit.formats.kdf import Budget
from certkit.password import ABSENT, EMPTY, Password, Passwords

Fits: TypeAlias = Callable[[Password], bool]
"""Tells whether a password opens what the given one did not, within the budget."""


def explain_pfx(
    structure: pfx.Pfx, passwords: Passwords, budget: Budget
) -> InputUnreadableError | PasswordMissingError | PasswordWrongError:
    """Returns the error that says why none of the candidates opens a PFX."""
    given = passwords.container
    if given is None:  # nothing more is tried: whoever can be asked for the password is not to wait for it
        return missing("it is encrypted and no password was given")
    if structure.mac and _opens_content(structure, given, budget):
        return InputUnreadableError(
            "the file was changed after it was written: its contents open, and its MAC does not fit them",
            hint="copy or download the file again, in binary mode",
        )
    fits = _opens_mac if structure.mac else _opens_content
    return wrong(
        "the password is wrong, or the file is damaged",
        given,
        lambda candidate: fits(structure, candidate, budget),
    )


def explain_key(passwords: Passwords, fits: Fits) -> PasswordMissingError | PasswordWrongError:
    """Returns the error that says why none of the candidates opens a private key."""
    given = passwords.key or passwords.container
    if given is None:
        return missing("the private key is encrypted and no password was given")
    return wrong("the password of the private key is wrong", given, fits)


def missing(message: str) -> PasswordMissingError:
    """Returns the error for what is encrypted, where no password was given."""
    return PasswordMissingError(message, hint="give it with --passin env:NAME or --passin file:PATH")


def wrong(message: str, given: Password, fits: Fits) -> PasswordWrongError:
    """Returns the error for a password that does not fit, with what is nearly right about it as the hint."""
    for slip in given.slips():
        if fits(slip.password):
            return PasswordWrongError(message, hint=f"the password {slip.what}; without it, it fits")
    if given.octets and (fits(EMPTY) or fits(ABSENT)):
        return PasswordWrongError(message, hint="the empty password opens it: give none")
    return PasswordWrongError(message)


def opens(scheme: pbe.Scheme, ciphertext: bytes, password: Password, budget: Budget) -> bool:
    """Tells whether `password` decrypts `ciphertext` to what it should be, if the budget affords to look."""
    if not budget.affords(scheme.cost_of(ciphertext)):
        return False
    try:
        scheme.decrypt_sequence(ciphertext, password, budget)
    except (ValueError, AlgorithmUnsupportedError):
        return False
    return True


def _opens_mac(structure: pfx.Pfx, password: Password, budget: Budget) -> bool:
    if structure.mac is None or not budget.affords(structure.mac.kdf.cost):
        return False
    budget.spend(structure.mac.kdf.cost)
    return structure.mac.accepts(password, structure.authenticated)


def _opens_content(structure: pfx.Pfx, password: Password, budget: Budget) -> bool:
    return any(opens(scheme, ciphertext, password, budget) for scheme, ciphertext in pfx.locks(structure))
