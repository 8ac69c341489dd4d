"""Tests of `certkit sandbox`."""

import os
import shlex
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from certkit.cli import sandboxing
from certkit.cli.app import main
from tests.cli.bundles import pem, save, shop
from tests.cli.running import certkit, command, program, variables


def _started(*arguments: object) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        command("sandbox", *arguments),
        env=variables(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def _line(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline()


def test_the_code_of_the_command_is_its_own() -> None:
    done = program("sandbox", "--", "sh", "-c", "echo out; echo err >&2; exit 7")

    assert (done.exit_code, done.stdout, done.stderr) == (7, "out\n", "err\n")


def test_a_command_that_a_signal_ends_counts_as_in_a_shell() -> None:
    done = program("sandbox", "--", "sh", "-c", "kill -9 $$")

    assert done.exit_code == 128 + 9


@pytest.mark.parametrize("words", [("certkit-no-such-program",), ("/dev/null",)])
def test_a_command_that_cannot_be_run_is_a_usage_error(words: tuple[str, ...]) -> None:
    done = certkit("sandbox", "--", *words)

    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith(f"certkit: error: {words[0]}: it cannot be run: ")


def test_the_command_reaches_nothing_of_the_users() -> None:
    users = {
        "AWS_PROFILE": "prod",
        "AWS_SESSION_TOKEN": "token",
        "AWS_ENDPOINT_URL_ACM": "https://example.com",
        "CERTKIT_REGION": "eu-west-1",
        "CERTKIT_STATE": "/the/users/own",
        "KEPT": "yes",
    }
    show = "; ".join(f'echo "{name}=${name}"' for name in [*users, "AWS_ENDPOINT_URL"])

    done = program("sandbox", "--", "sh", "-c", show, environment=users)

    seen = dict(line.split("=", 1) for line in done.stdout.splitlines())
    assert seen.pop("AWS_ENDPOINT_URL").startswith("http://127.0.0.1:")
    assert "certkit-sandbox-" in seen.pop("CERTKIT_STATE")
    assert seen == {
        "AWS_PROFILE": "",
        "AWS_SESSION_TOKEN": "",
        "AWS_ENDPOINT_URL_ACM": "",
        "CERTKIT_REGION": "",
        "KEPT": "yes",
    }


def test_the_state_of_the_sandbox_goes_with_it() -> None:
    done = program("sandbox", "--", "sh", "-c", 'touch "$CERTKIT_STATE/file"; echo "$CERTKIT_STATE"')

    assert not Path(done.stdout.strip()).exists()


def test_certkit_works_inside(tmp_path: Path) -> None:
    source = save(tmp_path, "shop.pem", pem(shop()))

    done = program("sandbox", "--", *command("import", source, "--name", "shop", "--format", "json"))

    assert done.exit_code == 0
    assert [one["action"] for one in done.document["results"]] == ["imported"]


def test_alone_it_serves_until_it_is_interrupted() -> None:
    process = _started()
    exports = [_line(process) for _ in range(10)]

    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=30)

    assert process.returncode == 130
    assert exports[0].startswith("export AWS_ENDPOINT_URL=http://127.0.0.1:")
    assert [shlex.split(line)[0] for line in exports] == ["export"] * 10
    assert stderr == "certkit: the sandbox serves until you press Ctrl-C; paste these lines into another shell\n"


def test_ctrl_c_is_the_commands_own_business() -> None:
    process = _started("--", "sh", "-c", "trap 'echo caught; exit 5' INT; echo ready; while :; do sleep 0.05; done")
    assert _line(process) == "ready\n"

    os.killpg(process.pid, signal.SIGINT)
    stdout, stderr = process.communicate(timeout=30)

    assert (process.returncode, stdout, stderr) == (5, "caught\n", "")


def test_when_certkit_is_terminated_so_is_the_command() -> None:
    process = _started("--", "sh", "-c", "trap 'echo ended; exit 0' TERM; echo ready; while :; do sleep 0.05; done")
    assert _line(process) == "ready\n"

    process.send_signal(signal.SIGTERM)
    stdout, _ = process.communicate(timeout=30)

    assert (process.returncode, stdout) == (143, "ended\n")


def test_a_command_that_does_not_end_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandboxing, "_GRACE_SECONDS", 0.1)
    process = subprocess.Popen(["/bin/sh", "-c", "trap '' TERM; echo ready; while :; do sleep 0.05; done"], stdout=-1)
    assert process.stdout is not None
    process.stdout.readline()

    sandboxing._end(process)
    process.stdout.close()

    assert process.returncode == -signal.SIGKILL


def test_a_signal_that_comes_while_the_command_is_started_ends_the_command_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    started = []
    popen = subprocess.Popen

    def start(*arguments: Any, **settings: Any) -> Any:
        signal.raise_signal(signal.SIGTERM)
        started.append(popen(*arguments, **settings))
        return started[-1]

    monkeypatch.setattr(subprocess, "Popen", start)

    code = main(["sandbox", "--", "sleep", "60"])

    assert code == 143
    assert started[0].returncode == -signal.SIGTERM


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "certkit.testing", None)

    done = certkit("sandbox", "--", "true", "--format", "json")

    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.endswith("certkit: hint: pip install 'certkit[sandbox]'\n")
