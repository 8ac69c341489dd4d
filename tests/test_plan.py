"""The difference between what should be and what is: pure, sorted, and nothing once it was carried out."""

import datetime as dt
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import permutations
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from certkit.assembly import assemble
from certkit.bundle import Bundle
from certkit.contents import CertificateEntry, Contents
from certkit.errors import AmbiguousError, ReimportIncompatibleError, UsageError
from certkit.hold import Hold
from certkit.plan import (
    Action,
    Desired,
    Held,
    Import,
    Nothing,
    Observed,
    Plan,
    Reimport,
    Tag,
    make_plan,
    removable,
    row,
    verb,
    wanted_tags,
)
from certkit.record import FOLLOWS_TAG, NAME_TAG, NOT_AFTER_TAG, SHA256_TAG, CertificateRecord
from tests.issuing import CLIENT_AUTH, NOT_AFTER, SERVER_AUTH, Issued, Request, make_chain

NOW: Final = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
ACCOUNT: Final = "123456789012"
ARN: Final = f"arn:aws:acm:us-east-1:{ACCOUNT}:certificate/12345678-1234-1234-1234-123456789012"
OTHER_ARN: Final = ARN.replace("12345678-", "87654321-")

OLD: Final = make_chain(leaf=Request(sans=("shop.example.com",)))
NEW: Final = make_chain(leaf=Request(sans=("shop.example.com",), key=("EC_prime256v1", 1)))
RSA: Final = make_chain(leaf=Request(sans=("shop.example.com",), key=("RSA_2048", 0)))
LEAVES: Final = (OLD, NEW, make_chain(leaf=Request(sans=("b.example.com",))), make_chain(intermediates=2))


def bundle(issued: Issued, *, with_chain: bool = True) -> Bundle:
    found = (issued, *issued.issuers) if with_chain else (issued,)
    return assemble(Contents("pkcs12", tuple(CertificateEntry(each.der) for each in found)), NOW)


def desired(issued: Issued = NEW, name: str | None = "shop", **changes: Any) -> Desired:
    plain = Desired(name, None, ACCOUNT, "us-east-1", bundle(issued), {})
    return replace(plain, **changes)


def record(issued: Issued, tags: Mapping[str, str] | None = None, **changes: Any) -> CertificateRecord:
    chain = bundle(issued).chain
    return replace(CertificateRecord(ARN, "IMPORTED", "ISSUED", issued.certificate, chain, tags or {}), **changes)


def own_tags(issued: Issued) -> dict[str, str]:
    return {NAME_TAG: "shop", SHA256_TAG: issued.sha256, NOT_AFTER_TAG: f"{NOT_AFTER:%Y-%m-%dT%H:%M:%SZ}"}


def the_action(wanted: Desired, *own: CertificateRecord, strangers: Sequence[CertificateRecord] = ()) -> Action:
    (action,) = make_plan([(wanted, Observed(own, tuple(strangers)))]).actions
    return action


def carry_out(action: Action) -> CertificateRecord:
    """What ACM holds once the action was carried out, as `certkit.apply` does it."""
    if isinstance(action, Import):
        new = action.desired.bundle
        return CertificateRecord(ARN, "IMPORTED", "ISSUED", new.leaf, new.chain, dict(action.tags))
    if isinstance(action, Nothing | Held):
        return action.current
    kept = {key: value for key, value in action.current.tags.items() if key not in action.removed}
    tagged = replace(action.current, tags={**kept, **action.tags})
    if isinstance(action, Tag):
        return tagged
    return replace(tagged, leaf=action.desired.bundle.leaf, chain=action.desired.bundle.chain)


def test_nothing_there_is_an_import_with_all_tags() -> None:
    wanted = desired(tags={"env": "prod"})

    assert the_action(wanted) == Import(wanted, {"env": "prod", **own_tags(NEW)})


def test_another_leaf_is_a_reimport_with_the_tags_that_differ() -> None:
    wanted, current = desired(tags={"env": "prod"}), record(OLD, {**own_tags(OLD), "env": "prod", "theirs": "1"})

    assert the_action(wanted, current) == Reimport(wanted, current, {SHA256_TAG: NEW.sha256}, ())


def test_another_chain_under_the_same_leaf_is_a_reimport() -> None:
    wanted, current = desired(), record(NEW, own_tags(NEW), chain=())

    assert the_action(wanted, current) == Reimport(wanted, current, {}, ())


