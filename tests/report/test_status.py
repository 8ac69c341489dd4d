"""What people and spreadsheets read of a status: whole texts, held against what they should be."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from certkit.changes import between
from certkit.expiry import DEFAULT, parse_threshold
from certkit.incident import Hit
from certkit.inventory import Coverage, Inventory, State
from certkit.report import status_csv
from certkit.report.status import Status, document
from certkit.report.status_table import Look
from certkit.report.status_text import text
from tests import documents
from tests.aws.scene import ACCOUNT, HOME, NOW, OTHER
from tests.listing import inventory, listed

POLICY = "AccessDenied with an explicit deny in a service control policy"
FRANKFURT = "eu-central-1"

WILDCARD = [
    listed(account=account, region=region, domain="*.example.com", serial="0c", left=90, name=name)
    for account, region, name in ((ACCOUNT, HOME, "wild"), (ACCOUNT, FRANKFURT, "wild"), (OTHER, HOME, None))
]
ESTATE = inventory(
    listed(left=-1, number=1, domain="old.example.com", serial="01", status="EXPIRED", in_use=True),
    listed(left=8, number=2, name="shop", owner="web", serial="02"),
    listed(lived=2, left=4, number=3, domain="short.example.com", serial="03"),
    *WILDCARD,
    listed(left=None, number=9, domain="never.example.com", serial=None, issuer=None, status="FAILED"),
    listed(source="/etc/ssl/shop.pem", left=30, serial="05"),
    coverage=[
        Coverage(None, None, State.SEEN, source="/etc/ssl/shop.pem"),
        Coverage(ACCOUNT, FRANKFURT, State.SEEN),
        Coverage(ACCOUNT, "eu-north-1", State.DENIED, POLICY),
        Coverage(ACCOUNT, HOME, State.SEEN),
        Coverage(OTHER, "eu-north-1", State.DENIED, POLICY),
        Coverage(OTHER, "eu-west-1", State.FAILED, "no answer"),
        Coverage(OTHER, HOME, State.SEEN),
    ],
)


def shown(look: Look | None = None, estate: Inventory = ESTATE, **more: Any) -> str:
    return text(Status(estate, DEFAULT, **more), look or Look())


def test_people_read_what_was_seen_then_one_row_for_each_certificate() -> None:
    arn = f"arn:aws:acm:{HOME}:{ACCOUNT}:certificate/00000000-0000-0000-0000-00000000000"

    assert shown() == "\n".join(
        [
            "8 certificates in 3 regions of 2 accounts and 1 source; 2 denied; 1 failed",
            "  closed by policy: eu-north-1 of 2 accounts",
            "  failed: eu-west-1 of 222222222222",
            "DAYS  LEFT  NAME     DOMAIN             KEY            TYPE      STATUS   USED  ACCOUNT       REGION     ARN",
            f"-1!   0 %   -        old.example.com    EC_prime256v1  IMPORTED  EXPIRED  yes   123456789012  us-east-1  {arn}1",
            f"8!    11 %  shop     shop.example.com   EC_prime256v1  IMPORTED  ISSUED   no    123456789012  us-east-1  {arn}2",
            f"4     66 %  -        short.example.com  EC_prime256v1  IMPORTED  ISSUED   no    123456789012  us-east-1  {arn}3",
            "90    60 %  2 names  *.example.com      EC_prime256v1  IMPORTED  ISSUED   no    2 accounts    2 regions  3 places: --unfold",
            f"-     -     -        never.example.com  EC_prime256v1  IMPORTED  FAILED   no    123456789012  us-east-1  {arn}9",
            "30!   33 %  -        shop.example.com   EC_prime256v1  FILE      ISSUED   no    -             -          /etc/ssl/shop.pem",
        ]
    )


def test_what_is_folded_can_be_unfolded() -> None:
    lines = shown(Look(unfolds=True)).splitlines()

    assert [line.split()[-1] for line in lines if "*.example.com" in line] == [one.summary.arn for one in WILDCARD]


def test_two_certificates_with_the_same_names_and_dates_are_two_rows() -> None:
    twins = inventory(listed(number=1, serial="0a"), listed(number=2, serial="0b"))
    unsaid = inventory(*(listed(number=number, serial=None, issuer=None) for number in (1, 2)))

    assert len(shown(estate=twins).splitlines()) == 4
    assert len(shown(estate=unsaid).splitlines()) == 3


def test_a_file_that_holds_what_acm_holds_is_in_the_same_row_and_in_no_region() -> None:
    both = inventory(listed(name="shop"), listed(source="shop.pem"))

    (row,) = shown(estate=both).splitlines()[2:]

    assert row.split()[-5:] == [ACCOUNT, HOME, "2", "places:", "--unfold"]


def test_a_mark_stands_where_any_of_those_folded_is_used() -> None:
    some = inventory(listed(number=1, in_use=True), listed(number=2))

    assert "  1 of 2  " in shown(estate=some)


@pytest.mark.parametrize("width", [200, 120, 100, 80, 60, 40, 24])
def test_no_line_of_the_table_is_wider_than_the_terminal(width: int) -> None:
    table = shown(Look(width=width)).splitlines()[3:]

    assert max(map(len, table)) <= width
    assert all("DOMAIN" in table[0] and "DAYS" in table[0] for _ in table)


def test_a_narrow_terminal_keeps_days_and_domains_longest() -> None:
    table = shown(Look(width=24)).splitlines()[3:]

    assert table[:3] == ["DAYS  DOMAIN", "-1!   old.example.com", "8!    shop.example.com"]


def test_a_name_too_long_for_the_terminal_is_cut() -> None:
    long = inventory(listed(left=8, domain=f"{'a' * 60}.example.com"))

    assert shown(Look(width=20), long).splitlines()[-1] == "8!    aaaaaaaaaaaaa…"


def test_colours_follow_the_lifetime_so_that_a_healthy_one_of_six_days_is_green() -> None:
    estate = inventory(
        *(
            listed(lived=lived, left=left, number=number, serial=f"0{number}")
            for number, (lived, left) in enumerate(((10, -1), (82, 8), (62, 28), (30, 60), (2, 4), (4, 2), (5.5, 0.5)))
        )
    )

    lines = shown(Look(has_color=True), estate).splitlines()[2:]

    red, yellow, green = "\x1b[31m", "\x1b[33m", "\x1b[32m"
    assert [line.partition("m")[0] + "m" for line in lines] == ["\x1b[1;31m", red, yellow, green, green, yellow, red]
    assert all(line.count("\x1b[0m") == 1 for line in lines)


def test_nothing_is_coloured_unasked() -> None:
    assert "\x1b" not in shown()


def test_hostile_names_reach_neither_terminal_nor_spreadsheet() -> None:
    evil = inventory(listed(domain="a\x1b[2Jb\u202ec", name="x\ny", source="f\n.pem"))

    assert all(line.isprintable() for line in shown(estate=evil).splitlines())
    assert all(line.isprintable() for line in status_csv.text(Status(evil, DEFAULT)).split("\r\n"))


def test_changes_are_told_before_the_table() -> None:
    before = document(Status(inventory(listed(number=2, left=5), listed(number=3)), DEFAULT))
    after = inventory(
        listed(number=1, name="new"), listed(number=2, left=60), coverage=[Coverage(ACCOUNT, HOME, State.SEEN)]
    )
    changes = between(before, document(Status(after, DEFAULT)))

    status = Status(after, DEFAULT, changes)

    arn = f"arn:aws:acm:{HOME}:{ACCOUNT}:certificate/00000000-0000-0000-0000-00000000000"
    assert text(status, Look()).splitlines()[:5] == [
        "2 certificates in us-east-1",
        "since 2026-11-22T12:00:00Z: 1 new, 1 gone, 1 renewed",
        f"  new      shop.example.com  {arn}1",
        f"  renewed  shop.example.com  {arn}2  not_after: 2026-11-27T12:00:00Z -> 2027-01-21T12:00:00Z",
        f"  gone     shop.example.com  {arn}3",
    ]
    assert documents.fits("status", document(status))


def test_an_incident_is_told_by_place_owner_and_users() -> None:
    hits = (
        Hit(listed(number=1, owner="web", in_use=True), ("arn:one", "arn:two")),
        Hit(listed(number=2, account=OTHER)),
        Hit(listed(source="shop.pem")),
    )
    status = Status(inventory(*(hit.listed for hit in hits)), DEFAULT, hits=hits)

    lines = text(status, Look()).splitlines()

    assert lines[1:7] == [
        "3 certificates left, 1 in use, in 2 accounts",
        f"  {hits[0].listed.place}  owner: web",
        "    used by arn:one",
        "    used by arn:two",
        f"  {hits[1].listed.place}  owner: -",
        "  shop.pem  owner: -",
    ]
    assert documents.fits("status", document(status))


def test_every_kind_of_row_keeps_to_the_schema() -> None:
    unknown = replace(ESTATE, coverage=(*ESTATE.coverage, Coverage(None, None, State.DENIED, "who?")))

    assert documents.fits("status", document(Status(unknown, DEFAULT)))


def test_a_spreadsheet_reads_what_was_seen_first_and_every_certificate_after_it() -> None:
    written = status_csv.text(Status(ESTATE, parse_threshold("8d")))

    rows = list(csv.DictReader(io.StringIO(written, newline="")))
    assert written.endswith("\r\n")
    assert written.count("\r\n") == written.count("\n") == 1 + 7 + 8
    assert [row["record"] for row in rows] == ["coverage"] * 7 + ["certificate"] * 8
    assert [(row["account"], row["region"], row["state"]) for row in rows[1:3]] == [
        (ACCOUNT, FRANKFURT, "seen"),
        (ACCOUNT, "eu-north-1", "denied"),
    ]
    assert rows[8] == {
        "record": "certificate",
        "state": "",
        "account": ACCOUNT,
        "region": HOME,
        "source": "",
        "arn": f"arn:aws:acm:{HOME}:{ACCOUNT}:certificate/00000000-0000-0000-0000-000000000002",
        "name": "shop",
        "owner": "web",
        "domain": "shop.example.com",
        "sans": "DNS:shop.example.com DNS:www.example.com",
        "type": "IMPORTED",
        "status": "ISSUED",
        "key_algorithm": "EC_prime256v1",
        "not_before": "2026-09-23T12:00:00Z",
        "not_after": "2026-11-30T12:00:00Z",
        "days_left": "8",
        "life_left_percent": "11",
        "in_use": "false",
        "expiring": "true",
        "managed": "true",
    }


@pytest.mark.parametrize("formula", ["=1+1", "+1", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0"])
def test_no_cell_is_a_formula(formula: str) -> None:
    written = status_csv.text(Status(inventory(listed(name=formula, owner=formula, domain=formula, left=-3)), DEFAULT))

    row = list(csv.DictReader(io.StringIO(written, newline="")))[-1]
    assert (row["name"], row["owner"], row["domain"]) == (f"'{formula}",) * 3
    assert row["days_left"] == "-3"


def test_what_expires_is_counted_by_the_threshold_that_is_asked_for() -> None:
    estate = inventory(listed(lived=60, left=30))

    assert not Status(estate, parse_threshold("29d")).has_expiring
    assert Status(estate, parse_threshold("30d")).has_expiring
    assert estate.at + timedelta(days=30) == estate.certificates[0].summary.not_after
    assert estate.at == NOW
