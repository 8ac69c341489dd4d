"""Certificates and inventories made by hand, for what is decided and shown about them."""

from __future__ import annotations

import random
import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from certkit.inventory import Coverage, Inventory, Listed, Sight, State, gather
from certkit.record import Summary
from certkit.usage import Service, Slot, User

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

NOW: Final = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
ACCOUNT: Final = "123456789012"
HOME: Final = "us-east-1"
_LIVES: Final = (398, 200, 90, 47, 6, 3_650)
_WEIGHTS: Final = (30, 40, 20, 5, 2, 3)
_TEAMS: Final = ("data", "mail", "payments", "platform", "search", "web")
_HOSTS: Final = ("www", "api", "shop", "login", "cdn", "img", "admin")
_KEYS: Final = ("RSA_2048", "RSA_2048", "EC_prime256v1", "RSA_4096", "EC_secp384r1")
_ACCOUNTS: Final = tuple(f"{number:012d}" for number in range(111111111111, 111111111121))
_REGIONS: Final = (
    "ap-northeast-1",
    "ap-southeast-2",
    "ca-central-1",
    "eu-central-1",
    "eu-north-1",
    "eu-west-1",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-west-2",
)
_NAMESPACE: Final = uuid.UUID("6ba7b810-9dad-11d1-80b4-00c04fd430c8")


LISTENER: Final = User(
    certificate=f"arn:aws:acm:{HOME}:{ACCOUNT}:certificate/1",
    service=Service.ELBV2,
    slot=Slot.DEFAULT,
    arn=f"arn:aws:elasticloadbalancing:{HOME}:{ACCOUNT}:listener/app/web/1/2",
    id="listener",
    name="web",
    account=ACCOUNT,
    region=HOME,
)
"""What uses a certificate: a listener of a load balancer."""


def listed(
    domain: str | None = "shop.example.com",
    *,
    left: float = 100,
    life: float = 200,
    account: str = ACCOUNT,
    region: str = HOME,
    name: str | None = "shop",
    owner: str | None = None,
    number: int = 0,
    **more: Any,
) -> Listed:
    """A certificate with so many days left of so many; `number` tells one from others that are alike."""
    after = NOW + timedelta(days=left)
    key = uuid.uuid5(_NAMESPACE, f"{domain}{account}{region}{name}{number}")
    summary = Summary(
        arn=f"arn:aws:acm:{region}:{account}:certificate/{key}",
        domain=domain,
        sans=(domain,) if domain else (),
        kind="IMPORTED",
        status="ISSUED" if left > 0 else "EXPIRED",
        key_algorithm="EC_prime256v1",
        not_before=after - timedelta(days=life) + timedelta(seconds=1),
        not_after=after,
        imported_at=NOW - timedelta(days=1),
        in_use=True,
    )
    return Listed(replace(summary, **more), account, region, name, owner)


def inventory(certificates: Iterable[Listed], coverage: Sequence[Coverage] | None = None) -> Inventory:
    """What was taken just now; every place that something stands in was seen, unless it is said otherwise."""
    own = tuple(certificates)
    places = {(one.account, one.region) for one in own}
    seen = [Coverage(*place, State.SEEN) for place in places] if coverage is None else coverage
    return gather([Sight(own, seen[0]), *(Sight((), one) for one in seen[1:])] if seen else [], NOW)


def scattered(count: int) -> Iterator[Listed]:
    """Certificates of a large company: ten accounts, ten regions, lifetimes from 6 days to 10 years; always the same."""
    dice = random.Random(7)  # noqa: S311 -- nothing here is a secret
    for number in range(count):
        life = dice.choices(_LIVES, _WEIGHTS)[0]
        left = -40 * dice.random() if dice.random() < 0.02 else life * dice.random() ** 0.6
        team = dice.choice(_TEAMS)
        domain = f"{dice.choice(_HOSTS)}-{number}.{team}.example.com"
        yield listed(
            domain,
            left=left,
            life=life,
            account=dice.choice(_ACCOUNTS),
            region=dice.choice(_REGIONS),
            name=f"{team}-{number}" if dice.random() < 0.8 else None,
            owner=team if dice.random() < 0.9 else None,
            number=number,
            sans=(domain, *(f"{host}.{domain}" for host in _HOSTS[: dice.randrange(4)])),
            key_algorithm=dice.choice(_KEYS),
            in_use=dice.random() < 0.85,
            kind="IMPORTED" if dice.random() < 0.9 else "AMAZON_ISSUED",
        )
