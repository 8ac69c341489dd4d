"""The templates of `schedule lambda`, held to AWS's own tools, and deployed to the local CloudFormation."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import warnings
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import boto3
import pytest

from certkit.cli.session import Session
from certkit.invocation import run as invoke
from tests.aws.scene import ACCOUNT, HOME, held
from tests.cli.running import certkit as run
from tests.iam import Request, is_allowed, tagged
from tests.issuing import make_chain
from tests.schedule.templates import FACTS, MANIFEST, filled_in, read

if TYPE_CHECKING:
    from collections.abc import Callable

    from certkit.testing import SettableClock, StrictAcm
    from tests.aws.faults import Proxy, Sent

pytestmark = pytest.mark.interop
pytest_plugins = ["tests.aws.fixtures"]

SKIPPED: Final = {
    "AWS::CloudWatch::Alarm",
    "AWS::Lambda::EventInvokeConfig",
    "AWS::SNS::Subscription",
    "AWS::Scheduler::Schedule",
}
"""What the local CloudFormation passes over: of these, the linter and AWS's schemas are all that has looked at them."""

CREATOR: Final = {
    "AlarmEmail": "anna@example.com",
    "Creator": "true",
    "DecryptKeys": f"arn:aws:kms:{HOME}:{ACCOUNT}:key/1",
    "Reserved": "true",
}
OWN: Final = '[job]\nheartbeat = true\n[certificates.shop]\nsource = "s3://bundles/shop.pem"\n'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a manifest."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "certkit.toml").write_text(MANIFEST)
    return tmp_path


def written(*options: str) -> Path:
    done = run("schedule", "lambda", "--out", "deploy", "--force", *options)
    assert done.exit_code == 0, done.stderr
    return Path("deploy")


def lint(path: Path) -> str:
    """What cfn-lint has against a template."""
    program = Path(sys.executable).parent / "cfn-lint"
    return subprocess.run([program, path], capture_output=True, text=True, check=False).stdout


def translated(folder: Path) -> dict[str, Any]:
    """The template as AWS deploys it, its packages in S3."""
    from samtranslator.parser.parser import Parser  # noqa: PLC0415 -- large, and installed for these tests alone
    from samtranslator.translator.translator import Translator  # noqa: PLC0415

    template = read(folder / "template.yaml")
    for resource, key in (("Function", "CodeUri"), ("Program", "ContentUri")):
        template["Resources"][resource]["Properties"][key] = "s3://packages/package.zip"
    found: dict[str, Any] = Translator({}, Parser()).translate(template, {})
    return found


@pytest.mark.parametrize("options", [(), ("--ledger", "dynamodb://mine"), ("--jitter", "0m")])
def test_the_template_has_no_fault_as_it_is_nor_as_it_is_deployed(
    folder: Path, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...]
) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", HOME)

    deploy = written(*options)
    (folder / "translated.json").write_text(json.dumps(translated(deploy)))

    assert lint(deploy / "template.yaml") == ""
    assert lint(folder / "translated.json") == ""


@pytest.mark.usefixtures("folder")
def test_the_template_for_the_members_has_no_fault() -> None:
    assert lint(written() / "members.yaml") == ""


def test_the_linter_finds_what_is_wrong(folder: Path) -> None:
    """A gate that lets everything pass is none."""
    text = (written() / "template.yaml").read_text()

    (folder / "wrong.yaml").write_text(text.replace('"breaching"', '"brooching"'))

    assert "brooching" in lint(folder / "wrong.yaml")