def test_no_chain_where_one_was_is_a_reimport() -> None:
    wanted, current = desired(bundle=bundle(NEW, with_chain=False)), record(NEW, own_tags(NEW))

    assert the_action(wanted, current) == Reimport(wanted, current, {}, ())


def test_tags_that_differ_are_a_tag_action_of_these_alone() -> None:
    wanted, current = desired(tags={"env": "prod"}), record(NEW, {**own_tags(NEW), "env": "test", "theirs": "1"})

    assert the_action(wanted, current) == Tag(wanted, current, {"env": "prod"})


def test_other_peoples_tags_are_never_touched() -> None:
    current = record(NEW, {**own_tags(NEW), "theirs": "1", "env": "prod"})

    assert the_action(desired(), current) == Nothing(desired(), current)


def test_an_arn_without_a_name_writes_no_name() -> None:
    wanted, current = desired(name=None, arn=ARN), record(OLD)

    action = the_action(wanted, current)

    assert action == Reimport(wanted, current, {key: own_tags(NEW)[key] for key in (SHA256_TAG, NOT_AFTER_TAG)}, ())


def test_an_arn_with_a_name_takes_the_certificate_over() -> None:
    wanted, current = desired(arn=ARN), record(NEW, {SHA256_TAG: NEW.sha256})

    assert the_action(wanted, current) == Tag(
        wanted, current, {NAME_TAG: "shop", NOT_AFTER_TAG: own_tags(NEW)[NOT_AFTER_TAG]}
    )


def test_certkits_own_tags_cannot_be_overwritten_by_the_users() -> None:
    wanted = desired(tags={NAME_TAG: "other", SHA256_TAG: "0", NOT_AFTER_TAG: "never", "env": "prod"})

    assert wanted_tags(wanted) == {**own_tags(NEW), "env": "prod"}


def test_what_a_reimport_takes_away_is_a_warning() -> None:
    old = make_chain(leaf=Request(sans=("a.example.com",), extended_key_usages=(SERVER_AUTH, CLIENT_AUTH)))
    new = make_chain(leaf=Request(sans=("shop.example.com",), extended_key_usages=(SERVER_AUTH,)))

    action = the_action(desired(new), record(old, own_tags(old)))

    assert isinstance(action, Reimport)
    assert action.warnings == (
        "the name a.example.com is lost",
        "the extended key usage clientAuth is lost, which breaks its use as a client certificate",
    )


def test_a_reimport_that_acm_would_refuse_is_no_plan() -> None:
    with pytest.raises(ReimportIncompatibleError) as caught:
        the_action(desired(RSA), record(OLD))

    assert caught.value.message == (
        f"ACM would refuse it under {ARN}: its key is RSA_2048, the one there is EC_prime256v1: "
        "ACM changes neither type nor size under an ARN [reimport-key-differs]"
    )
    assert "certkit migrate shop --to SOURCE" in str(caught.value.hint)


def test_two_of_one_name_are_ambiguous_and_named_in_order() -> None:
    other = record(OLD, own_tags(OLD), arn=OTHER_ARN)

    for own in permutations((record(NEW, own_tags(NEW)), other)):
        with pytest.raises(AmbiguousError) as caught:
            the_action(desired(), *own)

        assert caught.value.message == (
            f"2 certificates are called 'shop', and they hold different certificates: {ARN}, {OTHER_ARN}"
        )


def test_a_stranger_with_the_same_leaf_is_ambiguous() -> None:
    with pytest.raises(AmbiguousError) as caught:
        the_action(desired(), strangers=[record(NEW)])

    assert caught.value.message == f"{ARN} holds this certificate already, without the name 'shop'"
    assert caught.value.hint == ("take it over with --certificate-arn ARN beside --name, instead of importing it twice")


def test_the_same_leaf_under_another_name_of_certkits_is_ambiguous_and_says_which() -> None:
    other = record(NEW, {**own_tags(NEW), "certkit:name": "blog"})
    with pytest.raises(AmbiguousError) as caught:
        the_action(desired(), strangers=[other])

    assert caught.value.message == f"{ARN} holds this certificate already, under the name 'blog' and not 'shop'"
    assert caught.value.hint == (
        "keep that name, or rename it with --certificate-arn ARN beside --name, instead of importing it twice"
    )


def test_a_stranger_does_not_matter_beside_one_of_the_name() -> None:
    current = record(NEW, own_tags(NEW))

    assert the_action(desired(), current, strangers=[record(NEW, arn=OTHER_ARN)]) == Nothing(desired(), current)


