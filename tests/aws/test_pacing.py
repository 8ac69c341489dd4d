"""Imports keep to ACM's rate by themselves."""

from __future__ import annotations

from datetime import timedelta
from threading import Thread
from typing import TYPE_CHECKING

import pytest

from certkit.apply import apply_action
from certkit.assembly import encode_parts
from certkit.aws.acm import Acm
from certkit.aws.pacing import IMPORT_SECONDS, Pace, Timing
from certkit.aws.sessions import Session
from certkit.errors import AwsQuotaError
from certkit.formats.keys import KeyFormat
from certkit.plan import Import
from certkit.testing import DOCUMENTED_RATES, Behaviour
from tests.aws.faults import Refusal
from tests.aws.scene import HOME, desired_of, held
from tests.issuing import Request, make_chain

if TYPE_CHECKING:
    from certkit.bundle import Parts
    from certkit.testing import SettableClock, StrictAcm
    from tests.aws.faults import Proxy

pytest_plugins = ["tests.aws.fixtures"]


class Time:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 100.0
        self.pauses: list[float] = []

    def sleep(self, seconds: float) -> None:
        """Moves the clock on."""
        self.pauses.append(round(seconds, 2))
        self.now += seconds

    def pace(self) -> Pace:
        """A pace on this clock."""
        return Pace(2.0, Timing(lambda: self.now, self.sleep))


def test_the_first_goes_at_once_and_the_next_ones_wait() -> None:
    time = Time()
    pace = time.pace()

    for _ in range(3):
        pace.wait()

    assert time.pauses == [2.0, 2.0]


def test_what_took_its_time_anyhow_does_not_wait() -> None:
    time = Time()
    pace = time.pace()

    pace.wait()
    time.now += 0.5
    pace.wait()
    time.now += 5
    pace.wait()

    assert time.pauses == [1.5]


def test_threads_go_one_after_the_other() -> None:
    time = Time()
    pace = time.pace()
    threads = [Thread(target=pace.wait) for _ in range(8)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert time.now == 100.0 + 7 * 2.0


def test_twenty_imports_at_once_take_twenty_requests(wire: Proxy, server: StrictAcm, clock: SettableClock) -> None:
    """With backing off alone, at one a second, fifteen of twenty fail."""
    server.behaviour = Behaviour(requests_per_second=DOCUMENTED_RATES)
    start = clock()
    timing = Timing(lambda: clock().timestamp(), lambda seconds: clock.advance(timedelta(seconds=seconds)))
    pace = Pace(timing=timing)
    acm = Acm(Session(), HOME, pace)

    results = [
        apply_action(acm, Import(desired_of(make_chain(leaf=Request(f"{number}.example.com"))), {"a": "b"}))
        for number in range(20)
    ]

    assert [result.action for result in results] == ["imported"] * 20
    assert (len(held(server)), wire.operations.count("ImportCertificate")) == (20, 20)
    assert 19 * IMPORT_SECONDS <= (clock() - start).total_seconds() < 19 * IMPORT_SECONDS + 10


@pytest.mark.parametrize(
    ("quota", "words"),
    [
        (Behaviour(imports_per_year=0), "the imports of the last 365 days"),
        (Behaviour(imported_certificates=0), "this region holds as many imported certificates"),
    ],
)
def test_an_exhausted_quota_fails_at_once_and_says_which(
    acm: Acm, server: StrictAcm, wire: Proxy, quota: Behaviour, words: str
) -> None:
    server.behaviour = quota

    with pytest.raises(AwsQuotaError) as caught:
        acm.import_new(parts(), {"certkit:name": "shop"})

    assert words in caught.value.message
    assert caught.value.aws_code == "LimitExceededException"
    assert caught.value.request_id
    assert wire.operations == ["ImportCertificate"]


def test_a_quota_in_unknown_words_is_still_a_quota(acm: Acm, wire: Proxy) -> None:
    wire.always("ImportCertificate", Refusal("LimitExceededException", "Enough."))

    with pytest.raises(AwsQuotaError, match="Enough"):
        acm.reimport("arn:aws:acm:us-east-1:123456789012:certificate/1", parts())


def parts() -> Parts:
    """What to send."""
    return encode_parts(desired_of(make_chain()).bundle, KeyFormat.PKCS8)
