"""The pages that rules, refusals and limits cite again and again."""

from typing import Final

GUIDE: Final = "https://docs.aws.amazon.com/acm/latest/userguide/"
FORMAT: Final = f"{GUIDE}import-certificate-format.html"
IMPORT: Final = f"{GUIDE}import-certificate.html"
PREREQUISITES: Final = f"{GUIDE}import-certificate-prerequisites.html"
QUOTAS: Final = f"{GUIDE}acm-limits.html"
REIMPORT: Final = f"{GUIDE}import-reimport.html"
TAGS: Final = f"{GUIDE}tags-restrictions.html"
TROUBLESHOOTING: Final = f"{GUIDE}troubleshoot-import.html"
"""ACM's user guide."""

IMPORT_CERTIFICATE: Final = "https://docs.aws.amazon.com/acm/latest/APIReference/API_ImportCertificate.html"
CERTIFICATE_DETAIL: Final = "https://docs.aws.amazon.com/acm/latest/APIReference/API_CertificateDetail.html"
"""The operation, and the type of an answer, in ACM's reference."""

REPOST: Final = "https://repost.aws/knowledge-center/acm-import-troubleshooting"
S3_ERRORS: Final = "https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html"
CLOUDFRONT: Final = (
    "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cnames-and-https-requirements.html"
)
BASELINE: Final = "https://cabforum.org/working-groups/server/baseline-requirements/requirements/"
"""The Baseline Requirements of the CA/Browser Forum."""
