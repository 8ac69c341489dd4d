"""What AWS says of the call and the account, and where its pages contradict each other."""

from typing import Final

from certkit import pages
from certkit.rules.coverage.statement import Statement, Topic

_LIST: Final = "https://docs.aws.amazon.com/acm/latest/APIReference/API_ListCertificates.html"

CONTRADICTIONS: Final = Topic(
    "Where AWS contradicts itself",
    (
        Statement(
            "a key of 5,120 bytes at most (the guide), or of 8,192 (the service model since October 2026)",
            pages.PREREQUISITES,
            ("key-over-documented-size", "key-too-large"),
            "an error above the larger one, a warning between the two",
        ),
        Statement(
            "tag keys of 127 and values of 255 characters (the guide), or 128 and 256 (the service model)",
            pages.TAGS,
            (),
            "not about the bundle: certkit refuses above the larger ones before it asks AWS",
        ),
        Statement(
            "ListCertificates shows RSA_2048 by default, or RSA_1024 too, or those with a domain only",
            _LIST,
            (),
            "about a call: certkit asks for every kind of key by name",
        ),
        Statement(
            "usages may not be removed in a reimport (the guide today), or not be added (its older wording)",
            pages.REIMPORT,
            ("reimport-key-usage-lost", "reimport-extended-key-usage-lost", "reimport-extension-added"),
            "an error to remove, a warning to add",
        ),
        Statement(
            "the key's family must be the issuer's (the operation), or need not (the guide)",
            pages.IMPORT_CERTIFICATE,
            ("key-family-differs-from-issuer",),
            "a warning",
        ),
        Statement(
            "the chain must be there (troubleshooting), or may be (prerequisites)",
            pages.TROUBLESHOOTING,
            ("chain-missing",),
            "a warning",
        ),
        Statement(
            "key algorithms are written `RSA_2048` (the service model), or `RSA-2048` (its answers)",
            pages.CERTIFICATE_DETAIL,
            (),
            "about ACM's answers: certkit reads both",
        ),
        Statement(
            "imports in a year: twice the quota of the account, or 5,000",
            pages.QUOTAS,
            (),
            "about the account, not the bundle",
        ),
        Statement(
            "tags of certificates are not found by GetResources, or are",
            "https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/supported-services.html",
            (),
            "about a call: what is not found there is no proof",
        ),
    ),
)

CALL: Final = Topic(
    "The call and the account",
    (
        Statement(
            "at most 50 tags, their keys and values of certain characters, none beginning with `aws:`",
            pages.TAGS,
            (),
            "not about the bundle: a usage error before AWS is asked",
        ),
        Statement(
            "tags and an ARN are not sent together", pages.TAGS, (), "certkit adds tags with a call of their own"
        ),
        Statement(
            "every import without an ARN makes a new certificate, also of the same bytes",
            pages.IMPORT,
            (),
            "about what ACM holds: the plan compares with it, and has nothing to do where it is there",
        ),
        Statement("2,500 certificates, 5,000 imports a year, one a second", pages.QUOTAS, (), "about the account"),
        Statement("what ACM answers where it refuses", pages.REPOST, (), "see [ACM's errors](acm-errors.md)"),
    ),
)
