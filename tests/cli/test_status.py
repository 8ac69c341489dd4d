"""`certkit status` against the strict ACM, over HTTP."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.aws.faults import Edit, Fault, Refusal, Rewrite
from tests.aws.scene import ACCOUNT, HOME, NOW, OTHER
from tests.issuing import Request, make_chain, self_signed

if TYPE_CHECKING:
    from collections.abc import Callable

    from certkit.testing import SettableClock, StrictAcm
    from tests.aws.faults import Proxy
    from tests.aws.scene import Ran

pytest_plugins = ["tests.aws.fixtures"]

FRANKFURT = "eu-central-1"


def enabled(*regions: str) -> Edit:
    """EC2's answer where only these regions are enabled."""
    items = "".join(f"<item><regionName>{region}</regionName></item>" for region in regions)
    answer = f"<DescribeRegionsResponse><regionInfo>{items}</regionInfo></DescribeRegionsResponse>"
    return Edit(lambda _: answer.encode())


def lasting(*, lived: int, left: float, name: str = "shop.example.com") -> Request:
    """A certificate that has lived for so many days, and has so many left."""
    return Request(name, not_before=NOW - timedelta(days=lived), not_after=NOW + timedelta(days=left))


def test_a_certificate_is_told_whole(
    run: Callable[..., Ran], put: Callable[..., str], server: StrictAcm, wire: Proxy
) -> None:
    request = Request(sans=("shop.example.com", "www.example.com"), key=("RSA_2048", 0))
    arn = put(make_chain(leaf=request), certkit_name="shop")
    server.set_in_use(arn, "arn:aws:elasticloadbalancing:us-east-1:1:loadbalancer/app/a/1")

    ran = run("status", "--format", "json")

    assert ran.code == 0
    assert ran.document == {
        "schema": "certkit.status/1",
        "at": "2026-11-22T12:00:00Z",
        "coverage": [{"account": ACCOUNT, "region": HOME, "state": "seen"}],
        "certificates": [
            {
                "arn": arn,
                "account": ACCOUNT,
                "region": HOME,
                "name": "shop",
                "domain": "shop.example.com",
                "sans": ["DNS:shop.example.com", "DNS:www.example.com"],
                "type": "IMPORTED",
                "status": "ISSUED",
                "key_algorithm": "RSA_2048",
                "not_before": "2026-01-01T00:00:00Z",
                "not_after": "2049-12-31T23:59:59Z",
                "days_left": 8440,
                "life_left_percent": 96,
                "in_use": True,
                "expiring": False,
                "managed": True,
            }
        ],
    }
    assert wire.operations == ["GetCallerIdentity", "SearchCertificates", "GetResources"]


def test_what_certkit_did_not_import_is_listed_too(
    run: Callable[..., Ran], put: Callable[..., str], amazon_issued: str, wire: Proxy
) -> None:
    mine = put(self_signed(Request("no domain", key=("EC_secp384r1", 0))))

    ran = run("status", "--format", "json")

    assert wire.sent
    rows = {row["arn"]: (row["type"], row["domain"], row["managed"]) for row in ran.document["certificates"]}
    assert rows == {
        mine: ("IMPORTED", None, False),
        amazon_issued: ("AMAZON_ISSUED", "shop.example.com", False),
    }


@pytest.mark.parametrize(
    ("lived", "left", "days", "percent", "is_expiring"),
    [
        (60, 30.5, 30, 33, False),
        (60, 30, 30, 33, True),
        (61, 29, 29, 32, True),
        (89, 0.5, 0, 0, True),
        (3, 3, 3, 50, True),
        (2, 4, 4, 66, False),
        (2, 300, 300, 99, False),
    ],
)
def test_what_is_left_is_rounded_down_and_a_third_is_little(
    run: Callable[..., Ran],
    put: Callable[..., str],
    wire: Proxy,
    lived: int,
    left: float,
    days: int,
    percent: int,
    is_expiring: bool,
) -> None:
    put(make_chain(leaf=lasting(lived=lived, left=left)))

    ran = run("status", "--format", "json")

    (row,) = ran.document["certificates"]
    assert wire.sent
    assert (row["days_left"], row["life_left_percent"], row["expiring"]) == (days, percent, is_expiring)
    assert ran.code == 0


