"""Tests of running a program that a configuration names."""

import os
import sys
import time
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Final

import pytest

from certkit import command
from certkit.errors import CommandError

KEY: Final = "-----BEGIN PRIVATE KEY-----\nMIGHAgEA\n-----END PRIVATE KEY-----"
HERE: Final = {"PATH": os.defpath}


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def test_what_a_program_says_on_both_outputs_is_returned(tmp_path: Path) -> None:
    said = command.run(["sh", "-c", "echo one; echo two >&2"], HERE, tmp_path)

    assert said == "one\ntwo\n"


def test_a_program_gets_the_variables_the_folder_and_no_input(tmp_path: Path) -> None:
    said = command.run(["sh", "-c", "echo $CERTKIT_NAME; pwd; cat"], {**HERE, "CERTKIT_NAME": "shop"}, tmp_path)

    assert said == f"shop\n{tmp_path}\n"


def test_no_shell_reads_the_arguments(tmp_path: Path) -> None:
    said = command.run(["echo", "$(id)", "a b", ";", "false"], HERE, tmp_path)

    assert said == "$(id) a b ; false\n"


def test_a_program_with_a_slash_counts_from_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = tmp_path / "hooks" / "renew.sh"
    script.parent.mkdir()
    script.write_text("#!/bin/sh\necho here\n")
    script.chmod(0o755)
    monkeypatch.chdir("/")

    assert command.run(["./hooks/renew.sh"], HERE, tmp_path) == "here\n"


def test_a_key_that_a_program_says_is_left_out(tmp_path: Path) -> None:
    said = command.run(["printf", "%s", KEY], HERE, tmp_path)

    with pytest.raises(CommandError) as failure:
        command.run(["sh", "-c", f"printf '%s' '{KEY}'; exit 3"], HERE, tmp_path)

    assert said == "[redacted]"
    assert failure.value.message == "sh: it ended with exit code 3: [redacted]"


def test_a_failure_quotes_the_last_lines(tmp_path: Path) -> None:
    with pytest.raises(CommandError) as failure:
        command.run(["sh", "-c", "echo 1; echo 2; echo; echo 3; echo 4; exit 9"], HERE, tmp_path)

    assert failure.value.message == "sh: it ended with exit code 9: 2 / 3 / 4"


def test_a_program_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="nowhere: it cannot be started: no such file or directory"):
        command.run(["nowhere"], HERE, tmp_path)


def test_a_signal_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="it was ended by SIGKILL"):
        command.run(["sh", "-c", "kill -9 $$"], HERE, tmp_path)


def test_one_that_takes_too_long_is_ended_with_what_it_started(tmp_path: Path) -> None:
    started = time.monotonic()

    with pytest.raises(CommandError, match="sh: it was ended after 0 s: waiting"):
        command.run(["sh", "-c", "sleep 60 & echo $! >child; echo waiting; wait"], HERE, tmp_path, seconds=0.4)

    child = int((tmp_path / "child").read_text())
    assert time.monotonic() - started < 20
    assert not is_running(child)


def test_an_interruption_ends_the_program(tmp_path: Path) -> None:
    code = (
        "import os, signal, threading; from pathlib import Path; from certkit import command\n"
        "threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT)).start()\n"
        "command.run(['sh', '-c', 'echo $$ >child; exec sleep 60'], os.environ, Path.cwd())\n"
    )

    with pytest.raises(CommandError, match="KeyboardInterrupt"):
        command.run(python(code), dict(os.environ), tmp_path)

    assert not is_running(int((tmp_path / "child").read_text()))


def test_of_much_output_the_end_is_kept(tmp_path: Path) -> None:
    said = command.run(python("print('x' * 5_000_000 + 'end')"), HERE, tmp_path)

    assert len(said) == 65_536
    assert said.endswith("end\n")


def test_what_is_left_in_the_background_is_not_waited_for(tmp_path: Path) -> None:
    said = command.run(["sh", "-c", "sleep 5 & echo done"], HERE, tmp_path, grace_seconds=0.2)

    assert said == "done\n"


def is_running(pid: int) -> bool:
    """Whether a process is there and is not only waiting to be collected."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.parametrize("program", [r"tools\renew.exe", "tools/renew.exe", r"C:\tools\renew.exe", r".\renew.exe"])
def test_windows_names_a_program_by_its_path_with_either_slash(program: str) -> None:
    assert command.is_path(program, PureWindowsPath)


@pytest.mark.parametrize("kind", [PurePosixPath, PureWindowsPath])
def test_a_bare_name_is_no_path(kind: type[PurePosixPath | PureWindowsPath]) -> None:
    assert not command.is_path("certbot", kind)
    assert command.is_path("./certbot", kind)
