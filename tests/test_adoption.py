"""What is in ACM, as certificates of a manifest."""

import tomllib
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certkit.adoption import Adopted, Held, adopt
from certkit.manifest import Account, parse
from certkit.report.adopt import manifest_text

FIRST: Final = datetime(2026, 1, 1, tzinfo=UTC)
UNTIL: Final = datetime(2027, 1, 1, tzinfo=UTC)
A: Final = "111111111111"
B: Final = "222222222222"
IRELAND: Final = "eu-west-1"
HOME: Final = "us-east-1"
ACCOUNTS: Final = (Account("a", A, f"arn:aws:iam::{A}:role/certkit", "k3x0"), Account("b b", B, None, None))


def held(number: int, account: str = A, region: str = HOME, **more: Any) -> Held:
    arn = f"arn:aws:acm:{region}:{account}:certificate/{number:08d}-0000-0000-0000-000000000000"
    own: dict[str, Any] = {
        "domain": "shop.example.com",
        "sha256": "aa" * 32,
        "not_after": UNTIL,
        "imported_at": FIRST + timedelta(days=number),
        "name": None,
    }
    return Held(arn, account, region, **(own | more))


def shape(one: Adopted) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    return (one.name, one.accounts, one.regions)


def test_one_leaf_in_all_regions_of_all_accounts_is_one_certificate() -> None:
    everywhere = [held(number, *site) for number, site in enumerate([(A, HOME), (A, IRELAND), (B, HOME), (B, IRELAND)])]

    (one,) = adopt(reversed(everywhere))

    assert shape(one) == ("shop.example.com", (A, B), (IRELAND, HOME))
    assert [member.site for member in one.members] == [(A, IRELAND), (A, HOME), (B, IRELAND), (B, HOME)]


def test_what_is_not_in_all_regions_of_all_accounts_is_more_than_one() -> None:
    adopted = adopt([held(1, A, HOME), held(2, A, IRELAND), held(3, B, HOME)])

    assert [shape(one) for one in adopted] == [
        ("shop.example.com", (A,), (IRELAND, HOME)),
        ("shop.example.com-aaaaaaaa", (B,), (HOME,)),
    ]


def test_two_of_one_leaf_in_one_place_are_two() -> None:
    adopted = adopt([held(1), held(2), held(3)])

    assert [one.name for one in adopted] == [
        "shop.example.com",
        "shop.example.com-00000003-0000-0000-0000-000000000000",
        "shop.example.com-aaaaaaaa",
    ]


def test_names_that_are_there_are_kept_and_nobody_else_gets_them() -> None:
    adopted = adopt([held(1, domain="a.example.com"), held(2, name="a.example.com", sha256="bb" * 32)])

    assert [(one.name, one.members[0].sha256[:2]) for one in adopted] == [
        ("a.example.com", "bb"),
        ("a.example.com-aaaaaaaa", "aa"),
    ]


def test_one_name_is_one_certificate_whatever_it_holds() -> None:
    (one,) = adopt([held(1, A, HOME, name="shop"), held(2, B, HOME, name="shop", sha256="bb" * 32)])

    assert shape(one) == ("shop", (A, B), (HOME,))


def test_what_a_name_cannot_hold_is_left_out_of_it() -> None:
    spare = held(3, B, HOME, name="shop")

    (one,) = adopt([held(1, A, HOME, name="shop"), held(2, A, IRELAND, name="shop"), spare])

    assert (shape(one), one.left_out) == (("shop", (A,), (IRELAND, HOME)), (spare,))


@pytest.mark.parametrize(
    ("domain", "name"),
    [
        ("*.example.com", "wildcard.example.com"),
        ("Shop.Example.COM", "shop.example.com"),
        (None, "certificate"),
        ("-", "certificate"),
        ("a b\x1b[31m", "a-b-31m"),
        ("é" * 300, "certificate"),
        ("a" * 253, "a" * 200),
    ],
)
def test_a_name_is_made_of_the_domain(domain: str | None, name: str) -> None:
    assert adopt([held(1, domain=domain)])[0].name == name


SITES: Final = st.tuples(st.sampled_from([A, B]), st.sampled_from([HOME, IRELAND]))
FACTS: Final = st.fixed_dictionaries(
    {
        "domain": st.sampled_from(["a.example", "*.a.example", None, 'é"\\\n\x1b']),
        "sha256": st.sampled_from(["aa" * 32, "bb" * 32]),
        "name": st.sampled_from([None, None, "shop", 'odd = "é"', "a.example"]),
    }
)


@given(st.lists(st.tuples(SITES, FACTS), max_size=8), st.randoms())
def test_everything_is_somewhere_once_and_the_order_does_not_matter(drawn: Any, random: Any) -> None:
    listed = [held(number, *site, **facts) for number, (site, facts) in enumerate(drawn)]
    shuffled = random.sample(listed, len(listed))

    adopted = adopt(shuffled)

    assert adopted == adopt(listed)
    assert Counter(one.arn for each in adopted for one in (*each.members, *each.left_out)) == Counter(
        one.arn for one in listed
    )
    assert len({one.name for one in adopted}) == len(adopted)
    for one in adopted:
        assert [member.site for member in one.members] == [(a, r) for a in one.accounts for r in one.regions]
        assert {member.name for member in one.members} <= {None, one.name}


@given(st.lists(st.tuples(SITES, FACTS), max_size=8), st.sampled_from([(), ACCOUNTS]))
def test_the_manifest_says_what_was_adopted_and_can_be_read(drawn: Any, accounts: tuple[Account, ...]) -> None:
    adopted = adopt(held(number, *site, **facts) for number, (site, facts) in enumerate(drawn))

    text = manifest_text(adopted, accounts)

    names = {account.name: account.id for account in accounts}
    read = parse(text, Path("certkit.toml")) if all('"' not in one.name for one in adopted) else None
    tables = tomllib.loads(text).get("certificates", {})
    assert text.replace("\n", "").isprintable()
    assert {name: tuple(table["regions"]) for name, table in tables.items()} == {
        one.name: one.regions for one in adopted
    }
    assert read is None or read.accounts == accounts
    for one in adopted if accounts else ():
        assert tuple(names[name] for name in tables[one.name]["accounts"]) == one.accounts


def test_a_manifest_looks_like_this() -> None:
    left_out = held(3, B, IRELAND, name="shop")
    adopted = adopt([held(1, name="shop"), held(2, domain="*.a.example", not_after=None), left_out])

    assert manifest_text(adopted, ACCOUNTS[:1]).splitlines()[3:] == [
        '[accounts."a"]',
        f'id = "{A}"',
        f'role = "arn:aws:iam::{A}:role/certkit"',
        'external_id = "k3x0"',
        "",
        '[certificates."shop"]',
        'source = "shop.pem"  # TO BE FILLED IN',
        'regions = ["us-east-1"]',
        'accounts = ["a"]',
        f"# {adopted[0].members[0].arn}: shop.example.com, until 2027-01-01",
        f"# NOT TAKEN: {left_out.arn} carries this name too, and regions and accounts above cannot say so",
        "",
        '[certificates."wildcard.a.example"]',
        'source = "wildcard.a.example.pem"  # TO BE FILLED IN',
        'regions = ["us-east-1"]',
        'accounts = ["a"]',
        f"# {adopted[1].members[0].arn}: *.a.example, until unknown, not tagged yet",
    ]
