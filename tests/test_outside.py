"""Certificates that are not in ACM, as rows of the same list."""

from datetime import timedelta

import pytest

from certkit import certificate as x
from certkit.outside import ENDPOINT, FILE, leaves, listed
from certkit.record import Summary
from tests.aws.scene import NOW
from tests.issuing import Request, make_chain, self_signed


def test_a_chain_is_one_leaf_and_what_stands_twice_is_one() -> None:
    issued = make_chain()
    ders = [x.to_der(one.certificate) for one in (*issued.issuers, issued, issued)]

    assert list(leaves(ders)) == [issued.certificate]


def test_where_there_are_only_cas_they_are_what_is_listed() -> None:
    roots = [self_signed(Request(f"Root {number}", is_ca=True)).certificate for number in range(2)]

    assert list(leaves(map(x.to_der, roots))) == roots


def test_what_cannot_be_parsed_is_left_out() -> None:
    leaf = make_chain().certificate

    assert list(leaves([b"0\x03\x02\x01\x05", x.to_der(leaf)])) == [leaf]


def test_a_row_says_what_acm_would_say_and_where_it_is_from() -> None:
    issued = make_chain(leaf=Request(sans=("shop.example.com", "192.0.2.1"), serial=0x0A1B))
    leaf = issued.certificate

    row = listed(leaf, "shop.pem", FILE, NOW)

    assert (row.account, row.region, row.name, row.source, row.place) == (None, None, None, "shop.pem", "shop.pem")
    assert row.summary == Summary(
        arn="",
        domain="shop.example.com",
        sans=("DNS:shop.example.com", "IP:192.0.2.1"),
        kind="FILE",
        status="ISSUED",
        key_algorithm="EC_prime256v1",
        not_before=leaf.not_valid_before_utc,
        not_after=leaf.not_valid_after_utc,
        imported_at=None,
        in_use=False,
        issuer=leaf.issuer.rfc4514_string(),
        serial="0a:1b",
        spki_sha256=x.spki_fingerprint(leaf.public_key()),
        sha256=issued.sha256,
    )


@pytest.mark.parametrize(("days", "status"), [(1, "ISSUED"), (0, "ISSUED"), (-1, "EXPIRED")])
def test_what_a_server_serves_is_in_use_for_better_or_worse(days: int, status: str) -> None:
    leaf = make_chain(leaf=Request(not_after=NOW + timedelta(days=days))).certificate

    summary = listed(leaf, "https://shop.example.com", ENDPOINT, NOW).summary

    assert (summary.in_use, summary.status, summary.kind) == (True, status, "ENDPOINT")
