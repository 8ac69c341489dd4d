"""`certkit status --notify`: who is told of what, once, and what becomes of it where that fails."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.aws.faults import Refusal
from tests.aws.inbox import Inbox
from tests.aws.scene import ACCOUNT, HOME, NOW
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


@pytest.fixture
def chat() -> Iterator[Chat]:
    """A chat that is being served."""
    with listening() as chat:
        yield chat


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: StrictAcm) -> Path:  # noqa: ARG001 -- it comes first
    """Where certkit is run, with a state of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CERTKIT_STATE", str(tmp_path / "state"))
    return tmp_path


@pytest.fixture
def inbox(server: StrictAcm) -> Inbox:
    """What SNS and EventBridge lead to."""
    return Inbox(server)


@pytest.fixture
def configure(folder: Path) -> Callable[[str], None]:
    """Writes the configuration."""

    def write(text: str) -> None:
        (folder / "certkit.toml").write_text(text, "utf-8")

    return write


@pytest.fixture
def use(put: Callable[..., str], server: StrictAcm) -> Callable[..., str]:
    """Imports a certificate and puts it to use."""

    def import_used(issued: Issued, **more: Any) -> str:
        arn = put(issued, **more)
        server.set_in_use(arn, "arn:lb")
        return arn

    return import_used


def expiring(name: str, days: int = 20) -> Issued:
    """A certificate of about 90 days with so many left."""
    ends = NOW + timedelta(days=days, hours=12)
    return make_chain(leaf=Request(name, (name,), not_before=ends - timedelta(days=90), not_after=ends))


def texts(inbox: Inbox, queue: str) -> list[str]:
    """The messages that arrived, each as its first line."""
    return [message["Message"].splitlines()[0] for message in inbox.taken(queue)]


