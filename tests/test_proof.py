"""Tests of what is made of endpoints that were looked at after an import."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final

import pytest

from certkit import hosts
from certkit.errors import InputUnreadableError
from certkit.ledger import Entry, Outcome
from certkit.proof import Front, Proof, Subject, entry_of, exit_code, is_news, of, remembered, unproven
from certkit.report.proof import counts, items, text
from certkit.sources.endpoint import Endpoint
from certkit.verify import Sight, State, View, Wanted, unreachable
from tests.aws.scene import ACCOUNT, HOME, desired_of
from tests.given import NOW
from tests.issuing import Request, make_chain

SHOP: Final = make_chain(leaf=Request(sans=("shop.example.com",)))
BUNDLE: Final = desired_of(SHOP).bundle
ARN: Final = f"arn:aws:acm:{HOME}:{ACCOUNT}:certificate/1"
TARGET: Final = Endpoint("shop.example.com", 443)
FRONT: Final = Front(TARGET)
BEHIND: Final = Front(TARGET, Endpoint("lb.example.com", 443), is_named=False)
SUBJECT: Final = Subject("shop", ARN, ACCOUNT, HOME, BUNDLE, (FRONT, BEHIND), is_written=False)
LOST: Final = InputUnreadableError("no answer within 10 s")


def proof(*states: State, front: Front = FRONT, subject: Subject = SUBJECT) -> Proof:
    """A front at whose addresses this was seen."""
    wanted = Wanted(hosts.parse("shop.example.com"), SHOP.certificate, BUNDLE.chain, ())
    views = [
        unreachable(f"192.0.2.{number}", 443, LOST)
        if state is State.UNREACHABLE
        else View(f"192.0.2.{number}", 443, state, notes=("it is so",) if state is not State.SERVED else ())
        for number, state in enumerate(states, 1)
    ]
    return Proof(subject, front, Sight(TARGET, "shop", wanted, (), tuple(views)))


def noted(seen: Proof, days: int = 0) -> Entry:
    """What the ledger holds of it."""
    return entry_of(seen, "run", "arn:aws:iam::1:user/anna", "apply", NOW + timedelta(days=days))


SERVED: Final = noted(proof(State.SERVED))
STALE: Final = noted(proof(State.STALE))


@pytest.mark.parametrize(
    ("states", "worst", "code"),
    [
        ((State.SERVED, State.SERVED), State.SERVED, 0),
        ((State.SERVED, State.PROPAGATING), State.PROPAGATING, 1),
        ((State.STALE, State.INCOMPLETE), State.INCOMPLETE, 1),
        ((State.SERVED, State.UNREACHABLE), State.UNREACHABLE, 3),
    ],
)
def test_an_endpoint_is_what_its_worst_address_is(states: tuple[State, ...], worst: State, code: int) -> None:
    seen = proof(*states)

    assert (seen.state, seen.exit_code, exit_code([proof(State.SERVED), seen])) == (worst, code, code)


def test_what_certkit_found_by_itself_may_be_out_of_its_reach() -> None:
    assert proof(State.UNREACHABLE, State.SERVED, front=BEHIND).exit_code == 0
    assert proof(State.UNREACHABLE, State.STALE, front=BEHIND).exit_code == 1
    assert exit_code([]) == 0


@pytest.mark.parametrize(
    ("entries", "fronts"),
    [
        ([], (FRONT, BEHIND)),
        ([SERVED], (BEHIND,)),
        ([STALE], (FRONT, BEHIND)),
        ([STALE, SERVED], (BEHIND,)),
        ([SERVED, STALE], (FRONT, BEHIND)),
        ([SERVED, replace(SERVED, action="reimport")], (FRONT, BEHIND)),
        ([replace(SERVED, action="import"), SERVED, replace(SERVED, action="tag")], (BEHIND,)),
        ([replace(SERVED, sha256="0" * 64)], (FRONT, BEHIND)),
        ([replace(SERVED, chain_sha256=None)], (FRONT, BEHIND)),
        ([noted(proof(State.SERVED, front=BEHIND))], (FRONT,)),
    ],
    ids=["nothing", "served", "stale", "later", "no more", "written", "tagged", "another leaf", "no chain", "behind"],
)
def test_what_the_ledger_does_not_know_to_be_served_is_looked_at(
    entries: list[Entry], fronts: tuple[Front, ...]
) -> None:
    known = remembered(BUNDLE, entries)

    assert unproven(SUBJECT, known) == fronts
    assert unproven(replace(SUBJECT, is_written=True), known) == (FRONT, BEHIND)


def test_only_news_is_written_down() -> None:
    known = remembered(BUNDLE, [STALE])

    assert not is_news(noted(proof(State.STALE), days=1), known)
    assert is_news(noted(proof(State.STALE, State.STALE), days=1), known)
    assert is_news(noted(proof(State.SERVED), days=1), known)
    assert is_news(noted(proof(State.STALE, front=BEHIND)), known)


def test_an_entry_says_what_is_served_where_and_of_which_certificate() -> None:
    entry = noted(proof(State.PROPAGATING, State.SERVED, front=BEHIND))

    assert (entry.name, entry.arn, entry.action, entry.outcome) == ("shop", ARN, "verify", Outcome.FAILED)
    assert entry.sha256 == SHOP.sha256
    assert entry.detail == ("shop.example.com:443 at lb.example.com:443: propagating, served at 1 of 2 addresses")
    assert SERVED.outcome is Outcome.DONE


def test_people_read_why_below_the_line() -> None:
    assert text(proof(State.SERVED, State.UNREACHABLE)).splitlines() == [
        "shop: shop.example.com:443: unreachable, served at 1 of 2 addresses",
        "  192.0.2.2:443  unreachable",
        "    no answer within 10 s",
        "  an internal address is reached from its own network alone: run certkit there, or certkit verify with --connect-to",
    ]


def test_what_cannot_be_seen_of_cloudfront_is_said() -> None:
    edge = Front(TARGET, Endpoint("d111.cloudfront.net", 443), is_named=False)
    seen = proof(State.SERVED, front=edge)
    seen = replace(seen, sight=replace(seen.sight, canonical=("d111.cloudfront.net",)))

    assert text(seen).splitlines()[1:] == [
        "  CloudFront: DNS shows the nearest edge alone; others may still serve what was there before"
    ]


def test_what_has_no_name_is_called_by_its_arn_and_hostile_text_is_escaped() -> None:
    nameless = replace(SUBJECT, name=None)
    evil = replace(SUBJECT, name="shop\x1b[31m\u202e")

    assert text(proof(State.SERVED, subject=nameless)) == f"{ARN}: shop.example.com:443: served at 1 of 1 address"
    assert not {"\x1b", "\u202e"} & set(text(proof(State.SERVED, subject=evil)))


def test_proofs_belong_to_a_name_or_else_to_an_arn() -> None:
    named, other = proof(State.SERVED), proof(State.SERVED, subject=replace(SUBJECT, name="blog"))
    nameless = proof(State.SERVED, subject=replace(SUBJECT, name=None))

    assert of([named, other, nameless], "shop", ARN) == (named,)
    assert of([named, other, nameless], None, ARN) == (named, other, nameless)
    assert of([named], None, "arn:other") == ()


def test_none_looked_at_is_null_and_not_an_empty_list() -> None:
    assert items([]) is None
    assert counts([]) == ""
    assert counts([proof(State.SERVED), proof(State.STALE), proof(State.UNREACHABLE)]) == "1 served, 2 not served"
