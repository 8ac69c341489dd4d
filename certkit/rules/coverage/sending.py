"""What AWS says of the certificate, its key, its chain, and the bytes that they are sent as."""

from typing import Final

from certkit import pages
from certkit.rules.coverage.statement import Statement, Topic

CERTIFICATE: Final = Topic(
    "The certificate",
    (
        Statement("it is an X.509 certificate of version 3", pages.PREREQUISITES, ("certificate-not-version-3",)),
        Statement(
            "it has a public key of RSA 1024, 2048, 3072 or 4096, or ECDSA P-256, P-384 or P-521",
            pages.PREREQUISITES,
            ("key-algorithm-unsupported",),
            "the list is complete: nothing in the service model names another",
        ),
        Statement(
            "it has the domain name or IP address of the website",
            pages.PREREQUISITES,
            ("no-domain-name",),
            "a warning: [CAs and others without one were imported](https://github.com/ansible-collections/amazon.aws/issues/2405)",
        ),
        Statement(
            "a domain name has two labels or more, `*` at most as the whole first one, no underscore, 253 characters",
            pages.CERTIFICATE_DETAIL,
            ("no-domain-name",),
            "it says what ACM shows as a domain, not what it imports",
        ),
        Statement("its issuer field is not empty", pages.IMPORT_CERTIFICATE, ("issuer-empty",)),
        Statement("an OCSP address has at most 1,000 characters", pages.IMPORT_CERTIFICATE, ("ocsp-url-too-long",)),
        Statement(
            "it is valid at the time of the import, both ends included",
            pages.PREREQUISITES,
            ("certificate-expired", "certificate-not-yet-valid"),
            "no least remaining life is asked for",
        ),
        Statement(
            "the hash that it is signed with",
            "https://github.com/pulumi/pulumi-aws/issues/4046",
            ("weak-signature",),
            "a warning: nothing is documented, and SHA-1 was seen to be imported",
        ),
        Statement(
            "it can be parsed",
            pages.REPOST,
            ("body-not-one-certificate", "certificate-partly-unreadable"),
            "how much of it ACM parses is not documented",
        ),
        Statement(
            "key usages and extended key usages",
            pages.PREREQUISITES,
            (),
            "none is asked for: clients', CAs' and S/MIME certificates are imported on purpose; services ask for some",
        ),
        Statement(
            "the number of names",
            pages.QUOTAS,
            (),
            "the quota of domains does not apply to imports; ListCertificates shows the first 100 only",
        ),
        Statement("a self-signed one is allowed", pages.PREREQUISITES, (), "it is no fault"),
        Statement("who owns its domains", pages.IMPORT, (), "ACM does not check it"),
    ),
)

KEY: Final = Topic(
    "The private key",
    (
        Statement("it is there", pages.PREREQUISITES, ("no-key",)),
        Statement("it belongs to the certificate", pages.PREREQUISITES, ("key-mismatch",)),
        Statement("it is not encrypted", pages.PREREQUISITES, ("key-encrypted",), "both PKCS#8 and `Proc-Type`"),
        Statement(
            "it is one PKCS#8, SEC1 or PKCS#1 key in PEM; EC PARAMETERS before it are removed",
            pages.FORMAT,
            ("key-not-one-key",),
            "PKCS#1 is in no example of AWS's, and imported every day",
        ),
        Statement("it has at most 8,192 bytes", pages.IMPORT_CERTIFICATE, ("key-too-large",)),
        Statement(
            "it has at most 5,120 bytes",
            pages.PREREQUISITES,
            ("key-over-documented-size",),
            "contradicts the row above: a warning",
        ),
    ),
)

CHAIN: Final = Topic(
    "The chain",
    (
        Statement("each certificate directly certifies the one before it", pages.FORMAT, ("chain-not-in-order",)),
        Statement(
            "its signatures are right",
            pages.REPOST,
            ("chain-broken", "chain-not-in-order", "chain-signature-unchecked"),
        ),
        Statement("the certificate itself is not in it", pages.FORMAT, ("leaf-in-chain",)),
        Statement(
            "the certificate of a CA needs it",
            pages.TROUBLESHOOTING,
            ("chain-missing",),
            "contradicts the prerequisites, where it is optional: a warning, and a strong one",
        ),
        Statement(
            "it ends with the root, for a private CA",
            pages.FORMAT,
            ("root-removed",),
            "a root is accepted; certkit sends it where the chain would be empty, or with `--include-root`",
        ),
        Statement(
            "the root is not in it",
            pages.CLOUDFRONT,
            ("root-removed", "root-in-public-chain"),
            "contradicts the row above: certkit leaves it out of longer chains",
        ),
        Statement(
            "its certificates are valid now",
            "https://github.com/getmoto/moto/blob/master/moto/acm/models.py",
            ("chain-certificate-expired",),
            "a warning: moto refuses, and no page of AWS's or report says that ACM does",
        ),
        Statement(
            "the certificate's key is of the family of its issuer's",
            pages.IMPORT_CERTIFICATE,
            ("key-family-differs-from-issuer",),
            "contradicts the prerequisites, which have dropped it: a warning",
        ),
        Statement(
            "its certificates are CAs', within their path lengths and name constraints, without unknown critical extensions",
            "https://www.rfc-editor.org/rfc/rfc5280#section-6.1",
            ("issuer-not-a-ca", "path-length-exceeded", "name-not-permitted", "critical-extension-unknown"),
            "warnings: clients refuse, nothing is known of ACM",
        ),
        Statement(
            "its length in certificates", pages.PREREQUISITES, (), "ACM sets no limit but that on bytes; services do"
        ),
    ),
)

FORM: Final = Topic(
    "The bytes",
    (
        Statement(
            "certificate, key and chain are each PEM",
            pages.PREREQUISITES,
            ("body-not-one-certificate", "key-not-one-key", "chain-not-certificates"),
        ),
        Statement("no line ends in a blank", pages.FORMAT, ("trailing-blanks",)),
        Statement(
            "no line or character is added or changed",
            pages.FORMAT,
            ("pem-edited",),
            "a byte order mark counts; CRLF and text before a block are not documented and taken",
        ),
        Statement(
            "the certificate field holds one certificate",
            "https://github.com/hashicorp/terraform-provider-aws/issues/19400",
            ("body-not-one-certificate",),
            "ACM's message for garbage and for PEM that is encoded twice is the same",
        ),
        Statement(
            "the certificate has 1 to 32,768 bytes",
            pages.IMPORT_CERTIFICATE,
            ("body-too-large", "body-not-one-certificate"),
        ),
        Statement(
            "the chain has 1 to 2,097,152 bytes",
            pages.IMPORT_CERTIFICATE,
            ("chain-too-large", "chain-empty"),
            "certkit itself sends none where it is empty",
        ),
        Statement(
            "what certkit mends before it sends",
            pages.FORMAT,
            (
                "chain-reordered",
                "leaf-copy-removed",
                "duplicate-removed",
                "unrelated-removed",
                "alternative-removed",
                "expired-removed",
                "unreadable-removed",
                "chain-completed",
                "chain-not-completed",
            ),
            "sent as it was, ACM would refuse most of these",
        ),
        Statement("it is clear which certificate is meant", pages.PREREQUISITES, ("no-leaf", "several-leaves")),
        Statement(
            "botocore checks least lengths only",
            pages.IMPORT_CERTIFICATE,
            (),
            "the reason why certkit checks the rest, not a rule",
        ),
        Statement("CloudFormation cannot import", pages.PREREQUISITES, (), "not about a bundle"),
    ),
)

TOPICS: Final = (CERTIFICATE, KEY, CHAIN, FORM)
