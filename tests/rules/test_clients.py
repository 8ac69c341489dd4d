"""What is asked of public certificates alone, and what of every chain."""

import datetime as dt
from dataclasses import replace

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from certkit.bundle import Parts
from certkit.rules import Candidate, Rule, clients, judge
from certkit.rules.clients.validity import validity_in_days
from certkit.trust import Profile
from certkit.validate import candidate_as_is
from tests.issuing import ANY_USAGE, CLIENT_AUTH, SERVER_AUTH, Request, ca_request, make_chain, make_root, self_signed
from tests.rules import public as cases
from tests.rules.public import BREACHES, DAY, ISSUED, NOW, PUBLIC, SECOND, lasting, public, under_one_that_ends

CODE_SIGNING = ExtendedKeyUsageOID.CODE_SIGNING
OF_PUBLIC = [rule.id for rule in clients.RULES if rule.id != "intermediate-expires-soon"]


def found(candidate: Candidate) -> list[str]:
    return [finding.rule for finding in judge(candidate)]


def messages(candidate: Candidate) -> list[tuple[str, str]]:
    return [(finding.part, finding.message) for finding in judge(candidate)]


@pytest.mark.parametrize("rule", OF_PUBLIC)
def test_what_is_wrong_in_public_is_no_matter_in_private(rule: str) -> None:
    assert found(replace(BREACHES[rule], profile=Profile.PRIVATE)) == []


@pytest.mark.parametrize("rule", clients.RULES, ids=lambda rule: rule.id)
def test_acm_refuses_none_of_it(rule: Rule) -> None:
    assert rule.severity == "warning"


# Validity


def day(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("first", "days"),
    [
        ("2018-02-28", 5000),
        ("2018-03-01", 825),
        ("2020-08-31", 825),
        ("2020-09-01", 398),
        ("2026-03-14", 398),
        ("2026-03-15", 200),
        ("2027-03-14", 200),
        ("2027-03-15", 100),
        ("2029-03-14", 100),
        ("2029-03-15", 47),
        ("2040-01-01", 47),
    ],
)
def test_the_day_of_issue_decides_for_how_long(first: str, days: int) -> None:
    exactly, over = (public(lasting(days, seconds=seconds, since=day(first))) for seconds in (0, 1))

    has_limit = days != 5000
    assert "validity-over-public-limit" not in found(exactly)
    assert ("validity-over-public-limit" in found(over)) is has_limit


def test_the_day_of_issue_begins_at_midnight_utc() -> None:
    late = public(lasting(201, since=day("2026-03-15") - SECOND))
    early = public(lasting(201, since=day("2026-03-15")))

    assert ["validity-over-public-limit" in found(each) for each in (late, early)] == [False, True]


@pytest.mark.parametrize(
    ("seconds", "days"), [(0, 1), (86_398, 1), (86_399, 1), (86_400, 2), (200 * 86_400 - 1, 200), (200 * 86_400, 201)]
)
def test_both_ends_of_the_validity_count_and_a_fraction_is_a_day(seconds: int, days: int) -> None:
    certificate = self_signed(Request(not_before=ISSUED, not_after=ISSUED + seconds * SECOND)).certificate

    assert validity_in_days(certificate) == days


def test_the_message_counts_the_days() -> None:
    assert messages(public(lasting(398))) == [
        ("leaf", "it is valid for 398 days, and one issued on 2026-11-01 may be for 200")
    ]


# Usages


def test_client_auth_is_refused_by_browsers_from_a_day_of_issue_on() -> None:
    usages = replace(PUBLIC, extended_key_usages=(SERVER_AUTH, CLIENT_AUTH))
    days = [day("2027-03-15") - SECOND, day("2027-03-15")]

    said = [
        [text for _, text in messages(public(replace(usages, not_before=each, not_after=each + 90 * DAY - SECOND)))]
        for each in days
    ]

    assert [text[-1] for text in said] == [
        "it is for clients too (clientAuth), which its next renewal will not be",
        "it is for clients too, which Chrome refuses in certificates issued since 2027-03-15",
    ]


@pytest.mark.parametrize(
    ("usages", "expected"),
    [
        ((CLIENT_AUTH,), ["it lacks the extended key usage serverAuth"]),
        ((SERVER_AUTH, ANY_USAGE), ["it has the extended key usage anyExtendedKeyUsage"]),
        ((), ["it lacks the extended key usage serverAuth"]),
        ((SERVER_AUTH, CODE_SIGNING), ["it has the extended key usage codeSigning"]),
    ],
)
def test_a_certificate_for_something_else_is_named(
    usages: tuple[x509.ObjectIdentifier, ...], expected: list[str]
) -> None:
    candidate = public(replace(PUBLIC, extended_key_usages=usages))

    said = [each.message for each in judge(candidate) if each.rule == "extended-key-usage-not-for-servers"]
    assert said == expected


@pytest.mark.parametrize(
    ("usages", "expected"),
    [
        (("key_agreement",), ["its key usage lacks digitalSignature"]),
        (("digital_signature", "content_commitment"), ["its key usage has nonRepudiation"]),
        (("digital_signature", "crl_sign"), ["its key usage has cRLSign"]),
        (
            ("key_encipherment", "data_encipherment"),
            [
                "its key usage lacks digitalSignature",
                "its key usage has dataEncipherment",
                "its key usage has keyEncipherment, and its key is on an elliptic curve",
            ],
        ),
    ],
)
def test_a_key_usage_that_is_not_for_ecdsa_is_named(usages: tuple[str, ...], expected: list[str]) -> None:
    assert [text for _, text in messages(public(replace(PUBLIC, key_usages=usages)))] == expected


