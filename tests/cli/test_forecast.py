"""`certkit forecast` against the strict ACM, over HTTP."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.aws.faults import Refusal
from tests.aws.scene import HOME, NOW
from tests.cli.estate import Estate
from tests.issuing import Request, make_chain

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.aws.faults import Proxy
    from tests.aws.scene import Ran

pytest_plugins = ["tests.aws.fixtures"]

FRANKFURT = "eu-central-1"


def lasting(*, life: int, left: int, name: str = "shop.example.com") -> Request:
    """A certificate of so many days, of which so many are left."""
    after = NOW + timedelta(days=left)
    return Request(name, not_before=after - timedelta(days=life) + timedelta(seconds=1), not_after=after)


def test_what_public_cas_may_issue_is_foreseen_where_nothing_else_is_asked(
    run: Callable[..., Ran], put: Callable[..., str], wire: Proxy
) -> None:
    put(make_chain(leaf=lasting(life=200, left=100)), certkit_name="shop")
    arn = put(make_chain(leaf=lasting(life=90, left=20, name="pay.example.com")), region=FRANKFURT)

    ran = run("forecast", "--region", HOME, "--region", FRANKFURT, "--format", "json")

    document = ran.document
    assert ran.code == 0
    assert wire.sent
    assert [one["lifetime_seconds"] for one in document["lifetimes"]] == [None, 17_280_000, 8_640_000, 4_060_800]
    assert [one["imports_a_year"] for one in document["lifetimes"]] == [10, 10, 13, 24]
    assert [(one["arn"], one["domain"], one["days_left"]) for one in document["manual"]] == [
        (arn, "pay.example.com", 20)
    ]


def test_people_read_the_lifetimes_that_they_asked_for(
    run: Callable[..., Ran], put: Callable[..., str], wire: Proxy
) -> None:
    put(make_chain(leaf=lasting(life=200, left=100)), certkit_name="shop")

    ran = run("forecast", "--lifetime", "47d,6d", "--renew-when", "50%", "--import-quota", "100")

    assert wire.sent
    assert (ran.code, ran.out) == (
        0,
        """\
1 certificate to renew in 1 region

LIFETIME  FROM        RENEWED EVERY  IMPORTS A YEAR  BY HAND  BUSIEST REGION  EVENTS A DAY  FIRST ON
as now    -           -              4               0        4 (4 %)         0.0           -
47d       2029-03-15  23.5d          16              0        16 (16 %)       0.9           day 2
6d        -           3d             122             0        122 (122 %)!    1.0           day 0

6d: 122 imports a year in us-east-1 of 123456789012, the quota is 100

nothing is renewed by hand
""",
    )


def test_what_the_manifest_does_not_name_is_renewed_by_hand(
    run: Callable[..., Ran],
    put: Callable[..., str],
    wire: Proxy,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    Estate(tmp_path).write('[certificates.shop]\nsource = "shop.pem"\n')
    put(make_chain(leaf=lasting(life=200, left=100)), certkit_name="shop")
    forgotten = put(make_chain(leaf=lasting(life=200, left=50)), certkit_name="gone")

    ran = run("forecast", "--format", "json")

    assert wire.sent
    assert [one["arn"] for one in ran.document["manual"]] == [forgotten]


def test_a_region_that_cannot_be_seen_is_said_and_exit_code_3(
    run: Callable[..., Ran], put: Callable[..., str], wire: Proxy
) -> None:
    put(make_chain(leaf=lasting(life=200, left=100)), certkit_name="shop")
    for operation in ("ListCertificates", "SearchCertificates"):
        wire.always(operation, Refusal("AccessDeniedException"), region=FRANKFURT)

    ran = run("forecast", "--region", HOME, "--region", FRANKFURT)

    assert ran.code == 3
    assert ran.out.startswith("1 certificate to renew in 1 region; 1 region not seen\n")
    assert "certkit: warning: eu-central-1 was not seen: " in ran.err


@pytest.mark.parametrize(
    "given",
    [
        ("--lifetime", "soon"),
        ("--lifetime", "33%"),
        ("--lifetime", "20d", "--renew-when", "30d"),
        ("--renew-when", "100%"),
        ("--renew-when", "never"),
        ("--import-quota", "0"),
        ("--organization",),
    ],
)
def test_what_cannot_be_foreseen_is_a_usage_error_before_any_request(
    run: Callable[..., Ran], wire: Proxy, given: tuple[str, ...]
) -> None:
    ran = run("forecast", *given, "--format", "json")

    assert ran.error == (2, "usage")
    assert wire.operations == []
