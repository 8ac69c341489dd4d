"""What is the matter with an estate: each kind of finding, and what is none."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import certifi
import pytest
from cryptography import x509

import certkit
from certkit import limits
from certkit.estate import KINDS, Closeup, Estate, Weight, find
from certkit.estate.closeup import closeup_of, worth_looking_at
from certkit.record import CertificateRecord
from certkit.report import findings as report
from tests.estate.rows import ACCOUNT, HOME, NOW, inventory, row
from tests.issuing import Request, make_chain

if TYPE_CHECKING:
    from certkit.inventory import Listed

LOOKED_AT = Closeup(
    spki_sha256="aa" * 32, chain_not_after=None, is_domain_validated=True, in_use_by=("arn:aws:cloudfront::1:d/1",)
)


def ids(*rows: Listed, **more: Any) -> list[tuple[str, tuple[str, ...]]]:
    """Each finding as its kind and the last part of its certificates' ARNs."""
    found = find(Estate(inventory(*rows), **more))
    return [(one.kind.id, tuple(each.place.rpartition("/")[2] for each in one.certificates)) for one in found]


def test_a_certificate_in_use_that_something_renews_and_that_has_time_is_no_finding() -> None:
    assert ids(row(in_use=True, name="shop"), services={"shop": ()}) == []


@pytest.mark.parametrize(
    ("left", "life", "kind"),
    [
        (-1, 90, "in-use-expired"),
        (30, 90, "in-use-expiring"),
        (31, 90, None),
        (2.9, 6, "in-use-expiring"),
        (3.1, 6, None),
    ],
)
def test_what_is_in_use_counts_by_its_own_lifetime(left: float, life: float, kind: str | None) -> None:
    found = ids(row(in_use=True, name="shop", left=left, life=life))

    assert found == ([(kind, ("1",))] if kind else [])


def test_what_expires_unused_is_only_unused() -> None:
    assert ids(row(left=-1)) == [("unused", ("1",))]


def test_what_acm_renews_is_news_only_when_it_is_late() -> None:
    early, late = (row(in_use=True, kind="AMAZON_ISSUED", left=left) for left in (25, 9))

    assert (ids(early), ids(late)) == ([], [("in-use-expiring", ("1",))])


def test_a_certificate_without_an_end_is_passed_over() -> None:
    assert ids(row(in_use=True, kind="AMAZON_ISSUED", not_before=None, not_after=None)) == []


def test_nothing_renews_what_has_no_name_or_one_that_the_manifest_lacks() -> None:
    known, other, nameless = row(1, in_use=True, name="shop"), row(2, in_use=True, name="blog"), row(3, in_use=True)
    other, nameless = (
        replace(one, summary=replace(one.summary, sans=(f"DNS:{name}",)))
        for one, name in ((other, "b"), (nameless, "c"))
    )

    assert ids(known, other, nameless) == [("in-use-not-renewed", ("3",))]
    assert ids(known, other, nameless, services={"shop": ()}) == [
        ("in-use-not-renewed", ("2",)),
        ("in-use-not-renewed", ("3",)),
    ]


def test_the_same_certificate_twice_is_found_and_not_as_the_same_names_again() -> None:
    first = row(1, in_use=True, name="shop")
    second = row(2, in_use=True, name="shop", serial=first.summary.serial)

    assert ids(first, second) == [("same-certificate", ("1", "2"))]


def test_the_same_serial_number_of_another_ca_or_region_is_another_certificate() -> None:
    first = row(1, in_use=True, name="shop")
    abroad = row(2, in_use=True, name="shop", serial="01", region="eu-west-1")
    other = row(3, in_use=True, name="shop", serial="01", issuer="CN=Other", sans=("DNS:b",))

    assert ids(first, abroad, other) == []


def test_without_a_serial_number_nothing_is_called_the_same_certificate() -> None:
    rows = (row(number, in_use=True, name="shop", serial=None, issuer=None) for number in (1, 2))

    assert ids(*rows) == [("same-names", ("1", "2"))]


def test_the_same_names_in_any_order_are_found_for_one_kind_of_key() -> None:
    names = ("DNS:a.example", "DNS:b.example")
    rows = [row(1, sans=names), row(2, sans=("DNS:B.example", "DNS:a.example"))]
    rsa = row(3, sans=names, key_algorithm="RSA_2048")

    found = ids(*(replace(one, name="n", summary=replace(one.summary, in_use=True)) for one in (*rows, rsa)))

    assert found == [("same-names", ("1", "2"))]


def test_an_expired_one_and_one_with_more_names_than_are_listed_are_like_no_other() -> None:
    many = tuple(f"DNS:{number}.example" for number in range(100))
    rows = [row(1, sans=many), row(2, sans=many), row(3), row(4, left=-1)]

    assert [kind for kind, _ in ids(*rows)] == ["unused"] * 4


def test_one_key_under_different_names_is_found_where_it_was_read() -> None:
    served = row(1, source="https://a.example", arn="", sans=("DNS:a",), kind="ENDPOINT", spki_sha256="aa" * 32)
    held = row(2, in_use=True, name="shop")

    assert ids(served, held, closeups={held.place: LOOKED_AT}) == [("same-key", ("a.example", "2"))]
    assert ids(served, held) == []


