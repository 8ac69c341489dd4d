"""`certkit apply` and `certkit renew` wave after wave, against the strict ACM, over HTTP; and what a freeze holds back."""

from __future__ import annotations

import io
import os
import threading
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest

from certkit.cli import app
from certkit.cli.session import Session
from tests.aws.faults import Refusal
from tests.aws.scene import ACCOUNT, HOME, NOW, WRITES, held
from tests.cli.estate import Estate
from tests.issuing import Issued, Request, make_chain
from tests.sources.serving import tls_server

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from threading import Event

    from certkit.testing import SettableClock, StrictAcm
    from tests.aws.faults import Proxy
    from tests.aws.scene import Ran

pytest_plugins = ["tests.aws.fixtures"]

IRELAND: Final = "eu-west-1"
BOTH: Final = f'regions = ["{HOME}", "{IRELAND}"]'
WAVES: Final = f'[waves]\npause = "30m"\nregions = {{ {HOME} = 2 }}'
DENIED: Final = Refusal("AccessDeniedException", "not tonight", 400)
FROZEN: Final = '[[freeze]]\nfrom = 2026-11-20\nuntil = 2026-11-25\nreason = "the fair"'
THAW: Final = "frozen until 2026-11-26T00:00:00Z: the fair"


@pytest.fixture
def estate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Estate:
    """A folder, in which certkit is run."""
    monkeypatch.chdir(tmp_path)
    return Estate(tmp_path)


def _runner(command: str, run: Callable[..., Ran], wire: Proxy) -> Callable[..., Ran]:
    def run_job(*options: str) -> Ran:
        wire.forget()
        return run(command, *options, "--format", "json")

    return run_job


@pytest.fixture
def apply(run: Callable[..., Ran], wire: Proxy) -> Callable[..., Ran]:
    """Runs `apply` with JSON as its output."""
    return _runner("apply", run, wire)


@pytest.fixture
def renew(run: Callable[..., Ran], wire: Proxy) -> Callable[..., Ran]:
    """Runs `renew` with JSON as its output."""
    return _runner("renew", run, wire)


def lasting(left: float, name: str = "shop") -> Issued:
    """A certificate of 90 days, of which so many are left."""
    end, domain = NOW + timedelta(days=left), f"{name}.example.com"
    return make_chain(leaf=Request(domain, (domain, "127.0.0.1"), not_before=end - timedelta(days=90), not_after=end))


def several(estate: Estate, *settings: str) -> None:
    """Writes the bundles and the manifest of three certificates."""
    for name in "abc":
        estate.save(name, lasting(60, name))
    estate.write("\n".join([*settings, *(f'[certificates.{name}]\nsource = "{name}.pem"' for name in "abc")]))


def rows(ran: Ran) -> list[tuple[Any, ...]]:
    return [(row["name"], row["region"], row["action"], (row["error"] or {}).get("code")) for row in ran.results]


def _proved_in_ireland(port: int) -> tuple[str, ...]:
    """The settings by which the second wave waits for an endpoint."""
    return BOTH, 'roots = "root.pem"', f'verify_in = {{ {IRELAND} = ["127.0.0.1:{port}"] }}', WAVES


def written(wire: Proxy) -> list[str]:
    """The regions of all writes, in order."""
    return [sent.scope[0] for sent in wire.sent if sent.operation in WRITES]


# One wave after the other.


def test_a_later_wave_begins_when_the_earlier_one_is_done_and_the_pause_is_over(
    estate: Estate, renew: Callable[..., Ran], wire: Proxy, server: StrictAcm
) -> None:
    estate.shop(lasting(60), BOTH, WAVES)

    ran = renew()

    assert (ran.code, written(wire)) == (0, [IRELAND, HOME])
    assert "certkit: waiting 1800 s before wave 2\n" in ran.err
    first, second = (
        next(iter(server.backend(ACCOUNT, region)._records.values())).imported_at for region in (IRELAND, HOME)
    )
    assert timedelta(minutes=30) <= second - first < timedelta(minutes=32)


