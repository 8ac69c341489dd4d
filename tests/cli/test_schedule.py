"""`certkit schedule`: what it writes is what its runner wants, held to the runner's own checks where they are at hand."""

from __future__ import annotations

import io
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from ruamel.yaml import YAML

from tests.cli.running import Finished, certkit

if TYPE_CHECKING:
    from collections.abc import Callable

ROLE: Final = "arn:aws:iam::111122223333:role/certkit"
GITHUB: Final = ("github", "--role-arn", ROLE)
KUBERNETES: Final = ("kubernetes", "--image", "registry.example/certkit:1")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a manifest, whose name needs quoting everywhere."""
    folder = tmp_path / "50% of $it's"
    folder.mkdir()
    (folder / "certkit.toml").write_text('[certificates.shop]\nsource = "shop.pem"\n')
    monkeypatch.chdir(folder)
    return folder


def written(*given: str) -> str:
    done = certkit("schedule", *given)
    assert (done.exit_code, done.stderr) == (0, "")
    return done.stdout


def documents_in(text: str) -> list[Any]:
    return list(YAML(typ="safe").load_all(io.StringIO(text)))


def test_cron_runs_certkit_by_its_whole_path_on_the_manifest_by_its_own(folder: Path) -> None:
    line = written("cron", "--at", "4:05", "--jitter", "1h", "--ledger", "ledger.db").splitlines()[-1]

    *times, command = line.split(maxsplit=5)
    words = shlex.split(command.replace(r"\%", "%"))
    assert times == ["5", "4", "*", "*", "*"]
    assert re.search(r"(?<!\\)%", command) is None  # cron would end the command there
    assert words[:2] == ["env", f"CERTKIT_LEDGER={folder / 'ledger.db'}"]
    assert words[3:] == ["renew", str(folder / "certkit.toml"), "--jitter", "1h"]
    assert Path(words[2]).is_absolute()
    assert shutil.which(words[2]) is not None


def test_systemd_gets_a_service_and_a_timer_that_makes_up_for_a_missed_run(folder: Path) -> None:
    del folder
    done = certkit("schedule", "systemd", "--out", "units", "--at", "04:05")

    assert (done.exit_code, done.stdout) == (0, "")
    timer = Path("units/certkit-renew.timer").read_text()
    assert "OnCalendar=*-*-* 04:05:00\nRandomizedDelaySec=30m\nPersistent=yes\n" in timer
    assert "/50%% of $$it's/certkit.toml\"" in Path("units/certkit-renew.service").read_text()


@pytest.mark.interop
@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not on this machine")
def test_systemd_takes_both_units(folder: Path) -> None:
    certkit("schedule", "systemd", "--out", "units", "--ledger", "dynamodb://certkit?region=eu-west-1")

    done = subprocess.run(
        ["systemd-analyze", "verify", *sorted((folder / "units").iterdir())],  # noqa: S607 -- wherever it is
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_kubernetes_gets_a_job_with_its_secrets_and_no_rights_to_spare(folder: Path) -> None:
    del folder
    account, job = documents_in(
        written(*KUBERNETES, "--secret", "shop-tls", "--role-arn", ROLE, "--ledger", "dynamodb://certkit")
    )

    pod = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    assert account["metadata"]["annotations"] == {"eks.amazonaws.com/role-arn": ROLE}
    assert pod["serviceAccountName"] == account["metadata"]["name"]
    assert job["spec"]["schedule"] == "17 3 * * *"
    assert container["command"] == ["certkit", "renew", "/etc/certkit/certkit.toml", "--jitter", "30m"]
    assert {"name": "CERTKIT_LEDGER", "value": "dynamodb://certkit"} in container["env"]
    mounted = {mount["name"]: mount["mountPath"] for mount in container["volumeMounts"]}
    assert set(mounted) == {volume["name"] for volume in pod["volumes"]}
    assert mounted["secret-0"] == "/certificates/shop-tls"
    assert pod["volumes"][-1]["secret"] == {"secretName": "shop-tls", "defaultMode": 0o440}
    assert container["securityContext"]["readOnlyRootFilesystem"] is True


@pytest.mark.interop
def test_kubernetes_own_schemas_take_it(folder: Path) -> None:
    import kubernetes_validate  # noqa: PLC0415 -- large, and installed for these tests alone

    del folder
    made = documents_in(written(*KUBERNETES, "--secret", "a", "--secret", "b", "--role-arn", ROLE))

    for document in made:
        kubernetes_validate.validate(document, "1.37", strict=True)
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate({**made[1], "spec": {}}, "1.37", strict=True)


def test_github_gets_a_workflow_that_its_schema_takes(folder: Path) -> None:
    certkit("schedule", *GITHUB, "--out", ".")

    workflow = folder / ".github" / "workflows" / "certkit-renew.yml"
    done = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows", workflow],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_the_workflow_has_no_hole_that_zizmor_knows(folder: Path) -> None:
    certkit("schedule", *GITHUB, "--out", ".", "--package", "git+https://git.example/certkit@0a1b2c3d; id")

    done = subprocess.run(
        [Path(sys.executable).parent / "zizmor", "--offline", "--no-progress", folder / ".github"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, "No findings" in done.stdout) == (0, True)


def test_the_workflow_takes_the_role_with_the_token_that_github_gives(folder: Path) -> None:
    """The last step is run as a runner does, with programs that stand for curl and certkit."""
    (workflow,) = documents_in(written(*GITHUB))
    job = workflow["jobs"]["renew"]
    for name, text in {
        "curl": 'printf \'{"value": "%s"}\' "$*"',
        "certkit/bin/certkit": 'echo "$@"; echo "$AWS_ROLE_ARN"; cat "$AWS_WEB_IDENTITY_TOKEN_FILE"',
    }.items():
        path = folder / "bin" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/bin/sh\n{text}\n")
        path.chmod(0o755)
    own = {"RUNNER_TEMP": str(folder / "bin"), "PATH": f"{folder / 'bin'}:/usr/bin:/bin"}
    token = {"ACTIONS_ID_TOKEN_REQUEST_TOKEN": "t0k", "ACTIONS_ID_TOKEN_REQUEST_URL": "https://token.example/?v=1"}

    done = subprocess.run(
        ["bash", "-e", "-c", job["steps"][-1]["run"]],  # noqa: S607 -- wherever it is
        env={**job["env"], **own, **token},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")
    first, role, asked = done.stdout.splitlines()
    assert (first, role) == ("renew certkit.toml", ROLE)
    assert asked.endswith("Authorization: Bearer t0k https://token.example/?v=1&audience=sts.amazonaws.com")
    assert (folder / "bin" / "token").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("given", [("cron",), ("systemd",), KUBERNETES, GITHUB])
def test_the_document_holds_the_same_files(folder: Path, given: tuple[str, ...]) -> None:
    del folder
    listed = certkit("schedule", *given, "--format", "json").document["files"]

    text = written(*given)

    assert all(file["content"].rstrip("\n") in text for file in listed)


def test_a_file_that_is_there_is_not_replaced_unasked(folder: Path) -> None:
    del folder
    run: Callable[..., Finished] = lambda *more: certkit("schedule", "systemd", "--out", "units", *more)  # noqa: E731
    run()

    assert (run().exit_code, run("--force").exit_code) == (3, 0)


@pytest.mark.parametrize(
    "given",
    [
        ("cron", "--at", "24:00"),
        ("cron", "--jitter", "5%"),
        ("cron", "--jitter", "soon"),
        ("cron", "--image", "x"),
        ("cron", "--role-arn", ROLE),
        ("kubernetes",),
        ("github",),
        (*GITHUB, "--ledger", "ledger.db"),
        (*KUBERNETES, "--package", "x"),
        ("cron", "--manifest-uri", "s3://config/certkit.toml"),
        ("nowhere",),
    ],
)
def test_what_has_no_meaning_there_is_refused(folder: Path, given: tuple[str, ...]) -> None:
    del folder

    done = certkit("schedule", *given, "--format", "json")

    assert (done.exit_code, done.error_code) == (2, "usage")


def test_a_manifest_that_cannot_be_used_is_no_job(folder: Path) -> None:
    (folder / "certkit.toml").write_text("[certificates.shop]\nsuorce = 1\n")

    done = certkit("schedule", "cron", "--format", "json")

    assert (done.exit_code, done.error_code) == (2, "configuration")
