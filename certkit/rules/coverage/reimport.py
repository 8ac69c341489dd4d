"""What AWS says of a certificate that replaces another under its ARN."""

from typing import Final

from certkit.rules.coverage.statement import Statement, Topic

_GUIDE: Final = "https://docs.aws.amazon.com/acm/latest/userguide/"
_REIMPORT: Final = _GUIDE + "import-reimport.html"
_IMPORT: Final = _GUIDE + "import-certificate.html"
_TAGS: Final = _GUIDE + "tags-restrictions.html"
_OPERATION: Final = "https://docs.aws.amazon.com/acm/latest/APIReference/API_ImportCertificate.html"
_DETAIL: Final = "https://docs.aws.amazon.com/acm/latest/APIReference/API_CertificateDetail.html"
_CLOUDFRONT: Final = (
    "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cnames-and-https-requirements.html"
)

REIMPORT: Final = Topic(
    "A reimport to the same ARN",
    (
        Statement("names may be added and removed", _REIMPORT, ("reimport-some-names-lost",), "a warning: allowed"),
        Statement(
            "issuer, chain, serial number, validity and key material may change", _REIMPORT, (), "it is no fault"
        ),
        Statement("not all names may be removed", _REIMPORT, ("reimport-names-lost",)),
        Statement("the type and size of the key stay", _REIMPORT, ("reimport-key-differs",)),
        Statement(
            "key usages are not removed; keyEncipherment may be, from ECDSA", _REIMPORT, ("reimport-key-usage-lost",)
        ),
        Statement(
            "extended key usages are not removed; client authentication may be",
            _REIMPORT,
            ("reimport-extended-key-usage-lost", "reimport-client-auth-lost"),
            "the exception is a warning: clients that log in with it are locked out",
        ),
        Statement(
            "a usage extension may be added where there was none",
            _REIMPORT,
            ("reimport-extension-added",),
            "an older wording of the prerequisites forbids it: a warning",
        ),
        Statement("only an imported certificate can be replaced", _OPERATION, ("reimport-not-imported",)),
        Statement("the ARN is of the region and partition of the call", _IMPORT, ("reimport-wrong-region",)),
        Statement("tags are not sent with it", _TAGS, (), "about the call: certkit adds tags with a call of their own"),
        Statement("there is no way back", _REIMPORT, (), "about what follows: see `certkit rollback`"),
        Statement("ARN and associations stay", _REIMPORT, (), "it is no fault"),
        Statement(
            "whether the old chain stays where none is sent", _REIMPORT, (), "not documented: certkit always sends it"
        ),
        Statement(
            "CreatedAt stays, ImportedAt moves", _DETAIL, (), "about ACM's answers: `certkit status` reads ImportedAt"
        ),
        Statement(
            "services take hours to serve the new one; CloudFront needs it 24 hours before the old one ends",
            _CLOUDFRONT,
            ("service-expires-soon",),
            "the rule is about the new one; when to renew the old one is for `renew_when` and `certkit status --within`",
        ),
    ),
)
