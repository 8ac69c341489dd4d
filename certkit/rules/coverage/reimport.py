"""What AWS says of a certificate that replaces another under its ARN."""

from typing import Final

from certkit import pages
from certkit.rules.coverage.statement import Statement, Topic

REIMPORT: Final = Topic(
    "A reimport to the same ARN",
    (
        Statement(
            "names may be added and removed", pages.REIMPORT, ("reimport-some-names-lost",), "a warning: allowed"
        ),
        Statement(
            "issuer, chain, serial number, validity and key material may change", pages.REIMPORT, (), "it is no fault"
        ),
        Statement("not all names may be removed", pages.REIMPORT, ("reimport-names-lost",)),
        Statement("the type and size of the key stay", pages.REIMPORT, ("reimport-key-differs",)),
        Statement(
            "key usages are not removed; keyEncipherment may be, from ECDSA",
            pages.REIMPORT,
            ("reimport-key-usage-lost",),
        ),
        Statement(
            "extended key usages are not removed; client authentication may be",
            pages.REIMPORT,
            ("reimport-extended-key-usage-lost", "reimport-client-auth-lost"),
            "the exception is a warning: clients that log in with it are locked out",
        ),
        Statement(
            "a usage extension may be added where there was none",
            pages.REIMPORT,
            ("reimport-extension-added",),
            "an older wording of the prerequisites forbids it: a warning",
        ),
        Statement("only an imported certificate can be replaced", pages.IMPORT_CERTIFICATE, ("reimport-not-imported",)),
        Statement("the ARN is of the region and partition of the call", pages.IMPORT, ("reimport-wrong-region",)),
        Statement(
            "tags are not sent with it", pages.TAGS, (), "about the call: certkit adds tags with a call of their own"
        ),
        Statement("there is no way back", pages.REIMPORT, (), "about what follows: see `certkit rollback`"),
        Statement("ARN and associations stay", pages.REIMPORT, (), "it is no fault"),
        Statement(
            "whether the old chain stays where none is sent",
            pages.REIMPORT,
            (),
            "not documented: certkit always sends it",
        ),
        Statement(
            "CreatedAt stays, ImportedAt moves",
            pages.CERTIFICATE_DETAIL,
            (),
            "about ACM's answers: `certkit status` reads ImportedAt",
        ),
        Statement(
            "services take hours to serve the new one; CloudFront needs it 24 hours before the old one ends",
            pages.CLOUDFRONT,
            ("service-expires-soon",),
            "the rule is about the new one; when to renew the old one is for `renew_when` and `certkit status --within`",
        ),
    ),
)
