"""Keeps botocore from making duplicates: an import without an ARN is not sent again when the first may have been applied.

botocore's default makes three certificates of one call whose answer is lost, and takes an exhausted quota for a throttle.
"""

import json
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import ConnectTimeoutError, EndpointConnectionError

if TYPE_CHECKING:
    from mypy_boto3_acm import ACMClient

_SERVER_ERROR: Final = 500


def guard(client: "ACMClient") -> None:
    """Makes `client` ask `may_resend` before botocore's own retry rules."""
    events: Any = client.meta.events  # its stubs know no handler with an answer
    events.register_first("needs-retry.acm.ImportCertificate", may_resend)


def may_resend(
    request_dict: dict[str, Any],
    response: tuple[Any, dict[str, Any]] | None = None,
    caught_exception: BaseException | None = None,
    **_: object,
) -> bool | None:
    """Answers botocore's `needs-retry` event: False forbids, None leaves it to botocore.

    What was never sent, and what was refused for its rate, may be sent again. A reimport is the same twice.
    """
    if response is not None and response[1].get("Error", {}).get("Code") == "LimitExceededException":
        return False
    if "CertificateArn" in json.loads(request_dict["body"]):
        return None
    if caught_exception is not None:
        return None if isinstance(caught_exception, ConnectTimeoutError | EndpointConnectionError) else False
    return False if response is not None and response[0].status_code >= _SERVER_ERROR else None