@pytest.mark.parametrize(
    ("usages", "expected"),
    [
        (("digital_signature", "data_encipherment"), []),
        (("digital_signature", "key_agreement"), ["its key usage has keyAgreement"]),
        (("key_encipherment",), []),
    ],
)
def test_a_key_usage_that_is_not_for_rsa_is_named(usages: tuple[str, ...], expected: list[str]) -> None:
    candidate = public(replace(PUBLIC, key=("RSA_2048", 0), key_usages=usages))

    said = [each.message for each in judge(candidate) if each.rule == "key-usage-not-for-servers"]
    assert said == expected


# Names


@pytest.mark.parametrize(
    ("name", "rules"),
    [
        ("shop", ["no-domain-name", "internal-name"]),
        ("shop.local", ["internal-name"]),
        ("shop.TEST", ["internal-name"]),
        ("shop.internal.", ["no-domain-name", "dns-name-malformed", "internal-name"]),
        ("10.1.2.3", ["no-domain-name", "internal-name"]),
        ("fd00::1", ["no-domain-name", "internal-name"]),
        ("my_shop.example.com", ["no-domain-name", "dns-name-malformed"]),
        ("shop*.example.com", ["no-domain-name", "dns-name-malformed"]),
        ("shop.*.example.com", ["no-domain-name", "dns-name-malformed"]),
        ("shop.example.com.", ["no-domain-name", "dns-name-malformed"]),
        ("-shop.example.com", ["no-domain-name", "dns-name-malformed"]),
        ("shop-.example.com", ["no-domain-name", "dns-name-malformed"]),
        (f"{'a' * 63}.example.com", []),
        (f"{'a' * 64}.example.com", ["no-domain-name", "dns-name-malformed"]),
        ("xn--bcher-kva.example.com", []),
        ("*.shop.example.com", []),
        ("*.com", ["no-domain-name"]),
    ],
)
def test_a_name_that_a_public_ca_may_not_put_there_is_found(name: str, rules: list[str]) -> None:
    candidate = public(replace(PUBLIC, common_name=None, sans=(name,)))

    assert found(candidate) == rules


def test_a_common_name_is_one_of_the_others_letter_by_letter() -> None:
    found_of = [found(public(replace(PUBLIC, common_name=name))) for name in ("www.example.com", "WWW.example.com")]

    assert found_of == [[], ["common-name-not-in-san"]]


def test_a_common_name_may_be_one_of_the_addresses() -> None:
    address = "2606:4700:4700::1111"

    assert "common-name-not-in-san" not in found(public(replace(PUBLIC, common_name=address, sans=(address,))))


def test_without_alternative_names_the_common_name_is_not_found_twice() -> None:
    assert found(public(replace(PUBLIC, sans=()))) == ["no-subject-alternative-name"]


@pytest.mark.parametrize(
    ("common_name", "is_critical", "expected"),
    [
        ("shop.example.com", True, ["its subject is not empty, and its alternative names are critical"]),
        (None, False, ["its subject is empty, and its alternative names are not critical"]),
        ("shop.example.com", False, []),
        (None, True, []),
    ],
)
def test_alternative_names_are_critical_where_they_stand_for_the_subject(
    common_name: str | None, is_critical: bool, expected: list[str]
) -> None:
    candidate = public(replace(PUBLIC, common_name=common_name, san_is_critical=is_critical))

    assert [text for _, text in messages(candidate)] == expected


# The chain


def test_an_intermediate_that_ends_before_the_leaf_is_found_in_private_too() -> None:
    candidate = replace(under_one_that_ends(PUBLIC.not_after - DAY), profile=Profile.PRIVATE)

    assert messages(candidate) == [
        ("chain[0]", "it expires on 2027-01-28, before the certificate, which is valid until 2027-01-29")
    ]


def test_an_intermediate_that_has_expired_is_not_found_twice() -> None:
    assert found(under_one_that_ends(NOW - SECOND)) == ["chain-certificate-expired"]
    assert found(under_one_that_ends(NOW)) == ["intermediate-expires-soon"]


def test_a_root_is_found_where_it_stands() -> None:
    assert messages(BREACHES["root-in-public-chain"]) == [("chain[1]", "it is a root")]


def test_a_ca_that_certifies_its_own_new_key_is_no_root() -> None:
    root = make_root()
    renewed = root.issue(ca_request("Example Root", key=("EC_prime256v1", 31)))

    assert "root-in-public-chain" not in found(cases.as_public(renewed.issue(PUBLIC)))


def test_a_cross_sign_is_no_root() -> None:
    elder = make_root("Elder Root", key=("EC_prime256v1", 40))
    root = elder.issue(ca_request("Example Root", key=("EC_prime256v1", 10)))

    assert found(cases.as_public(root.issue(PUBLIC))) == []


def test_of_a_leaf_that_cannot_be_read_nothing_is_said() -> None:
    chain = make_chain(leaf=PUBLIC)
    parts = Parts(b"junk", chain.key_pem, chain.chain_pem)
    unreadable = replace(PUBLIC, extensions=(x509.UnrecognizedExtension(x509.ObjectIdentifier("2.5.29.35"), b"\x04"),))

    nothing = replace(candidate_as_is(parts, NOW), profile=Profile.PUBLIC)
    rules = {rule.id for rule in clients.RULES}
    assert [rules & set(found(each)) for each in (nothing, public(unreadable))] == [set(), set()]
