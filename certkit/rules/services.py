"""What the services take of what ACM holds: regions and key algorithms, each with its source."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from certkit import certificate as x
from certkit import limits
from certkit.errors import UsageError
from certkit.rules.rule import Candidate, Finding, Severity

_RSA_TO_3072: Final = ("RSA_1024", "RSA_2048", "RSA_3072")
_ALL: Final = limits.KEY_ALGORITHMS
_EC: Final = ("EC_prime256v1", "EC_secp384r1", "EC_secp521r1")


@dataclass(frozen=True, slots=True)
class Service:
    """A service that takes certificates from ACM.

    Attributes:
        region: the only region that it takes them from, None where it is its own.
        key_algorithms: those that it takes; all of ACM's where no page of AWS's says otherwise.
    """

    region: str | None
    key_algorithms: tuple[str, ...]
    source: str


SERVICES: Final = {
    "cloudfront": Service(
        "us-east-1",
        (*_RSA_TO_3072, "RSA_4096", "EC_prime256v1"),
        "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cnames-and-https-requirements.html",
    ),
    "alb": Service(
        None,
        _ALL,
        "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/https-listener-certificates.html",
    ),
    "nlb": Service(
        None,
        (*_RSA_TO_3072, *_EC),
        "https://docs.aws.amazon.com/elasticloadbalancing/latest/network/tls-listener-certificates.html",
    ),
    "client-vpn": Service(
        None, ("RSA_1024", "RSA_2048"), "https://docs.aws.amazon.com/vpn/latest/clientvpn-admin/mutual.html"
    ),
    "iot": Service(
        None,
        ("RSA_2048", "EC_prime256v1"),
        "https://docs.aws.amazon.com/iot/latest/developerguide/iot-custom-endpoints-configurable-custom.html",
    ),
    "transfer": Service(
        None,
        ("RSA_2048", "RSA_4096", *_EC),
        "https://docs.aws.amazon.com/transfer/latest/APIReference/API_CreateServer.html",
    ),
}
"""The services whose limits on region and key are documented."""


def findings(name: str | None, candidate: Candidate, regions: Sequence[str]) -> Iterator[Finding]:
    """Yields what keeps the service `name` from using the candidate out of `regions`; nothing without a name.

    Raises:
        UsageError: there is no such service.
    """
    if name is None:
        return
    service = SERVICES.get(name)
    if service is None:
        raise UsageError(f"--for {name!r} is no service that certkit knows", hint=f"one of {', '.join(SERVICES)}")
    algorithm = x.subject_key_algorithm(candidate.leaf) if candidate.leaf is not None else ""
    if algorithm in limits.KEY_ALGORITHMS and algorithm not in service.key_algorithms:
        message = f"its key is {algorithm}, and {name} takes {', '.join(service.key_algorithms)}"
        yield Finding("service-key-algorithm", Severity.WARNING, "leaf", message, None, service.source)
    for region in regions:
        if service.region and region != service.region:
            message = f"{name} takes certificates from {service.region} only, not from {region}"
            hint = f"import it with --region {service.region}"
            yield Finding("service-region", Severity.WARNING, "bundle", message, hint, service.source)
