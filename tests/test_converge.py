"""One certificate becomes what it should be, whatever has happened before and meanwhile."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from certkit.apply import Result
from certkit.approval import approve_all
from certkit.aws.acm import Acm
from certkit.converge import Unseen, begin, converge, finish
from certkit.errors import (
    AmbiguousError,
    AwsMismatchError,
    AwsNotSentError,
    AwsQuotaError,
    AwsRefusedError,
    AwsUnreachableError,
    LedgerError,
    LockedError,
    ReadOnlyError,
)
from certkit.journal import Journal
from certkit.ledger import NullLedger, Outcome
from certkit.memory import ROLLBACK, recall
from certkit.observe import observe
from certkit.patience import Patience
from certkit.plan import Nothing, make_plan, wanted_tags
from certkit.testing import Behaviour
from certkit.testing.behaviour import ChainEcho
from tests.aws.faults import THROTTLE, Fault, Refusal, Rewrite
from tests.aws.scene import ACCOUNT, HOME, desired_of, held, renewed, tags_of
from tests.issuing import Request, make_chain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager

    from certkit.ledger import Entry, Ledger
    from certkit.plan import Desired
    from certkit.testing import SettableClock, StrictAcm
    from tests.aws.faults import Proxy

pytest_plugins = ["tests.aws.fixtures"]

CONFLICT = Refusal("ConflictException", "The certificate is already being created or updated.")
LB = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/shop/1"


@dataclass(slots=True)
class Rows:
    """A ledger in memory, in which writing can fail."""

    rows: list[Entry] = field(default_factory=list)
    failing: tuple[Outcome, ...] = ()
    locked: list[str] = field(default_factory=list)

    def write(self, entry: Entry) -> None:
        """Keeps an entry."""
        if entry.outcome in self.failing:
            raise LedgerError("the ledger cannot be written: disk full")
        self.rows.append(entry)

    def entries(self, name: str | None = None) -> Iterator[Entry]:
        """Yields entries."""
        return (row for row in tuple(self.rows) if name in {None, row.name})

    def open_intents(self, account: str, region: str) -> tuple[Entry, ...]:
        """Returns the intents that nothing settles."""
        settled = {row.id for row in self.rows if row.outcome.is_settled}
        mine = [row for row in self.rows if (row.account, row.region) == (account, region)]
        return tuple(row for row in mine if row.outcome is Outcome.INTENT and row.id not in settled)

    def lock(self, key: str, who: str, timeout: float) -> AbstractContextManager[None]:
        """Holds nothing."""
        if self.locked:
            raise LockedError(f"{key}: {self.locked[0]} holds the lock")
        return NullLedger().lock(key, who, timeout)

    @property
    def told(self) -> list[tuple[str, str]]:
        """What was written: actions and outcomes."""
        return [(row.action, str(row.outcome)) for row in self.rows]


@dataclass(slots=True)
class Host:
    """Runs certkit on the clock of the strict ACM."""

    acm: Acm
    clock: SettableClock
    ledger: Ledger = field(default_factory=Rows)
    lines: list[str] = field(default_factory=list)

    def journal(self) -> Journal:
        """Its hand in its ledger."""
        return Journal(self.ledger, "run-1", "arn:aws:iam::123456789012:user/ops", "import", self.clock)

    def run(self, desired: Desired, **more: Any) -> Result:
        """Converges."""
        return converge(self.acm, desired, self.journal(), self.patience(), **more)

    def begin(self, desired: Desired) -> Result | Unseen:
        """Converges, but for the wait."""
        return begin(self.acm, desired, self.journal(), self.patience(), approve_all)

    def patience(self) -> Patience:
        """How it waits: on the clock of all."""
        return Patience(
            clock=lambda: self.clock().timestamp(),
            sleep=lambda seconds: self.clock.advance(timedelta(seconds=seconds)),
            tell=self.lines.append,
        )

    def plan(self, desired: Desired) -> str:
        """What would be done now."""
        seen = observe(self.acm, desired, self.clock(), self.journal().memory(desired))
        return type(make_plan([(desired, seen)]).actions[0]).__name__


@pytest.fixture
def rows() -> Rows:
    """An empty ledger."""
    return Rows()


@pytest.fixture
def host(acm: Acm, clock: SettableClock, rows: Rows) -> Host:
    """A host with a ledger."""
    return Host(acm, clock, rows)


@pytest.fixture
def put_copies(put: Callable[..., str], clock: SettableClock) -> Callable[..., list[str]]:
    """Imports what is desired several times, one a second, as certkit would, and returns the ARNs."""

    def import_copies(issued: Any, count: int = 2, **more: str) -> list[str]:
        arns = []
        for _ in range(count):
            tags = {key.replace(":", "_"): value for key, value in wanted_tags(desired_of(issued)).items()}
            arns.append(put(issued, **{**tags, **more}))
            clock.advance(timedelta(seconds=1))
        return arns

    return import_copies


def test_a_new_one_is_imported_once_and_on_record(host: Host, rows: Rows, server: StrictAcm) -> None:
    desired = desired_of(make_chain())

    result = host.run(desired)

    (arn,) = held(server)
    assert (result.action, result.arn, result.warnings, result.error) == ("imported", arn, (), None)
    assert rows.told == [("import", "intent"), ("import", "done")]
    intent, done = rows.rows
    assert (intent.id, intent.arn, done.arn) == (done.id, None, arn)
    assert done.request_id
    assert tags_of(server, arn) == wanted_tags(desired)
    assert host.plan(desired) == "Nothing"


def test_the_second_run_writes_nothing(host: Host, rows: Rows, wire: Proxy) -> None:
    desired = desired_of(make_chain())
    host.run(desired)
    before = list(rows.rows)
    wire.forget()

    result = host.run(desired)

    assert (result.action, rows.rows) == ("unchanged", before)
    assert set(wire.operations) == {
        "GetResources",
        "DescribeCertificate",
        "GetCertificate",
        "ListTagsForCertificate",
    }


@pytest.mark.parametrize("fault", [Fault.RESET_AFTER, Fault.ERROR_AFTER, Fault.HALF_AFTER])
def test_an_import_whose_answer_is_lost_is_found_and_not_sent_again(
    host: Host, rows: Rows, wire: Proxy, server: StrictAcm, fault: Fault
) -> None:
    wire.script("ImportCertificate", fault)

    result = host.run(desired_of(make_chain()))

    assert (result.action, [result.arn]) == ("imported", list(held(server)))
    assert wire.operations.count("ImportCertificate") == 1
    assert rows.told == [("import", "intent"), ("import", "unknown"), ("import", "done")]


def test_what_the_index_shows_only_a_minute_later_is_waited_for(
    host: Host, wire: Proxy, server: StrictAcm, clock: SettableClock
) -> None:
    server.behaviour = Behaviour(index_lag=timedelta(minutes=1))
    wire.script("ImportCertificate", Fault.RESET_AFTER)
    start = clock()

    result = host.run(desired_of(make_chain()))

    assert (result.action, len(held(server))) == ("imported", 1)
    assert timedelta(minutes=1) <= clock() - start < timedelta(minutes=2)
    assert host.lines == ["there was no answer: waiting up to 120 s for what may come of it"]


@pytest.mark.parametrize("fault", [Fault.RESET_BEFORE, Fault.ERROR_BEFORE])
def test_an_import_that_was_not_done_is_sent_again_once_it_cannot_come_any_more(
    host: Host, rows: Rows, wire: Proxy, server: StrictAcm, clock: SettableClock, fault: Fault
) -> None:
    wire.script("ImportCertificate", fault)
    start = clock()

    result = host.run(desired_of(make_chain()))

    assert (result.action, len(held(server))) == ("imported", 1)
    assert clock() - start >= timedelta(minutes=2)
    assert [outcome for _, outcome in rows.told] == ["intent", "unknown", "failed", "intent", "done"]


def test_what_never_has_an_answer_fails_after_three_attempts(
    host: Host, rows: Rows, wire: Proxy, server: StrictAcm
) -> None:
    wire.always("ImportCertificate", Fault.RESET_BEFORE)

    result = host.run(desired_of(make_chain()))

    assert (result.action, held(server)) == ("failed", {})
    assert isinstance(result.error, AwsUnreachableError)
    assert wire.operations.count("ImportCertificate") == 3
    assert [outcome for _, outcome in rows.told] == ["intent", "unknown", "failed"] * 3


def test_what_was_never_sent_is_not_waited_for(
    host: Host, rows: Rows, wire: Proxy, clock: SettableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def import_new(*_: object) -> tuple[str, str]:
        raise AwsNotSentError("importing: no answer")

    monkeypatch.setattr(host.acm, "import_new", import_new)
    start = clock()

    result = host.run(desired_of(make_chain()))

    assert (result.action, clock()) == ("failed", start)
    assert rows.told == [("import", "intent"), ("import", "failed")]
    assert wire.operations


def test_a_refusal_is_on_record_and_not_tried_again(host: Host, rows: Rows, wire: Proxy) -> None:
    wire.always("ImportCertificate", Refusal("ValidationException", "No."))

    result = host.run(desired_of(make_chain()))

    assert isinstance(result.error, AwsRefusedError)
    assert rows.told == [("import", "intent"), ("import", "failed")]
    assert "No" in rows.rows[-1].detail
    assert wire.operations.count("ImportCertificate") == 1


def test_what_another_hand_is_at_is_waited_for(
    host: Host, rows: Rows, wire: Proxy, server: StrictAcm, clock: SettableClock
) -> None:
    wire.script("ImportCertificate", CONFLICT, CONFLICT, CONFLICT)
    start = clock()

    result = host.run(desired_of(make_chain()))

    assert (result.action, len(held(server)), wire.operations.count("ImportCertificate")) == ("imported", 1, 4)
    assert timedelta(seconds=3) <= clock() - start < timedelta(seconds=30)
    assert [outcome for _, outcome in rows.told] == ["intent", "failed"] * 3 + ["intent", "done"]
    assert host.lines == ["another operation on a certificate of these names: waiting up to 60 s for it"]


def test_a_conflict_that_does_not_end_fails_once_the_patience_is_gone(
    host: Host, wire: Proxy, server: StrictAcm, clock: SettableClock
) -> None:
    wire.always("ImportCertificate", CONFLICT)
    start = clock()

    result = host.run(desired_of(make_chain()))

    assert isinstance(result.error, AwsRefusedError)
    assert (result.error.aws_code, held(server)) == ("ConflictException", {})
    assert timedelta(seconds=60) <= clock() - start < timedelta(seconds=90)


@pytest.mark.parametrize(("throttles", "action"), [(6, "imported"), (12, "failed")])
def test_a_throttle_that_outlasts_botocore_is_put_off_once(
    host: Host, wire: Proxy, server: StrictAcm, throttles: int, action: str
) -> None:
    """Six times are sent by botocore, with its own backing off."""
    wire.script("ImportCertificate", *[THROTTLE] * throttles)

    result = host.run(desired_of(make_chain()))

    assert (result.action, len(held(server))) == (action, int(action == "imported"))
    assert wire.operations.count("ImportCertificate") == min(throttles + 1, 12)


@pytest.mark.parametrize(("throttles", "action"), [(6, "imported"), (12, "failed")])
def test_a_look_that_is_throttled_is_repeated_once(host: Host, wire: Proxy, throttles: int, action: str) -> None:
    wire.script("GetResources", *[THROTTLE] * throttles)

    assert host.run(desired_of(make_chain())).action == action


def test_a_quota_fails_at_once(host: Host, server: StrictAcm, wire: Proxy) -> None:
    server.behaviour = Behaviour(imports_per_year=0)

    result = host.run(desired_of(make_chain()))

    assert isinstance(result.error, AwsQuotaError)
    assert wire.operations.count("ImportCertificate") == 1


def test_a_renewal_keeps_arn_users_and_foreign_tags(
    host: Host, rows: Rows, server: StrictAcm, put: Callable[..., str]
) -> None:
    arn = put(make_chain(), certkit_name="shop", owner="somebody")
    server.set_in_use(arn, LB)
    desired = desired_of(renewed())

    result = host.run(desired)

    assert (result.action, result.arn, result.error) == ("reimported", arn, None)
    assert tags_of(server, arn) == {**wanted_tags(desired), "owner": "somebody"}
    assert server.backend().find(arn).in_use_by == (LB,)
    assert rows.told == [("reimport", "intent"), ("reimport", "done")]


def test_tags_that_fail_are_a_warning_that_the_next_run_heals(
    host: Host, server: StrictAcm, put: Callable[..., str], wire: Proxy
) -> None:
    arn = put(make_chain(), certkit_name="shop")
    desired = desired_of(renewed(), tags={"team": "web"})
    wire.script("AddTagsToCertificate", Refusal("InvalidTagException"))

    first = host.run(desired)
    second = host.run(desired)

    assert (first.action, second.action) == ("reimported", "tagged")
    assert "its tags are not" in first.warnings[0]
    assert tags_of(server, arn) == wanted_tags(desired)


def test_copies_become_one_and_the_oldest_stays(
    host: Host, rows: Rows, server: StrictAcm, put_copies: Callable[..., list[str]]
) -> None:
    issued = make_chain()
    first, *others = put_copies(issued, 3)

    result = host.run(desired_of(issued))

    assert (result.action, result.arn) == ("unchanged", first)
    assert list(held(server)) == [first]
    assert sorted(result.warnings) == sorted(
        f"{arn} was a copy of it that nothing used: it is deleted" for arn in others
    )
    assert rows.told.count(("delete", "done")) == 2
    assert dict(recall(rows, desired_of(issued)).held) == {first: issued.sha256}


def test_the_copy_in_use_stays_although_it_is_younger(
    host: Host, server: StrictAcm, put_copies: Callable[..., list[str]]
) -> None:
    issued = make_chain()
    _, second = put_copies(issued)
    server.set_in_use(second, LB)

    result = host.run(desired_of(renewed()))

    assert (result.action, result.arn, list(held(server))) == ("reimported", second, [second])


def test_a_copy_that_may_not_be_deleted_is_a_warning(
    host: Host, rows: Rows, server: StrictAcm, put_copies: Callable[..., list[str]]
) -> None:
    issued = make_chain()
    put_copies(issued)
    server.deny("DeleteCertificate")

    result = host.run(desired_of(issued))

    assert (result.action, result.error, len(held(server))) == ("unchanged", None, 2)
    assert "is a copy and stays for now" in result.warnings[0]
    assert rows.told[:2] == [("delete", "intent"), ("delete", "failed")]


def test_a_copy_that_another_host_deletes_first_is_gone_all_the_same(
    host: Host, rows: Rows, server: StrictAcm, wire: Proxy, put_copies: Callable[..., list[str]]
) -> None:
    issued = make_chain()
    put_copies(issued)
    wire.script("DeleteCertificate", Fault.RESET_AFTER)

    result = host.run(desired_of(issued))

    assert (result.error, len(held(server))) == (None, 1)
    assert rows.told[:2] == [("delete", "intent"), ("delete", "done")]


def test_a_copy_that_comes_into_use_meanwhile_stays_for_the_next_run_to_choose(
    host: Host, rows: Rows, server: StrictAcm, wire: Proxy, put_copies: Callable[..., list[str]]
) -> None:
    issued = make_chain()
    arns = put_copies(issued)
    wire.script("DeleteCertificate", Refusal("ResourceInUseException", "It is in use."))

    result = host.run(desired_of(issued))

    assert (result.error, list(held(server))) == (None, arns)
    assert "the next run tries again" in result.warnings[0]
    assert rows.told[:2] == [("delete", "intent"), ("delete", "failed")]


def test_what_is_a_copy_no_longer_when_asked_again_is_not_deleted(
    host: Host, server: StrictAcm, wire: Proxy, put_copies: Callable[..., list[str]]
) -> None:
    issued = make_chain()
    first, second = put_copies(issued)
    looks = iter(range(10))

    def put_to_use(_: object) -> None:
        if next(looks) == 1:
            server.set_in_use(second, LB)

    wire.always("DescribeCertificate", Rewrite(put_to_use))

    result = host.run(desired_of(issued))

    assert result.error is None
    assert list(held(server)) == [first, second]
    assert "DeleteCertificate" not in wire.operations


def test_somebody_elses_of_the_same_name_is_ambiguous_and_stays(
    host: Host, server: StrictAcm, put: Callable[..., str]
) -> None:
    issued = make_chain()
    put(issued, certkit_name="shop")
    put(issued, certkit_name="shop")

    result = host.run(desired_of(issued))

    assert isinstance(result.error, AmbiguousError)
    assert len(held(server)) == 2


@pytest.mark.parametrize("is_remembered", [False, True])
def test_a_copy_of_another_day_goes_only_where_the_ledger_knows_that_certkit_made_it(
    host: Host, server: StrictAcm, clock: SettableClock, put_copies: Callable[..., list[str]], is_remembered: bool
) -> None:
    """By its tags alone one that was adopted looks like certkit's own (issue 5)."""
    issued = make_chain()
    first = host.run(desired_of(issued)).arn
    clock.advance(timedelta(days=1))
    (second,) = put_copies(issued, 1)
    server.set_in_use(second, LB)
    host.ledger = host.ledger if is_remembered else Rows()

    result = host.run(desired_of(issued))

    assert list(held(server)) == ([second] if is_remembered else [first, second])
    assert isinstance(result.error, AmbiguousError) != is_remembered