def test_an_action_is_a_row_of_the_document() -> None:
    wanted = desired(tags={"env": "prod"})
    place = {"name": "shop", "account": ACCOUNT, "region": "us-east-1", "sha256": NEW.sha256}
    current = record(OLD, own_tags(OLD))
    actions = [
        the_action(wanted),
        the_action(wanted, current),
        the_action(wanted, record(NEW, own_tags(NEW))),
        the_action(wanted, record(NEW, {**own_tags(NEW), "env": "prod"})),
    ]

    assert [row(action) for action in actions] == [
        {
            **place,
            "action": "import",
            "arn": None,
            "previous_sha256": None,
            "tags": dict(sorted({**own_tags(NEW), "env": "prod"}.items())),
        },
        {
            **place,
            "action": "reimport",
            "arn": ARN,
            "previous_sha256": OLD.sha256,
            "tags": {SHA256_TAG: NEW.sha256, "env": "prod"},
        },
        {**place, "action": "tag", "arn": ARN, "previous_sha256": NEW.sha256, "tags": {"env": "prod"}},
        {**place, "action": "none", "arn": ARN, "previous_sha256": NEW.sha256, "tags": {}},
    ]
    assert [verb(action) for action in actions] == ["import", "reimport", "tag", "none"]


MANY: Final = [
    (desired(name="b"), Observed()),
    (desired(name="a", region="us-east-1"), Observed()),
    (desired(name="a", region="eu-west-1"), Observed()),
    (desired(name="a", account="000000000000"), Observed()),
    (desired(name=None, arn=ARN), Observed((record(OLD),))),
    (desired(OLD, name="b"), Observed()),
]


@given(st.permutations(MANY))
@settings(deadline=None)
def test_a_plan_is_sorted_and_the_same_for_every_order(pairs: list[tuple[Desired, Observed]]) -> None:
    plan = make_plan(pairs)

    places = [(each.desired.name, each.desired.account, each.desired.region) for each in plan.actions]
    assert places == [
        (None, ACCOUNT, "us-east-1"),
        ("a", "000000000000", "us-east-1"),
        ("a", ACCOUNT, "eu-west-1"),
        ("a", ACCOUNT, "us-east-1"),
        ("b", ACCOUNT, "us-east-1"),
        ("b", ACCOUNT, "us-east-1"),
    ]
    assert plan == make_plan(MANY)


def test_the_digest_is_that_of_the_whole_plan() -> None:
    without_chain = desired(bundle=bundle(NEW, with_chain=False))
    plans = [
        [(desired(), Observed())],
        [(without_chain, Observed())],
        [(desired(OLD), Observed())],
        [(desired(region="eu-west-1"), Observed())],
        [(desired(tags={"env": "prod"}), Observed())],
        [(desired(), Observed((record(OLD),)))],
        [(desired(), Observed((record(OLD, arn=OTHER_ARN),)))],
        [],
    ]

    digests = [make_plan(pairs).digest for pairs in plans]

    assert len(set(digests)) == len(plans)
    assert [make_plan(pairs).digest for pairs in plans] == digests
    assert make_plan([]) == Plan((), hashlib.sha256(b"[]").hexdigest())


TAGS: Final = st.dictionaries(st.sampled_from(["env", "team", NAME_TAG, SHA256_TAG]), st.sampled_from(["a", "b"]))


@given(
    new=st.sampled_from(LEAVES),
    with_chain=st.booleans(),
    old=st.none() | st.sampled_from(LEAVES),
    wanted_by_user=TAGS,
    there=TAGS,
    name=st.sampled_from(["shop", None]),
    is_purged=st.booleans(),
)
@settings(deadline=None)
def test_what_a_plan_leads_to_gives_a_plan_of_nothing(
    *,
    new: Issued,
    with_chain: bool,
    old: Issued | None,
    wanted_by_user: dict[str, str],
    there: dict[str, str],
    name: str | None,
    is_purged: bool,
) -> None:
    wanted = desired(new, name, bundle=bundle(new, with_chain=with_chain), tags=wanted_by_user, is_purged=is_purged)
    own = (record(old, there),) if old else ()

    after = carry_out(the_action(wanted, *own))

    assert the_action(wanted, after) == Nothing(wanted, after)


