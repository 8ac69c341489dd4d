"""What keeps a service from using a certificate: each limit of the table as a criterion."""

from collections.abc import Iterator
from typing import Final

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from certkit import certificate as x
from certkit import hosts, limits
from certkit.rules.services.limit import Use, limit
from certkit.rules.services.service import KeyPurpose, Naming
from certkit.trust import Profile

_NEW_KEY: Final = "ask the CA for a certificate on a key that the service takes"

_PURPOSES: Final = {
    KeyPurpose.SERVER_AUTH: ExtendedKeyUsageOID.SERVER_AUTH,
    KeyPurpose.CLIENT_AUTH: ExtendedKeyUsageOID.CLIENT_AUTH,
}


@limit(hint="leave it to the service")
def service_takes_no_import(use: Use) -> Iterator[tuple[str, str]]:
    """The service that `--for` names should take certificates of yours.

    App Runner does not: it has one of its own made.
    """
    if not use.service.takes_imports:
        yield "bundle", f"{use.name} takes no certificate of yours"


@limit(hint="import it with --region us-east-1")
def service_region(use: Use) -> Iterator[tuple[str, str]]:
    """The service that `--for` names should find the certificate in its region.

    CloudFront and what is built on it take certificates from us-east-1 alone; the others take those of their own region.
    """
    for region in use.regions:
        if use.service.region and region != use.service.region:
            yield "bundle", f"{use.name} takes certificates from {use.service.region} only, not from {region}"


@limit(hint=_NEW_KEY)
def service_key_algorithm(use: Use) -> Iterator[tuple[str, str]]:
    """The service that `--for` names should take the certificate's key.

    Each takes some of the kinds that ACM imports; what it does not take fails when it is associated, not when imported.
    """
    algorithm = x.subject_key_algorithm(use.leaf)
    taken = use.service.key_algorithms
    if taken and algorithm in limits.KEY_ALGORITHMS and algorithm not in taken:
        yield "leaf", f"its key is {algorithm}, and {use.name} takes {', '.join(taken)}"


@limit(hint="add the CA's intermediate certificates with --chain FILE")
def service_chain_missing(use: Use) -> Iterator[tuple[str, str]]:
    """The service that `--for` names should get the chain with the certificate.

    CloudFront was reported to refuse a certificate without its chain in one year, and to serve it broken in another.
    """
    if use.service.needs_chain and not use.candidate.chain and not x.is_self_signed(use.leaf):
        yield "chain", f"there is none, and {use.name} needs it"


@limit(hint="ask the CA for a shorter chain, and leave the root out")
def service_chain_too_long(use: Use) -> Iterator[tuple[str, str]]:
    """The chain should not be longer than the service that `--for` names takes it.

    IoT Core takes 5 certificates, the leaf counted, and 16 KB of PEM.
    """
    certificates, size = 1 + len(use.candidate.chain), len(use.candidate.parts.chain)
    if use.service.max_chain_certificates is not None and certificates > use.service.max_chain_certificates:
        most = use.service.max_chain_certificates
        yield "chain", f"with the leaf it has {certificates} certificates, and {use.name} takes {most}"
    if use.service.max_chain_bytes is not None and size > use.service.max_chain_bytes:
        yield "chain", f"it has {size:,} bytes, and {use.name} takes {use.service.max_chain_bytes:,}"


@limit(hint="leave the root out, as certkit does without --include-root")
def service_root_in_chain(use: Use) -> Iterator[tuple[str, str]]:
    """The chain should not hold a root where the service that `--for` names wants none.

    CloudFront's page: "Do not include the root certificate".
    """
    for position, certificate in enumerate(use.candidate.chain if not use.service.takes_root else ()):
        if x.is_self_signed(certificate):
            yield f"chain[{position}]", f"it is a root, and {use.name} wants none in the chain"


@limit(hint="ask a CA for a certificate")
def service_self_signed(use: Use) -> Iterator[tuple[str, str]]:
    """The certificate should not be its own issuer where the service that `--for` names refuses that."""
    if not use.service.takes_self_signed and x.is_self_signed(use.leaf):
        yield "leaf", f"it is self-signed, which {use.name} does not take"


