"""`certkit schedule lambda`: what the template makes, and what its role may do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import pytest

import certkit.aws
from certkit.event import command_line
from certkit.notify import metrics
from tests.aws.scene import ACCOUNT, HOME, OTHER
from tests.cli.running import certkit as run
from tests.iam import Request, is_allowed, tagged
from tests.schedule.templates import MANIFEST, TABLE, filled_in, policy, read

NAMED: Final = tagged("ResourceTag", {"certkit:name": "shop"})
ANY: Final = f"arn:aws:acm:{HOME}:{ACCOUNT}:certificate/1"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a manifest."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "certkit.toml").write_text(MANIFEST)
    return tmp_path


@pytest.fixture(scope="module")
def granted(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the role may do."""
    folder = tmp_path_factory.mktemp("granted")
    (folder / "certkit.toml").write_text(MANIFEST)
    run("schedule", "lambda", folder / "certkit.toml", "--out", folder)
    held = policy(read(folder / "template.yaml"))
    held["Statement"] = [one for one in held["Statement"] if one["Sid"] != "SealEscrow"]  # its operator has no model
    return held


def template(*options: str) -> dict[str, Any]:
    """The template, as it is written with these options."""
    done = run("schedule", "lambda", "--out", "deploy", "--force", *options)
    assert done.exit_code == 0, done.stderr
    return read(Path("deploy/template.yaml"))


def properties(found: dict[str, Any], name: str) -> dict[str, Any]:
    held: dict[str, Any] = found["Resources"][name]["Properties"]
    return held


@pytest.mark.usefixtures("folder")
def test_the_function_runs_certkits_own_handler_on_the_manifest_beside_it() -> None:
    function = properties(template(), "Function")

    package, _, name = function["Handler"].rpartition(".")
    assert (package, callable(getattr(certkit.aws, name))) == ("certkit.aws", True)
    assert filled_in(function["Environment"]["Variables"]) == {
        "CERTKIT_MANIFEST": "certkit.toml",
        "CERTKIT_LEDGER": f"dynamodb://{TABLE}?region={HOME}",
        "CERTKIT_STATE": "/tmp/certkit",  # noqa: S108 -- the only place where a function may write
    }
    assert Path("deploy", function["CodeUri"], "certkit.toml").read_text() == MANIFEST
    assert Path("deploy/program/requirements.txt").read_text().startswith("certkit==")


@pytest.mark.usefixtures("folder")
def test_the_scheduler_asks_for_what_the_handler_takes_within_its_window() -> None:
    night = properties(template("--at", "4:05", "--jitter", "90s"), "Function")["Events"]["Night"]["Properties"]

    assert night["ScheduleExpression"] == "cron(5 4 * * ? *)"
    assert night["FlexibleTimeWindow"] == {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 2}
    assert command_line(json.loads(night["Input"]), "M") == ["renew", "M", "--format", "json"]
    assert night["DeadLetterConfig"] == {"Arn": {"Fn::GetAtt": ["Failures", "Arn"]}}


@pytest.mark.usefixtures("folder")
def test_what_fails_or_is_silent_is_told() -> None:
    found = template()

    silence = properties(found, "SilenceAlarm")
    invoked = properties(found, "Function")["EventInvokeConfig"]
    (beat, _) = metrics.of_job("nightly", 0)
    assert invoked["DestinationConfig"]["OnFailure"]["Destination"] == {"Fn::GetAtt": ["Failures", "Arn"]}
    assert (silence["Namespace"], silence["MetricName"]) == (metrics.NAMESPACE, beat.name)
    assert [(one["Name"], one["Value"]) for one in silence["Dimensions"]] == list(beat.dimensions)
    assert silence["TreatMissingData"] == "breaching"
    assert silence["EvaluationPeriods"] * silence["Period"] > 24 * 3600
    alarms = [name for name, one in found["Resources"].items() if one["Type"] == "AWS::CloudWatch::Alarm"]
    assert sorted(alarms) == ["ErrorAlarm", "FailureAlarm", "SilenceAlarm"]
    assert all(properties(found, name)["AlarmActions"] == [{"Ref": "Alarms"}] for name in alarms)


