"""`certkit.toml`: what is to be in ACM, where, and from which SOURCE."""

from certkit.manifest.reading import load, parse
from certkit.manifest.spec import Account, Address, CertificateSpec, JobSpec, Manifest, Origin, Renewal, Telling

__all__ = [
    "Account",
    "Address",
    "CertificateSpec",
    "JobSpec",
    "Manifest",
    "Origin",
    "Renewal",
    "Telling",
    "load",
    "parse",
]