def test_an_expired_certificate_has_less_than_nothing_left(
    run: Callable[..., Ran], put: Callable[..., str], clock: SettableClock, wire: Proxy
) -> None:
    put(make_chain(leaf=lasting(lived=10, left=1)))
    clock.advance(timedelta(days=1, seconds=1))

    ran = run("status", "--format", "json")

    (row,) = ran.document["certificates"]
    assert wire.sent
    assert (row["status"], row["days_left"], row["life_left_percent"], row["expiring"]) == ("EXPIRED", -1, 0, True)


@pytest.mark.parametrize(("within", "code"), [("30d", 1), ("29d", 0), ("720h", 1), ("33.4%", 1), ("33%", 0), ("1w", 0)])
def test_within_is_exit_code_1_where_one_expires(
    run: Callable[..., Ran], put: Callable[..., str], wire: Proxy, within: str, code: int
) -> None:
    put(make_chain(leaf=lasting(lived=60, left=30)))

    ran = run("status", "--within", within, "--format", "json")

    assert wire.sent
    assert ran.code == code
    assert ran.document["certificates"][0]["expiring"] == bool(code)


@pytest.mark.parametrize("within", ["soon", "30", "-1d", "101%"])
def test_a_time_that_is_none_is_a_usage_error_before_any_request(
    run: Callable[..., Ran], wire: Proxy, within: str
) -> None:
    ran = run("status", f"--within={within}", "--format", "json")

    assert ran.error == (2, "usage")
    assert wire.operations == []


def test_every_enabled_region_is_looked_at(run: Callable[..., Ran], put: Callable[..., str], wire: Proxy) -> None:
    regions = [HOME, FRANKFURT, "ap-southeast-2"]
    arns = {put(make_chain(), region=region) for region in regions}
    wire.always("DescribeRegions", enabled(*regions, "sa-east-1"))

    ran = run("status", "--region", "all", "--format", "json")

    listed = sorted(sent.scope[0] for sent in wire.sent if sent.operation == "SearchCertificates")
    assert {row["arn"] for row in ran.document["certificates"]} == arns
    assert listed == [row["region"] for row in ran.document["coverage"]] == sorted([*regions, "sa-east-1"])
    assert ran.code == 0


