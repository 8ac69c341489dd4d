"""The roles of the member accounts, for a StackSet."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from certkit.aws.roles import Role
from tests.aws.scene import ACCOUNT
from tests.cli.running import certkit as run
from tests.iam import Request, is_allowed, tagged
from tests.schedule.templates import FACTS, MANIFEST, filled_in, policy, read

IRELAND: Final = f"arn:aws:acm:eu-west-1:{ACCOUNT}:certificate/1"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a manifest."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "certkit.toml").write_text(MANIFEST)
    return tmp_path


@pytest.mark.parametrize(("resource", "name"), [("Renewer", "certkit"), ("Reader", "certkit-reader")])
@pytest.mark.usefixtures("folder")
def test_a_role_can_be_taken_by_the_job_alone_with_its_external_id_and_as_a_run(resource: str, name: str) -> None:
    run("schedule", "lambda", "--out", "deploy")

    role = read(Path("deploy/members.yaml"))["Resources"][resource]["Properties"]
    trust = filled_in(role["AssumeRolePolicyDocument"])
    (statement,) = trust["Statement"]
    assert (role["RoleName"], statement["Principal"]) == (name, {"AWS": FACTS["HubRoleArn"]})
    run_of_certkit = Role("arn", "k3x0", "0a1b2c3d").session_name
    for external_id, session, is_right in (
        ("k3x0", run_of_certkit, True),
        ("other", run_of_certkit, False),
        ("k3x0", "somebody", False),
    ):
        context = {"sts:ExternalId": external_id, "sts:RoleSessionName": session}
        asked = {**statement, "Resource": "*"}
        del asked["Principal"]
        assert is_allowed({"Statement": [asked]}, Request("sts:AssumeRole", "*", context)) is is_right


@pytest.mark.usefixtures("folder")
def test_a_renewer_renews_in_the_regions_of_those_accounts_and_a_reader_reads() -> None:
    run("schedule", "lambda", "--out", "deploy")

    found = read(Path("deploy/members.yaml"))
    named = tagged("ResourceTag", {"certkit:name": "web"})
    renewer, reader = (policy(found, role=role) for role in ("Renewer", "Reader"))
    assert is_allowed(renewer, Request("acm:ImportCertificate", IRELAND, named))
    assert not is_allowed(renewer, Request("acm:ImportCertificate", IRELAND.replace("eu-west-1", "us-east-1"), named))
    assert not is_allowed(renewer, Request("acm:ImportCertificate", IRELAND))
    assert not is_allowed(reader, Request("acm:ImportCertificate", IRELAND, named))
    assert is_allowed(reader, Request("acm:GetCertificate", IRELAND))
    assert found["Parameters"]["ExternalId"]["Default"] == "k3x0"


def test_a_manifest_without_other_accounts_has_no_members(folder: Path) -> None:
    (folder / "certkit.toml").write_text(MANIFEST.replace('accounts = ["other"]\n', ""))

    run("schedule", "lambda", "--out", "deploy")

    assert not (folder / "deploy" / "members.yaml").exists()


def test_an_account_without_an_external_id_is_said(folder: Path) -> None:
    (folder / "certkit.toml").write_text(MANIFEST.replace('external_id = "k3x0"\n', ""))

    done = run("schedule", "lambda", "--out", "deploy")

    assert "certkit: warning: accounts.other: members.yaml asks for an external_id" in done.stderr.splitlines()
    assert "Default" not in read(folder / "deploy" / "members.yaml")["Parameters"]["ExternalId"]