def test_a_certificate_for_cloudfront_elsewhere_is_in_the_wrong_region() -> None:
    rows = [row(1, name="shop", region="eu-west-1"), row(2, name="shop")]

    wrong = ids(*rows, services={"shop": ("cloudfront",)})
    right = ids(*rows, services={"shop": ("cloudfront", "alb")})

    assert (wrong, right) == ([("wrong-region", ("1",))], [])


def test_an_unused_one_is_found_when_it_has_had_time_to_be_used() -> None:
    new = row(1, imported_at=NOW - timedelta(days=6))
    old = row(2, imported_at=NOW - timedelta(days=8), sans=("DNS:b",))

    assert ids(new, old) == [("unused", ("2",))]
    assert ids(replace(old, name="shop"), services={"shop": ()}) == []


def test_a_full_region_is_found() -> None:
    rows = [row(number, name="n", in_use=True, sans=(f"DNS:{number}",)) for number in range(8)]

    found = find(Estate(inventory(*rows), quotas={(ACCOUNT, HOME): 10}))

    assert [(one.kind.id, one.account, one.region, one.certificates, one.message) for one in found] == [
        ("quota-nearly-used", ACCOUNT, HOME, (), "8 of 10 imported certificates are there")
    ]
    assert find(Estate(inventory(*rows), quotas={(ACCOUNT, HOME): 11})) == ()
    assert find(Estate(inventory(*rows))) == ()


def test_the_imports_of_a_year_are_found_as_far_as_they_can_be_seen() -> None:
    rows = [row(number, name="n", in_use=True, sans=(f"DNS:{number}",)) for number in range(4_000)]

    found = find(Estate(inventory(*rows), quotas={(ACCOUNT, HOME): 10_000}))

    assert [one.message for one in found] == ["at least 4,000 of 5,000 imports of 365 days are used up"]
    assert limits.MAX_IMPORTS_A_YEAR == 5_000


@pytest.mark.parametrize(
    ("chain_left", "word"), [(-1, "expired"), (29, "expires"), (31, None), (59, None), (400, None)]
)
def test_a_chain_that_ends_before_the_renewal_is_found(chain_left: int, word: str | None) -> None:
    held = row(in_use=True, name="shop")
    seen = replace(LOOKED_AT, is_domain_validated=False, chain_not_after=NOW + timedelta(days=chain_left))

    found = find(Estate(inventory(held), closeups={held.place: seen}))

    assert [(one.kind.id, one.message.split()[2]) for one in found] == ([("chain-expires-first", word)] if word else [])


def test_what_acm_could_issue_is_found_unless_its_key_is_used_elsewhere_too() -> None:
    held = row(1, in_use=True, name="shop")
    outside = row(2, source="https://shop.example.com", arn="", kind="ENDPOINT", spki_sha256=LOOKED_AT.spki_sha256)

    assert ids(held, closeups={held.place: LOOKED_AT}) == [("let-acm-issue-it", ("1",))]
    assert ids(held, outside, closeups={held.place: LOOKED_AT}) == []
    assert ids(held, closeups={held.place: replace(LOOKED_AT, in_use_by=())}) == []
    assert ids(held, closeups={held.place: replace(LOOKED_AT, is_domain_validated=False)}) == []


def test_only_what_is_imported_and_in_use_is_worth_a_closer_look() -> None:
    used, unused, issued = row(1, in_use=True), row(2), row(3, in_use=True, kind="AMAZON_ISSUED")

    assert worth_looking_at(Estate(inventory(used, unused, issued))) == (used,)


def test_a_closeup_is_of_the_chain_without_the_leaf_and_private_cas_validate_no_domains() -> None:
    issued = make_chain(leaf=Request(extensions=(DOMAIN_VALIDATED,)))
    chain = tuple(one.certificate for one in issued.issuers)

    seen = closeup_of(CertificateRecord("arn", "IMPORTED", "ISSUED", issued.certificate, (issued.certificate, *chain)))

    assert seen.chain_not_after == min(one.not_valid_after_utc for one in chain)
    assert not seen.is_domain_validated
    assert closeup_of(CertificateRecord("arn", "IMPORTED", "ISSUED", issued.certificate, ())).chain_not_after is None


@pytest.mark.parametrize(("extensions", "is_validated"), [(True, True), (False, False)])
def test_a_public_ca_says_by_a_policy_that_it_looked_at_domains_alone(extensions: bool, is_validated: bool) -> None:
    root = x509.load_pem_x509_certificate(Path(certifi.where()).read_bytes())  # the first of them
    leaf = make_chain(leaf=Request(extensions=(DOMAIN_VALIDATED,) if extensions else ())).certificate

    seen = closeup_of(CertificateRecord("arn", "IMPORTED", "ISSUED", leaf, (root,), in_use_by=("arn:lb",)))

    assert (seen.is_domain_validated, seen.in_use_by) == (is_validated, ("arn:lb",))


DOMAIN_VALIDATED = x509.CertificatePolicies([x509.PolicyInformation(x509.ObjectIdentifier("2.23.140.1.2.1"), None)])


def test_what_matters_most_stands_first_and_every_kind_is_there_once() -> None:
    weights = [kind.weight for kind in KINDS]

    assert weights == sorted(weights, key=list(Weight).index)
    assert len({kind.id for kind in KINDS}) == len(KINDS)


def test_the_page_explains_every_kind() -> None:
    page = Path(certkit.__file__).parents[1].joinpath("docs", "findings.md").read_text("utf-8")

    assert page == report.page(KINDS)