def test_another_leaf_of_the_same_name_is_ambiguous(host: Host, server: StrictAcm, put: Callable[..., str]) -> None:
    put(make_chain(), certkit_name="shop")
    put(renewed(), certkit_name="shop")

    result = host.run(desired_of(renewed(days=2)))

    assert isinstance(result.error, AmbiguousError)
    assert len(held(server)) == 2


def test_what_somebody_deleted_is_imported_again_and_the_ledger_says_so(
    host: Host, rows: Rows, server: StrictAcm
) -> None:
    desired = desired_of(make_chain())
    first = host.run(desired)
    server.backend().delete(str(first.arn))

    second = host.run(desired)

    assert (second.action, [second.arn]) == ("imported", list(held(server)))
    assert rows.told[-1] == ("gone", "done")
    assert recall(rows, desired).arns == (second.arn,)


def test_what_another_host_wrote_is_taken_into_the_ledger(
    host: Host, rows: Rows, acm: Acm, clock: SettableClock
) -> None:
    desired = desired_of(renewed())
    host.run(desired_of(make_chain()))
    Host(acm, clock, NullLedger()).run(desired)

    result = host.run(desired)

    assert result.action == "unchanged"
    assert rows.told[-1] == ("found", "done")
    assert rows.rows[-1].sha256 == wanted_tags(desired)["certkit:sha256"]


