"""`certkit renew` tells owners of each refusal once, and that it is over."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.aws.faults import Fault, Refusal
from tests.aws.inbox import Inbox
from tests.aws.scene import ACCOUNT, HOME, NOW
from tests.cli.estate import Estate
from tests.cli.listening import Chat, listening
from tests.issuing import Issued, Request, make_chain
from tests.ledger.scene import make_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from certkit.testing import SettableClock, StrictAcm
    from tests.aws.faults import Proxy
    from tests.aws.scene import Ran

pytest_plugins = ["tests.aws.fixtures"]
TELLING = 'owner = "web"\n[notify]\nallow_private = true\n[owners.web]\nwebhook = "env:WEB"\n'
DENIED = Refusal("AccessDeniedException", "not tonight", 400)


@pytest.fixture
def estate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Estate:
    """A folder, in which certkit is run."""
    monkeypatch.chdir(tmp_path)
    return Estate(tmp_path)


@pytest.fixture
def chat(monkeypatch: pytest.MonkeyPatch) -> Iterator[Chat]:
    """The webhook of `web`."""
    with listening() as chat:
        monkeypatch.setenv("WEB", chat.url)
        yield chat


@pytest.fixture
def nightly(run: Callable[..., Ran], wire: Proxy, clock: SettableClock) -> Callable[..., Ran]:  # noqa: ARG001 -- it leads there
    """Runs `renew`; then it is the next night."""

    def night(*options: str) -> Ran:
        ran = run("renew", *options)
        clock.advance(timedelta(days=1))
        return ran

    return night


def lasting(days: float, **more: object) -> Issued:
    """A certificate that begins now."""
    request = Request(sans=("shop.example.com",), not_before=NOW, not_after=NOW + timedelta(days=days))
    return make_chain(leaf=Request(**{**_fields(request), **more}))  # type: ignore[arg-type]  # fields of a Request


def _fields(request: Request) -> dict[str, object]:
    return {name: getattr(request, name) for name in ("sans", "not_before", "not_after")}


def test_a_refusal_is_told_once_and_that_it_is_over(
    estate: Estate, nightly: Callable[..., Ran], chat: Chat, wire: Proxy
) -> None:
    estate.shop(lasting(90), TELLING)
    wire.always("ImportCertificate", DENIED)
    first, second = nightly(), nightly()
    wire.always("ImportCertificate", Fault.PASS)
    third, fourth = nightly(), nightly()

    assert (first.code, second.code, third.code, fourth.code) == (3, 3, 0, 0)
    assert "certkit: told by webhook of web: 1 certificate\n" in first.err
    assert "told by" not in second.err + fourth.err
    refusal, recovery = chat.texts
    assert refusal.splitlines()[0] == "certkit: 1 certificate could not be renewed"
    assert refusal.splitlines()[1].startswith(f"`shop: not renewed in {HOME} of {ACCOUNT}: ")
    assert "not tonight" in refusal
    assert recovery == f"certkit: 1 is well again\n`shop: well again in {HOME}`"


def test_another_reason_is_told_and_so_is_the_same_one_after_it_was_over(
    estate: Estate, nightly: Callable[..., Ran], chat: Chat, wire: Proxy
) -> None:
    estate.shop(lasting(90), TELLING)
    throttled = Refusal("LimitExceededException", "too many", 400)
    for answer in (DENIED, throttled, throttled, Fault.PASS):
        wire.always("ImportCertificate", answer)
        nightly()
    estate.save("shop", lasting(91))
    wire.always("ImportCertificate", DENIED)
    nightly()

    said = [text.splitlines()[1] for text in chat.texts]
    assert [("not tonight" in line, "too many" in line, "well again" in line) for line in said] == [
        (True, False, False),
        (False, True, False),
        (False, False, True),
        (True, False, False),
    ]


def test_another_kind_of_key_is_told_once_and_again_when_what_acm_holds_nears_its_end(
    estate: Estate, nightly: Callable[..., Ran], chat: Chat, clock: SettableClock
) -> None:
    estate.shop(lasting(30), TELLING)
    nightly()
    estate.save("shop", lasting(90, key=("EC_secp384r1", 0)))

    for days in (0, 25, 0, 3, 1, 0):  # that pass besides the one of each night
        clock.advance(timedelta(days=days))
        nightly("--quiet")

    assert [text.splitlines()[1].partition("; ")[2].partition(";")[0] for text in chat.texts] == [
        "ACM's expires in 28 days, on 2026-12-22",
        "ACM's expires in 2 days, on 2026-12-22",
        "expired on 2026-12-22",
    ]


def test_a_command_that_fails_is_told_once_whatever_it_says(
    estate: Estate, nightly: Callable[..., Ran], chat: Chat
) -> None:
    command = """renew_command = ["sh", "-c", "date +%N; exit 1"]\nrenew_when = "60d"\n"""
    estate.shop(lasting(50), command, TELLING)
    codes = [nightly().code for _ in range(3)]

    assert codes == [3, 3, 3]
    assert len(chat.texts) == 1
    assert "it ended with exit code 1" in chat.texts[0]


def test_a_source_that_cannot_be_read_is_told_and_again_each_week_for_nobody_knows_how_long_there_is(
    estate: Estate, nightly: Callable[..., Ran], chat: Chat
) -> None:
    estate.shop(lasting(90), TELLING)
    nightly()
    (estate.folder / "shop.pem").unlink()
    for _ in range(10):
        nightly()
    estate.save("shop", lasting(90))
    nightly()

    assert [text.splitlines()[0] for text in chat.texts] == [
        "certkit: 1 certificate could not be renewed",
        "certkit: 1 certificate could not be renewed",
        "certkit: 1 is well again",
    ]


@pytest.mark.slow
def test_everybody_hears_of_their_own_alone_and_programs_of_all(
    estate: Estate, nightly: Callable[..., Ran], server: StrictAcm, wire: Proxy
) -> None:
    inbox = Inbox(server)
    names = {"a": "web", "b": "press", "c": "nobody"}
    for name in names:
        estate.save(name, lasting(90, common_name=f"{name}.example"))
    estate.write(
        "".join(f'[certificates.{name}]\nsource = "{name}.pem"\nowner = "{owner}"\n' for name, owner in names.items())
        + f'[notify]\nsns = "{inbox.topic("all")}"\nevents = "{inbox.bus("events")}"\n'
        + f'[owners.web]\nsns = "{inbox.topic("web")}"\n[owners.press]\nsns = "{inbox.topic("press")}"\n'
    )
    wire.always("ImportCertificate", DENIED)
    nightly()
    nightly()
    wire.always("ImportCertificate", Fault.PASS)
    nightly("--only", "a")

    heard = {queue: [one["Message"].splitlines()[2] for one in inbox.taken(queue)] for queue in ("all", "web", "press")}
    assert [line[:20] for line in heard["web"]] == ["a: not renewed in us", "a: well again in us-"]
    assert [line[:20] for line in heard["press"]] == ["b: not renewed in us"]
    assert [line[:20] for line in heard["all"]] == ["c: not renewed in us"]
    events = inbox.taken("events")
    failed = [one["detail"] for one in events if one["detail-type"] == "Certificate Renewal Failed"]
    assert sorted((one["name"], one["owner"], one["region"], one["code"]) for one in failed) == [
        ("a", "web", HOME, "aws-denied"),
        ("b", "press", HOME, "aws-denied"),
        ("c", "nobody", HOME, "aws-denied"),
    ]
    assert [one["detail"]["name"] for one in events if one["detail-type"] == "Certificate Renewal Recovered"] == ["a"]


def test_what_could_not_be_told_is_a_warning_and_told_by_the_next_run(
    estate: Estate, nightly: Callable[..., Ran], chat: Chat, wire: Proxy
) -> None:
    estate.shop(lasting(90), TELLING)
    wire.always("ImportCertificate", DENIED)
    chat.status = 503
    first = nightly()
    chat.status = 200
    nightly()

    assert "certkit: warning: the webhook of web answers with status 503\n" in first.err
    assert len(chat.texts) == 1
    assert "sesame" not in first.err + first.out


@pytest.mark.slow
def test_the_next_runner_knows_from_the_shared_ledger_what_was_told(
    estate: Estate,
    nightly: Callable[..., Ran],
    chat: Chat,
    wire: Proxy,
    server: StrictAcm,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_table(server.url)
    estate.shop(lasting(90), TELLING)
    wire.always("ImportCertificate", DENIED)
    for number in range(3):
        monkeypatch.setenv("CERTKIT_STATE", str(estate.folder / f"runner-{number}"))
        nightly("--ledger", "dynamodb://certkit")

    assert len(chat.texts) == 1


def test_where_nobody_lets_us_in_every_owner_hears_of_it_once(
    estate: Estate, nightly: Callable[..., Ran], chat: Chat, wire: Proxy
) -> None:
    estate.shop(lasting(90), TELLING)
    wire.always("GetCallerIdentity", Refusal("ExpiredToken", "it has ended", 403))
    codes = [nightly().code for _ in range(2)]

    assert codes == [3, 3]
    assert len(chat.texts) == 1
    assert chat.texts[0].splitlines()[1].startswith("`shop: not renewed: ")


def test_what_the_manifest_tells_nobody_is_told_nobody(
    estate: Estate, nightly: Callable[..., Ran], run: Callable[..., Ran], wire: Proxy
) -> None:
    estate.shop(lasting(90))
    wire.always("ImportCertificate", DENIED)
    ran = nightly("--format", "json")

    assert json.loads(ran.out)["results"][0]["error"]["code"] == "aws-denied"
    assert "told by" not in ran.err
    assert run("history").out.count("tell") == 0
