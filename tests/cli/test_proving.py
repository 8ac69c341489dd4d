"""What is served after an import, an `apply` or a `renew`: strict ACM and TLS servers of this machine, over real sockets."""

from __future__ import annotations

import re
import socket
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.aws.faults import Edit, Refusal
from tests.aws.scene import ACCOUNT, HOME, NOW, held
from tests.aws.usage.scene import Neighbours, enabled
from tests.cli.estate import Estate
from tests.issuing import NOT_BEFORE, Request, make_chain
from tests.ledger.scene import TABLE, make_table
from tests.sources.serving import server_context, tcp_server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from certkit.testing import SettableClock, StrictAcm
    from tests.aws.faults import Proxy
    from tests.aws.scene import Ran
    from tests.issuing import Issued

pytest_plugins = ["tests.aws.fixtures"]

LOOPBACK: Final = "127.0.0.1"
NAMES: Final = ("shop.example.com", LOOPBACK)
FIRST: Final = make_chain(leaf=Request(sans=NAMES))
NEW: Final = FIRST.issuers[0].issue(Request(sans=NAMES, not_before=NOT_BEFORE + timedelta(days=1)))
LEDGER: Final = f"dynamodb://{TABLE}"
ROOT: Final = FIRST.issuers[-1]


@dataclass(slots=True)
class Server:
    """A TLS server that serves what it is given, until it is given something else.

    Attributes:
        visits: how often it was looked at.
    """

    folder: Path
    issued: Issued
    port: int = 0
    visits: int = 0

    @property
    def endpoint(self) -> str:
        """How it is named in manifests."""
        return f"{LOOPBACK}:{self.port}"

    def answer(self, connection: socket.socket) -> None:
        """Serves one client."""
        self.visits += 1
        context = server_context(self.folder, self.issued)
        with suppress(OSError), context.wrap_socket(connection, server_side=True) as secured:
            secured.recv(1)


@contextmanager
def serving(folder: Path, issued: Issued) -> Iterator[Server]:
    """Runs such a server until the block is left."""
    folder.mkdir()
    server = Server(folder, issued)
    with tcp_server(server.answer) as server.port:
        yield server


@pytest.fixture
def front(tmp_path: Path) -> Iterator[Server]:
    """A server that serves the first certificate."""
    with serving(tmp_path / "front", FIRST) as server:
        yield server


@pytest.fixture
def estate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wire: Proxy) -> Estate:  # noqa: ARG001 -- it leads to the server
    """A folder in which certkit is run, with the private root and a state folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CERTKIT_STATE", str(tmp_path / "state"))
    (tmp_path / "root.pem").write_bytes(ROOT.pem)
    return Estate(tmp_path)


def shop(estate: Estate, issued: Issued, *endpoints: str) -> None:
    """Writes a bundle and its manifest, with the endpoints that are to serve it."""
    named = [f"verify = {list(endpoints)}"] if endpoints else []
    estate.shop(issued, 'roots = "root.pem"', *named)


def served(ran: Ran) -> list[tuple[str, str]] | None:
    """The endpoints of the only result and their states."""
    rows = ran.result["served"]
    return None if rows is None else [(row["endpoint"], row["state"]) for row in rows]


def history(run: Callable[..., Ran]) -> list[tuple[str, str, str]]:
    """What the ledger says of the shop's endpoints, newest first: outcome, leaf, detail."""
    writes: list[dict[str, Any]] = run("history", "--format", "json").document["writes"]
    return [(one["outcome"], one["sha256"], one["detail"]) for one in writes if one["action"] == "verify"]


# import


def import_(run: Callable[..., Ran], estate: Estate, issued: Issued, *options: str) -> Ran:
    """Runs `import` for the shop."""
    estate.save("shop", issued)
    given = ("--name", "shop", "--roots", "root.pem", *options)
    return run("import", "shop.pem", *given)


def test_an_import_tells_what_is_served_as_a_fact_of_its_own(
    estate: Estate, run: Callable[..., Ran], front: Server, server: StrictAcm
) -> None:
    ran = import_(run, estate, FIRST, "--endpoint", front.endpoint, "--format", "json")

    assert (ran.code, ran.result["action"], len(held(server))) == (0, "imported", 1)
    assert ran.result["served"] == [
        {
            "endpoint": front.endpoint,
            "connect_to": None,
            "state": "served",
            "addresses": [
                {
                    "address": LOOPBACK,
                    "port": front.port,
                    "state": "served",
                    "leaf_sha256": FIRST.sha256,
                    "chain_sha256": [issuer.sha256 for issuer in FIRST.issuers[:-1]],
                    "protocol": "TLSv1.3",
                    "notes": ran.result["served"][0]["addresses"][0]["notes"],
                    "error": None,
                }
            ],
        }
    ]
    assert history(run) == [("done", FIRST.sha256, f"{front.endpoint}: served at 1 of 1 address")]


