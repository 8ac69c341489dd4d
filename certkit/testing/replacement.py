"""What ACM demands of a certificate that is to replace another under the same ARN.

https://docs.aws.amazon.com/acm/latest/userguide/import-reimport.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from certkit.testing import names
from certkit.testing.record import CertificateType
from certkit.testing.refusal import invalid

if TYPE_CHECKING:
    from cryptography import x509

    from certkit.testing.record import Record

_MISSING: Final = "New certificate is missing one or more {} supported by the currently imported certificate"
"""https://github.com/hashicorp/terraform-provider-aws/issues/42779, for Extended Key Usages; the other is its analogue."""


def check_replacement(current: Record, leaf: x509.Certificate) -> None:
    """Checks a certificate against the one it is to replace.

    Raises:
        AwsRefusal: The current one was not imported, or the new one has another kind of key, no domain any more,
            or lacks a usage.
    """
    if current.type is not CertificateType.IMPORTED:
        raise invalid(f"Certificate {current.arn} is not an imported certificate.")  # text unsourced
    _check_key(current.material.leaf, leaf)
    if current.domains and not names.domains(leaf):
        raise invalid("New certificate does not have a domain name.")  # text unsourced
    _check_key_usages(current.material.leaf, leaf)
    _check_extended_key_usages(current.material.leaf, leaf)


def _check_key(current: x509.Certificate, new: x509.Certificate) -> None:
    before, after = names.key_algorithm(current), names.key_algorithm(new)
    if before != after:
        # https://github.com/vancluever/terraform-provider-acme/issues/441
        raise invalid(
            f"New certificate has a key of {after} which is different from {before} in the current certificate."
        )


def _check_key_usages(current: x509.Certificate, new: x509.Certificate) -> None:
    before, after = names.key_usages(current), names.key_usages(new)
    # RFC 5480 section 3 has no key encipherment for elliptic curves, hence the exception.
    is_ecdsa = (names.key_algorithm(current) or "").startswith("EC_")
    may_go = {"KEY_ENCIPHERMENT"} if is_ecdsa else set()
    if set(before) - set(after) - may_go or (before and not after):
        raise invalid(_MISSING.format("Key Usages"))


def _check_extended_key_usages(current: x509.Certificate, new: x509.Certificate) -> None:
    before, after = names.extended_key_usages(current), names.extended_key_usages(new)
    missing = {name for name, oid in set(before) - set(after)} - {"TLS_WEB_CLIENT_AUTHENTICATION"}
    if missing or (before and not after):
        raise invalid(_MISSING.format("Extended Key Usages"))
