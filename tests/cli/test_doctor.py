"""`certkit doctor` against the strict ACM, over HTTP; what moto has not is answered in its place."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import boto3
import pytest

from certkit.ledger.sqlite import SqliteLedger
from tests.aws import faults
from tests.aws.faults import Edit, Fault, Page, Refusal
from tests.aws.scene import ACCOUNT, HOME, NOW, OTHER, WRITES
from tests.escrow.scene import recipient
from tests.issuing import make_chain
from tests.ledger.scene import INTENT, make_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from certkit.testing import SettableClock, StrictAcm
    from tests.aws.faults import Proxy
    from tests.aws.scene import Ran

pytest_plugins = ["tests.aws.fixtures"]

ANNA = f"arn:aws:iam::{ACCOUNT}:user/anna"


@pytest.fixture
def doctor(
    run: Callable[..., Ran], wire: Proxy, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Callable[..., dict[str, tuple[str, str]]]:
    """Runs `certkit doctor` as Anna, and returns state and message of each check; the exit code is that of `code`."""
    monkeypatch.setattr(faults._Handler, "date_time_string", lambda *_: "Sun, 22 Nov 2026 12:00:03 GMT")
    monkeypatch.setenv("CERTKIT_STATE", str(tmp_path / "state"))
    monkeypatch.chdir(tmp_path)
    _be(wire, ANNA)
    _simulate(wire, ())
    wire.always("ListServiceQuotas", _quotas(("Imported certificates", 10.0)))

    def ask(*arguments: str) -> dict[str, tuple[str, str]]:
        ran = run("doctor", *arguments, "--format", "json")
        found = {row["check"]: (row["state"], row["message"]) for row in ran.document["checks"]}
        return {**found, "code": (str(ran.code), "")}

    return ask


def _be(wire: Proxy, arn: str) -> None:
    wire.always(
        "GetCallerIdentity", Edit(lambda body: body.replace(b"arn:aws:sts::123456789012:user/moto", arn.encode()))
    )


def _simulate(wire: Proxy, denied: Iterable[str]) -> None:
    """Has IAM's simulator deny these actions."""
    members = "".join(
        f"<member><EvalActionName>{one}</EvalActionName><EvalDecision>implicitDeny</EvalDecision></member>"
        for one in denied
    )
    allowed = "<member><EvalActionName>x:Y</EvalActionName><EvalDecision>allowed</EvalDecision></member>"
    result = f"<EvaluationResults>{members}{allowed}</EvaluationResults><IsTruncated>false</IsTruncated>"
    body = f"<SimulatePrincipalPolicyResult>{result}</SimulatePrincipalPolicyResult>"
    wire.always(
        "SimulatePrincipalPolicy", Page(f"<SimulatePrincipalPolicyResponse>{body}</SimulatePrincipalPolicyResponse>")
    )


def _quotas(*rows: tuple[str, float]) -> Page:
    return Page(json.dumps({"Quotas": [{"QuotaName": name, "Value": value} for name, value in rows]}))


def test_all_is_well(doctor: Callable[..., Any], put: Callable[..., str], tmp_path: Path, wire: Proxy) -> None:
    put(make_chain())

    found = doctor()

    assert found == {
        "manifest": ("ok", "there is none"),
        "state": ("ok", f"{tmp_path}/state can be written"),
        "region": ("ok", "us-east-1: by default"),
        "clock": ("ok", "within 30 s of AWS's"),
        "identity": ("ok", f"{ANNA} in account {ACCOUNT}"),
        "permissions": ("ok", "the caller's policies allow what a renewer does"),
        "quota us-east-1": ("ok", "1 of 10 imported certificates; the imports of the last 365 days cannot be read"),
        "ledger": ("ok", f"{tmp_path}/state/ledger.sqlite3: entries: 0"),
        "code": ("0", ""),
    }
    assert WRITES.isdisjoint(wire.operations)
    assert list((tmp_path / "state").iterdir()) == []