@limit(hint="ask a public CA for a certificate, or say --profile public if the chain does not show that one issued it")
def service_public_ca(use: Use) -> Iterator[tuple[str, str]]:
    """The certificate should come from a public CA where the service that `--for` names wants one.

    A public CA is one whose root is in Mozilla's list, which CloudFront names as its own. A certificate that came without
    its chain shows nothing, and is passed over here: `chain-missing` speaks of it.
    """
    shows_issuer = bool(use.candidate.chain) or x.is_self_signed(use.leaf)
    if use.service.needs_public_ca and shows_issuer and use.candidate.profile is not Profile.PUBLIC:
        yield "chain", f"it does not lead to a root that the public trusts, and {use.name} wants one"


@limit(hint="ask the CA for a certificate with this extended key usage")
def service_extended_key_usage(use: Use) -> Iterator[tuple[str, str]]:
    """The certificate should have the extended key usage that the service that `--for` names asks for.

    IoT Core asks for serverAuth, CloudFront as a client of origins for clientAuth.
    """
    wanted = use.service.extended_key_usage
    if wanted is None or "extensions" in x.unreadable_parts(use.leaf):
        return
    if _PURPOSES[wanted] not in (x.extension(use.leaf, x509.ExtendedKeyUsage) or ()):
        yield "leaf", f"it lacks the extended key usage {wanted}, which {use.name} asks for"


@limit(hint="ask the CA for a certificate with the names that it is to serve")
def service_domain_name(use: Use) -> Iterator[tuple[str, str]]:
    """The certificate should name a domain where the service that `--for` names wants one.

    ACM imports a certificate without a domain, and the service then refuses it. Transfer Family takes an IP address for one.
    """
    naming = use.service.naming
    if naming is None or "extensions" in x.unreadable_parts(use.leaf) or x.domains(use.leaf):
        return
    if naming is Naming.DOMAIN or not any(san.startswith("IP:") for san in x.sans(use.leaf)):
        yield "leaf", f"it does not name {naming}, and {use.name} needs one"


@limit(hint="ask the CA for a certificate with this common name")
def service_common_name(use: Use) -> Iterator[tuple[str, str]]:
    """The subject should have a common name where the service that `--for` names wants one.

    Verified Access wants the name there that users use: it is looked for where `--host` gives it.
    """
    if not use.service.needs_common_name:
        return
    names = x.common_names(use.leaf)
    if not names:
        yield "leaf", f"its subject has no common name, and {use.name} needs one"
        return
    for host in use.candidate.hosts:
        if not any(hosts.is_covered(host, name) for name in names):
            yield "leaf", f"its common name does not match {host.text}, as {use.name} wants it to"


@limit(hint="import the certificate of a CA that may issue for inspection")
def service_ca_certificate(use: Use) -> Iterator[tuple[str, str]]:
    """The certificate should be a CA's where the service that `--for` names issues others with it."""
    if use.service.needs_ca and not x.is_ca(use.leaf):
        yield "leaf", f"it is not a CA's, and {use.name} has to issue others with it"


@limit(hint="renew it first")
def service_expires_soon(use: Use) -> Iterator[tuple[str, str]]:
    """The certificate should live longer than it takes the service that `--for` names to spread it.

    CloudFront wants a reimport 24 hours before the expiry at the latest.
    """
    left = use.leaf.not_valid_after_utc - use.candidate.now
    if use.service.min_life is not None and left.total_seconds() >= 0 and left < use.service.min_life:
        hours = int(use.service.min_life.total_seconds() // 3600)
        yield (
            "leaf",
            f"it expires on {use.leaf.not_valid_after_utc:%Y-%m-%d %H:%M} UTC, and {use.name} wants {hours} hours",
        )


LIMITS: Final = (
    service_takes_no_import,
    service_region,
    service_key_algorithm,
    service_public_ca,
    service_self_signed,
    service_ca_certificate,
    service_extended_key_usage,
    service_domain_name,
    service_common_name,
    service_chain_missing,
    service_chain_too_long,
    service_root_in_chain,
    service_expires_soon,
)
"""What nothing about the certificate can mend comes first."""
