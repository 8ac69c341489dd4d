"""What services take of what ACM holds."""

from dataclasses import replace

import pytest

from certkit import limits
from certkit.errors import UsageError
from certkit.rules import Finding, Severity, services
from certkit.rules.services import SERVICES
from tests.rules.cases import GOOD, LEAF, SERVER, as_is, issued, parts_of

HOME = ["us-east-1"]


def test_without_a_service_nothing_is_found() -> None:
    assert list(services.findings(None, GOOD["in order"], ["eu-west-1"])) == []


def test_an_unknown_service_is_a_usage_error() -> None:
    with pytest.raises(UsageError) as caught:
        list(services.findings("cloud-front", GOOD["in order"], HOME))

    assert caught.value.message == "--for 'cloud-front' is no service that certkit knows"
    assert caught.value.hint == f"one of {', '.join(SERVICES)}"


@pytest.mark.parametrize(
    ("service", "algorithms"),
    [
        ("cloudfront", "RSA_1024 RSA_2048 RSA_3072 RSA_4096 EC_prime256v1"),
        ("alb", "RSA_1024 RSA_2048 RSA_3072 RSA_4096 EC_prime256v1 EC_secp384r1 EC_secp521r1"),
        ("nlb", "RSA_1024 RSA_2048 RSA_3072 EC_prime256v1 EC_secp384r1 EC_secp521r1"),
        ("client-vpn", "RSA_1024 RSA_2048"),
        ("iot", "RSA_2048 EC_prime256v1"),
        ("transfer", "RSA_2048 RSA_4096 EC_prime256v1 EC_secp384r1 EC_secp521r1"),
    ],
)
def test_a_service_takes_the_keys_that_its_documentation_lists(service: str, algorithms: str) -> None:
    candidates = {each: issued(replace(SERVER, key=(each, 0))) for each in limits.KEY_ALGORITHMS}

    taken = [each for each, candidate in candidates.items() if not list(services.findings(service, candidate, HOME))]

    assert taken == algorithms.split()


def test_a_key_that_a_service_does_not_take_is_a_warning_that_names_those_it_does() -> None:
    candidate = issued(replace(SERVER, key=("EC_secp384r1", 0)))

    assert list(services.findings("iot", candidate, HOME)) == [
        Finding(
            "service-key-algorithm",
            Severity.WARNING,
            "leaf",
            "its key is EC_secp384r1, and iot takes RSA_2048, EC_prime256v1",
            "ask the CA for a certificate on a key that the service takes",
            SERVICES["iot"].source,
        )
    ]


def test_a_key_that_acm_itself_refuses_is_not_found_twice() -> None:
    assert list(services.findings("iot", issued(replace(SERVER, key=("Ed25519", 0))), HOME)) == []


def test_cloudfront_takes_certificates_from_one_region_alone() -> None:
    found = list(services.findings("cloudfront", GOOD["in order"], ["us-east-1", "eu-west-1", "eu-central-1"]))

    assert found == [
        Finding(
            "service-region",
            Severity.WARNING,
            "bundle",
            f"cloudfront takes certificates from us-east-1 only, not from {region}",
            "import it with --region us-east-1",
            SERVICES["cloudfront"].source,
        )
        for region in ("eu-west-1", "eu-central-1")
    ]


def test_a_load_balancer_takes_certificates_from_any_region() -> None:
    assert list(services.findings("alb", GOOD["in order"], ["eu-west-1"])) == []


def test_nothing_is_said_of_a_key_that_is_not_there() -> None:
    nothing = as_is(replace(parts_of(LEAF), body=b"junk"))

    assert list(services.findings("cloudfront", nothing, HOME)) == []
