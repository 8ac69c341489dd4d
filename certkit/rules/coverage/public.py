"""What the CA/Browser Forum and browsers ask of certificates that the public trusts."""

from typing import Final

from certkit import pages
from certkit.rules.coverage.statement import Statement, Topic

PUBLIC: Final = Topic(
    "Certificates that the public trusts",
    (
        Statement(
            "at most 398 days of validity; 200 from 2026-03-15 on, 100 from 2027-03-15, 47 from 2029-03-15",
            pages.BASELINE,
            ("validity-over-public-limit",),
            "by the day of issue, both ends counted, each begun day as a whole",
        ),
        Statement(
            "domain names are validated anew after 200, 100, 10 days",
            pages.BASELINE,
            (),
            "between the CA and its customer",
        ),
        Statement("there is a subject alternative name", pages.BASELINE, ("no-subject-alternative-name",)),
        Statement("the extension is critical exactly where the subject is empty", pages.BASELINE, ("san-criticality",)),
        Statement("a common name is one of the alternative names", pages.BASELINE, ("common-name-not-in-san",)),
        Statement(
            "no internal name, no reserved address, no malformed name",
            pages.BASELINE,
            ("internal-name", "dns-name-malformed"),
        ),
        Statement(
            "it is for servers: serverAuth, and never any use",
            pages.BASELINE,
            ("extended-key-usage-not-for-servers",),
        ),
        Statement(
            "it is not for clients",
            "https://googlechrome.github.io/chromerootprogram/",
            ("client-auth",),
            "the CA/Browser Forum permits it, Chrome does not from 2027-03-15 on",
        ),
        Statement(
            "key usages: digitalSignature, and no keyEncipherment with ECDSA",
            pages.BASELINE,
            ("key-encipherment-on-ec", "key-usage-not-for-servers"),
        ),
        Statement("an RSA key has 2,048 bits or more", pages.BASELINE, ("weak-key",), "ACM imports 1,024"),
        Statement(
            "an RSA key's size is a multiple of eight; ECDSA on P-256, P-384 or P-521; nothing else",
            pages.BASELINE,
            ("key-algorithm-unsupported",),
            "what ACM imports is narrower",
        ),
        Statement("no signature with SHA-1", pages.BASELINE, ("weak-signature",)),
        Statement("it is no CA's", pages.BASELINE, ("ca-as-leaf",)),
        Statement("no root stands in the chain", pages.CLOUDFRONT, ("root-in-public-chain", "root-removed")),
        Statement(
            "the intermediates outlive the certificate",
            "https://www.rfc-editor.org/rfc/rfc5280#section-6.1",
            ("intermediate-expires-soon", "chain-certificate-expired"),
        ),
        Statement(
            "certificates of private CAs are outside of these rules",
            pages.BASELINE,
            (),
            "why they hang on `--profile public`",
        ),
    ),
)
