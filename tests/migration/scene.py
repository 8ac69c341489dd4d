"""A certificate on its way to a new ARN, made of values alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from certkit.migration import Migration
from certkit.record import FOLLOWS_TAG, NAME_TAG, CertificateRecord
from certkit.usage import Service, Slot, User
from tests.aws.scene import ACCOUNT, HOME
from tests.issuing import Request, make_chain

OLD_ARN: Final = f"arn:aws:acm:{HOME}:{ACCOUNT}:certificate/0"
NEW_ARN: Final = f"arn:aws:acm:{HOME}:{ACCOUNT}:certificate/1"
OLD: Final = CertificateRecord(OLD_ARN, "IMPORTED", "ISSUED", make_chain().certificate, (), tags={NAME_TAG: "shop"})
NEW: Final = CertificateRecord(
    NEW_ARN,
    "IMPORTED",
    "ISSUED",
    make_chain(leaf=Request(key=("EC_secp384r1", 0))).certificate,
    (),
    tags={NAME_TAG: "shop", FOLLOWS_TAG: OLD_ARN},
)


def user(service: Service = Service.ELBV2, slot: Slot = Slot.DEFAULT, **more: Any) -> User:
    """One that names the old ARN."""
    plain = User(OLD_ARN, service, slot, f"arn:{service.value}:web", "web", "web", ACCOUNT, HOME)
    return replace(plain, **more)


def migration(**more: Any) -> Migration:
    """Both are there, nothing uses the old one, and nobody has noted that yet."""
    plain = Migration("shop", ACCOUNT, HOME, OLD, NEW, (), (), (), (), timedelta(days=7))
    return replace(plain, **more)
