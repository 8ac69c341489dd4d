"""Tests of what is made of that which an address serves."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from certkit import hosts
from certkit.bundle import Bundle
from certkit.errors import InputUnreadableError
from certkit.sources.endpoint import Served
from certkit.verify import State, View, Wanted, compare, exit_code, is_served, judge, unreachable, want
from tests.given import NOW
from tests.issuing import Issued, Request, ca_request, make_chain, make_root, self_signed

FIXTURES: Final = Path(__file__).parents[1] / "fixtures"
NAME: Final = "shop.example.com"
SHOP: Final = make_chain(leaf=Request(sans=(NAME,)), intermediates=2)
FIRST, SECOND, ROOT = SHOP.issuers
STRANGER: Final = make_root("Example Stranger", key=("EC_prime256v1", 60))
PRIVATE: Final = (ROOT.certificate,)
WANTED: Final = Wanted(hosts.parse(NAME), SHOP.certificate, (FIRST.certificate, SECOND.certificate), PRIVATE)
LOST: Final = unreachable("192.0.2.9", 443, InputUnreadableError("no answer within 10 s"))


def view(*sent: Issued, wanted: Wanted = WANTED) -> View:
    """What an address shows that sends this."""
    return judge(wanted, "192.0.2.1", 443, Served(tuple(one.der for one in sent), "TLSv1.3", "TLS_X"), NOW)


def renewed(**more: object) -> Issued:
    """A certificate for the shop from the same CA."""
    return FIRST.issue(replace(Request(sans=(NAME,)), **more))  # type: ignore[arg-type]  # the test's own


def of(state: State) -> View:
    return View("192.0.2.1", 443, state)


@pytest.mark.parametrize(
    "sent", [(SHOP, FIRST, SECOND), (SHOP, FIRST, SECOND, ROOT)], ids=["without the root", "with the root"]
)
def test_the_leaf_with_its_chain_is_served(sent: tuple[Issued, ...]) -> None:
    seen = view(*sent)

    assert (seen.state, seen.notes) == (State.SERVED, ())
    assert seen.certificates == tuple(one.der for one in sent)


@pytest.mark.parametrize(
    ("sent", "end", "missing"),
    [
        ((SHOP,), "shop.example.com", "CN=Example Intermediate 1"),
        ((SHOP, FIRST), "Example Intermediate 1", "CN=Example Intermediate 0"),
        ((SHOP, SECOND), "shop.example.com", "CN=Example Intermediate 1"),
        ((SHOP, STRANGER), "shop.example.com", "CN=Example Intermediate 1"),
    ],
    ids=["alone", "the last one missing", "the first one missing", "with a stranger"],
)
def test_a_chain_that_leads_to_no_root_is_incomplete(sent: tuple[Issued, ...], end: str, missing: str) -> None:
    seen = view(*sent)

    assert seen.state is State.INCOMPLETE
    assert seen.notes == (f"what is sent ends at {end}, and its issuer is missing: {missing}",)


def test_a_root_that_nobody_named_ends_no_chain() -> None:
    seen = view(SHOP, FIRST, SECOND, wanted=replace(WANTED, roots=()))

    assert seen.state is State.INCOMPLETE
    assert seen.notes == ("what is sent ends at Example Intermediate 0, and its issuer is missing: CN=Example Root",)


def test_a_root_that_the_public_trusts_needs_no_naming() -> None:
    under = x509.load_pem_x509_certificate((FIXTURES / "public" / "lets-encrypt-e8.pem").read_bytes())
    served = Served((under.public_bytes(Encoding.DER),), "TLSv1.3", "TLS_X")

    assert judge(Wanted(hosts.parse(NAME), under, (), ()), "192.0.2.1", 443, served, NOW).state is State.SERVED


def test_issuers_in_the_wrong_order_are_not_enough() -> None:
    seen = view(SHOP, SECOND, FIRST)

    assert seen.state is State.INCOMPLETE
    assert seen.notes == ("the issuers are not sent in order, and not every client sorts them",)


def test_what_is_sent_besides_is_said() -> None:
    seen = view(SHOP, SHOP, FIRST, STRANGER, SECOND)

    assert seen.state is State.SERVED
    assert seen.notes == ("certificates sent besides, which are not in its chain: 2",)


def test_the_right_leaf_with_another_chain_is_stale() -> None:
    again = ROOT.issue(replace(ca_request("Example Intermediate 0", key=("EC_prime256v1", 11)), serial=99))

    seen = view(SHOP, FIRST, again)

    assert seen.state is State.STALE
    assert seen.notes == (
        "the leaf is the right one, and its chain another: Example Intermediate 1, Example Intermediate 0",
    )


def test_of_a_source_without_all_issuers_as_much_is_compared_as_it_has() -> None:
    for has in ((), (FIRST.certificate,)):
        assert view(SHOP, FIRST, SECOND, wanted=replace(WANTED, chain=has)).state is State.SERVED
    assert view(SHOP, FIRST, SECOND, wanted=replace(WANTED, chain=(STRANGER.certificate,))).state is State.STALE


def test_a_chain_that_goes_on_where_the_wanted_one_is_at_a_root_is_another() -> None:
    root = self_signed(ca_request("Example Intermediate 0", key=("EC_prime256v1", 11)))
    wanted = replace(WANTED, chain=(FIRST.certificate,), roots=(root.certificate,))

    assert view(SHOP, FIRST, wanted=wanted).state is State.SERVED
    assert view(SHOP, FIRST, SECOND, wanted=wanted).state is State.STALE


def test_a_self_signed_certificate_needs_no_chain() -> None:
    own = self_signed(Request(sans=(NAME,)))

    assert view(own, wanted=Wanted(hosts.parse(NAME), own.certificate, (), ())).state is State.SERVED


@pytest.mark.parametrize(
    ("served", "note"),
    [
        (renewed(not_before=NOW - timedelta(days=1)), "that was issued later: SOURCE may be the old one"),
        (renewed(not_before=NOW - timedelta(days=900)), "that is no newer than SOURCE"),
        (renewed(), "that is no newer than SOURCE"),
        (
            renewed(sans=("other.example.com",)),
            "that is not for shop.example.com: what a server shows for names that it does not know",
        ),
    ],
    ids=["later", "earlier", "as old", "another name"],
)
def test_another_leaf_is_stale_and_what_it_looks_like_is_said(served: Issued, note: str) -> None:
    seen = view(served, FIRST, SECOND)

    assert seen.state is State.STALE
    assert seen.notes == (f"it serves shop.example.com, valid until 2049-12-31, sha256 {served.sha256[:16]}…", note)


def test_an_expired_one_is_called_so() -> None:
    old = renewed(not_before=NOW - timedelta(days=90), not_after=NOW - timedelta(days=1))

    assert "expired 2026-11-21" in view(old).notes[0]


def test_what_cannot_be_parsed_is_stale() -> None:
    seen = judge(WANTED, "192.0.2.1", 443, Served((b"0\x03junk", SHOP.der), "TLSv1.3", "TLS_X"), NOW)

    assert (seen.state, seen.notes) == (State.STALE, ("it serves a certificate that cannot be parsed",))


def test_what_is_served_and_would_be_refused_is_said() -> None:
    old = FIRST.issue(Request(sans=("old.example.com",), not_after=NOW - timedelta(days=1)))

    seen = view(old, FIRST, SECOND, wanted=replace(WANTED, leaf=old.certificate))

    assert seen.state is State.SERVED
    assert seen.notes == ("it is not valid now: clients refuse it", "it is not for shop.example.com: clients refuse it")


def test_an_issuer_that_has_expired_is_said() -> None:
    issuer = ROOT.issue(replace(ca_request("Old Issuer", key=("EC_prime256v1", 61)), not_after=NOW - timedelta(days=1)))
    leaf = issuer.issue(Request(sans=(NAME,)))

    seen = view(leaf, issuer, wanted=Wanted(hosts.parse(NAME), leaf.certificate, (issuer.certificate,), PRIVATE))

    assert seen.state is State.SERVED
    assert seen.notes == ("its issuer Old Issuer is not valid now: clients refuse it",)


def test_what_is_stale_propagates_while_another_address_serves_it() -> None:
    views = compare([of(State.STALE), of(State.SERVED), of(State.INCOMPLETE), LOST])

    assert [one.state for one in views] == [State.PROPAGATING, State.SERVED, State.INCOMPLETE, State.UNREACHABLE]


def test_what_no_address_serves_does_not_propagate() -> None:
    assert [one.state for one in compare([of(State.STALE), LOST])] == [State.STALE, State.UNREACHABLE]


@pytest.mark.parametrize(
    ("views", "code"),
    [
        ([of(State.SERVED), of(State.SERVED)], 0),
        ([of(State.SERVED), of(State.PROPAGATING)], 1),
        ([of(State.STALE)], 1),
        ([of(State.INCOMPLETE)], 1),
        ([of(State.SERVED), LOST], 3),
        ([of(State.STALE), LOST], 3),
    ],
)
def test_the_exit_code_tells_what_was_seen_from_what_was_not(views: list[View], code: int) -> None:
    assert exit_code(views) == code
    assert is_served(views) == (code == 0)


def test_the_roots_of_the_source_count_as_those_that_were_named() -> None:
    bundle = Bundle(
        SHOP.certificate, (FIRST.certificate, ROOT.certificate), ROOT.certificate, None, True, False, (), ()
    )

    wanted = want(NAME, bundle, [STRANGER.certificate])

    assert wanted.chain == (FIRST.certificate,)
    assert wanted.roots == (ROOT.certificate, STRANGER.certificate)
