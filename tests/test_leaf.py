"""Which certificate is the leaf: the contract's paragraph, sentence by sentence."""

import datetime as dt
from collections.abc import Sequence
from itertools import permutations
from typing import Final

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID

from certkit import leaf as leaves
from certkit.contents import KeyEntry
from certkit.errors import KeyMismatchError, NoLeafError, SeveralLeavesError, UsageError
from certkit.leaf import Choice, Named
from tests.given import DAY, KEY_A, KEY_B, NOW, private_key
from tests.issuing import Issued, Request, altered, make_chain, make_root, self_signed, with_broken_signature

CHAIN: Final = make_chain(intermediates=2)
ROOT: Final = make_root()


def key_entry(issued: Issued, alias: str | None = None) -> KeyEntry:
    return KeyEntry(private_key(issued), alias)


def named(*issued: Issued, alias: str | None = None) -> list[Named]:
    return [Named(one.certificate, alias) for one in issued]


def leaf_of(
    certificates: Sequence[Named], keys: Sequence[KeyEntry] = (), choice: Choice | None = None
) -> x509.Certificate:
    """The leaf, once it is the same for every order."""
    (found,) = {leaves.choose(order, keys, NOW, choice).certificate for order in permutations(certificates)}
    return found


def issue(host: str, key: tuple[str, int] = KEY_A, not_before: dt.datetime = NOW - DAY, **changes: object) -> Issued:
    sans = (host,)
    return ROOT.issue(Request(common_name=host, sans=sans, key=key, not_before=not_before, **changes))  # type: ignore[arg-type] # each its own


# With a key


def test_the_leaf_is_the_one_that_the_key_belongs_to() -> None:
    for issued in (CHAIN, *CHAIN.issuers):
        chosen = leaves.choose(named(CHAIN, *CHAIN.issuers), [key_entry(issued)], NOW)

        assert chosen == leaves.Leaf(issued.certificate, private_key(issued))


def test_of_several_for_one_key_the_newest_of_those_valid_now_is_the_leaf() -> None:
    newest = issue("shop.example.com", not_before=NOW - DAY)
    older = issue("shop.example.com", not_before=NOW - 2 * DAY)
    lapsed = issue("shop.example.com", not_before=NOW - DAY / 2, not_after=NOW - DAY / 4)
    future = issue("shop.example.com", not_before=NOW + DAY)

    assert leaf_of(named(older, newest, lapsed, future), [key_entry(newest)]) == newest.certificate


def test_of_several_for_one_key_that_are_not_valid_now_the_newest_is_the_leaf() -> None:
    elder = issue("shop.example.com", not_before=NOW - 9 * DAY, not_after=NOW - 8 * DAY)
    newer = issue("shop.example.com", not_before=NOW - 7 * DAY, not_after=NOW - 6 * DAY)

    assert leaf_of(named(elder, newer), [key_entry(newer)]) == newer.certificate


def test_two_equally_new_ones_for_one_key_are_several_leaves() -> None:
    one, other = issue("a.example.com"), issue("b.example.com")

    with pytest.raises(SeveralLeavesError) as caught:
        leaves.choose(named(one, other, *one.issuers), [key_entry(one)], NOW)

    expected = ", ".join(
        f"{name} (sha256 {it.sha256[:16]}…)" for name, it in (("a.example.com", one), ("b.example.com", other))
    )
    assert caught.value.message == f"2 certificates could be the leaf: {expected}"
    assert caught.value.part == "bundle"


def test_several_keys_with_several_leaves_are_several_leaves() -> None:
    one, other = issue("a.example.com", KEY_A), issue("b.example.com", KEY_B)

    with pytest.raises(SeveralLeavesError):
        leaves.choose(named(one, other), [key_entry(one), key_entry(other)], NOW)


def test_of_several_keys_the_one_with_a_certificate_is_the_leafs() -> None:
    one, other = issue("a.example.com", KEY_A), issue("b.example.com", KEY_B)

    chosen = leaves.choose(named(one), [key_entry(other), key_entry(one)], NOW)

    assert chosen == leaves.Leaf(one.certificate, private_key(one))


def test_the_same_key_or_certificate_twice_counts_once() -> None:
    one = issue("a.example.com")

    assert leaf_of(named(one, one, ROOT), [key_entry(one), key_entry(one)]) == one.certificate


def test_a_name_chooses_among_several_keys_and_among_several_for_one_key() -> None:
    a_old = issue("a.example.com", KEY_A, not_before=NOW - 2 * DAY)
    a, b, c = issue("a.example.com", KEY_A), issue("*.b.example.com", KEY_A), issue("c.example.com", KEY_B)
    found, keys = named(a_old, a, b, c), [key_entry(a), key_entry(c)]

    chosen = [
        leaf_of(found, keys, Choice(name_match=host)) for host in ("A.example.com", "x.b.example.com", "c.example.com")
    ]

    assert chosen == [a.certificate, b.certificate, c.certificate]


