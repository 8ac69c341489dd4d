"""What a listing answers of which moto has nothing: there is none of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_JSON: Final = "application/json"
_OF_PATHS: Final[dict[str, dict[str, list[object]]]] = {
    "/domainnames": {"item": []},  # API Gateway's: moto has it where openapi-spec-validator is installed
    "/v2/domainnames": {"items": []},  # the same, by its second API
    "/v1/domainnames": {"domainNameConfigs": []},  # AppSync's
}
_OF_TARGETS: Final[dict[str, dict[str, list[object]]]] = {
    "AWSCognitoIdentityProviderService.ListUserPools": {"UserPools": []},  # moto has it where joserfc is installed
}
_OF_ACTIONS: Final = {
    "describe_client_vpn_endpoints": "<DescribeClientVpnEndpointsResponse><clientVpnEndpoint/></DescribeClientVpnEndpointsResponse>",
}
"""By moto's own name of the action, which is what it says that it lacks."""


def is_unknown(environ: Mapping[str, Any]) -> bool:
    """Tells whether moto would answer that there is no such path: it has AppSync without its domains."""
    return environ["REQUEST_METHOD"] == "GET" and environ.get("PATH_INFO") == "/v1/domainnames"


def listing(environ: Mapping[str, Any], reason: str) -> tuple[str, str] | None:
    """Returns the kind and the body of an empty listing, None for what is no listing of this.

    Args:
        environ: The request, as WSGI has it.
        reason: What moto says that it lacks.
    """
    target = _OF_TARGETS.get(environ.get("HTTP_X_AMZ_TARGET", ""))
    if target is not None:
        return "application/x-amz-json-1.1", json.dumps(target)
    path = _OF_PATHS.get(environ.get("PATH_INFO", ""))
    if environ["REQUEST_METHOD"] == "GET" and path is not None:
        return _JSON, json.dumps(path)
    return next((("text/xml", body) for action, body in _OF_ACTIONS.items() if action in reason), None)
