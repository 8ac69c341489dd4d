"""What AWS says of the caller itself: what it may do, its quotas, and the time."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import ClientError

from certkit.aws.failures import explained
from certkit.aws.sessions import Session

if TYPE_CHECKING:
    from mypy_boto3_service_quotas import ServiceQuotasClient

_IMPORTED: Final = "imported certificates"
"""What Service Quotas calls the quota, case aside: https://docs.aws.amazon.com/acm/latest/userguide/acm-limits.html."""

_ASSUMED: Final = re.compile(r"arn:([a-z-]+):sts::([0-9]{12}):assumed-role/([^/]+)/.+")
_PRINCIPAL: Final = re.compile(r"arn:[a-z-]+:iam::[0-9]{12}:(user|role)/.+")


def server_time(session: Session, region: str) -> datetime | None:
    """Returns the time by STS's clock, None where it does not say; also where it refuses the caller.

    Raises:
        AwsError: it does not answer.
    """
    client = session.sts(region)
    with explained("asking for the time"):
        try:
            answer: Mapping[str, Any] = client.get_caller_identity()
        except ClientError as error:
            answer = error.response
    text = answer.get("ResponseMetadata", {}).get("HTTPHeaders", {}).get("date", "")
    try:
        return parsedate_to_datetime(text)
    except ValueError:
        return None


def principal_of(caller: str) -> str | None:
    """Returns the ARN that IAM's simulator knows a caller by, None for the root user and for a federated one.

    An assumed role's path does not stand in the caller's ARN: for a role with a path IAM will not find this.
    """
    assumed = _ASSUMED.fullmatch(caller)
    if assumed:
        partition, account, role = assumed.groups()
        return f"arn:{partition}:iam::{account}:role/{role}"
    return caller if _PRINCIPAL.fullmatch(caller) else None


def denied(
    session: Session,
    region: str,
    principal: str,
    request: tuple[Iterable[str], Iterable[str], Iterable[tuple[str, str]]],
) -> frozenset[str]:
    """Returns the actions that the principal's policies do not allow; a session's own policies are not known to IAM.

    Args:
        request: actions, resources, and the context as keys and values.

    Raises:
        AwsError: IAM does not say.
    """
    actions, resources, context = request
    pages = (
        session.iam(region)
        .get_paginator("simulate_principal_policy")
        .paginate(
            PolicySourceArn=principal,
            ActionNames=list(actions),
            ResourceArns=list(resources),
            ContextEntries=[
                {"ContextKeyName": key, "ContextKeyType": "string", "ContextKeyValues": [value]}
                for key, value in context
            ],
        )
    )
    with explained("simulating the caller's policies"):
        results = [one for page in pages for one in page["EvaluationResults"]]
        return frozenset(one["EvalActionName"] for one in results if one["EvalDecision"] != "allowed")


def imported_quota(session: Session, region: str) -> int | None:
    """Returns how many imported certificates the account may hold in a region, None where Service Quotas lists none.

    Raises:
        AwsError: Service Quotas does not say.
    """
    client: ServiceQuotasClient = session.client("service-quotas", region)
    pages = client.get_paginator("list_service_quotas").paginate(ServiceCode="acm")
    with explained(f"reading the quotas in {region}"):
        quotas = [quota for page in pages for quota in page["Quotas"]]
        return next((int(one["Value"]) for one in quotas if one["QuotaName"].lower() == _IMPORTED), None)