@pytest.mark.usefixtures("folder")
def test_the_ledger_is_made_unless_one_is_named() -> None:
    made, named = template(), template("--ledger", "dynamodb://mine?region=eu-west-1")

    table = made["Resources"]["Ledger"]
    assert table["DeletionPolicy"] == table["UpdateReplacePolicy"] == "Retain"
    assert table["Properties"]["DeletionProtectionEnabled"] is True
    assert table["Properties"]["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert "Ledger" not in named["Resources"]
    write = Request("dynamodb:PutItem", f"arn:aws:dynamodb:eu-west-1:{ACCOUNT}:table/mine")
    assert (is_allowed(policy(named), write), is_allowed(policy(made), write)) == (True, False)


@pytest.mark.parametrize(
    ("action", "resource", "context", "is_right"),
    [
        ("acm:ImportCertificate", ANY, NAMED, True),
        ("acm:ImportCertificate", ANY, {}, False),
        ("acm:DeleteCertificate", ANY, NAMED, False),
        ("acm:ImportCertificate", ANY.replace(HOME, "ap-south-1"), NAMED, False),
        ("s3:GetObject", "arn:aws:s3:::bundles/tls/shop.pfx", {}, True),
        ("s3:GetObject", "arn:aws:s3:::bundles/tls/other.pfx", {}, False),
        (
            "secretsmanager:GetSecretValue",
            f"arn:aws:secretsmanager:eu-west-1:{ACCOUNT}:secret:shop/pfx-a1B2c3",
            {},
            True,
        ),
        ("secretsmanager:GetSecretValue", f"arn:aws:secretsmanager:{HOME}:{ACCOUNT}:secret:chat-a1B2c3", {}, True),
        ("secretsmanager:GetSecretValue", f"arn:aws:secretsmanager:{HOME}:{ACCOUNT}:secret:chatter-a1B2c3", {}, False),
        ("ssm:GetParameter", f"arn:aws:ssm:{HOME}:{ACCOUNT}:parameter/web/bundle", {}, True),
        ("ssm:GetParameter", f"arn:aws:ssm:{HOME}:{ACCOUNT}:parameter/ping", {}, True),
        ("ssm:GetParameter", f"arn:aws:ssm:{HOME}:{ACCOUNT}:parameter/web", {}, False),
        ("sts:AssumeRole", f"arn:aws:iam::{OTHER}:role/certkit", {}, True),
        ("sts:AssumeRole", f"arn:aws:iam::{OTHER}:role/admin", {}, False),
        ("s3:PutObject", "arn:aws:s3:::my-escrow/certkit/1/us-east-1/shop/x.pem", {}, True),
        ("s3:GetObject", "arn:aws:s3:::my-escrow/certkit/1/us-east-1/shop/x.pem", {}, False),
        ("cloudwatch:PutMetricData", "*", {"cloudwatch:namespace": "certkit"}, True),
        ("cloudwatch:PutMetricData", "*", {"cloudwatch:namespace": "AWS/Billing"}, False),
        ("sns:Publish", f"arn:aws:sns:{HOME}:{ACCOUNT}:certificates", {}, True),
    ],
)
def test_the_role_may_do_what_the_manifest_takes_and_no_more(
    granted: dict[str, Any], action: str, resource: str, context: dict[str, str], is_right: bool
) -> None:
    assert is_allowed(granted, Request(action, resource, context)) is is_right


@pytest.mark.usefixtures("folder")
def test_new_certificates_are_imported_by_whoever_was_allowed_to_for_that_stack() -> None:
    creator = template()["Resources"]["CreatorPolicy"]

    new = Request("acm:ImportCertificate", ANY, tagged("RequestTag", {"certkit:name": "shop"}))
    assert creator["Condition"] == "IsCreator"
    assert is_allowed(filled_in(creator["Properties"]["PolicyDocument"]), new)


def test_an_account_that_gets_no_certificates_may_not_write_any(folder: Path) -> None:
    (folder / "certkit.toml").write_text(
        MANIFEST.replace("[certificates.shop]\nsource", '[certificates.shop]\naccounts = ["other"]\nsource')
    )

    found = template()

    assert "CreatorPolicy" not in found["Resources"]
    assert not any(action.startswith("acm:") for one in policy(found)["Statement"] for action in one["Action"])


@pytest.mark.usefixtures("folder")
def test_a_manifest_in_s3_is_read_from_there() -> None:
    found = template("--manifest-uri", "s3://config/certkit.toml")

    variables = properties(found, "Function")["Environment"]["Variables"]
    assert variables["CERTKIT_MANIFEST"] == "s3://config/certkit.toml"
    assert is_allowed(
        {"Statement": [one for one in policy(found)["Statement"] if one["Sid"] == "ReadObjects"]},
        Request("s3:GetObject", "arn:aws:s3:::config/certkit.toml"),
    )


def test_a_layer_says_by_its_name_what_it_is_for(folder: Path) -> None:
    (folder / "dist").mkdir()
    (folder / "dist" / "certkit-lambda-1.0-python3.12-x86_64.zip").touch()

    found = template("--package", "dist/certkit-lambda-1.0-python3.12-x86_64.zip")

    layer = found["Resources"]["Program"]
    assert (properties(found, "Function")["Runtime"], properties(found, "Function")["Architectures"]) == (
        "python3.12",
        ["x86_64"],
    )
    assert (folder / "deploy" / layer["Properties"]["ContentUri"]).is_file()
    assert "Metadata" not in layer
    assert not (folder / "deploy" / "program").exists()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (('source = "ssm:///web/bundle"', 'source = "web.pem"'), "configuration"),
        (("secretsmanager://chat", "env:CHAT"), "configuration"),
        (("heartbeat = true", "heartbeat = false"), "configuration"),
        (
            ('bucket = "my-escrow"\nprefix = "certkit"\nkms_key = "alias/certkit"', 'folder = "x"\nrecipient = "y"'),
            "configuration",
        ),
        (('source = "ssm:///web/bundle"', 'source = "ssm://"'), "usage"),
    ],
)
def test_what_a_function_could_not_do_is_no_job_of_its(folder: Path, change: tuple[str, str], code: str) -> None:
    assert change[0] in MANIFEST
    (folder / "certkit.toml").write_text(MANIFEST.replace(*change))

    done = run("schedule", "lambda", "--out", "deploy", "--format", "json")

    assert (done.exit_code, done.error_code) == (2, code)
    assert not (folder / "deploy").exists()


