"""What a certificate is wanted for."""

import pytest

from certkit.errors import UsageError
from certkit.hosts import parse
from certkit.purpose import Purpose, purpose_of
from certkit.rules import judge
from certkit.trust import Profile
from tests.rules.cases import BREACHES, GOOD
from tests.rules.public import BAD_ELSEWHERE, public


def test_without_a_purpose_a_candidate_is_judged_as_it_is() -> None:
    candidates = [*GOOD.values(), *(each for each in BREACHES.values() if not each.hosts)]

    as_the_chain_tells = [each for each in candidates if each.profile is Profile.PRIVATE]
    assert [list(Purpose().findings(each)) for each in as_the_chain_tells] == [
        list(judge(each)) for each in as_the_chain_tells
    ]


def test_each_service_and_each_host_is_asked() -> None:
    purpose = purpose_of(["iot", "cloudfront"], ["shop.example.com", "b.example.com"], None, ["eu-west-1"])

    found = [(finding.rule, finding.part) for finding in purpose.findings(GOOD["in order"])]

    assert found == [
        ("host-not-covered", "leaf"),
        ("service-extended-key-usage", "leaf"),
        ("service-region", "bundle"),
        ("service-public-ca", "chain"),
    ]


def test_the_users_word_on_the_profile_counts_more_than_the_chain() -> None:
    candidate = public(BAD_ELSEWHERE)

    private = [finding.rule for finding in Purpose(profile=Profile.PRIVATE).findings(candidate)]
    by_the_chain = [finding.rule for finding in Purpose().findings(candidate)]

    assert private == []
    assert by_the_chain == [
        "validity-over-public-limit",
        "extended-key-usage-not-for-servers",
        "extended-key-usage-not-for-servers",
        "key-usage-not-for-servers",
        "key-encipherment-on-ec",
        "client-auth",
        "dns-name-malformed",
        "internal-name",
        "internal-name",
        "common-name-not-in-san",
    ]


def test_what_is_mended_is_an_error_when_strict() -> None:
    severities = [
        [str(finding.severity) for finding in Purpose().findings(BREACHES["chain-reordered"], is_strict=is_strict)]
        for is_strict in (False, True)
    ]

    assert severities == [["warning"], ["error"]]


def test_the_same_thing_twice_counts_once() -> None:
    purpose = purpose_of(["alb", "alb"], ["a.example.com", "a.example.com"], "public", ["eu-west-1", "eu-west-1"])

    assert purpose == Purpose(("alb",), (parse("a.example.com"),), Profile.PUBLIC, ("eu-west-1",))


@pytest.mark.parametrize(("names", "hosts"), [(["elb"], []), ([], ["https://example.com"])])
def test_what_is_no_service_and_no_host_is_a_usage_error(names: list[str], hosts: list[str]) -> None:
    with pytest.raises(UsageError):
        purpose_of(names, hosts, None)
