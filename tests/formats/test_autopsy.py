"""Why a password does not open something, and what finding out may cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from certkit.formats import autopsy, pbe, pfx
from certkit.formats.kdf import Budget
from certkit.password import EMPTY, Password, Passwords
from tests.formats import building as build

if TYPE_CHECKING:
    from certkit.errors import CertkitError

WORD = b"changeit"
CERTIFICATE = build.certificate_bag(b"certificate")
STRUCTURE = pfx.parse(
    build.pfx(build.locked_safe(WORD, CERTIFICATE, iterations=100), mac=build.Mac(Password(WORD), 10))
)
SCHEME = pbe.parse(build.value(build.pbes2(100)))
CIPHERTEXT = build.encrypt(build.sequence(), WORD, 100)


def _left(budget: Budget, of: int) -> int:
    return next(left for left in range(of, -1, -1) if left == 0 or budget.affords(left))


@pytest.mark.parametrize(
    ("given", "spent"),
    [
        (None, 0),  # whoever can be asked for the password is not kept waiting
        (b"another", 100 + 2 * 10),
        (b"changeit\n", 100 + 10),
        (b"another\n", 100 + 3 * 10),
    ],
)
def test_an_autopsy_takes_each_lock_once_and_the_mac_once_for_each_guess(given: bytes | None, spent: int) -> None:
    budget = Budget(1_000)

    autopsy.explain_pfx(STRUCTURE, Passwords(None if given is None else Password(given)), budget)

    assert _left(budget, 1_000) == 1_000 - spent


@pytest.mark.parametrize("limit", [1, 9, 10, 99, 100, 109, 110])
def test_an_autopsy_never_overdraws_the_budget(limit: int) -> None:
    error: CertkitError = autopsy.explain_pfx(STRUCTURE, Passwords(Password(b"another\n")), Budget(limit))

    assert error.code == "password-wrong"


@pytest.mark.parametrize(
    ("password", "limit", "does"),
    [(WORD, 100, True), (WORD, 99, False), (b"another", 1_000, False)],
    ids=["right", "not afforded", "wrong"],
)
def test_a_lock_opens_with_its_password_within_the_budget(password: bytes, limit: int, does: bool) -> None:
    assert autopsy.opens(SCHEME, CIPHERTEXT, Password(password), Budget(limit)) is does


def test_a_lock_that_openssl_alone_opens_says_nothing() -> None:
    scheme = pbe.parse(build.value(build.pbes2(cipher="1.2.410.200046.1.1.12")))

    assert not autopsy.opens(scheme, CIPHERTEXT, Password(WORD), Budget())


def test_the_empty_password_is_not_offered_to_whom_gave_it() -> None:
    error = autopsy.wrong("the password is wrong", EMPTY, lambda _: True)

    assert error.hint is None