def test_an_intent_of_a_run_that_died_is_settled_by_what_acm_holds(host: Host, rows: Rows, server: StrictAcm) -> None:
    issued = make_chain()
    host.run(desired_of(issued))
    (done,) = [row for row in rows.rows if row.outcome is Outcome.DONE]
    rows.rows.remove(done)

    result = host.run(desired_of(issued))

    assert (result.action, len(held(server))) == ("unchanged", 1)
    assert rows.told == [("import", "intent"), ("import", "done")]
    assert (rows.rows[-1].arn, rows.rows[-1].detail) == (done.arn, "found later")


def test_an_old_intent_that_nothing_came_of_has_failed_at_once(
    host: Host, rows: Rows, server: StrictAcm, clock: SettableClock
) -> None:
    desired = desired_of(make_chain())
    host.run(desired)
    (arn,) = held(server)
    server.backend().delete(arn)
    del rows.rows[1:]
    clock.advance(timedelta(hours=1))
    start = clock()

    result = host.run(desired)

    assert result.action == "imported"
    assert clock() - start < timedelta(seconds=5)
    assert rows.told[:2] == [("import", "intent"), ("import", "failed")]


def test_intents_of_other_names_are_left_alone(host: Host, rows: Rows) -> None:
    desired = desired_of(make_chain())
    host.run(desired)
    other = replace(rows.rows[0], id="other", name="other")
    rows.rows.append(other)

    host.run(desired)

    assert rows.open_intents(ACCOUNT, HOME) == (other,)