def test_where_nothing_is_to_be_written_nothing_is_waited_for(
    estate: Estate, apply: Callable[..., Ran], clock: SettableClock
) -> None:
    estate.shop(lasting(60), BOTH, WAVES)
    apply()
    begun = clock()

    ran = apply()

    assert (ran.code, clock() - begun < timedelta(minutes=1)) == (0, True)
    assert [row["action"] for row in ran.results] == ["unchanged"] * 2


def test_what_failed_in_a_wave_goes_no_further_and_what_did_not_does(
    estate: Estate, renew: Callable[..., Ran], wire: Proxy
) -> None:
    several(estate, f"[defaults]\n{BOTH}", WAVES)
    wire.script("ImportCertificate", DENIED)

    ran = renew()
    again = renew()

    assert (ran.code, rows(ran)) == (
        3,
        [
            ("a", IRELAND, "failed", "aws-denied"),
            ("a", HOME, "failed", "not-begun"),
            *((name, region, "imported", None) for name in "bc" for region in (IRELAND, HOME)),
        ],
    )
    assert "it was held back for what came of wave 1: " in ran.results[1]["error"]["message"]
    assert (again.code, [row["action"] for row in again.results[:2]]) == (0, ["imported"] * 2)


@pytest.mark.parametrize("where", ["option", "manifest"])
def test_so_many_failures_and_nothing_more_is_begun(
    estate: Estate, apply: Callable[..., Ran], wire: Proxy, where: str
) -> None:
    several(estate, "[waves]\nmax_failures = 1" if where == "manifest" else "")
    wire.script("ImportCertificate", DENIED)

    ran = apply(*(("--max-failures", "30%") if where == "option" else ()))

    assert (ran.code, [row[3] for row in rows(ran)]) == (3, ["aws-denied", "not-begun", "not-begun"])
    assert written(wire) == [HOME]
    assert "1 of 3 failed" in ran.results[2]["error"]["message"]


def test_what_cannot_even_be_read_counts_as_a_failure(estate: Estate, renew: Callable[..., Ran], wire: Proxy) -> None:
    several(estate)
    (estate.folder / "c.pem").unlink()

    ran = renew("--max-failures", "1")

    assert [row[3] for row in rows(ran)] == ["not-begun", "not-begun", "input-unreadable"]
    assert written(wire) == []


def test_a_number_of_failures_is_one(estate: Estate, renew: Callable[..., Ran], wire: Proxy) -> None:
    estate.shop(lasting(60))

    ran = renew("--max-failures", "none")

    assert (ran.error, wire.operations) == ((2, "usage"), [])
    assert ran.document["error"]["message"].startswith("--max-failures 'none'")


def test_a_wave_that_is_not_served_holds_back_the_next_until_it_is(
    estate: Estate, renew: Callable[..., Ran], wire: Proxy
) -> None:
    old, new = lasting(20), lasting(90)
    (estate.folder / "root.pem").write_bytes(new.issuers[-1].pem)
    for name in ("old", "new"):
        (estate.folder / name).mkdir()
    with tls_server(estate.folder / "old", old) as stale:
        estate.shop(new, *_proved_in_ireland(stale.port))
        ran = renew()
        first = written(wire)
    with tls_server(estate.folder / "new", new) as served:
        estate.shop(new, *_proved_in_ireland(served.port))
        again = renew()

    assert (ran.code, rows(ran)[0][2:], rows(ran)[1][2:]) == (3, ("imported", None), ("failed", "not-begun"))
    assert f"wave 1: 127.0.0.1:{stale.port}: stale" in ran.results[1]["error"]["message"]
    assert (first, written(wire), again.code) == ([IRELAND], [HOME], 0)
    assert f"certkit: shop: 127.0.0.1:{served.port}: served" in again.err


def test_an_interrupted_pause_begins_nothing_more(
    estate: Estate, wire: Proxy, tmp_path: Path, clock: SettableClock
) -> None:
    estate.shop(lasting(60), BOTH, WAVES)

    def wait(event: Event, seconds: float) -> bool:
        if seconds == 1.0 and threading.current_thread() is threading.main_thread():
            raise KeyboardInterrupt
        clock.advance(timedelta(seconds=seconds))
        return event.is_set()

    environment = {**os.environ, "CERTKIT_STATE": str(tmp_path / "state")}
    out, err = io.StringIO(), io.StringIO()
    timer = lambda: clock().timestamp()  # noqa: E731 -- as short as that
    code = app.run(["apply"], Session(environment, io.BytesIO(), out, err, clock, asks=False, timer=timer, wait=wait))

    assert (code, written(wire)) == (130, [IRELAND])
    assert f"arn:aws:acm:{IRELAND}" in out.getvalue()