@pytest.mark.parametrize(
    "given",
    [
        ("--ledger", "ledger.db"),
        ("--jitter", "25h"),
        ("--package", "certkit.zip"),
        ("--package", "missing-python3.13-arm64.zip"),
        ("--manifest-uri", "https://example.com/certkit.toml"),
        ("--manifest-uri", "s3://bucket"),
        ("--image", "x"),
        ("--role-arn", "arn:aws:iam::111122223333:role/x"),
    ],
)
@pytest.mark.usefixtures("folder")
def test_options_without_a_meaning_there_are_refused(given: tuple[str, ...]) -> None:
    done = run("schedule", "lambda", *given, "--format", "json")

    assert (done.exit_code, done.error_code) == (2, "usage")


def test_programs_that_a_function_lacks_are_said(folder: Path) -> None:
    (folder / "certkit.toml").write_text(MANIFEST + 'renew_command = ["certbot", "renew"]\n')

    done = run("schedule", "lambda", "--out", "deploy")

    assert (done.exit_code, done.stderr.splitlines()[0]) == (
        0,
        "certkit: warning: web: a function has no certbot unless a layer of yours brings it",
    )


def test_roles_that_one_template_cannot_make_alike_are_said(folder: Path) -> None:
    more = '[accounts.third]\nid = "333333333333"\nrole = "arn:aws:iam::333333333333:role/ops/deployer"\n'
    text = MANIFEST.replace('accounts = ["other"]', 'accounts = ["other", "third"]')
    (folder / "certkit.toml").write_text(text.replace("[escrow]", f"{more}[escrow]"))

    done = run("schedule", "lambda", "--out", "deploy")

    assert (done.exit_code, done.stderr.splitlines()[:2]) == (
        0,
        [
            "certkit: warning: the roles have several names, and members.yaml makes one: /certkit, /ops/deployer",
            "certkit: warning: accounts.third: members.yaml asks for an external_id",
        ],
    )
