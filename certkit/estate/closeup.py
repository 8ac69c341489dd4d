"""What a certificate in ACM says itself."""

from typing import Final

from cryptography import x509

from certkit import certificate as x
from certkit.estate.finding import Closeup, Estate
from certkit.inventory import Listed
from certkit.record import CertificateRecord
from certkit.trust import Profile, profile_of

DOMAIN_VALIDATED: Final = "2.23.140.1.2.1"
"""The policy of certificates for which domains alone were validated: Baseline Requirements, section 7.1.6.1."""


def worth_looking_at(estate: Estate) -> tuple[Listed, ...]:
    """Returns what the findings would look at closely: the imported ones that are in use, soonest expiry first."""
    return tuple(one for one in estate.imported if one.summary.in_use)


def closeup_of(record: CertificateRecord) -> Closeup:
    """Returns what a certificate says itself; of its chain nothing is verified."""
    key = x.public_key(record.leaf)
    chain = [one for one in record.chain if one != record.leaf]
    is_public = profile_of(record.leaf, chain) is Profile.PUBLIC
    return Closeup(
        spki_sha256=x.spki_fingerprint(key) if key else None,
        chain_not_after=min((one.not_valid_after_utc for one in chain), default=None),
        is_domain_validated=is_public and DOMAIN_VALIDATED in _policies(record.leaf),
        in_use_by=record.in_use_by,
    )


def _policies(leaf: x509.Certificate) -> frozenset[str]:
    found = x.extension(leaf, x509.CertificatePolicies)
    return frozenset(one.policy_identifier.dotted_string for one in found) if found else frozenset()