@pytest.mark.parametrize("has_ledger", [True, False])
def test_a_chain_that_acm_rewrites_is_sent_again_once_at_most(
    host: Host, server: StrictAcm, wire: Proxy, has_ledger: bool
) -> None:
    issued = make_chain(intermediates=2)
    desired = desired_of(issued, chain=tuple(one.certificate for one in issued.issuers))
    server.behaviour = Behaviour(chain_echo=ChainEcho.FIRST)
    host.ledger = Rows() if has_ledger else NullLedger()

    nights = [host.run(desired) for _ in range(5)]

    sent = wire.operations.count("ImportCertificate")
    if has_ledger:
        assert [night.action for night in nights] == ["failed", "failed", "unchanged", "unchanged", "unchanged"]
        assert sent == 2
        assert "it is not sent a third time" in nights[-1].warnings[0]
        assert host.plan(desired) == "Nothing"
    else:
        assert {night.action for night in nights} == {"failed"}
    assert isinstance(nights[0].error, AwsMismatchError)


def test_a_root_that_acm_leaves_out_is_sent_again_once(host: Host, server: StrictAcm, wire: Proxy) -> None:
    issued = make_chain()
    desired = desired_of(issued, chain=tuple(one.certificate for one in issued.issuers))
    server.behaviour = Behaviour(chain_echo=ChainEcho.WITHOUT_ROOT)

    nights = [host.run(desired).action for _ in range(4)]

    assert nights == ["imported", "reimported", "unchanged", "unchanged"]
    assert wire.operations.count("ImportCertificate") == 2


