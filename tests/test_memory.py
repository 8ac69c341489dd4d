"""What the entries of a ledger come to."""

import datetime as dt
from dataclasses import replace
from typing import Any, Final

from certkit.ledger import Entry, Outcome
from certkit.memory import ROLLBACK, chain_sha256, is_about, remember
from tests.aws.scene import desired_of
from tests.issuing import make_chain

ISSUED: Final = make_chain()
DESIRED: Final = desired_of(ISSUED)
CHAIN: Final = DESIRED.bundle.chain


def entry(action: str, arn: str | None = "a", sha256: str = "1", **changes: Any) -> Entry:
    plain = Entry(
        id="w",
        at=dt.datetime(2026, 11, 22, tzinfo=dt.UTC),
        run="r",
        caller="c",
        command="import",
        name="shop",
        account=DESIRED.account,
        region=DESIRED.region,
        action=action,
        arn=arn,
        sha256=sha256,
        chain_sha256=None,
        previous_sha256=None,
        outcome=Outcome.DONE,
    )
    return replace(plain, **changes)


def test_what_was_written_last_is_held() -> None:
    memory = remember([entry("import"), entry("reimport", sha256="2"), entry("tag", sha256="2"), entry("import", "b")])

    assert memory.held == (("a", "2"), ("b", "1"))
    assert memory.arns == ("a", "b")
    assert memory.made == {"a", "b"}


def test_what_was_deleted_or_has_gone_is_no_longer_held() -> None:
    rows = [entry("import", arn) for arn in "abc"]

    memory = remember([*rows, entry("delete", "a", ""), entry("gone", "b", "")])

    assert memory.arns == ("c",)
    assert memory.made == {"a", "b", "c"}


def test_what_was_only_found_is_held_and_not_made() -> None:
    memory = remember([entry("found")])

    assert (memory.held, memory.made) == ((("a", "1"),), frozenset())


def test_only_what_was_done_counts() -> None:
    outcomes = [Outcome.INTENT, Outcome.UNKNOWN, Outcome.FAILED]

    assert remember(entry("import", outcome=outcome) for outcome in outcomes).held == ()


def test_a_chain_that_was_sent_for_its_own_sake_is_remembered() -> None:
    leaf, given = DESIRED.bundle.leaf, chain_sha256(CHAIN)
    sent = entry("reimport", sha256=ISSUED.sha256, previous_sha256=ISSUED.sha256, chain_sha256=given)

    memory = remember([sent])

    assert memory.has_resent("a", leaf, CHAIN)
    assert not memory.has_resent("b", leaf, CHAIN)
    assert not memory.has_resent("a", leaf, ())
    assert not remember([replace(sent, previous_sha256="0")]).has_resent("a", leaf, CHAIN)
    assert not remember([replace(sent, outcome=Outcome.FAILED)]).has_resent("a", leaf, CHAIN)


def test_an_entry_is_about_a_name_or_else_an_arn_in_one_place() -> None:
    by_arn = replace(DESIRED, name=None, arn="a")

    assert is_about(entry("import", None), DESIRED)
    assert is_about(entry("reimport", name="other"), by_arn)
    assert not is_about(entry("import", name="other"), DESIRED)
    assert not is_about(entry("reimport", "b"), by_arn)
    assert not is_about(entry("import", region="eu-west-1"), DESIRED)
    assert not is_about(entry("import", account="222222222222"), DESIRED)


def test_no_chain_has_no_fingerprint_and_the_order_counts() -> None:
    issuers = tuple(issuer.certificate for issuer in ISSUED.issuers)

    assert chain_sha256(()) is None
    assert chain_sha256(issuers) != chain_sha256(issuers[::-1])


def written(*steps: tuple[str, str], **changes: Any) -> list[Entry]:
    """Writes one after the other, each a command and the leaf that it put there, with a chain of the same name."""
    before, rows = None, []
    for number, (command, sha256) in enumerate(steps):
        rows.append(
            entry(
                "reimport" if before else "import",
                sha256=sha256,
                id=str(number),
                command=command,
                previous_sha256=before,
                chain_sha256=sha256,
            )
        )
        before = sha256
    return [*rows[:-1], replace(rows[-1], **changes)]


def held_back(entries: list[Entry]) -> list[tuple[str, tuple[str | None, ...]]]:
    return [(hold.sha256, hold.chains) for hold in remember(entries).holds]


def test_what_was_rolled_back_from_is_held_with_the_chain_that_it_had() -> None:
    at = dt.datetime(2026, 11, 23, 3, tzinfo=dt.UTC)
    rows = written(("import", "1"), ("apply", "2"), (ROLLBACK, "1"), at=at, caller="arn:aws:iam::1:user/anna")

    (hold,) = remember(rows).holds

    assert (hold.is_of("2", "2"), hold.is_of("2", "3"), hold.is_of("2", None), hold.is_of("1", "1")) == (
        True,
        False,
        False,
        False,
    )
    assert str(hold) == "2 was rolled back from on 2026-11-23T03:00:00Z by user/anna"


def test_rollbacks_add_up_and_what_stands_again_is_not_held() -> None:
    there = (("import", "1"), ("apply", "2"), ("apply", "3"), (ROLLBACK, "2"), (ROLLBACK, "1"))

    assert held_back(written(*there)) == [("3", ("3",)), ("2", ("2",))]
    assert held_back(written(*there, (ROLLBACK, "3"))) == [("2", ("2",)), ("1", ("1",))]


def test_anything_else_that_is_put_there_ends_all_holds() -> None:
    assert held_back(written(("import", "1"), ("apply", "2"), (ROLLBACK, "1"), ("renew", "3"))) == []


def test_only_what_was_put_there_ends_a_hold() -> None:
    rows = written(("import", "1"), ("apply", "2"), (ROLLBACK, "1"))
    others = [entry("tag", id="t"), entry("found", id="f", sha256="7"), entry("import", id="i", outcome=Outcome.FAILED)]

    assert held_back([*rows, *others]) == [("2", ("2",))]
    assert held_back([*rows, entry("found", id="f", sha256="2", chain_sha256="2")]) == []


def test_a_rollback_of_which_nobody_knows_the_end_holds_and_one_that_failed_does_not() -> None:
    rows = written(("import", "1"), ("apply", "2"), (ROLLBACK, "1"), outcome=Outcome.INTENT)

    assert held_back(rows) == [("2", ("2",))]
    assert held_back([*rows, replace(rows[-1], outcome=Outcome.UNKNOWN)]) == [("2", ("2",))]
    assert held_back([*rows, replace(rows[-1], outcome=Outcome.FAILED)]) == []


def test_where_the_chain_is_not_known_the_leaf_alone_counts() -> None:
    rows = [entry("found", sha256="2", chain_sha256="9"), *written(("import", "2"), (ROLLBACK, "1"))[1:]]

    (hold,) = remember(rows).holds

    assert hold.is_of("2", "3")


def test_an_other_chain_of_the_same_leaf_is_rolled_back_from_by_itself() -> None:
    rows = written(("import", "1"), (ROLLBACK, "1"), chain_sha256="0", previous_sha256="1")

    assert held_back(rows) == [("1", ("1",))]
