"""The pytest plugin, as a user's test suite loads it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

SUITE = """
import os
import boto3
import pytest

pytest_plugins = ["certkit.testing.plugin"]

def test_the_users_session_comes_first():
    assert boto3.client("sts", region_name="us-east-1") is not None

@pytest.mark.parametrize("time", ["first", "second"])
def test_every_test_finds_it_empty(strict_acm, time):
    acm = boto3.client("acm")

    assert boto3.DEFAULT_SESSION.get_credentials().access_key == "certkit-sandbox"
    assert acm.list_certificates()["CertificateSummaryList"] == []
    assert "AWS_PROFILE" not in os.environ
    assert os.environ["AWS_ENDPOINT_URL"] == strict_acm.url
    acm.request_certificate(DomainName="shop.example.com")

def test_the_environment_is_the_users_again():
    assert os.environ["AWS_PROFILE"] == "production"
    assert "AWS_ENDPOINT_URL" not in os.environ
    assert boto3.DEFAULT_SESSION.get_credentials().access_key == "users"
"""


def test_a_users_suite_gets_an_empty_strict_acm_in_every_test(tmp_path: Path) -> None:
    suite = tmp_path / "test_suite.py"
    suite.write_text(SUITE)
    credentials = tmp_path / "credentials"
    credentials.write_text("[production]\naws_access_key_id = users\naws_secret_access_key = users\n")
    users = {"AWS_PROFILE": "production", "AWS_SHARED_CREDENTIALS_FILE": str(credentials)}
    environment = os.environ | users | {"PYTHONPATH": str(Path.cwd())}

    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(suite)],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert "4 passed" in done.stdout, done.stdout