def test_a_ledger_that_cannot_be_written_stops_before_the_write(
    host: Host, rows: Rows, server: StrictAcm, wire: Proxy
) -> None:
    rows.failing = (Outcome.INTENT,)

    result = host.run(desired_of(make_chain()))

    assert isinstance(result.error, LedgerError)
    assert (held(server), "ImportCertificate" in wire.operations) == ({}, False)


def test_a_ledger_that_fails_after_the_write_is_a_warning_that_the_next_run_heals(host: Host, rows: Rows) -> None:
    desired = desired_of(make_chain())
    rows.failing = (Outcome.DONE,)
    first = host.run(desired)
    rows.failing = ()

    second = host.run(desired)

    assert (first.action, first.error, second.action) == ("imported", None, "unchanged")
    assert "the ledger does not say so" in first.warnings[0]
    assert rows.open_intents(ACCOUNT, HOME) == ()


def test_what_is_locked_is_not_touched(host: Host, rows: Rows, wire: Proxy) -> None:
    rows.locked.append("somebody")

    result = host.run(desired_of(make_chain()))

    assert isinstance(result.error, LockedError)
    assert wire.operations == []
    assert host.lines == [f"{ACCOUNT}/{HOME}/shop: somebody holds the lock: waiting up to 60 s for it"]


