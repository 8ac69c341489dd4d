"""`certkit migrate`: the plan, the way there over every fault, the way back, and the end."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest

from certkit.ledger import Outcome
from certkit.ledger.sqlite import FILE_NAME, SqliteLedger
from tests.aws.faults import Do, Edit, Fault, Refusal
from tests.aws.scene import ACCOUNT, HOME, NOW, Ran, held, tags_of
from tests.aws.usage.scene import Neighbours, enabled, of_acm
from tests.issuing import Request, make_chain
from tests.sources.serving import server_context, tcp_server

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable
    from pathlib import Path

    from certkit.testing import SettableClock, StrictAcm
    from tests.aws.faults import Proxy
    from tests.issuing import Issued

pytest_plugins = ["tests.aws.fixtures"]

NAME: Final = "shop.example.com"
ASKED: Final = Request(sans=(NAME,), not_before=NOW - timedelta(days=30), not_after=NOW + timedelta(days=60))
OLD: Final = make_chain(leaf=ASKED)
NEW: Final = make_chain(leaf=replace(ASKED, key=("EC_secp384r1", 0)))
SAME_KIND: Final = make_chain(leaf=replace(ASKED, key=("EC_prime256v1", 1)))
WRITES: Final = re.compile("^(Add|Delete|Import|Modify|Remove|Update)")


@dataclass(slots=True)
class Move:
    """A shop whose certificate a listener has, and the next one, of another kind of key."""

    run: Callable[..., Ran]
    server: StrictAcm
    wire: Proxy
    neighbours: Neighbours
    clock: SettableClock
    folder: Path
    old: str
    listener: str
    source: Path

    def to(self, *more: str) -> Ran:
        """`migrate shop --to` the next one."""
        return self.run("migrate", "shop", "--to", self.source, *more, "--format", "json")

    def migrate(self, *more: str) -> Ran:
        """`migrate shop` without a SOURCE."""
        return self.run("migrate", "shop", *more, "--format", "json")

    @property
    def new(self) -> str:
        """The ARN that is not the old one."""
        return next(arn for arn in held(self.server) if arn != self.old)

    @property
    def default(self) -> str:
        """The certificate that the listener has."""
        rows = self.neighbours.client("elbv2").describe_listener_certificates(ListenerArn=self.listener)
        return str(next(row["CertificateArn"] for row in rows["Certificates"] if row["IsDefault"]))

    @property
    def writes(self) -> list[str]:
        """The operations that changed something."""
        return [one for one in self.wire.operations if WRITES.match(one)]

    @property
    def written(self) -> list[tuple[str, Outcome]]:
        """What the ledger says that came of which action."""
        ledger = SqliteLedger(self.folder / "state" / FILE_NAME, self.clock)
        return [(one.action, one.outcome) for one in ledger.entries("shop") if one.outcome is not Outcome.INTENT]


def on_loopback() -> Edit:
    """Load balancers that stand on this machine."""
    return Edit(lambda body: re.sub(rb"<DNSName>[^<]*</DNSName>", b"<DNSName>127.0.0.1</DNSName>", body))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: StrictAcm) -> None:
    """Runs certkit in a folder of the test, with a state of its own; the server comes first, with its environment."""
    del server
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CERTKIT_STATE", str(tmp_path / "state"))


@pytest.fixture
def move(
    folder: None,
    run: Callable[..., Ran],
    server: StrictAcm,
    wire: Proxy,
    clock: SettableClock,
    put: Callable[..., str],
    save: Callable[..., Path],
    tmp_path: Path,
) -> Move:
    del folder
    wire.always("DescribeRegions", enabled(HOME))
    wire.always("DescribeLoadBalancers", on_loopback())
    old = put(OLD, certkit_name="shop", team="web")
    neighbours = Neighbours.of(server)
    listener = neighbours.load_balancer(old)
    return Move(run, server, wire, neighbours, clock, tmp_path, old, listener, save(NEW))


def row(ran: Ran) -> dict[str, Any]:
    """The only user of a document."""
    (only,) = ran.document["users"]
    return dict(only)


def test_the_plan_shows_every_step_and_writes_nothing(move: Move) -> None:
    ran = move.to()

    assert (ran.code, move.writes) == (0, [])
    document = ran.document
    assert (document["stage"], document["new"], document["sha256"]) == ("import", None, NEW.sha256)
    assert document["tags"] == {
        "certkit:follows": move.old,
        "certkit:name": "shop",
        "certkit:not-after": "2027-01-21T12:00:00Z",
        "certkit:sha256": NEW.sha256,
        "team": "web",
    }
    assert (row(ran)["arn"], row(ran)["action"], row(ran)["result"]) == (move.listener, "repoint", None)
    assert "ACM changes neither type nor size under an ARN" in document["verdict"][0]


@pytest.mark.slow
def test_a_person_reads_the_same(move: Move) -> None:
    ran = move.run("migrate", "shop", "--to", move.source)

    assert ran.out.splitlines()[0] == f"shop: {ACCOUNT} {HOME}: the new one is to be imported"
    assert f"  2. repoint: load balancer web (default, {HOME})  {move.listener}" in ran.out
    assert "  4. retire the old one, once nothing has used it for 7 days: --retire" in ran.out


def test_apply_imports_repoints_and_begins_the_quiet_period(move: Move) -> None:
    ran = move.to("--apply")

    assert (ran.code, ran.document["stage"], row(ran)["result"]) == (0, "quiet", "repointed")
    assert move.default == move.new
    assert tags_of(move.server, move.new)["team"] == "web"
    assert tags_of(move.server, move.old)["certkit:unused-since"] == ran.document["unused_since"]
    assert move.writes == [
        "ImportCertificate",
        "AddListenerCertificates",
        "ModifyListener",
        "RemoveListenerCertificates",
        "AddTagsToCertificate",
    ]
    assert move.written == [("import", Outcome.DONE), ("repoint", Outcome.DONE), ("tag", Outcome.DONE)]


@pytest.mark.slow
def test_a_second_apply_writes_nothing(move: Move) -> None:
    move.to("--apply")
    move.wire.forget()

    ran = move.migrate("--apply")

    assert (ran.code, ran.document["stage"], move.writes) == (0, "quiet", [])


@pytest.mark.slow
def test_the_name_means_the_new_one_from_its_import_on(move: Move) -> None:
    move.wire.script("AddListenerCertificates", Refusal("InternalError"))
    assert move.to("--apply").code == 3
    move.wire.forget()

    same = move.run("import", move.source, "--name", "shop", "--format", "json")

    assert (same.code, same.result["action"], same.result["arn"]) == (0, "unchanged", move.new)
    assert (move.writes, len(held(move.server))) == ([], 2)


@pytest.mark.slow
def test_a_job_that_still_has_the_old_source_overwrites_neither(move: Move, save: Callable[..., Path]) -> None:
    move.to("--apply")
    before = held(move.server)

    ran = move.run("import", save(OLD), "--name", "shop", "--format", "json")

    assert (ran.error, held(move.server)) == ((3, "reimport-incompatible"), before)


@pytest.mark.slow
def test_prune_leaves_both_alone_while_they_are_on_their_way(move: Move, save: Callable[..., Path]) -> None:
    later = make_chain(leaf=replace(ASKED, key=("EC_prime256v1", 2), not_after=NOW + timedelta(days=90)))
    move.clock.advance(timedelta(minutes=1))
    move.run("migrate", "shop", "--to", save(later), "--new-arn", "--apply")

    ran = move.run("prune", "--yes", "--format", "json")

    (one,) = ran.document["results"]
    assert (one["action"], one["arn"], len(held(move.server))) == ("kept", move.old, 2)
    assert one["note"] == "shop is moving to a new ARN: certkit migrate shop --retire ends that"


@pytest.mark.slow
def test_what_acm_takes_under_its_arn_needs_no_new_one(move: Move, save: Callable[..., Path]) -> None:
    ran = move.run("migrate", "shop", "--to", save(SAME_KIND), "--apply", "--format", "json")

    assert (ran.error, move.writes) == ((2, "usage"), [])
    assert "certkit import" in ran.document["error"]["hint"]


@pytest.mark.slow
@pytest.mark.parametrize(
    "operation",
    ["ImportCertificate", "AddListenerCertificates", "ModifyListener", "RemoveListenerCertificates"],
)
@pytest.mark.parametrize("fault", [Fault.RESET_BEFORE, Fault.RESET_AFTER])
def test_what_was_interrupted_goes_on(move: Move, operation: str, fault: Fault) -> None:
    move.wire.script(operation, *[fault] * (1 if operation == "ImportCertificate" else 6))
    move.to("--apply")

    ran = move.to("--apply")

    assert (ran.code, ran.document["stage"], len(held(move.server))) == (0, "quiet", 2)
    assert move.default == move.new
    assert {action for action, outcome in move.written if outcome is Outcome.UNKNOWN} <= {"import", "repoint"}
    assert not SqliteLedger(move.folder / "state" / FILE_NAME, move.clock).open_intents(ACCOUNT, HOME)


@pytest.mark.slow
def test_what_is_denied_in_the_middle_stops_the_rest_and_says_so(move: Move) -> None:
    move.neighbours.client("apigateway").create_domain_name(
        domainName=NAME, regionalCertificateArn=move.old, endpointConfiguration={"types": ["REGIONAL"]}
    )
    denied = Refusal(
        "AccessDenied", "User: arn:x is not authorized to perform: elasticloadbalancing:ModifyListener", 403
    )
    move.wire.script("ModifyListener", denied)

    ran = move.to("--apply")

    first, second = ran.document["users"]
    assert (ran.code, first["result"], first["error"]["code"], second["result"]) == (3, "failed", "aws-denied", None)
    assert ran.document["stage"] == "repoint"


@pytest.mark.slow
def test_without_a_ledger_it_goes_on_from_what_aws_shows(move: Move) -> None:
    move.wire.script("ModifyListener", *[Fault.RESET_BEFORE] * 6)
    move.to("--apply", "--no-ledger")

    ran = move.migrate("--apply", "--no-ledger")

    assert (ran.code, ran.document["stage"], move.default) == (0, "quiet", move.new)


def test_what_terraform_keeps_is_left_to_it_with_what_to_change(move: Move) -> None:
    tags = [{"Key": "ManagedBy", "Value": "terraform"}]
    move.neighbours.client("elbv2").add_tags(ResourceArns=[move.listener], Tags=tags)

    ran = move.to("--apply")

    assert (ran.code, ran.document["stage"], move.default) == (1, "by-hand", move.old)
    assert (row(ran)["action"], row(ran)["keeper"]) == ("by-hand", "Terraform (tag ManagedBy = terraform)")
    assert move.new in row(ran)["instruction"]
    assert "certkit:unused-since" not in tags_of(move.server, move.old)


@pytest.mark.slow
def test_nothing_is_retired_before_its_quiet_period_ends(move: Move) -> None:
    move.to("--apply")
    move.clock.advance(timedelta(days=6))

    ran = move.migrate("--retire", "--yes")

    assert (ran.code, ran.document["stage"], len(held(move.server))) == (1, "quiet", 2)
    assert ran.document["obstacles"][0]["message"].startswith("its quiet period ends 2026-11-29T12:00:0")


@pytest.mark.slow
def test_nothing_is_retired_that_acm_says_is_used(move: Move) -> None:
    move.to("--apply")
    move.clock.advance(timedelta(days=8))
    move.server.set_in_use(move.old, "arn:aws:elasticloadbalancing:us-east-1:999999999999:loadbalancer/app/of-aws/1")

    ran = move.migrate("--retire", "--yes")

    assert (ran.code, len(held(move.server))) == (1, 2)
    assert "of-aws/1 uses it" in ran.document["obstacles"][0]["message"]


@pytest.mark.slow
def test_nothing_is_retired_where_a_service_could_not_be_asked(move: Move) -> None:
    move.to("--apply")
    move.clock.advance(timedelta(days=8))
    move.wire.script("GetDomainNames", Refusal("AccessDeniedException", status=403))

    ran = move.migrate("--retire", "--yes")

    assert (ran.code, len(held(move.server))) == (1, 2)
    assert ran.document["obstacles"][0]["message"] == f"no API Gateway domain in {HOME} could be looked at"


def test_retiring_needs_a_yes_and_then_deletes(move: Move) -> None:
    move.to("--apply")
    new = move.new
    move.clock.advance(timedelta(days=8))

    shown = move.migrate("--retire")
    ran = move.migrate("--retire", "--yes")

    assert (shown.code, shown.document["stage"]) == (0, "retire")
    assert (ran.code, ran.document["stage"], held(move.server)) == (0, "done", {new: NEW.sha256})
    assert "certkit:follows" not in tags_of(move.server, new)
    assert move.run("import", move.source, "--name", "shop", "--format", "json").result["action"] == "unchanged"


@pytest.mark.slow
def test_a_retirement_that_died_before_its_last_tag_is_finished(move: Move) -> None:
    move.to("--apply")
    new = move.new
    move.clock.advance(timedelta(days=8))
    move.wire.script("RemoveTagsFromCertificate", *[Fault.RESET_BEFORE] * 6)
    assert move.migrate("--retire", "--yes").code == 3

    ran = move.migrate("--retire", "--yes")

    assert (ran.code, ran.document["stage"], list(held(move.server))) == (0, "done", [new])
    assert "certkit:follows" not in tags_of(move.server, new)


def test_the_way_back_is_shown_and_then_gone(move: Move) -> None:
    move.to("--apply")

    shown = move.migrate("--revert")
    ran = move.migrate("--revert", "--apply")

    assert (shown.code, shown.document["stage"], row(shown)["result"]) == (0, "repoint", None)
    assert (ran.code, ran.document["stage"], move.default) == (0, "done", move.old)
    assert tags_of(move.server, move.old) == {"certkit:name": "shop", "team": "web"}
    assert "certkit:name" not in tags_of(move.server, move.new)


@pytest.mark.slow
def test_after_the_way_back_the_name_means_the_old_one(move: Move, save: Callable[..., Path]) -> None:
    move.to("--apply")
    move.migrate("--revert", "--apply")

    ran = move.run("import", save(SAME_KIND), "--name", "shop", "--format", "json")

    assert (ran.code, ran.result["action"], ran.result["arn"]) == (0, "reimported", move.old)


@pytest.mark.slow
def test_once_more_after_the_way_back_takes_over_what_is_there(move: Move) -> None:
    move.to("--apply")
    move.migrate("--revert", "--apply")

    ran = move.to("--apply")

    assert (ran.code, ran.document["stage"], len(held(move.server))) == (0, "quiet", 2)
    assert move.default == move.new


@pytest.mark.slow
def test_read_only_forbids_it_before_anything_is_asked(move: Move, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CERTKIT_READ_ONLY", "1")

    ran = move.to("--apply")

    assert (ran.error, move.wire.operations) == ((2, "read-only"), [])
    assert move.to().code == 0


def _freeze(folder: Path, **more: str) -> None:
    """Writes a manifest with a freeze until the next day."""
    keys = {"from": "2026-11-22", "until": "2026-11-23", "reason": '"Sunday"'} | more
    lines = "".join(f"{key} = {value}\n" for key, value in keys.items())
    (folder / "certkit.toml").write_text(f"[[freeze]]\n{lines}")


FROZEN: Final = "frozen until 2026-11-24T00:00:00Z: Sunday"


def test_in_a_freeze_nothing_is_written_and_the_plan_says_so(move: Move) -> None:
    _freeze(move.folder)

    shown, ran = move.to(), move.to("--apply")

    assert (shown.code, shown.document["warnings"]) == (0, [FROZEN])
    assert (ran.code, ran.document["stage"], ran.document["warnings"], move.writes) == (1, "import", [FROZEN], [])


@pytest.mark.slow
def test_after_a_freeze_it_is_done(move: Move) -> None:
    _freeze(move.folder)
    move.to("--apply")
    move.clock.advance(timedelta(days=2))

    ran = move.to("--apply")

    assert (ran.code, ran.document["stage"], ran.document["warnings"]) == (0, "quiet", [])


@pytest.mark.slow
@pytest.mark.parametrize(
    "more",
    [{"match": '"blog"'}, {"break_within": '"60d"'}, {"until": "2026-11-22T11:00:00Z", "from": "2026-11-21T11:00:00Z"}],
)
def test_what_a_freeze_is_not_for_goes_on(move: Move, more: dict[str, str]) -> None:
    _freeze(move.folder, **more)

    ran = move.to("--apply")

    assert (ran.code, ran.document["stage"], ran.document["warnings"]) == (0, "quiet", [])


@pytest.mark.slow
def test_a_freeze_stops_what_is_under_way_and_not_the_way_back(move: Move) -> None:
    move.wire.script("ModifyListener", *[Fault.RESET_BEFORE] * 6)
    assert move.to("--apply").code == 3
    _freeze(move.folder)
    move.wire.forget()

    ran = move.migrate("--apply")
    stopped = move.writes
    back = move.migrate("--revert", "--apply")

    assert (ran.code, ran.document["stage"], ran.document["warnings"], stopped) == (1, "repoint", [FROZEN], [])
    assert (back.code, back.document["stage"], back.document["warnings"]) == (0, "done", [])


@pytest.mark.slow
def test_a_freeze_that_begins_meanwhile_stops_the_rest(move: Move) -> None:
    _freeze(move.folder, **{"from": "2026-11-22T13:00:00Z"})

    def later() -> None:
        move.clock.advance(timedelta(hours=2))

    move.neighbours.client("apigateway").create_domain_name(
        domainName=NAME, regionalCertificateArn=move.old, endpointConfiguration={"types": ["REGIONAL"]}
    )
    move.wire.script("RemoveListenerCertificates", Do(later, is_done=True))

    ran = move.to("--apply")

    first, second = ran.document["users"]
    assert (ran.code, ran.document["stage"], ran.document["warnings"]) == (1, "repoint", [FROZEN])
    assert (first["result"], second["result"], "UpdateDomainName" in move.writes) == ("repointed", None, False)


@pytest.mark.slow
def test_in_a_freeze_nothing_is_retired_however_soon_it_expires(move: Move) -> None:
    move.to("--apply")
    move.clock.advance(timedelta(days=8))
    _freeze(move.folder, until="2026-12-31", break_within='"60d"')

    ran = move.migrate("--retire", "--yes")

    assert (ran.code, ran.document["stage"], len(held(move.server))) == (1, "retire", 2)
    assert ran.document["warnings"] == ["frozen until 2027-01-01T00:00:00Z: Sunday"]


@pytest.mark.slow
def test_another_account_than_the_expected_one_is_left_alone(move: Move) -> None:
    ran = move.to("--apply", "--expect-account", "999999999999")

    assert (ran.error, move.writes) == ((3, "aws-auth"), [])


@pytest.mark.slow
def test_account_region_and_caller_are_shown_first(move: Move) -> None:
    ran = move.to("--apply")

    assert ran.err.startswith(f"certkit: account {ACCOUNT}, {HOME}, as arn:aws:sts::{ACCOUNT}:")


@pytest.mark.parametrize(
    "arguments",
    [
        ("arn:aws:acm:us-east-1:123456789012:certificate/1", "--to", "x.pem"),
        ("shop", "--retire", "--apply"),
        ("shop", "--yes"),
        ("shop", "--revert", "--to", "x.pem"),
        ("shop", "--to", "x.pem", "--quiet-for", "soon"),
        ("shop", "--to", "x.pem", "--wait", "33%"),
        ("shop", "--to", "x.pem", "--ignore", "key-too-large"),
        ("shop",),
        ("shop", "--revert"),
        ("unknown", "--to", "x.pem"),
        ("shop", "--to", "x.pem", "--region", "us-east-1", "--region", "eu-west-1"),
    ],
)
def test_what_makes_no_sense_is_a_usage_error(
    run: Callable[..., Ran], put: Callable[..., str], wire: Proxy, folder: None, arguments: tuple[str, ...]
) -> None:
    del folder
    put(OLD, certkit_name="shop")

    ran = run("migrate", *arguments, "--format", "json")

    assert ran.error == (2, "usage")
    assert not [one for one in wire.operations if WRITES.match(one)]


@dataclass(slots=True)
class Front:
    """What stands behind the load balancer."""

    folder: Path
    issued: Issued

    def answer(self, connection: socket.socket) -> None:
        """Serves one client."""
        with server_context(self.folder, self.issued).wrap_socket(connection, server_side=True) as secured:
            secured.recv(1)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("served", "code", "state"), [(NEW, 0, "served"), (OLD, 1, "stale")], ids=["the new one", "the old one"]
)
def test_what_the_load_balancer_serves_is_looked_at(
    move: Move, served: Issued, code: int, state: str, tmp_path: Path
) -> None:
    (tmp_path / "front").mkdir()
    (tmp_path / "root.pem").write_bytes(served.issuers[-1].pem)
    with tcp_server(Front(tmp_path / "front", served).answer) as port:
        move.wire.always("DescribeListeners", Edit(lambda body: body.replace(b">443<", f">{port}<".encode())))

        ran = move.to("--apply", "--roots", "root.pem")

    (seen,) = ran.document["served"]
    assert (ran.code, seen["state"], seen["host"], seen["connect_to"]) == (code, state, NAME, "127.0.0.1")


@pytest.mark.slow
def test_a_distribution_and_a_domain_follow_the_load_balancer(move: Move) -> None:
    edge = move.neighbours.distribution(of_acm(move.old))
    client = move.neighbours.client("apigateway")
    client.create_domain_name(domainName=NAME, certificateArn=move.old, endpointConfiguration={"types": ["EDGE"]})
    move.wire.always("GetDomainNames", Edit(lambda body: re.sub(rb'"distributionDomainName": "[^"]*", ', b"", body)))

    ran = move.to("--apply", "--ignore", "service-key-algorithm", "--reason", "a trial")

    assert [(one["service"], one["result"]) for one in ran.document["users"]] == [
        ("elbv2", "repointed"),
        ("apigateway", "repointed"),
        ("cloudfront", "repointed"),
    ]
    config = move.neighbours.client("cloudfront").get_distribution_config(Id=edge["Id"])["DistributionConfig"]
    assert (config["ViewerCertificate"]["ACMCertificateArn"], ran.code) == (move.new, 0)


def test_a_key_that_one_of_its_users_does_not_take_stops_it_before_anything_is_written(move: Move) -> None:
    move.neighbours.distribution(of_acm(move.old))

    ran = move.to("--apply")

    assert ran.error == (1, "not-importable")
    assert "service-key-algorithm" in ran.document["error"]["message"]
    assert [one for one in move.wire.operations if WRITES.match(one)] == []
