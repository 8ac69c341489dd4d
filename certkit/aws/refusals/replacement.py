"""ACM's refusals of a certificate that is to replace another under its ARN."""

from typing import Final

from certkit import pages
from certkit.aws.refusals.translation import CONTENT, Translation

_NEW_ARN: Final = "let certkit migrate NAME --to SOURCE give it an ARN of its own and repoint what uses the old one"
_NEW_NAME: Final = "import it under another --name, which gives it an ARN of its own, and repoint what uses the old one"

TRANSLATIONS: Final = (
    Translation(
        CONTENT,
        r"New certificate has a key of (?P<new>\S+) which is different from (?P<old>\S+)",
        "the key is {new} and that of the certificate under this ARN {old}: ACM changes neither type nor size under an ARN",
        f"renew it with a key of {{old}}, or {_NEW_ARN}",
        "New certificate has a key of EC_prime256v1 which is different from EC_secp384r1 in the current certificate.",
        "https://github.com/vancluever/terraform-provider-acme/issues/441",
    ),
    Translation(
        CONTENT,
        r"missing one or more Extended Key Usages?",
        "the certificate lacks an extended key usage that the one under this ARN has; only clientAuth may go",
        f"ask the CA for a certificate with the same extended key usages, or {_NEW_ARN}",
        "New certificate is missing one or more Extended Key Usages supported by the currently imported certificate",
        "https://github.com/hashicorp/terraform-provider-aws/issues/42779",
    ),
    Translation(
        CONTENT,
        r"missing one or more Key Usages?",
        "the certificate lacks a key usage that the one under this ARN has; only keyEncipherment may go, from ECDSA ones",
        f"ask the CA for a certificate with the same key usages, or {_NEW_ARN}",
        "New certificate is missing one or more Key Usages supported by the currently imported certificate",
        pages.PREREQUISITES,
    ),
    Translation(
        CONTENT,
        r"not have a domain",
        "the certificate has no domain name left, and the one under this ARN has; some names may go, not all",
        f"ask the CA for a certificate with at least one domain name, or {_NEW_ARN}",
        "New certificate does not have a domain name.",
        pages.REIMPORT,
    ),
    Translation(
        CONTENT,
        r"not an imported certificate",
        "what stands under this ARN was not imported, and only an imported certificate can be replaced",
        _NEW_NAME,
        "Certificate arn:aws:acm:us-east-1:111122223333:certificate/1 is not an imported certificate.",
        pages.IMPORT_CERTIFICATE,
    ),
    Translation(
        CONTENT,
        r"Tagging is not permitted on re-?import",
        "tags were sent with a reimport, and ACM takes them with a new import alone",
        "certkit import adds tags in a call of its own",
        "Tagging is not permitted on re-import.",
        "https://github.com/hashicorp/terraform-provider-aws/issues/15055",
    ),
)
"""Narrower ones first."""
