"""The handler of the Lambda function, in this process, against the strict ACM over HTTP."""

from __future__ import annotations

import io
import json
import os
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

import boto3
import pytest

from certkit.aws import lambda_handler
from certkit.cli.session import Session
from certkit.event import COMMON, OPTIONS
from certkit.invocation import JobFailedError, run
from certkit.renew import NAME as HEARTBEATS
from certkit.report.invocation import text
from tests import documents
from tests.aws.faults import Refusal
from tests.aws.scene import HOME, held, renewed
from tests.cli.running import certkit
from tests.issuing import Request, make_chain
from tests.ledger.scene import TABLE, make_table
from tests.secrets.canaries import traces

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from threading import Event

    from certkit.testing import SettableClock, StrictAcm
    from tests.aws.faults import Proxy
    from tests.issuing import Issued

pytest_plugins = ["tests.aws.fixtures"]

BUCKET: Final = "bundles"
MANIFEST: Final = '[certificates.shop]\nsource = "s3://bundles/shop.pem"\n'
BLOG: Final = '[certificates.blog]\nsource = "secretsmanager://blog"\n'


@dataclass(slots=True)
class Lambda:
    """A function as the template makes it: its manifest in S3, its ledger in a table.

    Attributes:
        logs: what each invocation has said.
    """

    url: str
    clock: SettableClock
    folder: Path
    logs: list[str] = field(default_factory=list)

    def store(self, issued: Issued, manifest: str = MANIFEST) -> None:
        """Puts the bundle and the manifest into S3."""
        s3 = boto3.client("s3", endpoint_url=self.url)
        s3.put_object(Bucket=BUCKET, Key="shop.pem", Body=issued.key_pem + issued.pem + issued.chain_pem)
        s3.put_object(Bucket=BUCKET, Key="certkit.toml", Body=manifest.encode())

    def invoke(
        self, event: object = None, milliseconds: int | None = None, *, waits: bool = False
    ) -> Mapping[str, Any]:
        """Calls the handler as Lambda does, at the time of the strict ACM.

        Args:
            waits: whether what it waits moves that time on, and takes none of ours.
        """
        log = io.StringIO()
        session = Session(dict(os.environ), io.BytesIO(), io.StringIO(), log, self.clock, asks=False)
        if waits:
            session.timer = lambda: self.clock().timestamp()
            session.wait = self._wait
        context = SimpleNamespace(get_remaining_time_in_millis=lambda: milliseconds) if milliseconds else None
        try:
            return run(event, context, session)
        finally:
            self.logs.append(log.getvalue())

    def _wait(self, event: Event, seconds: float) -> bool:
        self.clock.advance(timedelta(seconds=seconds))
        return event.is_set()

    def items(self) -> list[str]:
        """The keys of everything in the ledger's table."""
        answer = boto3.client("dynamodb", endpoint_url=self.url, region_name=HOME).scan(TableName=TABLE)
        return [item["pk"]["S"] for item in answer["Items"]]


@pytest.fixture
def function(
    wire: Proxy, server: StrictAcm, clock: SettableClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Lambda:
    """A function whose manifest and bundle are in S3, and whose ledger is in DynamoDB."""
    boto3.client("s3", endpoint_url=server.url).create_bucket(Bucket=BUCKET)
    make_table(server.url)
    for name, value in {
        "CERTKIT_MANIFEST": f"s3://{BUCKET}/certkit.toml",
        "CERTKIT_LEDGER": f"dynamodb://{TABLE}?region={HOME}",
        "CERTKIT_STATE": str(tmp_path / "state"),
    }.items():
        monkeypatch.setenv(name, value)
    wire.forget()
    return Lambda(server.url, clock, tmp_path / "state")


def test_the_scheduled_event_brings_the_certificate_to_acm_and_writes_it_down(
    function: Lambda, server: StrictAcm
) -> None:
    issued = make_chain()
    function.store(issued)

    answer = function.invoke({"command": ["renew"]})

    *said, line = function.logs[0].splitlines()
    assert list(held(server).values()) == [issued.sha256]
    assert (answer["exit_code"], answer["document"]["results"][0]["action"]) == (0, "imported")
    assert documents.read(line) == answer["document"]
    assert any("renew: " in each for each in said)
    assert sorted(set(function.items())) == [f"name#{HEARTBEATS}", "name#shop"]


def test_no_key_stays_on_the_functions_disk_nor_in_its_log(function: Lambda) -> None:
    issued = make_chain()
    function.store(issued)

    function.invoke()

    found = traces(issued.key_pem)
    assert [path for path in function.folder.rglob("*") if path.is_file()] == []
    assert found.found_in(function.logs[0]) == []


@pytest.mark.slow
def test_a_manifest_that_has_changed_in_s3_counts_for_the_next_invocation(function: Lambda, server: StrictAcm) -> None:
    issued = make_chain()
    function.store(issued)
    function.invoke()

    function.store(issued, MANIFEST + 'regions = ["eu-west-1"]\n')
    function.invoke()

    assert list(held(server, "eu-west-1").values()) == [issued.sha256]


def test_a_manifest_may_go_with_the_function(
    function: Lambda, server: StrictAcm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    function.store(make_chain())
    (tmp_path / "task").mkdir()
    (tmp_path / "task" / "certkit.toml").write_text(MANIFEST)
    monkeypatch.setenv("CERTKIT_MANIFEST", "certkit.toml")
    monkeypatch.setenv("LAMBDA_TASK_ROOT", str(tmp_path / "task"))

    function.invoke()

    assert len(held(server)) == 1


def test_a_failure_is_an_error_of_the_function_and_stops_no_other_certificate(
    function: Lambda, server: StrictAcm, wire: Proxy
) -> None:
    issued = make_chain()
    function.store(issued, BLOG + MANIFEST)
    wire.always("GetSecretValue", Refusal("AccessDeniedException", 'not you, "password": "hunter2"', 400))

    with pytest.raises(JobFailedError) as caught:
        function.invoke()

    message = str(caught.value)
    assert message.startswith("renew: exit code 3; blog in us-east-1: aws-denied: ")
    assert "hunter2" not in message
    assert list(held(server).values()) == [issued.sha256]
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


@pytest.mark.slow
def test_a_retry_of_lambdas_after_a_failure_does_what_is_left_and_no_more(
    function: Lambda, server: StrictAcm, wire: Proxy
) -> None:
    function.store(make_chain(), BLOG + MANIFEST)
    for _ in range(2):
        with pytest.raises(JobFailedError):
            function.invoke()
    blog = make_chain(leaf=Request(common_name="blog.example.com"))
    boto3.client("secretsmanager", endpoint_url=server.url).create_secret(
        Name="blog", SecretBinary=blog.key_pem + blog.pem + blog.chain_pem
    )

    function.invoke()

    assert wire.operations.count("ImportCertificate") == len(held(server)) == 2


def test_two_invocations_at_once_import_once(function: Lambda, server: StrictAcm, wire: Proxy) -> None:
    """EventBridge Scheduler calls at least once: https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule.html."""
    first = make_chain()
    function.store(first)
    function.invoke()
    second = renewed()
    function.store(second)
    wire.forget()

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda _: function.invoke(), range(2)))

    assert [answer["exit_code"] for answer in answers] == [0, 0]
    assert list(held(server).values()) == [second.sha256]
    assert wire.operations.count("ImportCertificate") == 1