@pytest.mark.parametrize(
    ("name", "wanted"),
    [("192.0.2.1", "192.0.2.1"), ("xn--strae-oqa.example", "straße.example"), ("*.b.example.com", "*.b.example.com")],
)
def test_an_address_and_a_name_beyond_ascii_choose_as_browsers_would(name: str, wanted: str) -> None:
    one, other = issue(name, KEY_A), issue("c.example.com", KEY_B)

    chosen = leaf_of(named(one, other), [key_entry(one), key_entry(other)], Choice(name_match=wanted))

    assert chosen == one.certificate


def test_what_is_no_name_chooses_nothing() -> None:
    one = issue("a.example.com", KEY_A)

    with pytest.raises(UsageError, match=r"'https://a\.example\.com' is neither a DNS name nor an IP address"):
        leaves.choose(named(one), [key_entry(one)], NOW, Choice(name_match="https://a.example.com"))


def test_a_name_that_no_certificate_with_a_key_covers_is_a_usage_error() -> None:
    one, other = issue("a.example.com", KEY_A), issue("b.example.com", KEY_B)

    with pytest.raises(UsageError, match=r"no certificate with a private key covers b\.example\.com"):
        leaves.choose(named(one, other), [key_entry(one)], NOW, Choice(name_match="b.example.com"))


def test_a_common_name_counts_where_no_dns_name_stands_beside_it() -> None:
    without = ROOT.issue(Request(common_name="shop.example.com", key=KEY_A))
    beside = ROOT.issue(Request(common_name="shop.example.com", sans=("b.example.com",), key=KEY_B))

    choice = Choice(name_match="shop.example.com")
    assert leaf_of(named(without, beside), [key_entry(without), key_entry(beside)], choice) == without.certificate


def test_a_key_alone_has_no_leaf() -> None:
    with pytest.raises(NoLeafError, match="there is no certificate, only a private key") as caught:
        leaves.choose([], [key_entry(CHAIN)], NOW)

    assert caught.value.hint == "name the file with the certificate, and this one with --key"


def test_nothing_at_all_has_no_leaf() -> None:
    with pytest.raises(NoLeafError) as caught:
        leaves.choose([], [], NOW)

    assert caught.value.message == "there is no certificate"


def test_a_key_of_another_certificate_is_a_mismatch() -> None:
    stranger = issue("a.example.com", ("RSA_1024", 20))

    for found, which in (
        (named(CHAIN), "the certificate is not"),
        (named(CHAIN, *CHAIN.issuers), "none of the 4 certificates is"),
    ):
        with pytest.raises(KeyMismatchError) as caught:
            leaves.choose(found, [key_entry(stranger)], NOW)

        assert caught.value.message == f"the private key (RSA_1024) stands alone: {which} for it"
        assert caught.value.part == "key"


def test_a_certificate_whose_key_cannot_be_read_costs_nothing() -> None:
    curve, unknown = bytes.fromhex("06082a8648ce3d030107"), bytes.fromhex("06082a8648ce3d03017f")
    odd = Named(altered(issue("odd.example.com"), (curve, unknown)), "odd")

    assert leaf_of([odd, *named(CHAIN)], [key_entry(CHAIN)]) == CHAIN.certificate
    with pytest.raises(KeyMismatchError):
        leaves.choose([odd], [key_entry(CHAIN, "odd")], NOW, Choice(alias="odd"))


# An entry of a keystore


def test_an_alias_chooses_a_key_whatever_its_case() -> None:
    one, other = issue("a.example.com", KEY_A), issue("b.example.com", KEY_B)
    keys = [key_entry(one, "Shop"), key_entry(other, "intranet")]

    chosen = [leaf_of(named(one, other), keys, Choice(alias=alias)) for alias in ("shop", "INTRANET")]

    assert chosen == [one.certificate, other.certificate]


def test_an_alias_that_only_the_certificate_carries_chooses_its_key() -> None:
    one, other = issue("a.example.com", KEY_A), issue("b.example.com", KEY_B)
    found = [*named(one, alias="shop"), *named(other, alias="intranet")]

    chosen = leaves.choose(found, [key_entry(one), key_entry(other)], NOW, Choice(alias="intranet"))

    assert chosen == leaves.Leaf(other.certificate, private_key(other))


def test_of_two_entries_with_one_key_the_alias_chooses_the_certificate() -> None:
    old, new = issue("a.example.com", not_before=NOW - 2 * DAY), issue("a.example.com")
    found = [*named(old, alias="2025"), *named(new, alias="2026")]
    keys = [key_entry(old, "2025"), key_entry(new, "2026")]

    chosen = [leaf_of(found, keys, Choice(alias=alias)) for alias in ("2025", "2026")]

    assert chosen == [old.certificate, new.certificate]