def test_the_simulator_is_asked_for_what_the_role_takes_in_the_context_of_its_conditions(
    doctor: Callable[..., Any], wire: Proxy
) -> None:
    doctor("--for", "creator", "--region", HOME, "--region", "eu-west-1")

    asked = [sent.body for sent in wire.sent if sent.operation == "SimulatePrincipalPolicy"]
    by_action = {one["ActionNames.member.1"]: one for one in asked}
    certificate = f"arn:aws:acm:eu-west-1:{ACCOUNT}:certificate/00000000-0000-0000-0000-000000000000"
    assert {one["PolicySourceArn"] for one in asked} == {ANNA}
    assert by_action["acm:DeleteCertificate"]["ResourceArns.member.2"] == certificate
    assert (
        by_action["acm:DeleteCertificate"]["ContextEntries.member.1.ContextKeyName"] == "aws:ResourceTag/certkit:name"
    )
    contexts = {one.get("ContextEntries.member.1.ContextKeyName") for one in asked}
    assert contexts == {None, "aws:ResourceTag/certkit:name", "aws:RequestTag/certkit:name"}


def test_an_action_that_is_denied_is_in_the_way(doctor: Callable[..., Any], wire: Proxy) -> None:
    _simulate(wire, ["acm:ImportCertificate"])

    found = doctor()

    assert found["permissions"] == ("fail", "a renewer also needs acm:ImportCertificate")
    assert found["code"] == ("1", "")


@pytest.mark.parametrize(
    ("arn", "principal"),
    [
        (f"arn:aws:sts::{ACCOUNT}:assumed-role/certkit/session", f"arn:aws:iam::{ACCOUNT}:role/certkit"),
        (f"arn:aws:iam::{ACCOUNT}:user/team/anna", f"arn:aws:iam::{ACCOUNT}:user/team/anna"),
        (f"arn:aws:iam::{ACCOUNT}:root", None),
        (f"arn:aws:sts::{ACCOUNT}:federated-user/anna", None),
    ],
)
def test_a_role_is_simulated_as_itself_and_what_has_no_policies_is_not_provable(
    doctor: Callable[..., Any], wire: Proxy, arn: str, principal: str | None
) -> None:
    _be(wire, arn)

    found = doctor()

    asked = {sent.body["PolicySourceArn"] for sent in wire.sent if sent.operation == "SimulatePrincipalPolicy"}
    assert asked == ({principal} if principal else set())
    assert found["permissions"][0] == ("ok" if principal else "warn")
    assert found["code"] == ("0", "")


@pytest.mark.parametrize("code", ["AccessDenied", "NoSuchEntity"])
def test_where_iam_may_not_be_asked_permissions_are_not_provable(
    doctor: Callable[..., Any], wire: Proxy, code: str
) -> None:
    wire.always("SimulatePrincipalPolicy", Refusal(code, "not you"))

    found = doctor()

    assert found["permissions"][0] == "warn"
    assert found["permissions"][1].startswith("not provable: simulating the caller's policies: ")
    assert found["code"] == ("0", "")


def test_a_simulator_that_does_not_answer_could_not_be_asked(doctor: Callable[..., Any], wire: Proxy) -> None:
    wire.always("SimulatePrincipalPolicy", Fault.ERROR_BEFORE)

    found = doctor()

    assert (found["permissions"][0], found["code"][0]) == ("unknown", "3")


def test_a_quota_that_is_not_told_is_the_documented_one(doctor: Callable[..., Any], wire: Proxy) -> None:
    wire.always("ListServiceQuotas", Refusal("AccessDeniedException"))
    denied = doctor()["quota us-east-1"]
    wire.always("ListServiceQuotas", _quotas(("ACM certificates", 1.0)))

    assert doctor()["quota us-east-1"] == denied
    assert denied[0] == "ok"
    assert denied[1].startswith("0 of 2500 imported certificates by the documented default")


