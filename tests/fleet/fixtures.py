"""A fleet before the strict ACM; a test module that wants it says `pytest_plugins = [..., "tests.fleet.fixtures"]`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import boto3
import pytest

from tests.aws.scene import HOME
from tests.fleet.scene import BUCKET, Fleet, environment
from tests.ledger.scene import make_table

if TYPE_CHECKING:
    from certkit.testing import SettableClock, StrictAcm
    from tests.aws.faults import Proxy


@pytest.fixture
def fleet(wire: Proxy, server: StrictAcm, clock: SettableClock) -> Fleet:
    """The three functions, with a bucket and a ledger; the manifest is to stand in the bucket."""
    make_table(server.url)
    boto3.client("s3", region_name=HOME).create_bucket(Bucket=BUCKET)
    return Fleet(clock, {**os.environ, **environment(wire.url, f"s3://{BUCKET}/certkit.toml")})
