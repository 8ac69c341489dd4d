"""ACM's refusals for what the account, its policies and other callers are at, not for what was sent."""

from typing import Final

from certkit import pages
from certkit.aws.refusals.translation import Translation

TRANSLATIONS: Final = (
    Translation(
        ("LimitExceededException",),
        r"in the last year|365 days|per year",
        "the imports of the last 365 days are used up; those of certificates deleted since count, so deleting does not help",
        "ask for a higher quota in Service Quotas (5,000 unless AWS raised it)",
        "You have imported the maximum number of 5000 certificates in the last year.",
        "https://github.com/pulumi/pulumi-aws/issues/3290",
    ),
    Translation(
        ("LimitExceededException",),
        r"maximum number of certificates",
        "this region holds as many imported certificates as the account may have there, expired ones included",
        "delete those that nothing uses, or ask for a higher quota in Service Quotas (2,500 unless AWS raised it)",
        "You have reached the maximum number of certificates. Delete certificates that are not in use, or contact AWS "
        "Support to request an increase.",
        pages.REPOST,
    ),
    Translation(
        ("TooManyTagsException",),
        r"",
        "the certificate would have more than 50 tags, those of others included",
        "take some away, or name fewer with --tag",
        "the TagSet: '{team=web, ...}' contains too many Tags",
        pages.TAGS,
    ),
    Translation(
        ("TagPolicyException",),
        r"",
        "the organisation's tag policy does not allow these tags",
        "use the keys and values that the policy demands, in its spelling; certkit's own are certkit:name, certkit:sha256 and "
        "certkit:not-after",
        "The tag policy does not allow the specified value for the following tag key: 'team'.",
        pages.IMPORT_CERTIFICATE,
    ),
    Translation(
        ("InvalidTagException",),
        r"",
        "a tag is not as ACM takes it: its value begins with aws:, or a character is not allowed",
        "name the tag otherwise; letters, digits, blanks and _ . : / = + - @ may stand in it",
        "The value of tag team begins with aws:.",
        pages.TAGS,
    ),
    Translation(
        ("ConflictException",),
        r"",
        "somebody else is creating or changing a certificate of these names: ACM takes one at a time",
        "run it again in a minute",
        "The certificate is already being created or updated.",
        pages.IMPORT,
    ),
    Translation(
        ("ResourceInUseException",),
        r"",
        "a load balancer, a distribution or another service still uses the certificate",
        "take it off what InUseBy in certkit status names; a service may hold on to it for a quarter of an hour after that",
        "Certificate arn:aws:acm:us-east-1:111122223333:certificate/1 in account 111122223333 is in use.",
        "https://github.com/hashicorp/terraform-provider-aws/issues/3866",
    ),
    Translation(
        ("ResourceNotFoundException",),
        r"",
        "there is no certificate under this ARN in this account and region, or not any more",
        "certkit status shows those that are there",
        "Could not find certificate arn:aws:acm:us-east-1:111122223333:certificate/1.",
        pages.IMPORT_CERTIFICATE,
    ),
    Translation(
        ("InvalidArnException",),
        r"",
        "that is not the ARN of a certificate in ACM",
        "it looks like arn:aws:acm:REGION:ACCOUNT:certificate/ID: certkit status shows those that are there",
        "arn:aws:iam::111122223333:server-certificate/shop is not the ARN of a certificate.",
        pages.IMPORT_CERTIFICATE,
    ),
    Translation(
        ("AccessDeniedException", "AccessDenied"),
        r"perform: (?P<action>[\w:*-]+)( on resource: (?P<resource>\S+))?.*explicit deny",
        "",
        "a policy forbids {action} outright, perhaps one of the organisation's: no other policy can allow it",
        "User: arn:aws:iam::111122223333:user/ci is not authorized to perform: acm:ImportCertificate on resource: "
        "arn:aws:acm:us-east-1:111122223333:certificate/* with an explicit deny in a service control policy",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html",
    ),
    Translation(
        ("AccessDeniedException", "AccessDenied"),
        r"perform: (?P<action>[\w:*-]+) on resource: (?P<resource>\S+)",
        "",
        "the caller's policy must allow this action: {action} on {resource}",
        "User: arn:aws:iam::111122223333:user/ci is not authorized to perform: acm:ImportCertificate on resource: "
        "arn:aws:acm:us-east-1:111122223333:certificate/* because no identity-based policy allows it",
        f"{pages.GUIDE}authen-apipermissions.html",
    ),
    Translation(
        ("AccessDeniedException", "AccessDenied"),
        r"perform: (?P<action>[\w:*-]+)",
        "",
        "the caller's policy must allow this action: {action}",
        "User: arn:aws:iam::111122223333:user/ci is not authorized to perform: acm:ImportCertificate",
        f"{pages.GUIDE}authen-apipermissions.html",
    ),
    Translation(
        ("UnrecognizedClientException",),
        r"",
        "AWS does not know these credentials here: they are mistyped or deleted, or the region is one that must be enabled first",
        "aws sts get-caller-identity tells which; enable the region in the account's settings",
        "The security token included in the request is invalid.",
        "https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html",
    ),
    Translation(
        ("ThrottlingException", "Throttling", "ThrottledException"),
        r"",
        "",
        "others import into this account and region too, and ACM takes one import a second: run it again in a minute",
        "Rate exceeded",
        pages.QUOTAS,
    ),
    Translation(
        ("InternalFailure", "InternalServerException", "InternalServerError"),
        r"",
        "ACM failed inside, as it also does where what it was sent is no PEM",
        "it may have been done all the same: run again, certkit looks before it writes",
        "",
        pages.REPOST,
    ),
)
"""Narrower ones first."""