def test_a_quota_that_is_used_up_is_in_the_way(
    doctor: Callable[..., Any], put: Callable[..., str], wire: Proxy
) -> None:
    put(make_chain())
    wire.always("ListServiceQuotas", _quotas(("Imported Certificates", 1.0)))

    found = doctor()

    assert (found["quota us-east-1"][0], found["code"][0]) == ("fail", "1")


def test_a_clock_that_is_off_is_told_also_where_aws_refuses_for_it(
    doctor: Callable[..., Any], wire: Proxy, clock: SettableClock
) -> None:
    clock.advance(NOW - NOW.replace(hour=11))
    wire.always("GetCallerIdentity", Refusal("SignatureDoesNotMatch", "Signature expired", status=403))

    found = doctor()

    assert found["clock"] == ("fail", "3597 s ahead of AWS's, which refuses what is signed so")
    assert found["identity"][0] == "unknown"
    assert "permissions" not in found
    assert found["code"] == ("3", "")


def test_a_region_that_may_not_be_listed_could_not_be_asked_and_the_others_are(
    doctor: Callable[..., Any], server: StrictAcm
) -> None:
    server.deny("ListCertificates", region="eu-west-1")

    found = doctor("--region", "eu-west-1", "--region", HOME)

    assert (found["quota eu-west-1"][0], found["quota us-east-1"][0]) == ("unknown", "ok")
    assert found["region"] == ("ok", "eu-west-1, us-east-1: from --region")
    assert found["code"] == ("3", "")


