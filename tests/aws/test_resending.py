"""An import without an ARN is never sent again where it may have been applied."""

from __future__ import annotations

from importlib.metadata import requires, version
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, ConnectionClosedError, ReadTimeoutError

from certkit.aws.resending import guard
from tests.aws.faults import THROTTLE, Fault, Refusal
from tests.aws.scene import held
from tests.issuing import make_chain

if TYPE_CHECKING:
    from certkit.testing import StrictAcm
    from tests.aws.faults import Proxy

pytest_plugins = ["tests.aws.fixtures"]

LOST = [Fault.ERROR_AFTER, Fault.RESET_AFTER, Fault.HALF_AFTER, Fault.HANG_AFTER]


def client(fault: Fault | None = None, *, is_guarded: bool = True, **retries: Any) -> Any:
    """A client with more attempts than certkit's, and little patience where `fault` is that no answer comes."""
    attempts: Any = retries or {"mode": "standard", "total_max_attempts": 5}
    config = Config(read_timeout=0.3 if fault is Fault.HANG_AFTER else 30, retries=attempts)
    acm = boto3.client("acm", config=config)
    if is_guarded:
        guard(acm)
    return acm


def import_one(acm: Any, **more: Any) -> str:
    issued = make_chain()
    return str(acm.import_certificate(Certificate=issued.pem, PrivateKey=issued.key_pem, **more)["CertificateArn"])


@pytest.mark.parametrize("fault", LOST)
@pytest.mark.parametrize("mode", ["standard", "adaptive", "legacy"])
def test_a_new_import_whose_answer_is_lost_is_sent_once(
    wire: Proxy, server: StrictAcm, fault: Fault, mode: str
) -> None:
    wire.always("ImportCertificate", fault)

    with pytest.raises((BotoCoreError, ClientError)):
        import_one(client(fault, mode=mode, total_max_attempts=5))

    assert wire.operations == ["ImportCertificate"]
    assert len(held(server)) == 1


def test_without_the_guard_botocore_makes_duplicates(wire: Proxy, server: StrictAcm) -> None:
    wire.script("ImportCertificate", Fault.RESET_AFTER, Fault.RESET_AFTER)

    import_one(client(is_guarded=False))

    assert len(held(server)) == 3


def test_a_tag_that_is_called_like_the_parameter_makes_no_reimport_of_it(wire: Proxy, server: StrictAcm) -> None:
    wire.always("ImportCertificate", Fault.RESET_AFTER)

    with pytest.raises(ConnectionClosedError):
        import_one(client(), Tags=[{"Key": "CertificateArn", "Value": "CertificateArn"}])

    assert len(held(server)) == 1


@pytest.mark.parametrize("fault", LOST)
def test_a_reimport_whose_answer_is_lost_is_sent_again(wire: Proxy, server: StrictAcm, fault: Fault) -> None:
    arn = import_one(client())
    wire.script("ImportCertificate", fault)

    import_one(client(fault), CertificateArn=arn)

    assert wire.operations == ["ImportCertificate"] * 3
    assert list(held(server)) == [arn]


def test_what_was_refused_for_its_rate_is_sent_again(wire: Proxy, server: StrictAcm) -> None:
    wire.script("ImportCertificate", THROTTLE, THROTTLE)

    import_one(client())

    assert wire.operations == ["ImportCertificate"] * 3
    assert len(held(server)) == 1


def test_a_throttle_before_a_loss_changes_nothing(wire: Proxy, server: StrictAcm) -> None:
    wire.script("ImportCertificate", THROTTLE, Fault.HANG_AFTER)

    with pytest.raises(ReadTimeoutError):
        import_one(client(Fault.HANG_AFTER))

    assert wire.operations == ["ImportCertificate"] * 2
    assert len(held(server)) == 1


@pytest.mark.parametrize("more", [{}, {"CertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/1"}])
def test_an_exhausted_quota_is_no_throttle(wire: Proxy, more: dict[str, str]) -> None:
    wire.always("ImportCertificate", Refusal("LimitExceededException"))

    with pytest.raises(ClientError):
        import_one(client(), **more)

    assert wire.operations == ["ImportCertificate"]


def test_what_was_never_sent_may_be_sent_again(wire: Proxy, monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    monkeypatch.setattr("botocore.endpoint.time.sleep", pauses.append)
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")

    with pytest.raises(BotoCoreError):
        import_one(client())

    assert (len(pauses), wire.operations) == (4, [])


def test_the_floor_of_boto3_is_one_that_heeds_the_guard() -> None:
    """Before 1.43.3 botocore took the answer False for "send again at once"."""
    floors = [requirement for requirement in requires("certkit") or () if requirement.startswith("boto3")]

    (floor,) = floors
    assert tuple(map(int, floor.removeprefix("boto3>=").split("."))) >= (1, 43, 3)
    assert tuple(map(int, version("botocore").split("."))) >= (1, 43, 3)