def test_an_alias_that_the_whole_chain_carries_chooses_the_keys_certificate() -> None:
    found = named(CHAIN, *CHAIN.issuers, alias="shop")

    assert leaf_of(found, [key_entry(CHAIN, "shop")], Choice(alias="shop")) == CHAIN.certificate


def test_an_alias_of_a_trusted_certificate_chooses_it_without_a_key() -> None:
    found = [*named(CHAIN), *named(CHAIN.issuers[-1], alias="root")]

    chosen = leaves.choose(found, [key_entry(CHAIN, "shop")], NOW, Choice(alias="root"))

    assert chosen == leaves.Leaf(CHAIN.issuers[-1].certificate, None)


@pytest.mark.parametrize(
    ("aliases", "hint"),
    [(("b", "a"), "there is 'a', 'b'"), ((None, None), "none of its entries has an alias")],
)
def test_an_alias_that_nothing_carries_is_a_usage_error(aliases: tuple[str | None, str | None], hint: str) -> None:
    certificate, key = aliases

    with pytest.raises(UsageError) as caught:
        leaves.choose(named(CHAIN, alias=certificate), [key_entry(CHAIN, key)], NOW, Choice(alias="c"))

    assert (caught.value.message, caught.value.hint) == ("there is no entry with the alias 'c'", hint)


# Without a key


def test_without_a_key_the_leaf_is_the_one_that_issued_none_of_the_others() -> None:
    assert leaf_of(named(CHAIN, *CHAIN.issuers)) == CHAIN.certificate
    assert leaf_of(named(*CHAIN.issuers)) == CHAIN.issuers[0].certificate
    assert leaf_of(named(CHAIN, CHAIN)) == CHAIN.certificate


def test_without_a_key_a_self_signed_certificate_alone_is_the_leaf() -> None:
    issued = self_signed(Request())

    assert leaves.choose(named(issued), [], NOW) == leaves.Leaf(issued.certificate, None)


def test_without_a_key_several_that_issued_none_of_the_others_are_several_leaves() -> None:
    many = [issue(f"{number}.example.com") for number in range(7)]

    with pytest.raises(SeveralLeavesError, match=r"7 certificates could be the leaf: .* and 2 more"):
        leaves.choose(named(*many, ROOT), [], NOW)


def test_without_a_key_a_certificate_without_a_common_name_is_told_by_its_fingerprint() -> None:
    one, other = (ROOT.issue(Request(common_name=None, serial=serial)) for serial in (1, 2))

    with pytest.raises(SeveralLeavesError, match=rf"no common name \(sha256 {one.sha256[:16]}…\)"):
        leaves.choose(named(one, other), [], NOW)


def test_without_a_key_two_that_issued_each_other_are_several_leaves() -> None:
    one, other = make_root("One", key=KEY_A), make_root("Other", key=KEY_B)
    cross = [
        other.issue(Request(common_name="One", key=KEY_A, is_ca=True)),
        one.issue(Request(common_name="Other", key=KEY_B, is_ca=True)),
    ]

    with pytest.raises(SeveralLeavesError):
        leaves.choose(named(*cross), [], NOW)


def test_without_a_key_a_name_or_an_alias_chooses() -> None:
    one, other = issue("a.example.com"), issue("b.example.com")
    found = [*named(one, alias="one"), *named(other, alias="other"), *named(ROOT)]

    assert leaf_of(found, choice=Choice(name_match="b.example.com")) == other.certificate
    assert leaf_of(found, choice=Choice(alias="one")) == one.certificate


def test_without_a_key_a_name_that_no_leaf_covers_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match=r"no certificate that could be the leaf covers c\.example\.com"):
        leaves.choose(named(CHAIN), [], NOW, Choice(name_match="c.example.com"))


def test_without_a_key_an_issuer_whose_signature_is_broken_is_not_a_leaf() -> None:
    leaf = Named(with_broken_signature(CHAIN), None)

    assert leaf_of([leaf, *named(*CHAIN.issuers)]) == leaf.certificate


def test_without_a_key_certificates_of_one_name_do_not_pass_for_each_others_issuers() -> None:
    twins = [self_signed(Request(common_name="Twin", key=key)) for key in (KEY_A, KEY_B)]

    with pytest.raises(SeveralLeavesError, match="2 certificates could be the leaf"):
        leaves.choose(named(*twins), [], NOW)


def test_without_a_key_a_large_trust_store_is_several_leaves_at_once() -> None:
    name = [x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Example")]
    store = [self_signed(Request(common_name=f"Root {number}", serial=number + 1)) for number in range(2000)]
    nameless = self_signed(Request(common_name=None, issuer_name=x509.Name(name)))

    with pytest.raises(SeveralLeavesError, match="2001 certificates could be the leaf"):
        leaves.choose(named(*store, nameless), [], NOW)
