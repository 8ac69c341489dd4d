"""A strict ACM on a standing clock, and clients of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from certkit.testing import SettableClock
from certkit.testing.plugin import strict_acm, strict_acm_sessions  # noqa: F401 - fixtures

if TYPE_CHECKING:
    from collections.abc import Callable

    from certkit.testing import StrictAcm
    from tests.issuing import Issued

NOW: Final = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
UNCHECKED: Final = Config(retries={"total_max_attempts": 1}, parameter_validation=False)
"""Sends what botocore would refuse, once."""


@pytest.fixture
def clock() -> SettableClock:
    """The strict ACM's clock."""
    return SettableClock(NOW)


@pytest.fixture
def server(strict_acm: StrictAcm, clock: SettableClock) -> StrictAcm:  # noqa: F811 - the fixture
    """The strict ACM, standing still at `NOW`."""
    strict_acm.now = clock
    return strict_acm


@pytest.fixture
def acm(server: StrictAcm) -> Any:
    """A client that sends once and leaves all checks to the service."""
    return boto3.client("acm", endpoint_url=server.url, config=UNCHECKED)


@pytest.fixture
def put(acm: Any) -> Callable[..., str]:
    """Imports a certificate with its chain and returns the ARN."""

    def import_issued(issued: Issued, **more: Any) -> str:
        chain = {"CertificateChain": issued.chain_pem} if issued.issuer else {}
        answer = acm.import_certificate(Certificate=issued.pem, PrivateKey=issued.key_pem, **chain | more)
        return str(answer["CertificateArn"])

    return import_issued


def refusal(call: Callable[..., Any], **arguments: Any) -> tuple[str, str]:
    """The code and the message with which a call is refused."""
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]
