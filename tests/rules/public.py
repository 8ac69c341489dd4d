"""Public certificates, as far as tests can have them: by `--profile public`, under a root of their own."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from certkit.bundle import Parts
from certkit.rules import Candidate
from certkit.trust import Profile
from certkit.validate import candidate_as_is
from tests.issuing import ANY_USAGE, CLIENT_AUTH, SERVER_AUTH, Issued, Request, ca_request, make_chain

NOW: Final = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
SECOND: Final = dt.timedelta(seconds=1)
DAY: Final = dt.timedelta(days=1)
ISSUED: Final = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)

PUBLIC: Final = Request(
    common_name="shop.example.com",
    sans=("shop.example.com", "www.example.com"),
    not_before=ISSUED,
    not_after=ISSUED + 90 * DAY - SECOND,
    key_usages=("digital_signature",),
    extended_key_usages=(SERVER_AUTH,),
)
"""What a public CA issues: nothing about it is wrong."""


def lasting(days: int, *, seconds: int = 0, since: dt.datetime = ISSUED) -> Request:
    """The same certificate, valid for so many days, both ends included."""
    return replace(PUBLIC, not_before=since, not_after=since + days * DAY - SECOND + seconds * SECOND)


def public(request: Request = PUBLIC) -> Candidate:
    """A certificate under an intermediate, called a public one."""
    return as_public(make_chain(leaf=request))


def as_public(chain: Issued) -> Candidate:
    """A chain without its root, called a public one."""
    parts = Parts(chain.pem, chain.key_pem, chain.chain_pem)
    return replace(candidate_as_is(parts, NOW), profile=Profile.PUBLIC)


def _with_its_root() -> Candidate:
    chain = make_chain(leaf=PUBLIC)
    parts = Parts(chain.pem, chain.key_pem, chain.full_chain_pem)
    return replace(candidate_as_is(parts, NOW), profile=Profile.PUBLIC)


def under_one_that_ends(moment: dt.datetime) -> Candidate:
    """A public certificate whose intermediate expires at `moment`."""
    request = ca_request("Ending", key=("EC_prime256v1", 31))
    root = make_chain().issuers[-1]
    return as_public(root.issue(replace(request, not_after=moment)).issue(PUBLIC))


BREACHES: Final[Mapping[str, Candidate]] = {
    "validity-over-public-limit": public(lasting(200, seconds=1)),
    "extended-key-usage-not-for-servers": public(replace(PUBLIC, extended_key_usages=())),
    "key-usage-not-for-servers": public(replace(PUBLIC, key_usages=("key_agreement",))),
    "key-encipherment-on-ec": public(replace(PUBLIC, key_usages=("digital_signature", "key_encipherment"))),
    "client-auth": public(replace(PUBLIC, extended_key_usages=(SERVER_AUTH, CLIENT_AUTH))),
    "dns-name-malformed": public(replace(PUBLIC, sans=("shop.example.com", "my_shop.example.com"))),
    "internal-name": public(replace(PUBLIC, sans=("shop.example.com", "shop.internal"))),
    "common-name-not-in-san": public(replace(PUBLIC, common_name="old.example.com")),
    "san-criticality": public(replace(PUBLIC, san_is_critical=True)),
    "ca-as-leaf": public(replace(PUBLIC, is_ca=True)),
    "root-in-public-chain": _with_its_root(),
    "intermediate-expires-soon": under_one_that_ends(PUBLIC.not_after - SECOND),
}
"""By rule, a public certificate that breaks this one alone."""

GOOD: Final[Mapping[str, Candidate]] = {
    "a public certificate": public(),
    "public, for 200 days": public(lasting(200)),
    "public, RSA with keyEncipherment": as_public(
        make_chain()
        .issuers[-1]
        .issue(ca_request("RSA Intermediate", key=("RSA_2048", 30)))
        .issue(replace(PUBLIC, key=("RSA_2048", 0), key_usages=("digital_signature", "key_encipherment")))
    ),
    "public, a wildcard": public(
        replace(PUBLIC, common_name=None, sans=("*.example.com", "198.41.0.4", "example.com"))
    ),
    "public, without key usage": public(replace(PUBLIC, key_usages=())),
    "public, with keyAgreement": public(replace(PUBLIC, key_usages=("digital_signature", "key_agreement"))),
    "under one that expires with it": under_one_that_ends(PUBLIC.not_after),
}
"""Public certificates in which no rule finds anything."""

BAD_ELSEWHERE: Final = Request(
    common_name="intranet",
    sans=("intranet_.local", "10.0.0.1", "shop.example.com"),
    key_usages=("key_encipherment",),
    extended_key_usages=(CLIENT_AUTH, ANY_USAGE),
)
"""What no public CA may issue, and a private one may."""