# Freezes.


def test_a_plan_says_what_is_frozen(estate: Estate, run: Callable[..., Ran], wire: Proxy) -> None:
    estate.shop(lasting(60), FROZEN)

    ran = run("plan", "--check", "--format", "json")

    assert (ran.code, ran.document["actions"][0]["action"], written(wire)) == (1, "import", [])
    assert f"certkit: shop: {HOME} of {ACCOUNT}: {THAW}\n" in ran.err


def test_a_freeze_keeps_what_acm_holds_and_is_no_failure(
    estate: Estate, renew: Callable[..., Ran], wire: Proxy, server: StrictAcm, clock: SettableClock
) -> None:
    old, new = lasting(20), lasting(90)
    estate.shop(old)
    renew()
    estate.shop(new, FROZEN)

    ran = renew()
    quiet = written(wire)
    clock.advance(timedelta(days=4))
    thawed = renew()

    assert (ran.code, ran.result["action"], ran.result["sha256"], quiet) == (0, "unchanged", old.sha256, [])
    assert (ran.result["warnings"][-1:], ran.result["not_after"]) == ([THAW], "2026-12-12T12:00:00Z")
    assert (thawed.code, thawed.result["action"]) == (0, "reimported")
    assert list(held(server).values()) == [new.sha256]


def test_a_freeze_keeps_what_is_new_out_of_acm(estate: Estate, apply: Callable[..., Ran], server: StrictAcm) -> None:
    estate.shop(lasting(60), FROZEN)

    ran = apply()

    assert (ran.code, rows(ran), held(server)) == (0, [("shop", HOME, "unchanged", None)], {})
    assert (ran.result["arn"], ran.result["sha256"], ran.result["warnings"][-1:]) == (None, None, [THAW])


def test_what_expires_soon_breaks_a_freeze_that_allows_it(
    estate: Estate, apply: Callable[..., Ran], server: StrictAcm
) -> None:
    new = lasting(90)
    estate.shop(lasting(5))
    apply()
    estate.shop(new, FROZEN, 'break_within = "7d"')

    ran = apply()

    assert (ran.code, ran.result["action"], list(held(server).values())) == (0, "reimported", [new.sha256])


def test_a_frozen_first_wave_keeps_the_second_one_waiting(
    estate: Estate, apply: Callable[..., Ran], wire: Proxy
) -> None:
    estate.shop(
        lasting(60),
        'accounts = ["own", "other"]',
        f'{FROZEN}\naccounts = ["other"]',
        f"[waves]\nregions = {{ {HOME} = 1 }}",
    )
    text = (estate.folder / "certkit.toml").read_text().replace("[accounts.own]", "[accounts.own]\nwave = 2")
    estate.write(text)

    ran = apply()

    assert (ran.code, written(wire)) == (0, [])
    assert [row["warnings"][-1] for row in ran.results] == [f"it waits for wave 1, where it is {THAW}", THAW]


def test_in_a_freeze_no_renewal_command_and_no_hook_is_run(
    estate: Estate, run: Callable[..., Ran], wire: Proxy, clock: SettableClock
) -> None:
    touch = 'renew_command = ["touch", "run"]\npre = ["touch", "run"]\npost = ["touch", "run"]'
    estate.shop(lasting(10), touch, FROZEN)

    ran = run("renew")
    dry = run("renew", "--dry-run")
    is_run = (estate.folder / "run").exists()
    clock.advance(timedelta(days=4))
    thawed = run("renew")

    assert (ran.code, is_run) == (0, False)
    assert f"certkit: shop: renew_command is due, and {THAW}\n" in ran.err
    assert "would run" not in dry.err
    assert ran.out.splitlines() == [f"shop: unchanged, not yet in {HOME} of {ACCOUNT}", f"  warning: {THAW}"]
    assert "certkit: renew: 1 frozen\n" in ran.err
    assert (thawed.code, (estate.folder / "run").exists()) == (0, True)
    assert wire.operations
