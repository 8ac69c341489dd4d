"""What ACM demands of a certificate that is to replace another under its ARN, as rules: `validate --against`, `import`."""

from collections.abc import Iterator
from typing import Final

from certkit import pages
from certkit.reimport import Clause, Verdict
from certkit.rules.rule import Criterion, Finding, Severity

_NEW_ARN: Final = "let certkit migrate NAME --to SOURCE give it an ARN of its own and repoint what uses the old one"

CRITERIA: Final = (
    Criterion(
        Clause.NOT_IMPORTED,
        Severity.ERROR,
        pages.IMPORT_CERTIFICATE,
        _NEW_ARN,
        "The certificate that is to be replaced must be an imported one.\n\n"
        "What Amazon or a private CA issued through ACM keeps its ARN to itself.",
    ),
    Criterion(
        Clause.WRONG_REGION,
        Severity.ERROR,
        pages.IMPORT,
        "check the ARN; a certificate for another region is imported into it with --region, under an ARN of its own",
        "The certificate that is to be replaced must stand in the region that the new one is for.\n\n"
        "An ARN belongs to one region of one partition. A certificate for another region is another certificate: ACM copies\n"
        "none. An ARN whose region is not one of its partition is mistyped.",
    ),
    Criterion(
        Clause.KEY,
        Severity.ERROR,
        pages.REIMPORT,
        f"renew it with a key of the same type and size, or {_NEW_ARN}",
        "The key must be of the same type and size as that of the certificate that it replaces.\n\n"
        "From RSA to ECDSA, from P-256 to P-384 and from 2,048 to 4,096 bits there is no way under one ARN. Another key of the\n"
        'same kind is welcome. ACM\'s message for it: "New certificate has a key of X which is different from Y".',
    ),
    Criterion(
        Clause.ALL_NAMES,
        Severity.ERROR,
        pages.REIMPORT,
        f"ask the CA for a certificate with at least one domain name, or {_NEW_ARN}",
        "A domain name must be left where the certificate that is replaced has one.\n\n"
        "Names may be added and taken away, all of them not. What a domain is to ACM, the rule no-domain-name says.",
    ),
    Criterion(
        Clause.KEY_USAGE,
        Severity.ERROR,
        pages.PREREQUISITES,
        f"ask the CA for a certificate with the same key usages, or {_NEW_ARN}",
        "Every key usage of the certificate that is replaced must be in the new one.\n\n"
        "One exception: keyEncipherment may go from an ECDSA certificate, where RFC 5480 forbids it. The extension itself must\n"
        "stay. More usages are welcome.",
    ),
    Criterion(
        Clause.EXTENDED_KEY_USAGE,
        Severity.ERROR,
        pages.PREREQUISITES,
        f"ask the CA for a certificate with the same extended key usages, or {_NEW_ARN}",
        "Every extended key usage of the certificate that is replaced must be in the new one.\n\n"
        "One exception: clientAuth may go, as public CAs leave it out since 2026. The extension itself must stay. More usages\n"
        'are welcome. ACM\'s message for it: "New certificate is missing one or more Extended Key Usages".',
    ),
    Criterion(
        Clause.SOME_NAMES,
        Severity.WARNING,
        pages.REIMPORT,
        "see that nobody uses the name any more, or ask the CA for a certificate with all names",
        "A replacement should keep the names that are served.\n\n"
        "ACM lets one lose names without a word, and whatever uses the ARN serves the new certificate at once.",
    ),
    Criterion(
        Clause.CLIENT_AUTH,
        Severity.WARNING,
        pages.PREREQUISITES,
        "see that nobody uses it as a client certificate; it does not come back with the same CA's next one",
        "A replacement should keep clientAuth where the certificate is used by a client.\n\n"
        "ACM lets this one usage go without a word. CloudFront to an origin with mutual TLS, and whatever else shows the\n"
        "certificate as a client, then fails.",
    ),
    Criterion(
        Clause.EXTENSION_ADDED,
        Severity.WARNING,
        pages.PREREQUISITES,
        "nothing, if the reimport works; else certkit migrate NAME --to SOURCE",
        "A replacement should not bring a usage extension where there was none.\n\n"
        "AWS contradicts itself: older pages say that ACM refuses a key usage or an extended key usage where the certificate\n"
        "that is replaced has none of that kind; the current ones forbid only to take away. So certkit warns.",
    ),
)
"""In the order of `Clause`."""

_BUNDLE: Final = frozenset({Clause.NOT_IMPORTED, Clause.WRONG_REGION})
"""What is about the target and not about the new certificate."""


def findings(verdict: Verdict) -> Iterator[Finding]:
    """Yields a finding for everything in a verdict."""
    known = {criterion.id: criterion for criterion in CRITERIA}
    for breach in (*verdict.refusals, *verdict.losses):
        criterion = known[breach.clause]
        part = "bundle" if breach.clause in _BUNDLE else "leaf"
        yield Finding(criterion.id, criterion.severity, part, breach.message, criterion.hint, criterion.source)
