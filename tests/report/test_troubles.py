"""What owners read of refusals, and what programs get."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Final

from certkit.errors import CommandError, ReimportIncompatibleError
from certkit.notify.trouble import Ends, News, Recovery, Trouble
from certkit.report.troubles import chat, events, lines, mail, subject
from tests.aws.scene import NOW

ENDS: Final = Ends(NOW - timedelta(days=60), NOW + timedelta(days=30))


def trouble(name: str = "shop", region: str = "us-east-1", message: str = "no") -> Trouble:
    error = ReimportIncompatibleError(message, hint="do this")
    return Trouble((name, "", region), "web", f"{region} of 123456789012", error, ENDS)


def test_the_first_line_counts_certificates_and_not_places() -> None:
    over = Recovery(("blog", "", "us-east-1"), "web", "us-east-1")
    twice = (trouble(), trouble(region="eu-west-1"))

    assert subject(News(twice, ())) == "certkit: 1 certificate could not be renewed"
    assert subject(News((*twice, trouble("b")), (over,))) == (
        "certkit: 2 certificates could not be renewed, 1 is well again"
    )
    assert subject(News((), (over, Recovery(("b", "", ""), None, "")))) == "certkit: 2 are well again"


def test_one_certificate_in_many_places_is_one_line() -> None:
    found = list(lines(News((trouble(), trouble(region="eu-west-1")), ()), NOW))

    end = "ACM's expires in 30 days, on 2026-12-22"
    assert found == [f"shop: not renewed in us-east-1 of 123456789012 and 1 more: no; {end}; hint: do this"]


def test_what_programs_and_acm_say_makes_no_links_and_no_lines() -> None:
    said = trouble(message="<https://evil|click>\n@channel `x`")

    text = json.loads(chat(News((said,), ()), NOW))["text"]

    assert text.count("\n") == 1
    assert "<" not in text
    assert "@channel" not in text
    assert text.splitlines()[1].count("`") == 2
    assert mail(News((said,), ()), NOW).count("\n") == 3


def test_very_many_are_cut_short() -> None:
    many = News(tuple(trouble(f"c{number}") for number in range(40)), ())

    found = list(lines(many, NOW))

    assert (len(found), found[-1]) == (31, "and 10 more: certkit renew shows all")


def test_programs_get_what_people_read() -> None:
    command = Trouble(("shop", "", ""), None, "", CommandError("it ended with exit code 1"))
    over = Recovery(("blog", "111122223333", "us-east-1"), "web", "us-east-1 of 111122223333")

    found = [(kind, json.loads(detail)) for kind, detail in events(News((command,), (over,)))]

    place = {"name": "shop", "account": None, "region": None, "owner": None}
    why = {"code": "command-failed", "message": "it ended with exit code 1", "hint": None, "not_after": None}
    assert found == [
        ("Certificate Renewal Failed", {**place, **why}),
        (
            "Certificate Renewal Recovered",
            {"name": "blog", "account": "111122223333", "region": "us-east-1", "owner": "web"},
        ),
    ]
