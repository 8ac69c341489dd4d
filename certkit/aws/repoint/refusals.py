"""What the users of certificates answer instead of taking another one."""

from typing import Final

from certkit.aws.refusals.account import TRANSLATIONS as OF_ACCOUNT
from certkit.aws.refusals.translation import Translation

_ELB: Final = "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/"
_EDGE: Final = "https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_UpdateDistribution.html"

REFUSALS: Final = (
    *(one for one in OF_ACCOUNT if "AccessDenied" in one.codes),
    Translation(
        ("TooManyCertificates",),
        r"",
        "the load balancer has as many certificates as it may, and the new one is added before the old one goes",
        "take one away that nobody asks for, or ask for a higher quota in Service Quotas (25 beside the default ones)",
        "The maximum number of certificates has been reached for load balancer",
        f"{_ELB}API_AddListenerCertificates.html",
    ),
    Translation(
        ("CertificateNotFound", "UnsupportedCertificate"),
        r"",
        "the load balancer does not take this certificate: it sees it a moment after the import, and not every kind of key",
        "run it again in a minute; certkit validate --for alb or --for nlb says which keys it takes",
        "Certificate ARN not found",
        f"{_ELB}API_ModifyListener.html",
    ),
    Translation(
        ("InvalidViewerCertificate",),
        r"",
        "CloudFront does not take this certificate for the distribution's names",
        "certkit validate --for cloudfront says why: region, key, chain, a public CA, and a name for each alias",
        "The specified SSL certificate doesn't exist, isn't in us-east-1 region, isn't valid, or doesn't include a valid "
        "certificate chain.",
        _EDGE,
    ),
    Translation(
        ("PreconditionFailed", "InvalidIfMatchVersion"),
        r"",
        "somebody else changes the distribution at the same time",
        "run it again once that is done: certkit reads it anew",
        "The request failed because it didn't meet the preconditions in one or more request-header fields.",
        _EDGE,
    ),
)
"""Narrower ones first; after them AWS's own words count."""
