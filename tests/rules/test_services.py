"""What services take of what ACM holds."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import pytest
from cryptography import x509

from certkit import limits
from certkit.bundle import Parts
from certkit.errors import UsageError
from certkit.hosts import parse
from certkit.rules import Candidate, Finding, Severity, services
from certkit.rules.services import SERVICES
from certkit.trust import Profile
from tests.issuing import CLIENT_AUTH, SERVER_AUTH, Request, ca_request, make_root, self_signed
from tests.rules.cases import GOOD, LEAF, NOW, SERVER, as_is, issued, parts_of
from tests.rules.cases import UNREADABLE as UNREADABLE_EXTENSION

HOME: Final = ["us-east-1"]
ON_THE_EDGE: Final = {
    "cloudfront",
    "cloudfront-origin-mtls",
    "api-gateway-edge",
    "appsync",
    "cognito",
    "amplify",
}
HOUR: Final = dt.timedelta(hours=1)
RSA: Final = replace(SERVER, key=("RSA_2048", 0), extended_key_usages=(SERVER_AUTH, CLIENT_AUTH))
FITTING: Final = replace(issued(RSA), profile=Profile.PUBLIC)
"""What every service takes that takes certificates of servers."""


def under(tiers: int, leaf: Request = RSA) -> Candidate:
    """A certificate whose chain, without its root, has so many certificates."""
    issuer = make_root()
    for number in range(tiers):
        issuer = issuer.issue(ca_request(f"Tier {number}", key=("EC_prime256v1", 20 + number)))
    return as_is(parts_of(issuer.issue(leaf)))


def with_names(common_name: str | None, *sans: str) -> Candidate:
    return replace(issued(replace(RSA, common_name=common_name, sans=sans)), profile=Profile.PUBLIC)


def lasting(left: dt.timedelta) -> Candidate:
    return replace(issued(replace(RSA, not_after=NOW + left)), profile=Profile.PUBLIC)


def found(service: str, candidate: Candidate, *regions: str) -> list[str]:
    return [finding.rule for finding in services.findings(service, candidate, regions or HOME)]


def messages(service: str, candidate: Candidate, *regions: str) -> list[tuple[str, str]]:
    return [(finding.part, finding.message) for finding in services.findings(service, candidate, regions or HOME)]


BREACHES: Final[Mapping[str, tuple[str, Candidate, list[str]]]] = {
    "service-takes-no-import": ("app-runner", FITTING, HOME),
    "service-region": ("cloudfront", FITTING, ["eu-west-1"]),
    "service-key-algorithm": ("nlb", issued(replace(RSA, key=("RSA_4096", 0))), HOME),
    "service-public-ca": ("cloudfront", replace(FITTING, profile=Profile.PRIVATE), HOME),
    "service-self-signed": ("network-firewall-inbound", as_is(parts_of(self_signed(RSA))), HOME),
    "service-ca-certificate": ("network-firewall-outbound", FITTING, HOME),
    "service-extended-key-usage": ("iot", issued(replace(RSA, extended_key_usages=(CLIENT_AUTH,))), HOME),
    "service-domain-name": ("client-vpn", with_names("Shop", "192.0.2.1"), HOME),
    "service-common-name": ("client-vpn-client", with_names(None, "a.example.com"), HOME),
    "service-chain-missing": ("network-firewall-inbound", replace(FITTING, chain=()), HOME),
    "service-chain-too-long": ("iot", under(5), HOME),
    "service-root-in-chain": (
        "cloudfront",
        replace(FITTING, chain=(*FITTING.chain, make_root().certificate)),
        HOME,
    ),
    "service-expires-soon": ("cloudfront", lasting(23 * HOUR), HOME),
}
"""By criterion: a service, and a candidate that breaks this one alone."""


SAID: Final = (
    ("service-takes-no-import", "bundle", "app-runner takes no certificate of yours"),
    ("service-region", "bundle", "cloudfront takes certificates from us-east-1 only, not from eu-west-1"),
    (
        "service-key-algorithm",
        "leaf",
        "its key is RSA_4096, and nlb takes RSA_1024, RSA_2048, RSA_3072, EC_prime256v1, EC_secp384r1, EC_secp521r1",
    ),
    ("service-public-ca", "chain", "it does not lead to a root that the public trusts, and cloudfront wants one"),
    ("service-self-signed", "leaf", "it is self-signed, which network-firewall-inbound does not take"),
    ("service-ca-certificate", "leaf", "it is not a CA's, and network-firewall-outbound has to issue others with it"),
    ("service-extended-key-usage", "leaf", "it lacks the extended key usage serverAuth, which iot asks for"),
    ("service-domain-name", "leaf", "it does not name a domain name, and client-vpn needs one"),
    ("service-common-name", "leaf", "its subject has no common name, and client-vpn-client needs one"),
    ("service-chain-missing", "chain", "there is none, and network-firewall-inbound needs it"),
    ("service-chain-too-long", "chain", "with the leaf it has 6 certificates, and iot takes 5"),
    ("service-root-in-chain", "chain[1]", "it is a root, and cloudfront wants none in the chain"),
    ("service-expires-soon", "leaf", "it expires on 2026-11-23 11:00 UTC, and cloudfront wants 24 hours"),
)


@pytest.mark.parametrize(("rule", "part", "message"), SAID)
def test_a_limit_says_where_and_what(rule: str, part: str, message: str) -> None:
    service, candidate, regions = BREACHES[rule]

    assert messages(service, candidate, *regions) == [(part, message)]


def test_every_criterion_has_a_case() -> None:
    assert [rule for rule, _, _ in SAID] == list(BREACHES)
    assert list(BREACHES) == [criterion.id for criterion in services.CRITERIA]


@pytest.mark.parametrize("rule", BREACHES)
def test_a_candidate_that_breaks_one_limit_breaks_no_other(rule: str) -> None:
    service, candidate, regions = BREACHES[rule]

    assert found(service, candidate, *regions) == [rule]


@pytest.mark.parametrize("rule", BREACHES)
def test_a_finding_carries_the_source_of_the_service(rule: str) -> None:
    service, candidate, regions = BREACHES[rule]
    (criterion,) = [one for one in services.CRITERIA if one.id == rule]

    (finding,) = services.findings(service, candidate, regions)

    expected = Finding(rule, Severity.WARNING, finding.part, finding.message, criterion.hint, SERVICES[service].source)
    assert finding == expected
    assert service in finding.message


@pytest.mark.parametrize(
    "service", [name for name in SERVICES if name not in {"app-runner", "network-firewall-outbound"}]
)
def test_a_servers_certificate_of_a_public_ca_is_for_every_service(service: str) -> None:
    assert found(service, FITTING) == []


def test_a_cas_certificate_is_for_outbound_inspection() -> None:
    authority = as_is(parts_of(make_root().issue(ca_request("Inspection", key=("RSA_2048", 0)))))

    assert found("network-firewall-outbound", authority) == []


def test_without_a_service_nothing_is_found() -> None:
    assert list(services.findings(None, GOOD["in order"], ["eu-west-1"])) == []


def test_an_unknown_service_is_a_usage_error() -> None:
    with pytest.raises(UsageError) as caught:
        list(services.findings("cloud-front", GOOD["in order"], HOME))

    assert caught.value.message == "--for 'cloud-front' is no service that certkit knows"
    assert caught.value.hint == f"one of {', '.join(SERVICES)}"


def test_of_a_certificate_that_is_not_there_nothing_is_said() -> None:
    nothing = as_is(replace(parts_of(LEAF), body=b"junk"))

    assert [found(service, nothing, "eu-west-1") for service in SERVICES] == [[]] * len(SERVICES)


# Keys


@pytest.mark.parametrize(
    ("service", "algorithms"),
    [
        ("cloudfront", "RSA_1024 RSA_2048 RSA_3072 RSA_4096 EC_prime256v1"),
        ("cloudfront-origin-mtls", " ".join(limits.KEY_ALGORITHMS)),
        ("alb", " ".join(limits.KEY_ALGORITHMS)),
        ("elastic-beanstalk", " ".join(limits.KEY_ALGORITHMS)),
        ("nlb", "RSA_1024 RSA_2048 RSA_3072 EC_prime256v1 EC_secp384r1 EC_secp521r1"),
        ("clb", " ".join(limits.KEY_ALGORITHMS)),
        ("api-gateway-edge", "RSA_1024 RSA_2048 EC_prime256v1"),
        ("api-gateway-regional", "RSA_1024 RSA_2048 EC_prime256v1 EC_secp384r1 EC_secp521r1"),
        ("api-gateway-mtls", "RSA_1024 RSA_2048 EC_prime256v1 EC_secp384r1 EC_secp521r1"),
        ("client-vpn", "RSA_1024 RSA_2048"),
        ("client-vpn-client", "RSA_1024 RSA_2048"),
        ("iot", "RSA_2048 EC_prime256v1"),
        ("transfer", "RSA_2048 RSA_4096 EC_prime256v1 EC_secp384r1 EC_secp521r1"),
        ("network-firewall-inbound", " ".join(limits.KEY_ALGORITHMS)),
        ("opensearch", " ".join(limits.KEY_ALGORITHMS)),
    ],
)
def test_a_service_takes_the_keys_that_its_documentation_lists(service: str, algorithms: str) -> None:
    candidates = {each: issued(replace(RSA, key=(each, 0))) for each in limits.KEY_ALGORITHMS}

    taken = [each for each, candidate in candidates.items() if "service-key-algorithm" not in found(service, candidate)]

    assert taken == algorithms.split()


def test_a_key_that_a_service_does_not_take_is_named_with_those_it_does() -> None:
    assert messages("iot", issued(replace(RSA, key=("EC_secp384r1", 0)))) == [
        ("leaf", "its key is EC_secp384r1, and iot takes RSA_2048, EC_prime256v1")
    ]


def test_a_key_that_acm_itself_refuses_is_not_found_twice() -> None:
    assert found("iot", issued(replace(RSA, key=("Ed25519", 0)))) == []


# Regions


def test_what_is_built_on_cloudfront_takes_certificates_from_one_region_alone() -> None:
    assert {name for name in SERVICES if "service-region" in found(name, FITTING, "eu-west-1")} == ON_THE_EDGE


def test_each_wrong_region_is_found() -> None:
    assert messages("cloudfront", FITTING, "us-east-1", "eu-west-1", "eu-central-1") == [
        ("bundle", "cloudfront takes certificates from us-east-1 only, not from eu-west-1"),
        ("bundle", "cloudfront takes certificates from us-east-1 only, not from eu-central-1"),
    ]


def test_where_no_region_is_known_none_is_wrong() -> None:
    assert list(services.findings("cloudfront", FITTING, [])) == []


# Who issued it


@pytest.mark.parametrize("service", ["cloudfront", "api-gateway-edge", "api-gateway-regional", "verified-access"])
def test_a_self_signed_certificate_is_no_public_one(service: str) -> None:
    assert found(service, as_is(parts_of(self_signed(RSA)))) == ["service-public-ca"]


def test_a_certificate_without_its_chain_does_not_show_who_issued_it() -> None:
    alone = as_is(replace(parts_of(LEAF.issuers[0].issue(RSA)), chain=b""))

    assert found("cloudfront", alone) == ["service-chain-missing"]
    assert found("verified-access", alone) == []


# Chains


def test_the_leaf_counts_in_the_depth_of_a_chain() -> None:
    assert [messages("iot", under(tiers)) for tiers in (4, 5)] == [
        [],
        [("chain", "with the leaf it has 6 certificates, and iot takes 5")],
    ]


def test_the_bytes_of_a_chain_are_counted() -> None:
    parts = parts_of(LEAF.issuers[0].issue(RSA))
    padded = [
        Parts(parts.body, parts.key, parts.chain + b"\n" * (size - len(parts.chain))) for size in (16_384, 16_385)
    ]

    assert [messages("iot", as_is(each)) for each in padded] == [
        [],
        [("chain", "it has 16,385 bytes, and iot takes 16,384")],
    ]


def test_a_root_in_the_chain_is_pointed_at() -> None:
    service, candidate, _ = BREACHES["service-root-in-chain"]

    assert messages(service, candidate) == [("chain[1]", "it is a root, and cloudfront wants none in the chain")]
    assert found("alb", candidate) == []


# Usages and names


@pytest.mark.parametrize(
    ("service", "usages", "expected"),
    [
        ("iot", (SERVER_AUTH,), []),
        ("iot", (), [("leaf", "it lacks the extended key usage serverAuth, which iot asks for")]),
        ("cloudfront-origin-mtls", (CLIENT_AUTH,), []),
        (
            "cloudfront-origin-mtls",
            (SERVER_AUTH,),
            [("leaf", "it lacks the extended key usage clientAuth, which cloudfront-origin-mtls asks for")],
        ),
    ],
)
def test_a_usage_that_a_service_needs_is_named(
    service: str, usages: tuple[x509.ObjectIdentifier, ...], expected: list[tuple[str, str]]
) -> None:
    assert messages(service, issued(replace(RSA, extended_key_usages=usages))) == expected


@pytest.mark.parametrize(
    ("service", "common_name", "sans", "is_taken"),
    [
        ("alb", "Shop", ("192.0.2.1",), False),
        ("alb", "shop.example.com", (), True),
        ("alb", None, ("shop.example.com",), True),
        ("iot", "shop.example.com", (), True),
        ("client-vpn", "server", (), False),
        ("transfer", "Shop", ("192.0.2.1",), True),
        ("transfer", "Shop", ("localhost",), False),
        ("network-firewall-proxy", "Shop", ("localhost",), False),
        ("nlb", "Shop", ("localhost",), True),
    ],
)
def test_a_service_that_needs_a_name_says_which(
    service: str, common_name: str | None, sans: tuple[str, ...], *, is_taken: bool
) -> None:
    assert ("service-domain-name" not in found(service, with_names(common_name, *sans))) is is_taken


def test_of_names_and_usages_that_cannot_be_read_nothing_is_said() -> None:
    unreadable = issued(replace(RSA, extended_key_usages=(), extensions=(UNREADABLE_EXTENSION,)))

    without_domain = replace(
        RSA, common_name="Shop", sans=(), extensions=(UNREADABLE_EXTENSION,), extended_key_usages=()
    )

    assert [found(service, unreadable) for service in ("iot", "alb")] == [[], []]
    assert "service-domain-name" not in found("client-vpn", issued(without_domain))


def test_verified_access_wants_the_host_as_common_name() -> None:
    candidate = replace(with_names("a.example.com", "b.example.com"), hosts=(parse("a.example.com"),))
    other = replace(candidate, hosts=(parse("b.example.com"),))

    assert [messages("verified-access", each) for each in (candidate, other)] == [
        [],
        [("leaf", "its common name does not match b.example.com, as verified-access wants it to")],
    ]


# Time


def test_cloudfront_wants_a_day() -> None:
    assert [found("cloudfront", lasting(left * HOUR)) for left in (24, 23, 0, -1)] == [
        [],
        ["service-expires-soon"],
        ["service-expires-soon"],
        [],
    ]
    assert messages("cloudfront", lasting(23 * HOUR)) == [
        ("leaf", "it expires on 2026-11-23 11:00 UTC, and cloudfront wants 24 hours")
    ]


# The table


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_has_a_page_of_awss(name: str) -> None:
    assert SERVICES[name].source.startswith("https://docs.aws.amazon.com/")
    assert set(SERVICES[name].key_algorithms) <= set(limits.KEY_ALGORITHMS)
    assert SERVICES[name].note == "" or SERVICES[name].note.endswith(".")