def test_purging_takes_away_what_nobody_names_and_nothing_of_certkits_or_awss() -> None:
    tags = {**own_tags(NEW), "theirs": "1", "env": "prod", "aws:cloudformation:stack-name": "x", "certkit:other": "y"}
    wanted, current = desired(tags={"env": "prod"}, is_purged=True), record(NEW, tags)

    action = the_action(wanted, current)

    assert action == Tag(wanted, current, {}, ("theirs",))
    assert row(action)["tags"] == {"theirs": None}


def test_a_reimport_purges_as_well() -> None:
    wanted, current = desired(is_purged=True), record(OLD, {**own_tags(OLD), "theirs": "1"})

    action = the_action(wanted, current)

    assert row(action)["tags"] == {SHA256_TAG: NEW.sha256, "theirs": None}


def test_more_tags_than_acm_takes_are_no_plan_those_of_others_included_and_awss_not() -> None:
    others = {f"t{number}": "x" for number in range(47)}
    aws = {"aws:cloudformation:stack-name": "x"}
    current = record(NEW, {**own_tags(NEW), **others, **aws})

    with pytest.raises(UsageError) as caught:
        the_action(desired(tags={"env": "prod"}), current)

    assert caught.value.message == f"{ARN} would have 51 tags, those of others included, and ACM takes 50"
    assert the_action(desired(tags={"env": "prod"}, is_purged=True), current).desired.is_purged
    assert the_action(desired(), current) == Nothing(desired(), current)


def test_without_a_name_no_name_is_wanted_and_one_that_is_there_stays() -> None:
    wanted, current = desired(name=None, arn=ARN), record(NEW, own_tags(NEW))

    assert wanted_tags(wanted) == {key: own_tags(NEW)[key] for key in (SHA256_TAG, NOT_AFTER_TAG)}
    assert the_action(wanted, current) == Nothing(wanted, current)


def test_what_takes_anothers_place_says_whose() -> None:
    wanted = desired(follows=OTHER_ARN)

    assert wanted_tags(wanted) == {**own_tags(NEW), FOLLOWS_TAG: OTHER_ARN}


def resent(wanted: Desired, current: CertificateRecord) -> Action:
    """What is planned where this chain was sent to this ARN before."""
    (action,) = make_plan([(wanted, Observed((current,), resent=frozenset((ARN,))))]).actions
    return action


def test_a_chain_that_acm_rewrites_is_not_sent_a_third_time() -> None:
    wanted, current = desired(), record(NEW, own_tags(NEW), chain=())

    with_tags = resent(wanted, replace(current, tags={}))

    warning = (
        "ACM shows another chain than the one that it was given, and did so again when it was given it again: "
        "it is not sent a third time"
    )
    assert resent(wanted, current) == Nothing(wanted, current, (warning,))
    assert isinstance(with_tags, Tag)
    assert with_tags.warnings == (warning,)


def test_a_chain_that_was_sent_again_and_is_shown_now_is_no_matter() -> None:
    wanted, current = desired(), record(NEW, own_tags(NEW))

    assert resent(wanted, current) == Nothing(wanted, current)


def test_a_clause_that_is_passed_over_is_a_warning_with_its_reason() -> None:
    wanted = desired(RSA, ignored={"reimport-key-differs": "ACM took one like it"})

    action = the_action(wanted, record(OLD, own_tags(OLD)))

    assert isinstance(action, Reimport)
    assert action.warnings == ("reimport-key-differs ignored: ACM took one like it",)


def test_every_reason_of_a_refusal_is_told() -> None:
    nameless = make_chain(leaf=Request(common_name="Shop", key=("RSA_2048", 0)))

    with pytest.raises(ReimportIncompatibleError) as caught:
        the_action(desired(nameless, name=None, arn=ARN), record(OLD))

    assert re.findall(r"\[([a-z-]+)\](; )?", caught.value.message) == [
        ("reimport-key-differs", "; "),
        ("reimport-names-lost", ""),
    ]
    assert caught.value.hint == (
        "import it with --name, which gives it an ARN of its own, and repoint what uses the old one"
    )


def crowded(count: int) -> CertificateRecord:
    """A certificate with so many tags of others that the new fingerprint makes it `count`."""
    others = {f"theirs-{number}": "1" for number in range(count - len(own_tags(NEW)))}
    return record(OLD, {**others, NAME_TAG: "shop", NOT_AFTER_TAG: own_tags(NEW)[NOT_AFTER_TAG], "aws:stack": "x"})


