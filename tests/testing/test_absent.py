"""What a listing answers where moto lacks a package, or the operation."""

from __future__ import annotations

import json

import pytest

from certkit.testing.absent import listing


@pytest.mark.parametrize(
    ("path", "document"),
    [
        ("/domainnames", {"item": []}),
        ("/v2/domainnames", {"items": []}),
        ("/v1/domainnames", {"domainNameConfigs": []}),
    ],
)
def test_domains_of_a_service_that_is_not_installed_are_none(path: str, document: dict[str, object]) -> None:
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": path}

    answer = listing(environ, "No module named 'openapi_spec_validator'")

    assert answer is not None
    assert (answer[0], json.loads(answer[1])) == ("application/json", document)


def test_user_pools_of_a_service_that_is_not_installed_are_none() -> None:
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/",
        "HTTP_X_AMZ_TARGET": "AWSCognitoIdentityProviderService.ListUserPools",
    }

    answer = listing(environ, "No module named 'joserfc'")

    assert answer == ("application/x-amz-json-1.1", '{"UserPools": []}')


@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_what_would_make_or_change_something_is_no_listing(method: str) -> None:
    environ = {"REQUEST_METHOD": method, "PATH_INFO": "/domainnames"}

    assert listing(environ, "No module named 'openapi_spec_validator'") is None
