"""What the tests of the escrow have in common."""

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Final

from cryptography.hazmat.primitives.asymmetric import rsa

from certkit.bundle import Bundle
from certkit.escrow.deposit import Deposit, Site, deposit_of
from certkit.escrow.envelope import Envelope
from tests.aws.scene import desired_of
from tests.issuing import Issued, Request, make_chain, make_key, self_signed

NOW: Final = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SITE: Final = Site("shop", "111122223333", "us-east-1")
ARN: Final = "arn:aws:acm:us-east-1:111122223333:certificate/00000000-0000-0000-0000-000000000001"
RECIPIENT: Final = ("RSA_2048", 60)


@cache
def recipient() -> Issued:
    """The certificate that bundles are closed to, with its key."""
    return self_signed(Request("escrow", sans=(), key=RECIPIENT))


def envelope(*, has_key: bool = True) -> Envelope:
    """What closes to the recipient, and opens where the key is at hand."""
    own = make_key(*RECIPIENT)
    assert isinstance(own, rsa.RSAPrivateKey)
    return Envelope(recipient().certificate, (lambda: own) if has_key else None)


@cache
def issued(number: int) -> Issued:
    """One of several certificates of one name and key, each issued a day after the one before."""
    first = Request()
    return make_chain(leaf=Request(not_before=first.not_before + timedelta(days=number)))


def bundle(number: int) -> Bundle:
    """The same as what certkit works on."""
    return desired_of(issued(number)).bundle


def deposit(number: int, day: int, site: Site = SITE) -> Deposit:
    """A bundle that was put into escrow on a day after `NOW`."""
    return deposit_of(site, bundle(number), NOW + timedelta(days=day), "pem")
