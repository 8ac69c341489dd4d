"""The variables that lead a client to the strict ACM, and nowhere else."""

from __future__ import annotations

import os

import pytest

from certkit.testing import serve

LOOPBACK = "127.0.0.1,localhost"


def test_the_environment_leads_here_with_credentials_that_are_none() -> None:
    with serve() as server:
        environment = server.environment()

    assert environment == {
        "AWS_ENDPOINT_URL": server.url,
        "AWS_ACCESS_KEY_ID": "certkit-sandbox",
        "AWS_SECRET_ACCESS_KEY": "not-a-secret",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "NO_PROXY": LOOPBACK,
        "no_proxy": LOOPBACK,
    }


@pytest.mark.parametrize(
    ("outer", "expected"),
    [
        ({"NO_PROXY": "intra.example"}, f"intra.example,{LOOPBACK}"),
        ({"no_proxy": "intra.example"}, f"intra.example,{LOOPBACK}"),
        ({"NO_PROXY": "upper.example", "no_proxy": "lower.example"}, f"lower.example,{LOOPBACK}"),
        ({"NO_PROXY": ""}, LOOPBACK),
    ],
)
def test_loopback_is_added_to_what_is_not_proxied_already(outer: dict[str, str], expected: str) -> None:
    with serve() as server:
        environment = server.environment(outer)

    assert (environment["NO_PROXY"], environment["no_proxy"]) == (expected, expected)


def test_a_child_gets_nothing_that_leads_to_a_real_account() -> None:
    outer = {
        "PATH": "/bin",
        "HTTPS_PROXY": "http://proxy.example:3128",
        "AWS_PROFILE": "production",
        "AWS_SESSION_TOKEN": "real",
        "AWS_ENDPOINT_URL_ACM": "https://acm.us-east-1.amazonaws.com",
        "AWS_ROLE_ARN": "arn:aws:iam::111111111111:role/real",
        "CERTKIT_REGION": "eu-central-1",
    }

    with serve() as server:
        child = server.child_environment(outer)

    assert child == {"PATH": "/bin", "HTTPS_PROXY": "http://proxy.example:3128"} | server.environment()
