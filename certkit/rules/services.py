"""What the services take of what ACM holds: regions and key algorithms, each with its source."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from certkit import certificate as x
from certkit import limits
from certkit.errors import UsageError
from certkit.rules.rule import Candidate, Criterion, Finding, Severity

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


_KEY_ALGORITHM: Final = Criterion(
    "service-key-algorithm",
    Severity.WARNING,
    "https://docs.aws.amazon.com/acm/latest/userguide/import-certificate-prerequisites.html",
    "ask the CA for a certificate on a key that the service takes",
    "The service that `--for` names should take the certificate's key.\n\n"
    "Each takes some of the kinds that ACM imports; what it does not take fails when it is associated, not when imported.",
)
_REGION: Final = Criterion(
    "service-region",
    Severity.WARNING,
    "https://docs.aws.amazon.com/acm/latest/userguide/import-certificate.html",
    "import it into the region that the service takes certificates from",
    "The service that `--for` names should find the certificate in its region.\n\n"
    "CloudFront takes certificates from us-east-1 alone; the others take those of their own region.",
)

CRITERIA: Final = (_KEY_ALGORITHM, _REGION)


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
        yield Finding(_KEY_ALGORITHM.id, _KEY_ALGORITHM.severity, "leaf", message, _KEY_ALGORITHM.hint, service.source)
    for region in regions:
        if service.region and region != service.region:
            message = f"{name} takes certificates from {service.region} only, not from {region}"
            hint = f"import it with --region {service.region}"
            yield Finding(_REGION.id, _REGION.severity, "bundle", message, hint, service.source)
