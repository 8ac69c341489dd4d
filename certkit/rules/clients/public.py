"""Rules of public certificates alone, and whose they are."""

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Final, TypeAlias

from cryptography import x509

from certkit import certificate as x
from certkit import pages
from certkit.rules.rule import Candidate, Check
from certkit.trust import Profile

PROFILE: Final = pages.BASELINE + "#7127-subscriber-server-certificate-profile"

PublicCheck: TypeAlias = Callable[[x509.Certificate], Iterator[str]]
"""Yields what is wrong with a public certificate."""


def for_public(check: PublicCheck) -> Check:
    """Makes a check of public certificates one of candidates; what cannot be read says nothing."""

    @wraps(check)
    def checked(candidate: Candidate) -> Iterator[tuple[str, str]]:
        if candidate.profile is Profile.PUBLIC and candidate.leaf is not None:
            if "extensions" in x.unreadable_parts(candidate.leaf):
                return
            for message in check(candidate.leaf):
                yield "leaf", message

    return checked