def test_an_import_that_is_not_served_is_an_import_and_exit_code_1(
    estate: Estate, run: Callable[..., Ran], front: Server, server: StrictAcm, clock: SettableClock
) -> None:
    ran = import_(run, estate, NEW, "--endpoint", front.endpoint)

    assert (ran.code, list(held(server).values())) == (1, [NEW.sha256])
    assert ran.out.splitlines()[0] == "shop: imported, valid until 2049-12-31"
    assert ran.out.splitlines()[2:] == [
        f"shop: {front.endpoint}: stale, served at 0 of 1 address",
        f"  {front.endpoint}  stale",
        f"    it serves shop.example.com, valid until 2049-12-31, sha256 {FIRST.sha256[:16]}…",
        "    that is no newer than SOURCE",
    ]
    assert timedelta(seconds=60) <= clock() - NOW < timedelta(seconds=70)
    assert "not everything is served yet: looking again" in ran.err
    assert history(run) == [("failed", NEW.sha256, f"{front.endpoint}: stale, served at 0 of 1 address")]


def test_what_comes_to_be_served_meanwhile_is_waited_for(
    estate: Estate, run: Callable[..., Ran], front: Server, clock: SettableClock
) -> None:
    answer = front.answer

    def reload(connection: socket.socket) -> None:
        answer(connection)
        front.issued = NEW if front.visits == 2 else front.issued

    with tcp_server(reload) as front.port:
        ran = import_(run, estate, NEW, "--endpoint", front.endpoint, "--format", "json")

    assert (ran.code, served(ran), front.visits) == (0, [(front.endpoint, "served")], 3)
    assert clock() - NOW < timedelta(seconds=10)


def test_the_configuration_names_the_endpoints_and_only_the_option_has_them_looked_at(
    estate: Estate, run: Callable[..., Ran], front: Server
) -> None:
    shop(estate, FIRST, front.endpoint)

    without = import_(run, estate, FIRST, "--format", "json")
    ran = import_(run, estate, FIRST, "--verify", "--format", "json")

    assert (without.code, served(without)) == (0, None)
    assert (ran.code, ran.result["action"], served(ran)) == (0, "unchanged", [(front.endpoint, "served")])


def test_what_cannot_be_reached_is_exit_code_3_and_not_waited_for(
    estate: Estate, run: Callable[..., Ran], server: StrictAcm, clock: SettableClock
) -> None:
    with socket.create_server((LOOPBACK, 0)) as free:
        endpoint = f"{LOOPBACK}:{free.getsockname()[1]}"

    ran = import_(run, estate, FIRST, "--endpoint", endpoint, "--format", "json")

    assert (ran.code, served(ran), len(held(server))) == (3, [(endpoint, "unreachable")], 1)
    assert clock() - NOW < timedelta(seconds=10)


def test_what_is_no_endpoint_is_refused_before_anything_is_asked(
    estate: Estate, run: Callable[..., Ran], wire: Proxy
) -> None:
    ran = import_(run, estate, FIRST, "--endpoint", "http://shop.example.com", "--format", "json")

    assert ran.error == (2, "usage")
    assert wire.operations == []


def test_a_dry_run_looks_at_nothing(estate: Estate, run: Callable[..., Ran], front: Server) -> None:
    ran = import_(run, estate, FIRST, "--endpoint", front.endpoint, "--dry-run")

    assert (ran.code, front.visits) == (0, 0)


# apply and renew


@pytest.mark.parametrize("command", ["apply", "renew"])
def test_what_is_not_served_yet_is_looked_at_again_by_the_next_run_until_it_is(
    estate: Estate, run: Callable[..., Ran], front: Server, command: str
) -> None:
    shop(estate, NEW, front.endpoint)

    first = run(command, "--format", "json")
    second = run(command, "--format", "json")
    front.issued = NEW
    third = run(command, "--format", "json")
    fourth = run(command, "--format", "json")

    actions = [one.result["action"] for one in (first, second, third, fourth)]
    assert actions == ["imported", "unchanged", "unchanged", "unchanged"]
    assert [one.code for one in (first, second, third, fourth)] == [1, 1, 0, 0]
    assert [served(one) for one in (first, second, third, fourth)] == [
        [(front.endpoint, "stale")],
        [(front.endpoint, "stale")],
        [(front.endpoint, "served")],
        None,
    ]
    assert [outcome for outcome, _, _ in history(run)] == ["done", "failed"]