def test_every_write_is_asked_for_anew(host: Host, wire: Proxy) -> None:
    """After an answer that was lost ACM may hold what another hand has put there."""
    asked: list[str] = []
    wire.script("ImportCertificate", Fault.RESET_BEFORE)

    host.run(desired_of(make_chain()), approve=lambda action, _: asked.append(type(action).__name__))

    assert asked == ["Import", "Import"]


def test_what_is_not_approved_is_not_done(
    host: Host, rows: Rows, server: StrictAcm, put_copies: Callable[..., list[str]]
) -> None:
    issued = make_chain()
    arns = put_copies(issued)
    asked: list[Any] = []

    def refuse(action: object, spares: Sequence[Any]) -> None:
        asked.append((type(action), [spare.arn for spare in spares]))
        raise ReadOnlyError("no")

    result = host.run(desired_of(issued), approve=refuse)

    assert isinstance(result.error, ReadOnlyError)
    assert asked == [(Nothing, arns[1:])]
    assert (list(held(server)), rows.rows) == (arns, [])


def test_an_index_that_never_shows_it_is_a_warning(host: Host, wire: Proxy) -> None:
    wire.always("GetResources", Rewrite(lambda answer: answer.update(ResourceTagMappingList=[])))

    result = host.run(desired_of(make_chain()))

    assert (result.action, result.error) == ("imported", None)
    assert "the next run looks whether it is the only one" in result.warnings[0]


