"""`certkit doctor --jobs`, and the heartbeats that it goes by: in the ledger, in CloudWatch, and outside the account."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.aws.faults import Refusal
from tests.aws.inbox import Inbox
from tests.aws.scene import ACCOUNT, HOME, NOW
from tests.cli.estate import Estate
from tests.cli.listening import SESAME, Chat, listening
from tests.issuing import Request, make_chain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from certkit.testing import SettableClock, StrictAcm
    from tests.aws.faults import Proxy
    from tests.aws.scene import Ran
    from tests.issuing import Issued

pytest_plugins = ["tests.aws.fixtures"]
PING = '[notify]\nallow_private = true\n[job]\nping = "env:PING"\n'


@pytest.fixture
def estate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wire: Proxy) -> Estate:  # noqa: ARG001 -- it leads there
    """A folder, in which certkit is run, with a certificate of 90 days."""
    monkeypatch.chdir(tmp_path)
    return Estate(tmp_path)


@pytest.fixture
def bell(monkeypatch: pytest.MonkeyPatch) -> Iterator[Chat]:
    """What waits for the job outside the account."""
    with listening() as bell:
        monkeypatch.setenv("PING", f"{bell.url}?from=certkit")
        yield bell


@pytest.fixture
def jobs(run: Callable[..., Ran]) -> Callable[..., dict[str, tuple[str, str]]]:
    """Runs `doctor --jobs`, and returns state and message of each check; the exit code is that of `code`."""

    def ask(*options: str) -> dict[str, tuple[str, str]]:
        ran = run("doctor", "--jobs", *options, "--format", "json")
        found = {row["check"]: (row["state"], row["message"]) for row in ran.document["checks"]}
        return {**found, "code": (str(ran.code), "")}

    return ask


def issued(name: str = "shop.example.com") -> Issued:
    return make_chain(leaf=Request(name, (name,), not_before=NOW, not_after=NOW + timedelta(days=90)))


def test_a_good_run_calls_and_a_failed_one_says_so(estate: Estate, run: Callable[..., Ran], bell: Chat) -> None:
    estate.shop(issued(), PING)
    codes = [run("renew").code]
    (estate.folder / "shop.pem").unlink()
    codes += [run("renew").code]

    assert codes == [0, 3]
    assert bell.calls == [f"/{SESAME}?from=certkit", f"/{SESAME}/fail?from=certkit"]


def test_a_run_that_nobody_lets_in_says_so_too(
    estate: Estate, run: Callable[..., Ran], bell: Chat, wire: Proxy
) -> None:
    estate.shop(issued(), PING)
    wire.always("GetCallerIdentity", Refusal("ExpiredToken", "it has ended", 403))

    code = run("renew").code

    assert (code, bell.calls) == (3, [f"/{SESAME}/fail?from=certkit"])


def test_only_the_job_itself_calls(estate: Estate, run: Callable[..., Ran], bell: Chat) -> None:
    estate.shop(issued(), PING)

    codes = [run(*words).code for words in (("renew", "--only", "shop"), ("hook", "certbot", "--name", "shop"))]
    codes += [run(*words).code for words in (("renew", "--dry-run"), ("apply",))]

    assert (codes, bell.calls) == ([0, 0, 0, 0], [])


def test_apply_calls_where_that_is_the_job(estate: Estate, run: Callable[..., Ran], bell: Chat) -> None:
    estate.shop(issued(), PING, 'command = "apply"')

    codes = [run("renew").code, run("apply").code]

    assert (codes, bell.calls) == ([0, 0], [f"/{SESAME}?from=certkit"])


@pytest.mark.parametrize("flags", [(), ("--debug",), ("--verbose",)])
def test_a_call_that_fails_is_a_warning_and_its_address_is_never_shown(
    estate: Estate, run: Callable[..., Ran], bell: Chat, flags: tuple[str, ...]
) -> None:
    say = 'post = ["sh", "-c", "env"]\n'
    estate.shop(issued(), say + PING)
    bell.status = 404

    ran = run("renew", *flags)

    kept = b"".join(path.read_bytes() for path in estate.folder.rglob("*") if path.is_file())
    assert ran.code == 0
    assert "certkit: warning: the ping answers with status 404\n" in ran.err
    assert "sesame" not in ran.err + ran.out
    assert b"sesame" not in kept


def test_an_address_that_is_not_there_or_private_is_a_warning(
    estate: Estate, run: Callable[..., Ran], bell: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    estate.shop(issued(), '[job]\nping = "env:PING"\n')
    private = run("renew")
    monkeypatch.delenv("PING")
    missing = run("renew")

    assert (private.code, missing.code, bell.calls) == (0, 0, [])
    assert "certkit: warning: the ping: its address does not begin with https://\n" in private.err
    assert "certkit: warning: the ping: the environment has no variable PING\n" in missing.err


def test_cloudwatch_gets_a_heartbeat_and_the_failures_of_the_job(
    estate: Estate, run: Callable[..., Ran], server: StrictAcm
) -> None:
    estate.shop(issued(), '[job]\nname = "nightly"\nheartbeat = true\n')

    code = run("renew").code

    job = (("Job", "nightly"),)
    assert code == 0
    assert Inbox(server).metrics("certkit") == {("Heartbeat", job), ("Failures", job)}


def test_a_metric_that_may_not_be_put_is_a_warning(estate: Estate, run: Callable[..., Ran], wire: Proxy) -> None:
    estate.shop(issued(), "[job]\nheartbeat = true\n")
    wire.always("PutMetricData", Refusal("AccessDenied", "not you", 403))

    ran = run("renew")

    assert ran.code == 0
    assert "certkit: warning: CloudWatch does not say that this job ran: " in ran.err


def test_a_job_is_well_then_silent_then_well_again(
    estate: Estate,
    run: Callable[..., Ran],
    jobs: Callable[..., Any],
    clock: SettableClock,
    server: StrictAcm,
) -> None:
    estate.shop(issued(), "[job]\nheartbeat = true\n")
    never = jobs()
    run("renew")
    well = jobs()
    clock.advance(timedelta(days=2))
    silent = jobs()

    assert server.url
    assert never["job renew"] == ("fail", "it has never run, as far as this ledger knows")
    assert never["metric renew"] == ("fail", "CloudWatch has had no heartbeat for 36 hours")
    assert (well["job renew"][0], well["metric renew"][0], well["code"][0]) == ("ok", "ok", "0")
    assert well["certificates"] == ("ok", "in use: 0; each imported one is a job's, and none is overdue")
    assert silent["job renew"][1].startswith("silent: it ran last on 2026-11-22T12:00:")
    assert (silent["metric renew"][0], silent["code"][0]) == ("fail", "1")


def test_a_certificate_in_use_that_is_in_no_manifest_and_one_whose_source_stands_still_are_told(
    estate: Estate,
    run: Callable[..., Ran],
    jobs: Callable[..., Any],
    put: Callable[..., str],
    server: StrictAcm,
    clock: SettableClock,
) -> None:
    estate.shop(issued(), '[job]\nevery = "1d"\n')
    stranger = put(issued("old.example.com"))
    server.set_in_use(stranger, "arn:lb")
    run("renew")
    clock.advance(timedelta(days=65))
    run("renew")

    found = jobs()

    assert found["job renew"][0] == "ok"
    assert found["certificate old.example.com"][1].startswith("in use, and in no manifest: no job renews it; expires")
    assert found["certificate shop"][1].startswith("due since 2027-01-21T12:00:00Z, and nothing newer has come")
    assert (found["code"][0], "certificates" in found) == ("1", False)


def test_what_cannot_be_seen_could_not_be_asked(
    estate: Estate, run: Callable[..., Ran], jobs: Callable[..., Any], server: StrictAcm
) -> None:
    estate.shop(issued())
    run("renew")
    server.deny("ListCertificates", "SearchCertificates", region=HOME)

    found = jobs()

    assert found["certificates"][0] == "unknown"
    assert ACCOUNT not in found["job renew"][1]
    assert found["code"][0] == "3"


def test_people_read_a_line_for_each_job(estate: Estate, run: Callable[..., Ran]) -> None:
    estate.shop(issued())
    run("renew")

    lines = run("doctor", "--jobs").out.splitlines()

    assert lines[0].split()[:3] == ["ok", "job", "renew"]
    assert "it ran last on 2026-11-22T12:00:" in lines[0]
    assert lines[0].endswith(": 1 imported; every 24 hours")


def test_without_a_manifest_there_is_no_job(estate: Estate, run: Callable[..., Ran]) -> None:
    ran = run("doctor", "--jobs")

    assert estate.folder.exists()
    assert (ran.code, "there is no certkit.toml in this folder" in ran.err) == (2, True)