def test_everybody_is_told_of_what_is_theirs_and_nobody_twice(
    run: Callable[..., Ran],
    use: Callable[..., str],
    inbox: Inbox,
    chat: Chat,
    configure: Callable[[str], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("WEB", chat.url)
    configure(f"""
        notify = {{ sns = "{inbox.topic("all")}", allow_private = true }}
        owners.web.webhook = "env:WEB"
        owners.press.sns = "{inbox.topic("press")}"
    """)
    for name, owner in (("a.example.com", "web"), ("b.example.com", "press"), ("c.example.com", "nobody")):
        use(expiring(name), owner=owner)

    first, second = run("status", "--notify"), run("status", "--notify")

    assert (first.code, second.code) == (0, 0)
    assert "certkit: told by webhook of web: 1 certificate\n" in first.err
    assert "told by" not in second.err
    line = f"expires in 20 days, on 2026-12-13; in use; {HOME} of {ACCOUNT}; owner web"
    assert chat.texts == [f"certkit: 1 certificate expires in 20 days\n`a.example.com; {line}`"]
    assert [message["Message"].splitlines()[2].split(";")[0] for message in inbox.taken("press")] == ["b.example.com"]
    assert [message["Message"].splitlines()[2].split(";")[0] for message in inbox.taken("all")] == ["c.example.com"]


def test_it_is_told_again_as_it_comes_nearer(
    run: Callable[..., Ran],
    use: Callable[..., str],
    inbox: Inbox,
    configure: Callable[[str], None],
    clock: SettableClock,
) -> None:
    configure(f'notify.sns = "{inbox.topic("all")}"')
    use(expiring("a.example.com"))
    told = []
    for _ in range(25):
        run("status", "--notify", "--quiet")
        told += texts(inbox, "all")
        clock.advance(timedelta(days=1))

    assert [line.rpartition(" in ")[2] for line in told] == [
        "20 days",
        "14 days",
        "7 days",
        "3 days",
        "36 hours",
        "12 hours",
        "certkit: 1 certificate has expired",
    ]


def test_the_next_runner_knows_what_was_told_from_the_shared_ledger(
    run: Callable[..., Ran],
    use: Callable[..., str],
    inbox: Inbox,
    configure: Callable[[str], None],
    server: StrictAcm,
    monkeypatch: pytest.MonkeyPatch,
    folder: Path,
) -> None:
    make_table(server.url)
    configure(f'notify.sns = "{inbox.topic("all")}"')
    use(expiring("a.example.com"))

    for number in range(3):
        monkeypatch.setenv("CERTKIT_STATE", str(folder / f"runner-{number}"))
        run("status", "--notify", "--ledger", "dynamodb://certkit")

    assert len(texts(inbox, "all")) == 1


def test_what_could_not_be_sent_is_an_error_and_sent_by_the_next_run(
    run: Callable[..., Ran],
    use: Callable[..., str],
    inbox: Inbox,
    chat: Chat,
    configure: Callable[[str], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("WEB", chat.url)
    configure(f'notify = {{ sns = "{inbox.topic("all")}", webhook = "env:WEB", allow_private = true }}')
    use(expiring("a.example.com"))
    chat.status = 503

    first = run("status", "--notify")
    chat.status = 200
    second = run("status", "--notify")

    assert (first.code, second.code) == (3, 0)
    assert "certkit: error: the webhook answers with status 503\n" in first.err
    assert "a.example.com" in first.out
    assert len(texts(inbox, "all")) == 1
    assert len(chat.texts) == 1
    assert "sesame" not in first.err + first.out + second.err


@pytest.mark.parametrize("flags", [(), ("--debug",)])
def test_the_address_of_a_webhook_is_never_shown(
    run: Callable[..., Ran],
    use: Callable[..., str],
    chat: Chat,
    configure: Callable[[str], None],
    monkeypatch: pytest.MonkeyPatch,
    flags: tuple[str, ...],
    folder: Path,
) -> None:
    monkeypatch.setenv("WEB", chat.url)
    configure('notify.webhook = "env:WEB"')
    use(expiring("a.example.com"))

    ran = run("status", "--notify", *flags)

    kept = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert ran.code == 3
    assert "certkit: error: the webhook: its address does not begin with https://\n" in ran.err
    assert "certkit: hint: allow_private = true in [notify]" in ran.err
    assert "sesame" not in ran.err + ran.out
    assert b"sesame" not in kept


def test_a_variable_that_is_not_there_is_named(
    run: Callable[..., Ran], use: Callable[..., str], configure: Callable[[str], None]
) -> None:
    configure('owners.web.webhook = "env:NOWHERE"')
    use(expiring("a.example.com"), owner="web")

    ran = run("status", "--notify")

    assert ran.code == 3
    assert "certkit: error: the webhook of web: the environment has no variable NOWHERE\n" in ran.err


def test_programs_get_an_event_for_each_and_people_the_numbers(
    run: Callable[..., Ran], use: Callable[..., str], inbox: Inbox, configure: Callable[[str], None]
) -> None:
    configure(f'notify = {{ events = "{inbox.bus("certificates")}", metrics = true }}')
    arns = {use(expiring(name)) for name in ("a.example.com", "b.example.com")}

    codes = {run("status", "--notify").code for _ in range(2)}

    events = inbox.taken("certificates")
    assert codes == {0}
    assert {one["detail"]["arn"] for one in events} == arns
    assert {resource for one in events for resource in one["resources"]} == arns
    assert {one["detail-type"] for one in events} == {"Certificate Expiring"}
    place = (("Account", ACCOUNT), ("Region", HOME))
    assert inbox.metrics("certkit") == {
        ("Heartbeat", ()),
        ("PlacesNotSeen", ()),
        ("Expired", place),
        ("Expiring", place),
        ("DaysToExpiry", place),
    }


def test_what_could_not_be_seen_is_told_and_there_is_no_heartbeat(
    run: Callable[..., Ran],
    use: Callable[..., str],
    inbox: Inbox,
    configure: Callable[[str], None],
    server: StrictAcm,
) -> None:
    configure(f'notify = {{ sns = "{inbox.topic("all")}", metrics = true }}')
    use(expiring("a.example.com"))
    server.deny("ListCertificates", "SearchCertificates", region="eu-west-1")

    ran = run("status", "--notify", "--region", HOME, "--region", "eu-west-1")

    (message,) = inbox.taken("all")
    assert ran.code == 3
    assert "Not seen, so that there may be more:\neu-west-1 was not seen" in message["Message"]
    assert ("Heartbeat", ()) not in inbox.metrics("certkit")


def test_without_a_ledger_that_can_be_read_people_are_told_all_the_same(
    run: Callable[..., Ran], use: Callable[..., str], inbox: Inbox, configure: Callable[[str], None], folder: Path
) -> None:
    (folder / "state").mkdir()
    (folder / "state" / "ledger.sqlite3").write_bytes(b"no ledger " * 500)
    configure(f'notify.sns = "{inbox.topic("all")}"')
    use(expiring("a.example.com"))

    ran = run("status", "--notify")

    assert "is no ledger of certkit's, or damaged" in ran.err
    assert len(texts(inbox, "all")) == 1


def test_a_caller_that_may_not_publish_fails_the_run(
    run: Callable[..., Ran], use: Callable[..., str], wire: Proxy, inbox: Inbox, configure: Callable[[str], None]
) -> None:
    configure(f'notify.events = "{inbox.bus("certificates")}"')
    use(expiring("a.example.com"))
    wire.always("PutEvents", Refusal("AccessDeniedException", "not authorized"))

    ran = run("status", "--notify")

    assert ran.code == 3
    assert "certkit: error: telling the event bus" in ran.err


@pytest.mark.parametrize("text", ["", "notify.allow_private = true", '[certificates.a]\nsource = "a"'])
def test_without_anybody_to_tell_nothing_is_looked_at(
    run: Callable[..., Ran], configure: Callable[[str], None], text: str, wire: Proxy
) -> None:
    configure(text)

    assert run("status", "--notify", "--format", "json").error == (2, "configuration")
    assert wire.sent == []


def test_read_only_forbids_it(
    run: Callable[..., Ran], configure: Callable[[str], None], monkeypatch: pytest.MonkeyPatch, inbox: Inbox
) -> None:
    configure(f'notify.sns = "{inbox.topic("all")}"')
    monkeypatch.setenv("CERTKIT_READ_ONLY", "1")

    assert run("status", "--notify", "--format", "json").error == (2, "read-only")


def test_history_is_about_acm_and_not_about_who_was_told(
    run: Callable[..., Ran], use: Callable[..., str], inbox: Inbox, configure: Callable[[str], None]
) -> None:
    configure(f'notify.sns = "{inbox.topic("all")}"')
    use(expiring("a.example.com"))
    run("status", "--notify")

    assert run("history", "--format", "json").document["writes"] == []