def test_what_is_written_anew_is_looked_at_anew(estate: Estate, run: Callable[..., Ran], front: Server) -> None:
    shop(estate, FIRST, front.endpoint)
    run("apply")
    shop(estate, NEW, front.endpoint)

    stale = run("apply", "--format", "json")
    shop(estate, FIRST, front.endpoint)
    back = run("apply", "--format", "json")

    assert (stale.result["action"], served(stale)) == ("reimported", [(front.endpoint, "stale")])
    assert (back.result["action"], served(back)) == ("reimported", [(front.endpoint, "served")])


def test_an_endpoint_that_is_added_later_is_looked_at(
    estate: Estate, run: Callable[..., Ran], front: Server, tmp_path: Path
) -> None:
    shop(estate, FIRST, front.endpoint)
    run("apply")

    with serving(tmp_path / "other", NEW) as other:
        shop(estate, FIRST, front.endpoint, other.endpoint)
        ran = run("apply", "--format", "json")

    assert (ran.code, ran.result["action"], served(ran)) == (1, "unchanged", [(other.endpoint, "stale")])


def test_without_a_ledger_every_run_looks(estate: Estate, run: Callable[..., Ran], front: Server) -> None:
    shop(estate, FIRST, front.endpoint)
    run("apply", "--no-ledger")

    ran = run("apply", "--no-ledger", "--format", "json")

    assert (ran.code, served(ran)) == (0, [(front.endpoint, "served")])


def test_a_table_remembers_what_is_served_for_other_machines(
    estate: Estate, run: Callable[..., Ran], front: Server, server: StrictAcm, clock: SettableClock
) -> None:
    shop(estate, NEW, front.endpoint)
    make_table(server.url)
    first = run("apply", "--ledger", LEDGER, "--format", "json")
    front.issued = NEW
    clock.advance(timedelta(days=1))

    second = run("apply", "--ledger", LEDGER, "--format", "json")
    third = run("apply", "--ledger", LEDGER, "--format", "json")

    assert [served(one) for one in (first, second, third)] == [
        [(front.endpoint, "stale")],
        [(front.endpoint, "served")],
        None,
    ]


def test_a_failure_counts_more_than_what_is_not_served(
    estate: Estate, run: Callable[..., Ran], front: Server, server: StrictAcm
) -> None:
    estate.save("shop", NEW)
    places = f'regions = ["{HOME}", "eu-west-1"]'
    estate.write(
        f'[certificates.shop]\nsource = "shop.pem"\nroots = "root.pem"\n{places}\nverify = ["{front.endpoint}"]'
    )
    server.deny("ImportCertificate", region="eu-west-1")

    ran = run("apply", "--format", "json")

    failed, imported = ran.results
    assert (ran.code, failed["action"], failed["served"]) == (3, "failed", None)
    assert (imported["action"], imported["served"][0]["state"]) == ("imported", "stale")


@pytest.mark.slow
def test_a_ledger_that_cannot_be_written_costs_the_record_and_not_the_look(
    estate: Estate, run: Callable[..., Ran], front: Server, server: StrictAcm, wire: Proxy
) -> None:
    shop(estate, NEW, front.endpoint)
    make_table(server.url)
    run("apply", "--ledger", LEDGER)
    front.issued = NEW
    wire.always("TransactWriteItems", Refusal("AccessDeniedException"))

    ran = run("apply", "--ledger", LEDGER, "--format", "json")

    assert (ran.code, served(ran)) == (0, [(front.endpoint, "served")])
    assert "certkit: warning: the ledger does not say what is served: " in ran.err


@pytest.mark.slow
def test_endpoints_of_a_place_are_looked_at_once_it_holds_the_certificate(
    estate: Estate, run: Callable[..., Ran], front: Server, server: StrictAcm, tmp_path: Path
) -> None:
    with serving(tmp_path / "other", FIRST) as other:
        estate.shop(
            FIRST,
            'roots = "root.pem"',
            f'regions = ["{HOME}", "eu-west-1"]',
            f'verify_in = {{ {HOME} = ["{front.endpoint}"], eu-west-1 = ["{other.endpoint}"] }}',
        )
        server.deny("ImportCertificate", region="eu-west-1")

        ran = run("apply", "--format", "json")

    rows = {row["region"]: row["served"] for row in ran.results}
    assert (ran.code, rows["eu-west-1"], other.visits) == (3, None, 0)
    assert [(row["endpoint"], row["state"]) for row in rows[HOME]] == [(front.endpoint, "served")]


