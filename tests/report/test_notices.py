"""Notices in words: short, in order, and harmless whatever a certificate says."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from certkit.notify import Notice, due
from certkit.report import notices as words
from tests.estate.rows import ACCOUNT, HOME, NOW, inventory, row


def told(*rows: Any, **owners: str) -> list[Notice]:
    """What there is to tell of these."""
    return list(due(inventory(*rows), owners))


@pytest.mark.parametrize(
    ("left", "subject"),
    [
        ((20.5,), "certkit: 1 certificate expires in 20 days"),
        ((20.5, 9), "certkit: 2 certificates expire, the next in 9 days"),
        ((1.9,), "certkit: 1 certificate expires in 45 hours"),
        ((0.05,), "certkit: 1 certificate expires in 1 hour"),
        ((-1,), "certkit: 1 certificate has expired"),
        ((-1, -2), "certkit: 2 certificates have expired"),
        ((-1, 5), "certkit: 2 certificates expire, the next in 5 days, 1 has expired"),
    ],
)
def test_the_first_line_says_how_many_and_how_soon(left: tuple[float, ...], subject: str) -> None:
    rows = [row(number, left=days, in_use=True) for number, days in enumerate(left)]

    assert words.subject(told(*rows), NOW) == subject


def test_a_mail_says_what_where_and_whose() -> None:
    rows = [row(1, left=20.5, in_use=True, name="shop"), row(2, left=-1, in_use=True, owner="press")]

    mail = words.mail(told(rows[1], rows[0], shop="web"), (), NOW)

    assert mail.splitlines() == [
        "certkit: 2 certificates expire, the next in 20 days, 1 has expired",
        "",
        f"shop.example.com; expired on 2026-11-21; in use; {HOME} of {ACCOUNT}; owner press",
        f"shop; expires in 20 days, on 2026-12-13; in use; {HOME} of {ACCOUNT}; owner web",
    ]


def test_one_certificate_in_many_places_is_one_line() -> None:
    rows = [row(1, left=20, in_use=True, region=region) for region in (HOME, "eu-west-1", "eu-west-2")]

    (line,) = words.lines(told(*rows), NOW)

    assert line.endswith(f"in use; {HOME} of {ACCOUNT} and 2 more")
    assert words.subject(told(*rows), NOW).startswith("certkit: 1 certificate ")


def test_very_many_are_counted() -> None:
    rows = [row(number, left=20, in_use=True) for number in range(100)]

    found = list(words.lines(told(*rows), NOW))

    assert len(found) == 31
    assert found[-1] == "and 70 more: certkit status shows all"


def test_what_was_not_seen_stands_below() -> None:
    mail = words.mail(told(row(left=20, in_use=True)), ["eu-west-1 was not seen: \x1bno"], NOW)

    assert mail.splitlines()[-2:] == ["Not seen, so that there may be more:", "eu-west-1 was not seen: \\x1bno"]


HOSTILE = "<!channel> <http://evil|x> & `code` @here\n\u202e*bold*\x1b[31m"


def test_a_name_can_neither_call_people_nor_make_links_in_a_chat() -> None:
    document = json.loads(words.chat(told(row(left=20, in_use=True, domain=HOSTILE)), (), NOW))

    (line,) = document["text"].splitlines()[1:]
    assert set(document) == {"text"}
    assert line.startswith(
        "`&lt;!channel&gt; &lt;http://evil|x&gt; &amp; 'code' @\u200bhere\\x0a\\u202e*bold*\\x1b[31m;"
    )
    assert line.endswith("`")
    assert line.count("`") == 2


def test_a_name_makes_no_line_of_a_mail() -> None:
    mail = words.mail(told(row(left=20, in_use=True, name=HOSTILE, owner=HOSTILE)), (), NOW)

    assert len(mail.splitlines()) == 3
    assert "\x1b" not in mail
    assert "\u202e" not in mail


def test_a_subject_is_what_sns_takes_whatever_the_names() -> None:
    rows = [row(number, left=20 - number / 1000, in_use=True, domain=HOSTILE) for number in range(10_000)]

    subject = words.subject(told(*rows), NOW)

    assert subject.isascii()
    assert subject.isprintable()
    assert len(subject) < 100


def test_a_line_ends_somewhere() -> None:
    (line,) = words.lines(told(row(left=20, in_use=True, domain="a" * 5_000)), NOW)

    assert len(line) == 300


def test_an_event_says_everything_that_a_rule_may_ask_for() -> None:
    (notice,) = told(row(left=20.5, in_use=True, name="shop", owner="web"))

    assert words.kind_of_event(notice) == "Certificate Expiring"
    assert json.loads(words.event(notice, NOW)) == {
        "arn": notice.listed.place,
        "source": None,
        "account": ACCOUNT,
        "region": HOME,
        "name": "shop",
        "owner": "web",
        "domain": "shop.example.com",
        "not_after": "2026-12-13T00:00:00Z",
        "days_left": 20,
        "urgency": "expiring",
        "in_use": True,
    }
    (expired,) = told(row(left=-1, in_use=True))
    assert words.kind_of_event(expired) == "Certificate Expired"
    assert expired.not_after == NOW - timedelta(days=1)