@pytest.fixture
def deploy(server: StrictAcm) -> Callable[..., set[str]]:
    """Makes a stack, and returns the types of resources that were passed over."""

    def make(name: str, template: str, **parameters: str) -> set[str]:
        given = [{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()]
        client = boto3.client("cloudformation", endpoint_url=server.url, region_name=HOME)
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            client.create_stack(
                StackName=name,
                TemplateBody=template,
                Parameters=given,
                Capabilities=["CAPABILITY_NAMED_IAM"],
            )
        (stack,) = client.describe_stacks(StackName=name)["Stacks"]
        assert stack["StackStatus"] == "CREATE_COMPLETE"
        words = " ".join(str(one.message) for one in caught)
        return {word for word in words.split() if word.startswith("AWS::")}

    return make


def test_a_stack_that_is_deployed_runs_certkit_with_what_its_role_may(
    folder: Path,
    server: StrictAcm,
    wire: Proxy,
    clock: SettableClock,
    deploy: Callable[..., set[str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (folder / "certkit.toml").write_text(OWN)
    issued = make_chain()
    s3 = boto3.client("s3", endpoint_url=server.url)
    for bucket, key, body in (
        ("packages", "package.zip", _zip()),
        ("bundles", "shop.pem", issued.key_pem + issued.pem + issued.chain_pem),
    ):
        s3.create_bucket(Bucket=bucket)
        s3.put_object(Bucket=bucket, Key=key, Body=body)
    template = translated(written())

    skipped = deploy("hub", json.dumps(template), **CREATOR)
    (function,) = boto3.client("lambda", endpoint_url=server.url).list_functions()["Functions"]
    wire.forget()
    for name, value in function["Environment"]["Variables"].items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("CERTKIT_STATE", str(folder / "state"))
    monkeypatch.setenv("LAMBDA_TASK_ROOT", str(folder / "deploy" / "function"))
    session = Session(dict(os.environ), io.BytesIO(), io.StringIO(), io.StringIO(), clock, asks=False)
    answer = invoke({"command": ["renew"]}, None, session)

    assert skipped == SKIPPED
    assert answer["exit_code"] == 0
    assert list(held(server).values()) == [issued.sha256]
    table = function["Environment"]["Variables"]["CERTKIT_LEDGER"].split("/")[2].split("?")[0]
    role = _granted(written(), {**FACTS, "Ledger": table})
    requests = [request for sent in wire.sent for request in _asked(sent, table)]
    assert {"cloudwatch:PutMetricData", "s3:GetObject", "dynamodb:PutItem"} <= {one.action for one in requests}
    assert [one for one in requests if not is_allowed(role, one)] == []


def test_the_roles_of_the_members_are_made(server: StrictAcm, folder: Path, deploy: Callable[..., set[str]]) -> None:
    del folder
    text = (written() / "members.yaml").read_text()

    skipped = deploy("members", text, HubRoleArn=FACTS["HubRoleArn"], Creator="true")

    iam = boto3.client("iam", endpoint_url=server.url)
    assert skipped == set()
    assert iam.list_role_policies(RoleName="certkit")["PolicyNames"] == ["certkit", "creator"]
    assert iam.list_role_policies(RoleName="certkit-reader")["PolicyNames"] == ["certkit"]


def _zip() -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("certkit.toml", OWN)
    return written.getvalue()


def _granted(folder: Path, facts: dict[str, str]) -> dict[str, Any]:
    """All that the role may, as a creator."""
    template = read(folder / "template.yaml")
    creator = filled_in(template["Resources"]["CreatorPolicy"]["Properties"]["PolicyDocument"], facts)
    role = [one["PolicyDocument"] for one in template["Resources"]["Role"]["Properties"]["Policies"][1:]]
    return {"Statement": [each for one in [*filled_in(role, facts), creator] for each in one["Statement"]]}


def _asked(sent: Sent, table: str) -> list[Request]:
    """What IAM is asked about a request."""
    region, service = sent.scope
    match service:
        case "sts":
            return []  # who the caller is everybody may ask
        case "dynamodb":
            arn = f"arn:aws:dynamodb:{region}:{ACCOUNT}:table/{table}"
            steps = [(f"{kind}Item", step) for one in sent.body.get("TransactItems", ()) for kind, step in one.items()]
            return [
                Request(f"dynamodb:{operation}", arn, {"dynamodb:LeadingKeys": (_key(step),)})
                for operation, step in steps or [(sent.operation, sent.body)]
            ]
        case "s3":
            return [Request("s3:GetObject", "arn:aws:s3:::bundles/shop.pem")]
        case "monitoring":
            return [Request("cloudwatch:PutMetricData", "*", {"cloudwatch:namespace": "certkit"})]
        case "acm":
            arn = sent.body.get("CertificateArn", f"arn:aws:acm:{region}:{ACCOUNT}:certificate/*")
            tags = {tag["Key"]: tag.get("Value", "") for tag in sent.body.get("Tags", ())}
            return [Request(f"acm:{sent.operation}", arn, tagged("RequestTag", tags))]
    return [Request(f"{service.replace('tagging', 'tag')}:{sent.operation}")]


def _key(step: dict[str, Any]) -> str:
    held = step.get("Item", step.get("Key", {})).get("pk") or step["ExpressionAttributeValues"][":key"]
    key: str = held["S"]
    return key