def test_as_many_tags_as_acm_takes_are_written() -> None:
    assert isinstance(the_action(desired(), crowded(50)), Reimport)


def test_more_tags_than_acm_takes_are_refused_before_anything_is_written() -> None:
    with pytest.raises(UsageError) as caught:
        the_action(desired(), crowded(51))

    assert caught.value.message == f"{ARN} would have 51 tags, those of others included, and ACM takes 50"
    assert caught.value.hint == "name fewer, or take those away that nobody needs"


def test_what_goes_is_the_copies_that_certkit_made_and_nothing_where_there_is_nothing() -> None:
    wanted = desired(tags={"env": "prod"})
    first, second = record(NEW, own_tags(NEW)), record(NEW, {**own_tags(NEW), "env": "test"}, arn=OTHER_ARN)

    gone = removable(wanted, Observed((first, second), made=frozenset((OTHER_ARN,))))

    assert gone == (second,)
    assert removable(wanted, Observed()) == ()


def test_a_copy_that_nobody_made_is_ambiguous() -> None:
    with pytest.raises(AmbiguousError, match="no accidental copy"):
        removable(desired(), Observed((record(NEW, own_tags(NEW)), record(NEW, own_tags(NEW), arn=OTHER_ARN))))


def test_what_has_no_name_comes_first_and_then_in_the_order_of_its_arns() -> None:
    arns = [ARN, OTHER_ARN]
    leaves = sorted((OLD, NEW), key=lambda leaf: leaf.sha256, reverse=True)
    nameless = [
        (desired(leaf, name=None, arn=arn), Observed((record(leaf, arn=arn),)))
        for arn, leaf in zip(arns, leaves, strict=True)
    ]

    plan = make_plan([(desired(name="A"), Observed()), *reversed(nameless)])

    assert [(action.desired.name, action.desired.arn) for action in plan.actions] == [
        (None, ARN),
        (None, OTHER_ARN),
        ("A", None),
    ]


HOLD: Final = Hold(NEW.sha256, (), NOW, "arn:aws:iam::123456789012:user/anna")


def held(wanted: Desired, *own: CertificateRecord) -> Plan:
    """What is planned where this very bundle was rolled back from."""
    return make_plan([(wanted, Observed(own, hold=HOLD))])


def test_what_was_rolled_back_from_stays_away_with_its_tags() -> None:
    wanted, current = desired(tags={"env": "prod"}, heeds_holds=True), record(OLD, own_tags(OLD))

    (action,) = held(wanted, current).actions

    assert action == Held(wanted, current, HOLD)
    assert row(action) == {
        "name": "shop",
        "account": ACCOUNT,
        "region": "us-east-1",
        "action": "none",
        "arn": ARN,
        "sha256": OLD.sha256,
        "previous_sha256": OLD.sha256,
        "tags": {},
    }


def test_what_a_person_asks_for_by_itself_goes_ahead_and_says_that_it_was_rolled_back_from() -> None:
    wanted, current = desired(), record(OLD, own_tags(OLD))

    (action,) = held(wanted, current).actions

    assert isinstance(action, Reimport)
    assert action.warnings == (f"{NEW.sha256[:12]} was rolled back from on 2026-11-22T12:00:00Z by user/anna",)


def test_what_was_rolled_back_from_and_stands_there_is_as_it_should_be() -> None:
    wanted, current = desired(heeds_holds=True), record(NEW, own_tags(NEW))

    assert held(wanted, current).actions == (Nothing(wanted, current),)
    assert held(replace(wanted, tags={"env": "prod"}), current).actions[0].__class__ is Tag


def test_where_nothing_stands_any_more_what_was_rolled_back_from_is_imported() -> None:
    wanted = desired(heeds_holds=True)

    assert held(wanted).actions == (Import(wanted, wanted_tags(wanted)),)


def test_the_digest_says_what_is_held() -> None:
    current = record(OLD, own_tags(OLD))
    plans = [
        held(desired(heeds_holds=True), current),
        held(desired(heeds_holds=True, bundle=bundle(NEW, with_chain=False)), current),
        held(desired(heeds_holds=True, bundle=bundle(LEAVES[2], with_chain=False)), current),
        held(desired(LEAVES[2], heeds_holds=True), current),
        held(desired(), current),
        make_plan([(desired(OLD), Observed((current,)))]),
    ]

    assert len({plan.digest for plan in plans}) == len(plans)