def test_an_arn_without_a_name_is_replaced_and_on_record(
    host: Host, rows: Rows, server: StrictAcm, put: Callable[..., str]
) -> None:
    arn = put(make_chain())
    desired = desired_of(renewed(), name=None, arn=arn)

    results = [host.run(desired).action for _ in range(2)]

    assert (results, list(held(server))) == (["reimported", "unchanged"], [arn])
    assert rows.told == [("reimport", "intent"), ("reimport", "done")]


def test_two_names_do_not_meet(host: Host, server: StrictAcm) -> None:
    for name in ("shop", "blog"):
        host.run(desired_of(make_chain(leaf=Request(f"{name}.example.com")), name=name))

    assert sorted(str(tags_of(server, arn)["certkit:name"]) for arn in held(server)) == ["blog", "shop"]


# Where the index lags, the wait of many is one.


@pytest.fixture
def lagging(server: StrictAcm) -> StrictAcm:
    """ACM whose indexes are a minute behind."""
    server.behaviour = Behaviour(index_lag=timedelta(minutes=1))
    return server


def unseen(came: Result | Unseen) -> Unseen:
    """What is left to be finished."""
    assert isinstance(came, Unseen)
    return came


def test_what_was_begun_is_on_record_and_unlocked_before_the_index_is_waited_for(
    host: Host, rows: Rows, lagging: StrictAcm, clock: SettableClock
) -> None:
    desired, start = desired_of(make_chain()), clock()

    begun = unseen(host.begin(desired))
    waited, told = clock() - start, rows.told
    result = finish(begun)

    assert waited < timedelta(seconds=1)
    assert told == [("import", "intent"), ("import", "done")]
    assert (begun.result, result.action, [result.arn]) == (result, "imported", list(held(lagging)))
    assert timedelta(minutes=1) <= clock() - start < timedelta(minutes=2)


@pytest.mark.usefixtures("lagging")
def test_many_wait_for_the_index_once(host: Host, clock: SettableClock, wire: Proxy) -> None:
    """Each waited by itself: a lag of a minute was an hour for sixty."""
    wanted = [desired_of(make_chain(), name=f"shop-{number}") for number in range(5)]
    start = clock()

    begun = [unseen(host.begin(desired)) for desired in wanted]
    imported, looked = clock() - start, wire.operations.count("GetResources")
    results = [finish(one) for one in begun]

    assert [(result.action, result.warnings) for result in results] == [("imported", ())] * 5
    assert imported < timedelta(seconds=10)
    assert clock() - start < timedelta(minutes=1.5)
    assert wire.operations.count("GetResources") - looked < 20
    assert len(host.lines) == 1