def test_a_run_that_will_not_be_done_in_time_ends_itself_and_gives_its_locks_back(function: Lambda) -> None:
    function.store(make_chain(), MANIFEST + 'renew_when = "9999d"\nrenew_command = ["sleep", "60"]\n')

    with pytest.raises(JobFailedError, match=r"^renew: exit code 142; it has not come to its end$"):
        function.invoke(milliseconds=15_400)

    assert not any(key.startswith("lock#") for key in function.items())


@pytest.mark.slow
def test_what_cannot_be_begun_in_time_is_said_and_the_next_run_does_it(function: Lambda, server: StrictAcm) -> None:
    issued = make_chain()
    waves = '[waves]\npause = "30m"\n[waves.regions]\neu-west-1 = 2\n'
    function.store(issued, waves + MANIFEST + 'regions = ["us-east-1", "eu-west-1"]\n')

    with pytest.raises(JobFailedError, match=r"^renew: exit code 3; shop in eu-west-1: not-begun: it was not begun: "):
        function.invoke(milliseconds=900_000, waits=True)

    assert (len(held(server)), held(server, "eu-west-1")) == (1, {})
    assert not any(key.startswith("lock#") for key in function.items())
    assert function.invoke()["document"]["results"][0]["action"] == "imported"
    assert list(held(server, "eu-west-1").values()) == [issued.sha256]


@pytest.mark.parametrize(
    ("event", "code"), [({"command": ["renew", "--config", "x"]}, "usage"), ({"command": ["rules"]}, "usage")]
)
def test_an_event_that_asks_for_too_much_does_nothing(function: Lambda, wire: Proxy, event: object, code: str) -> None:
    function.store(make_chain())
    wire.forget()

    with pytest.raises(JobFailedError, match=f"^{code}: the event"):
        function.invoke(event)

    assert "ImportCertificate" not in wire.operations


def test_a_function_without_a_manifest_says_so(function: Lambda, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CERTKIT_MANIFEST")

    with pytest.raises(JobFailedError, match=r"^configuration: CERTKIT_MANIFEST is not set$"):
        function.invoke()


def test_a_manifest_that_is_not_there_is_an_error_that_names_it(function: Lambda) -> None:
    with pytest.raises(JobFailedError, match=rf"s3://{BUCKET}/certkit\.toml: "):
        function.invoke()


def test_the_handler_of_the_template_is_this_one(function: Lambda, capsys: pytest.CaptureFixture[str]) -> None:
    function.store(make_chain())

    answer = lambda_handler({"command": ["status"]}, None)

    assert answer["exit_code"] == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1]) == answer["document"]


def test_every_option_that_an_event_may_have_is_one_of_its_command() -> None:
    for command, options in OPTIONS.items():
        page = certkit(command, "--help").stdout
        for option, has_value in {**options, **COMMON}.items():
            match = re.search(rf"^ +{option}\b( [A-Z])?", page, re.MULTILINE)
            assert match is not None, (command, option)
            assert bool(match[1]) == has_value, (command, option)


def test_an_error_is_no_longer_than_people_read_and_of_one_line() -> None:
    rows = [
        {"name": f"c{number}", "region": HOME, "error": {"code": "aws-denied", "message": "no\n" + "x" * 400}}
        for number in range(99)
    ]

    message = text("renew", 3, {"results": rows})

    assert (len(message), "\n" in message) == (2003, False)
    assert text("renew", 3, {"results": rows[:11]}).startswith("renew: exit code 3; c0 in us-east-1: aws-denied: no")
    assert text("plan", 1, {"actions": []}) == "plan: exit code 1"


def test_an_endpoint_that_serves_something_else_is_a_reason() -> None:
    served = [{"endpoint": "a.example:443", "state": "served"}, {"endpoint": "b.example:443", "state": "stale"}]

    message = text("renew", 1, {"results": [{"name": "shop", "region": HOME, "error": None, "served": served}]})

    assert message == "renew: exit code 1; shop in us-east-1: b.example:443: stale"