def test_open_writes_are_told(doctor: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    SqliteLedger(tmp_path / "state" / "ledger.sqlite3", lambda: NOW).write(INTENT)

    found = doctor()

    assert found["ledger"] == ("warn", f"{tmp_path}/state/ledger.sqlite3: entries: 1, not settled: 1")


def test_a_ledger_or_a_state_folder_that_cannot_be_used_is_in_the_way(
    doctor: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("junk" * 1024)
    monkeypatch.setenv("CERTKIT_STATE", str(tmp_path / "file" / "state"))
    monkeypatch.setenv("CERTKIT_LEDGER", str(tmp_path / "file"))

    found = doctor()

    assert (found["state"][0], found["ledger"][0], found["code"][0]) == ("fail", "fail", "1")


def test_a_shared_ledger_is_reached_and_its_permissions_are_asked_for(
    doctor: Callable[..., Any], wire: Proxy, server: StrictAcm
) -> None:
    missing = doctor("--ledger", "dynamodb://certkit")["ledger"]
    make_table(server.url)

    found = doctor("--ledger", "dynamodb://certkit")

    actions = {sent.body["ActionNames.member.1"] for sent in wire.sent if sent.operation == "SimulatePrincipalPolicy"}
    assert missing[0] == "fail"
    assert found["ledger"] == ("ok", "dynamodb://certkit?region=us-east-1: entries: 0")
    assert {"dynamodb:Query", "dynamodb:PutItem", "dynamodb:DeleteItem"} <= actions


ESCROW: Final = "s3://my-escrow/certkit?kms_key=alias/certkit"
WOULD_WORK: Final = Refusal(
    "DryRunOperationException", "The request would have succeeded, but the DryRun option is set."
)


@pytest.fixture
def bucket(server: StrictAcm, wire: Proxy) -> Any:
    """S3 past the proxy, with a bucket that keeps versions and a key that KMS knows."""
    wire.always("GenerateDataKey", WOULD_WORK)
    s3 = boto3.client("s3", endpoint_url=server.url, region_name=HOME)
    s3.create_bucket(Bucket="my-escrow")
    s3.put_bucket_versioning(Bucket="my-escrow", VersioningConfiguration={"Status": "Enabled"})
    return s3


def _of_escrow(found: dict[str, tuple[str, str]]) -> dict[str, tuple[str, str]]:
    return {about: row for about, row in found.items() if about.startswith("escrow")}


def test_an_escrow_is_looked_at_without_a_write(doctor: Callable[..., Any], wire: Proxy, bucket: Any) -> None:
    found = doctor("--escrow", ESCROW)

    rest = "whether those of bucket and key do, the first bundle shows"
    assert _of_escrow(found) == {
        "escrow": ("ok", "s3://my-escrow/certkit: it is reached, keeps versions and is not public"),
        "escrow key": ("ok", "alias/certkit: the caller may encrypt under it"),
        "escrow permissions": ("ok", f"the caller's policies allow what a renewer does there; {rest}"),
    }
    assert found["code"] == ("0", "")
    asked = [sent.body for sent in wire.sent if sent.operation == "GenerateDataKey"]
    assert [(one["KeyId"], one["DryRun"]) for one in asked] == [("alias/certkit", True)]
    assert "PutObject" not in wire.operations
    assert bucket.list_object_versions(Bucket="my-escrow").get("Versions") is None


@pytest.mark.slow
def test_who_only_reads_needs_no_escrow(doctor: Callable[..., Any], wire: Proxy) -> None:
    found = doctor("--for", "reader", "--escrow", ESCROW)

    assert (_of_escrow(found), found["code"][0]) == ({}, "0")
    assert "ListObjectsV2" not in wire.operations


@pytest.mark.slow
@pytest.mark.parametrize(
    ("operation", "step", "about", "state", "message"),
    [
        ("ListObjectsV2", Refusal("NoSuchBucket", "no", 404), "escrow", "fail", "the escrow's bucket does not exist"),
        ("ListObjectsV2", Refusal("AccessDenied", "no", 403), "escrow", "fail", "may not use the escrow's bucket"),
        ("ListObjectsV2", Fault.ERROR_BEFORE, "escrow", "unknown", "listing the bundles in s3://my-escrow/certkit"),
        ("GetBucketVersioning", Refusal("AccessDenied", "no", 403), "escrow", "warn", "keeps versions cannot be seen"),
        ("GetBucketPolicyStatus", Refusal("AccessDenied", "no", 403), "escrow", "warn", "is public cannot be seen"),
        ("GenerateDataKey", Refusal("NotFoundException", "no"), "escrow key", "fail", "KMS key cannot be used"),
        ("GenerateDataKey", Refusal("AccessDeniedException", "no"), "escrow key", "fail", "alias/certkit"),
        ("GenerateDataKey", Fault.RESET_BEFORE, "escrow key", "unknown", "alias/certkit"),
    ],
)
def test_what_is_wrong_with_an_escrow_is_told(
    doctor: Callable[..., Any],
    wire: Proxy,
    bucket: Any,
    operation: str,
    step: Any,
    about: str,
    state: str,
    message: str,
) -> None:
    del bucket
    wire.always(operation, step)

    found = doctor("--escrow", ESCROW)

    assert found[about][0] == state
    assert message in found[about][1]
    assert found["code"][0] == {"fail": "1", "unknown": "3", "warn": "0"}[state]


@pytest.mark.slow
def test_a_bucket_without_versions_or_open_to_everybody_is_in_the_way(doctor: Callable[..., Any], bucket: Any) -> None:
    bucket.put_bucket_versioning(Bucket="my-escrow", VersioningConfiguration={"Status": "Suspended"})
    unversioned = doctor("--escrow", ESCROW)
    statement = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::my-escrow/*"}
    bucket.put_bucket_policy(Bucket="my-escrow", Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))

    public = doctor("--escrow", ESCROW)

    assert unversioned["escrow"] == ("fail", "s3://my-escrow/certkit: the bucket keeps no versions")
    assert public["escrow"] == ("fail", "s3://my-escrow/certkit: the bucket's policy opens it to everybody")
    assert (unversioned["code"][0], public["code"][0]) == ("1", "1")


@pytest.mark.slow
def test_what_the_callers_policies_do_not_allow_those_of_the_bucket_may(
    doctor: Callable[..., Any], wire: Proxy, bucket: Any
) -> None:
    del bucket
    _simulate(wire, ["s3:PutObject"])

    found = doctor("--escrow", ESCROW)

    assert found["escrow permissions"][0] == "warn"
    assert found["escrow permissions"][1].startswith("the caller's policies do not allow s3:PutObject; ")


@pytest.mark.slow
def test_an_escrow_in_a_folder_is_looked_at_with_its_recipient(
    doctor: Callable[..., Any], tmp_path: Path, clock: SettableClock
) -> None:
    (tmp_path / "escrow.crt").write_bytes(recipient().pem)
    expires = recipient().certificate.not_valid_after_utc
    url = f"file://{tmp_path}/keys/below?recipient={tmp_path}/escrow.crt"

    good = _of_escrow(doctor("--escrow", url))
    clock.advance(expires - NOW + timedelta(days=1))
    expired = _of_escrow(doctor("--escrow", url))
    (tmp_path / "escrow.crt").unlink()
    (tmp_path / "keys").write_text("")
    lost = _of_escrow(doctor("--escrow", url))

    day = f"{expires:%Y-%m-%d}"
    assert good == {
        "escrow": ("ok", f"{tmp_path}/keys/below can be written"),
        "escrow recipient": ("ok", f"bundles are closed to escrow, valid until {day}"),
    }
    assert expired["escrow recipient"] == ("warn", f"bundles are closed to escrow, which expired on {day}")
    assert lost["escrow"] == ("fail", f"the escrow: {tmp_path}/keys cannot be written")
    assert lost["escrow recipient"][0] == "fail"


def test_what_names_no_escrow_is_in_the_way(doctor: Callable[..., Any]) -> None:
    found = doctor("--escrow", "s3://my-escrow")

    assert (found["escrow"][0], found["code"][0]) == ("fail", "1")


def _save_manifest(folder: Path) -> None:
    (folder / "certkit.toml").write_text(
        f'[defaults]\nregions = ["eu-west-1"]\n[accounts.prod]\nid = "{OTHER}"\nrole = "arn:aws:iam::{OTHER}:role/certkit"\n'
        '[certificates.shop]\nsource = "shop.pem"\naccounts = ["prod"]\n'
    )


def test_the_manifest_counts_and_its_accounts_are_entered(doctor: Callable[..., Any], tmp_path: Path) -> None:
    _save_manifest(tmp_path)

    found = doctor()

    assert found["manifest"] == ("ok", "certkit.toml: certificates: 1")
    assert found["region"] == ("ok", "eu-west-1: from certkit.toml")
    assert found["account prod"][0] == "ok"
    assert OTHER in found["account prod"][1]


def test_an_account_that_cannot_be_entered_is_in_the_way(
    doctor: Callable[..., Any], tmp_path: Path, wire: Proxy
) -> None:
    _save_manifest(tmp_path)
    wire.always("AssumeRole", Refusal("AccessDenied", "not you", status=403))

    found = doctor()

    assert found["account prod"][0] == "fail"
    assert "not you" in found["account prod"][1]
    assert found["code"] == ("1", "")


def test_a_manifest_that_cannot_be_read_is_in_the_way(doctor: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "certkit.toml").write_text("[certificates.shop]\nsorce = 1\n")

    found = doctor()

    assert (found["manifest"][0], found["code"][0]) == ("fail", "1")
    assert found["identity"][0] == "ok"


@pytest.mark.usefixtures("doctor")
def test_people_read_a_line_for_each_check_and_what_to_do(run: Callable[..., Ran], wire: Proxy) -> None:
    _simulate(wire, ["acm:ImportCertificate"])

    lines = run("doctor").out.splitlines()

    assert lines[0].split() == ["ok", "manifest", "there", "is", "none"]
    at = next(number for number, line in enumerate(lines) if line.startswith("fail"))
    assert lines[at].split(maxsplit=2) == ["fail", "permissions", "a renewer also needs acm:ImportCertificate"]
    assert lines[at + 1].split()[:4] == ["hint:", "certkit", "policy", "renewer"]