def test_what_was_not_written_anywhere_is_not_looked_for(
    estate: Estate, run: Callable[..., Ran], front: Server, server: StrictAcm
) -> None:
    shop(estate, FIRST, front.endpoint)
    server.deny("ImportCertificate")

    ran = run("renew", "--format", "json")

    assert (ran.code, served(ran), front.visits) == (3, None, 0)


def test_for_people_it_stands_behind_what_was_done(estate: Estate, run: Callable[..., Ran], front: Server) -> None:
    shop(estate, FIRST, front.endpoint)

    ran = run("apply")

    assert ran.out.splitlines()[2:] == [
        f"shop: {front.endpoint}: served at 1 of 1 address",
        "apply: 1 imported; 1 served",
    ]


def test_a_job_whose_certificate_is_not_served_says_so_in_its_last_line(
    estate: Estate, run: Callable[..., Ran], front: Server
) -> None:
    shop(estate, NEW, front.endpoint)

    ran = run("renew")

    assert ran.code == 1
    assert ran.err.splitlines()[-1] == "certkit: renew: 1 imported; 1 not served"


def test_history_shows_both_facts(estate: Estate, run: Callable[..., Ran], front: Server) -> None:
    shop(estate, FIRST, front.endpoint)
    run("apply")

    writes = run("history", "shop", "--format", "json").document["writes"]

    assert [(one["action"], one["outcome"], one["account"], one["region"]) for one in writes] == [
        ("verify", "done", ACCOUNT, HOME),
        ("import", "done", ACCOUNT, HOME),
    ]


# Endpoints that nobody names


def behind_load_balancer(wire: Proxy, server: StrictAcm, front: Server, arn: str) -> None:
    """Puts a load balancer before the server: what the API says of where it is leads there."""
    Neighbours.of(server).load_balancer(arn)
    wire.always("DescribeRegions", enabled(HOME))
    wire.always("DescribeListeners", Edit(lambda said: re.sub(rb">443</Port>", b">%d</Port>" % front.port, said)))
    wire.always("DescribeLoadBalancers", Edit(lambda said: re.sub(rb"<DNSName>[^<]+", b"<DNSName>127.0.0.1", said)))


def test_a_new_arn_has_no_users_and_nobody_is_asked_for_them(
    estate: Estate, run: Callable[..., Ran], wire: Proxy
) -> None:
    ran = import_(run, estate, FIRST, "--verify")

    assert ran.code == 0
    assert "certkit: nothing is known to serve it, and nothing was looked at: name it with --endpoint" in ran.err
    assert "DescribeLoadBalancers" not in wire.operations


@pytest.mark.slow
def test_an_import_is_looked_for_at_whatever_uses_it(
    estate: Estate, run: Callable[..., Ran], front: Server, server: StrictAcm, wire: Proxy
) -> None:
    import_(run, estate, FIRST)
    behind_load_balancer(wire, server, front, *held(server))

    ran = import_(run, estate, NEW, "--verify", "--format", "json")

    assert (ran.code, ran.result["action"]) == (1, "reimported")
    (row,) = ran.result["served"]
    assert (row["endpoint"], row["connect_to"]) == (f"shop.example.com:{front.port}", front.endpoint)
    assert row["state"] == "stale"


@pytest.mark.slow
@pytest.mark.parametrize("command", ["apply", "renew"])
def test_a_job_looks_at_whatever_uses_a_certificate_only_where_it_is_asked_to(
    estate: Estate, run: Callable[..., Ran], front: Server, server: StrictAcm, wire: Proxy, command: str
) -> None:
    shop(estate, FIRST)
    run(command)
    behind_load_balancer(wire, server, front, *held(server))
    wire.always("ListUserPools", Refusal("AccessDeniedException"))

    without = run(command, "--format", "json")
    ran = run(command, "--verify", "--format", "json")
    again = run(command, "--verify", "--format", "json")

    assert [served(one) for one in (without, ran, again)] == [
        None,
        [(f"shop.example.com:{front.port}", "served")],
        None,
    ]
    assert "certkit: warning: not known whether these use it: denied, of 123456789012: Cognito domain in" in ran.err


@pytest.mark.slow
def test_a_load_balancer_that_cannot_be_reached_from_here_is_not_wrong(
    estate: Estate, run: Callable[..., Ran], front: Server, server: StrictAcm, wire: Proxy
) -> None:
    import_(run, estate, FIRST)
    behind_load_balancer(wire, server, front, *held(server))
    with socket.create_server((LOOPBACK, 0)) as free:
        front.port = free.getsockname()[1]

    ran = import_(run, estate, NEW, "--verify", "--format", "json")

    assert (ran.code, ran.result["served"][0]["state"]) == (0, "unreachable")