def test_one_that_the_index_shows_at_once_is_not_left_for_later(host: Host) -> None:
    result = host.begin(desired_of(make_chain()))

    assert isinstance(result, Result)
    assert result.action == "imported"


def test_what_another_host_did_meanwhile_is_seen_at_the_end(
    host: Host, acm: Acm, lagging: StrictAcm, clock: SettableClock
) -> None:
    issued = make_chain()
    other = Host(Acm(acm.session, HOME), clock)
    begun = [unseen(one.begin(desired_of(issued))) for one in (other, host)]
    both = list(held(lagging))

    results = [finish(one) for one in reversed(begun)]

    assert len(both) == 2
    assert [result.arn for result in results] == list(held(lagging)) * 2
    assert [result.action for result in results] == ["imported"] * 2


def test_two_of_a_name_while_another_run_is_at_it_are_left_to_that_run(
    host: Host, rows: Rows, lagging: StrictAcm, put: Callable[..., str]
) -> None:
    issued = make_chain()
    begun = unseen(host.begin(desired_of(issued)))
    put(issued, certkit_name="shop")
    host.clock.advance(timedelta(minutes=2))
    rows.locked.append("somebody")

    result = finish(begun)

    assert (result.action, result.error, len(held(lagging))) == ("imported", None, 2)
    assert "another run is at it" in result.warnings[-1]


def test_two_of_a_name_that_differ_are_ambiguous_at_the_end(
    host: Host, lagging: StrictAcm, put: Callable[..., str]
) -> None:
    begun = unseen(host.begin(desired_of(make_chain())))
    put(make_chain(), certkit_name="shop")
    host.clock.advance(timedelta(minutes=2))

    result = finish(begun)

    assert isinstance(result.error, AmbiguousError)
    assert len(held(lagging)) == 2


def test_it_is_due_when_no_index_lags_any_longer(
    host: Host, lagging: StrictAcm, clock: SettableClock, wire: Proxy
) -> None:
    lagging.behaviour = Behaviour(index_lag=timedelta(minutes=5))
    begun = unseen(host.begin(desired_of(make_chain())))
    before = begun.is_due
    clock.advance(timedelta(minutes=2))
    wire.forget()

    after, result = begun.is_due, finish(begun)

    assert (before, after) == (False, True)
    assert "the next run looks whether it is the only one" in result.warnings[0]
    assert wire.operations == ["GetResources"]


def test_where_the_end_cannot_be_looked_at_the_import_is_a_good_one(
    host: Host, lagging: StrictAcm, wire: Proxy
) -> None:
    begun = unseen(host.begin(desired_of(make_chain())))
    wire.always("GetResources", Refusal("AccessDeniedException"))

    result = finish(begun)

    assert (result.action, result.error, len(held(lagging))) == ("imported", None, 1)
    assert "it could not be looked at again" in result.warnings[-1]


def test_a_rollback_that_the_ledger_has_only_the_intent_of_is_found_and_not_undone(
    host: Host, rows: Rows, server: StrictAcm
) -> None:
    old, new = make_chain(), renewed()
    for issued in (old, new):
        host.run(desired_of(issued))
    rows.failing = (Outcome.DONE,)
    converge(host.acm, desired_of(old), replace(host.journal(), command=ROLLBACK), host.patience())
    rows.failing = ()

    result = host.run(desired_of(new, heeds_holds=True))

    (arn,) = held(server)
    assert (result.action, result.arn, result.leaf, result.error) == ("unchanged", arn, old.certificate, None)
    assert held(server) == {arn: old.sha256}
    assert rows.told[-2:] == [("reimport", "intent"), ("reimport", "done")]