def test_certkits_own_region_may_be_all_where_nothing_is_written(
    run: Callable[..., Ran], wire: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CERTKIT_REGION", "all")
    wire.always("DescribeRegions", enabled(HOME, FRANKFURT))

    ran = run("status", "--format", "json")

    assert ran.code == 0
    assert [row["region"] for row in ran.document["coverage"]] == [FRANKFURT, HOME]


def test_all_regions_of_another_partition_are_asked_of_it(run: Callable[..., Ran], wire: Proxy) -> None:
    wire.always("DescribeRegions", enabled("cn-north-1", "cn-northwest-1"))

    ran = run("status", "--region", "all", "--region", "cn-northwest-1", "--format", "json")

    globally = {"DescribeRegions", "GetCallerIdentity"}
    assert {sent.scope[0] for sent in wire.sent if sent.operation in globally} == {"cn-north-1"}
    assert [row["region"] for row in ran.document["coverage"]] == ["cn-north-1", "cn-northwest-1"]


@pytest.mark.parametrize(
    ("step", "state"), [(Refusal("AccessDeniedException"), "denied"), (Fault.ERROR_BEFORE, "failed")]
)
def test_a_region_that_cannot_be_seen_is_covered_as_such_and_exit_code_3(
    run: Callable[..., Ran], put: Callable[..., str], wire: Proxy, step: Refusal | Fault, state: str
) -> None:
    put(make_chain(leaf=lasting(lived=60, left=1)))
    for operation in ("SearchCertificates", "ListCertificates"):
        wire.always(operation, step, region=FRANKFURT)

    ran = run("status", "--region", FRANKFURT, "--region", HOME, "--within", "30d", "--format", "json")

    assert ran.code == 3
    assert ran.document["coverage"] == [
        {"account": ACCOUNT, "region": FRANKFURT, "state": state},
        {"account": ACCOUNT, "region": HOME, "state": "seen"},
    ]
    assert len(ran.document["certificates"]) == 1
    assert "certkit: warning: eu-central-1 was not seen: " in ran.err


def test_names_that_cannot_be_read_are_a_warning(run: Callable[..., Ran], put: Callable[..., str], wire: Proxy) -> None:
    put(make_chain(), certkit_name="shop")
    wire.always("GetResources", Refusal("AccessDeniedException"))

    ran = run("status")

    assert ran.code == 0
    assert "certkit: warning: us-east-1: the names could not be read: " in ran.err


def test_credentials_that_are_refused_are_the_error_of_all(run: Callable[..., Ran], wire: Proxy) -> None:
    wire.always("GetCallerIdentity", Refusal("ExpiredToken"))

    ran = run("status", "--format", "json")

    assert ran.error == (3, "aws-auth")
    assert wire.operations == ["GetCallerIdentity"]


def test_another_account_than_expected_is_refused(run: Callable[..., Ran], wire: Proxy) -> None:
    ran = run("status", "--expect-account", OTHER, "--format", "json")

    assert ran.error == (3, "aws-auth")
    assert "SearchCertificates" not in wire.operations


def test_a_role_shows_its_own_account(run: Callable[..., Ran], put: Callable[..., str], wire: Proxy) -> None:
    put(make_chain())

    ran = run("status", "--role-arn", f"arn:aws:iam::{OTHER}:role/certkit", "--format", "json")

    assert ran.document["coverage"] == [{"account": OTHER, "region": HOME, "state": "seen"}]
    assert ran.document["certificates"] == []
    assert wire.operations.count("AssumeRole") == 1


def test_people_read_a_table_with_the_soonest_first(
    run: Callable[..., Ran], put: Callable[..., str], server: StrictAcm, wire: Proxy
) -> None:
    late = put(make_chain(), certkit_name="shop")
    soon = put(make_chain(leaf=lasting(lived=60, left=5, name="blog.example.com")))
    server.set_in_use(late, "arn:aws:elasticloadbalancing:us-east-1:1:loadbalancer/app/a/1")

    ran = run("status")

    head, *rows = ran.out.splitlines()
    assert wire.sent
    assert head == "2 certificates in us-east-1"
    assert [row.split() for row in rows] == [
        ["DAYS", "LEFT", "NAME", "DOMAIN", "KEY", "TYPE", "STATUS", "USED", "REGION", "ARN"],
        ["5!", "7", "%", "-", "blog.example.com", "EC_prime256v1", "IMPORTED", "ISSUED", "no", HOME, soon],
        ["8440", "96", "%", "shop", "shop.example.com", "EC_prime256v1", "IMPORTED", "ISSUED", "yes", HOME, late],
    ]
    assert {row.index("ARN") if "ARN" in row else row.index("arn:") for row in rows} == {rows[0].index("ARN")}


def test_nothing_is_an_answer(run: Callable[..., Ran], wire: Proxy) -> None:
    ran = run("status")

    assert wire.sent
    assert (ran.code, ran.out) == (0, "0 certificates in us-east-1\n")


def test_regions_that_were_not_seen_stand_in_the_head(
    run: Callable[..., Ran], put: Callable[..., str], server: StrictAcm, wire: Proxy
) -> None:
    put(make_chain())
    server.deny("SearchCertificates", "ListCertificates", region=FRANKFURT)
    server.deny("SearchCertificates", "ListCertificates", region="eu-west-1")
    regions = ("--region", FRANKFURT, "--region", "eu-west-1")

    some = run("status", "--region", HOME, *regions)
    none = run("status", *regions)

    assert wire.sent
    assert some.out.splitlines()[0] == "1 certificate in us-east-1; 2 denied"
    assert some.out.splitlines()[1] == "  denied: eu-central-1, eu-west-1"
    assert none.out.splitlines()[0] == "0 certificates in no region; 2 denied"


def test_many_regions_are_counted(run: Callable[..., Ran], wire: Proxy) -> None:
    regions = [part for region in (HOME, FRANKFURT, "eu-west-1", "eu-west-2") for part in ("--region", region)]

    ran = run("status", *regions)

    assert wire.sent
    assert ran.out == "0 certificates in 4 regions\n"


def test_what_was_never_issued_has_no_days(run: Callable[..., Ran], put: Callable[..., str], wire: Proxy) -> None:
    def make_pending(answer: dict[str, list[dict[str, object]]]) -> None:
        (row,) = answer["Results"]
        del row["X509Attributes"]

    put(make_chain())
    wire.always("SearchCertificates", Rewrite(make_pending))

    table, document = run("status"), run("status", "--within", "99%", "--format", "json")

    (row,) = document.document["certificates"]
    assert table.out.splitlines()[-1].split()[:2] == ["-", "-"]
    assert (row["days_left"], row["life_left_percent"], row["expiring"]) == (None, None, False)
    assert document.code == 0
