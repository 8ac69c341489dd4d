"""Tests of the forms of `--passin`."""

import io
import os
import pty
import select
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from certkit.errors import AwsDeniedError, InputUnreadableError, UsageError
from certkit.sources import passwords
from tests.cli.bundles import PASSWORD, pem, pfx, save, shop
from tests.cli.running import certkit, command, program, variables


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """A PFX under `bundles.PASSWORD`."""
    return save(tmp_path, "shop.pfx", pfx(shop()))


def _read(
    argument: str,
    environment: dict[str, str] | None = None,
    stdin: bytes = b"",
    fetch: Callable[[str], bytes] = lambda _: b"from a store",
) -> bytes | None:
    return passwords.read(argument, environment or {}, io.BytesIO(stdin), fetch).value


def test_a_password_is_read_from_a_variable_with_its_very_octets() -> None:
    assert _read("env:P", {"P": os.fsdecode(b" caf\xe9 ")}) == b" caf\xe9 "


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n", b"\nsecond line\n"])
def test_a_password_is_the_first_line_without_its_end(tmp_path: Path, end: bytes) -> None:
    path = save(tmp_path, "password", b" pass word " + end)

    assert _read(f"file:{path}") == b" pass word "
    assert _read("stdin", stdin=b" pass word " + end) == b" pass word "


def test_a_password_is_read_from_a_file_descriptor(tmp_path: Path) -> None:
    with save(tmp_path, "password", b"word\n").open("rb") as file:
        assert _read(f"fd:{file.fileno()}") == b"word"


@pytest.mark.parametrize(
    ("argument", "message"),
    [
        ("env:NONE", "--passin: the environment has no variable NONE"),
        ("file:missing", "--passin: missing: no such file or directory"),
        ("file:.", "--passin: .: is a directory"),
        ("file:a\0b", "--passin: a\0b: it is no path"),
        ("fd:9999", "--passin: file descriptor 9999 cannot be read"),
        ("fd:" + "9" * 25, f"--passin: file descriptor {'9' * 25} cannot be read"),
        ("fd:" + "9" * 5000, f"--passin: file descriptor {'9' * 5000} cannot be read"),
    ],
)
def test_a_password_that_cannot_be_read_is_said(argument: str, message: str) -> None:
    with pytest.raises(InputUnreadableError) as caught:
        _read(argument)

    assert caught.value.message == message


@pytest.mark.parametrize(
    "argument",
    [
        "pass:tr0ub4dor",
        "tr0ub4dor",
        "ssm:tr0ub4dor",
        "s3://tr0ub4dor/x",
        "env:",
        "file:",
        "fd:",
        "fd:tr0ub4dor",
        "fd:-1",
        "",
    ],
)
def test_a_password_on_the_command_line_is_refused_and_not_repeated(argument: str) -> None:
    with pytest.raises(UsageError) as caught:
        _read(argument)

    assert "tr0ub4dor" not in f"{caught.value.message}{caught.value.hint}"
    assert caught.value.hint == ("use --passin env:NAME, file:PATH, fd:N, stdin, secretsmanager://ID or ssm:///NAME")


@pytest.mark.parametrize("argument", ["secretsmanager://shop#password", "ssm:///shop"])
@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n", b"\nsecond line\n"])
def test_a_password_is_the_first_line_of_what_a_store_holds(argument: str, end: bytes) -> None:
    held = {argument: b" pass word " + end}

    assert _read(argument, fetch=held.__getitem__) == b" pass word "


def test_a_store_that_does_not_answer_is_named_with_the_option() -> None:
    def fetch(_: str) -> bytes:
        raise AwsDeniedError("no", hint="allow it")

    with pytest.raises(AwsDeniedError) as caught:
        _read("ssm:///shop", fetch=fetch)

    assert (caught.value.message, caught.value.hint) == ("--passin: ssm:///shop: no", "allow it")


@pytest.mark.parametrize("option", ["--passin", "--key-passin"])
@pytest.mark.parametrize("word", ["pass:tr0ub4dor", "tr0ub4dor"])
def test_the_program_refuses_a_password_as_an_argument(bundle: Path, option: str, word: str) -> None:
    done = certkit("inspect", bundle, option, word, "--debug")

    assert (done.exit_code, done.stdout) == (2, "")
    assert "a password on the command line can be read by every process on this machine" in done.stderr
    assert "tr0ub4dor" not in done.stderr


def test_one_password_from_standard_input_serves_all_sources(bundle: Path, tmp_path: Path) -> None:
    other = save(tmp_path, "other.pfx", pfx(shop()))

    done = certkit("validate", bundle, other, "--passin", "stdin", stdin=PASSWORD.encode() + b"\r\n")

    assert (done.exit_code, done.stderr) == (0, "")


@pytest.mark.parametrize(
    "given",
    [
        ("-", "--passin", "stdin"),
        ("-", "-"),
        ("-", "--key", "-"),
        ("shop.pfx", "--passin", "stdin", "--key-passin", "stdin"),
        ("shop.pfx", "--roots", "-", "--passin", "stdin"),
        ("shop.pfx", "--chain", "-", "--key", "-"),
    ],
)
def test_standard_input_for_two_things_is_a_usage_error(given: tuple[str, ...]) -> None:
    done = certkit("inspect", *given)

    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr == (
        "certkit: error: standard input can be read once only\ncertkit: hint: put one of the two into a file\n"
    )


def test_a_password_comes_through_a_descriptor_of_the_shell(bundle: Path, tmp_path: Path) -> None:
    line = " ".join(command("split", bundle, "--passin", "fd:3", "--out", tmp_path / "out"))

    done = subprocess.run(["/bin/bash", "-c", f"{line} 3<<<'{PASSWORD}'"], env=variables(), timeout=60, check=False)

    assert done.returncode == 0


def test_without_a_terminal_nobody_is_asked(bundle: Path) -> None:
    done = program("split", bundle, "--format", "json")

    assert (done.exit_code, done.error_code, done.stderr) == (3, "password-missing", "")


class Terminal:
    """certkit on a terminal of its own, whose user types."""

    def __init__(self, *arguments: object) -> None:
        self._terminal, theirs = pty.openpty()
        self.process = subprocess.Popen(
            ["/usr/bin/setsid", "--ctty", "--wait", *command(*arguments)],
            env=variables(),
            stdin=theirs,
            stdout=subprocess.PIPE,
            stderr=theirs,
        )
        os.close(theirs)
        self.shown = b""

    def wait_for(self, text: bytes) -> None:
        """Reads until the terminal shows `text`."""
        while text not in self.shown:
            ready, _, _ = select.select([self._terminal], [], [], 30)
            assert ready, self.shown
            self.shown += os.read(self._terminal, 4096)

    def answer(self, text: bytes) -> None:
        """Types `text`."""
        os.write(self._terminal, text)

    def end(self) -> int:
        """Waits for the end and returns the exit code; the rest of what was shown is in `shown`."""
        code = self.process.wait(60)
        while select.select([self._terminal], [], [], 0)[0]:
            try:
                self.shown += os.read(self._terminal, 4096)
            except OSError:
                break
        os.close(self._terminal)
        if self.process.stdout:
            self.process.stdout.close()
        return code


@pytest.fixture
def terminal(bundle: Path, tmp_path: Path) -> Iterator[Terminal]:
    """`split` of a locked PFX, on a terminal."""
    terminal = Terminal("split", bundle, "--out", tmp_path / "out")
    yield terminal
    terminal.process.kill()
    terminal.process.wait()


def test_somebody_at_a_terminal_is_asked_and_what_is_typed_is_not_shown(terminal: Terminal, tmp_path: Path) -> None:
    terminal.wait_for(b"Password for ")
    terminal.wait_for(b"shop.pfx: ")
    terminal.answer(PASSWORD.encode() + b"\n")

    assert terminal.end() == 0
    assert PASSWORD.encode() not in terminal.shown
    assert (tmp_path / "out" / "cert_key.pem").exists()


def test_a_wrong_answer_is_a_wrong_password(terminal: Terminal) -> None:
    terminal.wait_for(b"shop.pfx: ")
    terminal.answer(b"wrong\n")

    assert terminal.end() == 3
    assert b"the password is wrong" in terminal.shown


def test_whoever_does_not_want_to_answer_presses_ctrl_c(terminal: Terminal, tmp_path: Path) -> None:
    terminal.wait_for(b"shop.pfx: ")
    terminal.answer(b"\x03")

    assert terminal.end() == 130
    assert not (tmp_path / "out").exists()


def test_the_question_shows_a_hostile_file_name_escaped(tmp_path: Path) -> None:
    source = save(tmp_path, "evil\x1b[31m.pfx", pfx(shop()))
    terminal = Terminal("validate", source)

    terminal.wait_for(b"evil\\x1b[31m.pfx: ")
    terminal.answer(PASSWORD.encode() + b"\n")

    assert terminal.end() == 0
    assert b"\x1b[31m" not in terminal.shown


def test_of_several_sources_those_that_need_it_are_asked_for(bundle: Path, tmp_path: Path) -> None:
    plain = save(tmp_path, "plain.pem", pem(shop()))
    terminal = Terminal("validate", plain, bundle)

    terminal.wait_for(b"shop.pfx: ")
    terminal.answer(PASSWORD.encode() + b"\n")

    assert terminal.end() == 0
    assert b"Password for " + str(plain).encode() not in terminal.shown
