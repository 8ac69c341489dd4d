"""Tests of the program itself: options, failures, signals, streams."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from certkit import __version__
from certkit.cli import app
from certkit.cli import batch as batches
from certkit.cli.app import COMMANDS, main
from certkit.cli.jobs import Outcome
from certkit.cli.session import Session
from tests.cli.bundles import PASSWORD, pem, pfx, save, shop
from tests.cli.running import FIXTURES, certkit, command, files_in, open_for, program, variables

BROKEN = FIXTURES / "broken"


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """A PEM bundle of leaf, chain and key."""
    return save(tmp_path, "shop.pem", pem(shop()))


def test_the_version_is_said_without_a_command() -> None:
    done = certkit("--version")

    assert (done.exit_code, done.stdout, done.stderr) == (0, f"certkit {__version__}\n", "")


def test_the_help_lists_every_command_in_one_line() -> None:
    done = certkit("--help")

    lines = done.stdout.splitlines()
    assert done.exit_code == 0
    assert "Exit codes: 0 as it should be, 1 findings, 2 usage, 3 failure, 70 a bug, 130" in done.stdout
    start = lines.index("Commands:") + 1
    assert [line.split()[0] for line in lines[start:]] == list(COMMANDS)
    assert "..." not in "".join(lines[start:])


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_every_command_has_exit_codes_and_examples(name: str) -> None:
    done = certkit(name, "--help")

    assert done.exit_code == 0
    assert done.stdout.startswith(f"Usage: certkit {name} [OPTIONS]")
    assert "{" not in done.stdout.splitlines()[0]
    assert "  Exit codes: " in done.stdout
    assert "\n  Examples:\n    certkit " in done.stdout
    for option in ("--quiet", "--verbose", "--debug", "--no-color"):
        assert f"  {option} " in done.stdout


def test_nothing_at_all_is_answered_with_the_help_as_a_usage_error() -> None:
    done = certkit()

    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith("Usage: certkit [OPTIONS] COMMAND [ARGS]...\n")


@pytest.mark.parametrize(
    ("given", "message", "hint"),
    [
        (("splti",), "no such command 'splti'", "certkit --help"),
        (("split",), "missing argument 'SOURCE...'", "certkit split --help"),
        (("apply", "--dry-run"), "no such option: --dry-run", "certkit plan shows what it would do"),
        (("split", "--forse", "x"), "no such option: --forse", "did you mean --force? certkit split --help shows all"),
        (("split", "x", "--password", "y"), "no such option: --password", "certkit split --help"),
        (("split", "x", "--out"), "option '--out' requires an argument", "certkit split --help"),
        (
            ("split", "x", "--key-format", "der"),
            "invalid value for '--key-format': 'der' is not one of 'traditional', 'pkcs8'",
            "certkit split --help",
        ),
        (("--nope", "split", "x"), "no such option: --nope", "certkit split --help"),
    ],
)
def test_a_usage_error_says_what_is_wrong_and_where_to_look(given: tuple[str, ...], message: str, hint: str) -> None:
    done = certkit(*given)

    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith(f"certkit: error: {message}")
    assert done.stderr.endswith(f"certkit: hint: {hint}\n") or "did you mean" in done.stderr


@pytest.mark.parametrize("option", [("--format", "json"), ("--format=json",)])
def test_a_usage_error_is_a_document_where_json_is_wanted(option: tuple[str, ...]) -> None:
    done = certkit("split", *option, "x", "--nope")

    assert (done.exit_code, done.stderr) == (2, "")
    assert done.document["error"]["code"] == "usage"


def test_arguments_behind_two_dashes_are_not_options() -> None:
    done = certkit("inspect", "--", "--format", "json")

    assert (done.exit_code, done.stdout) == (3, "")


def _locked(folder: Path) -> Path:
    return save(folder, "locked.pfx", pfx(shop()))


@pytest.mark.parametrize(
    ("code", "given"),
    [
        ("password-missing", lambda folder: (_locked(folder),)),
        ("password-wrong", lambda folder: (_locked(folder), "--passin", "env:WRONG")),
        ("input-unreadable", lambda folder: (folder / "missing",)),
        ("input-unreadable", lambda _: (BROKEN / "truncated-middle.pfx", "--passin", "env:WRONG")),
        ("input-too-large", lambda _: ("/dev/zero",)),
        ("input-too-large", lambda _: (BROKEN / "endless-mac.pfx",)),
        ("no-key", lambda _: (BROKEN / "no-key.pem",)),
        ("no-leaf", lambda _: (BROKEN / "no-certificate.pem",)),
        ("key-mismatch", lambda _: (BROKEN / "mismatch.pem",)),
        ("several-leaves", lambda _: (BROKEN / "several.pem",)),
        ("output-exists", lambda folder: (save(folder, "shop.pem", pem(shop())),)),
        ("output-unwritable", lambda folder: (folder / "shop.pem", "--out", "/dev/null/out")),
        ("usage", lambda _: ("x", "--passin", "pass:x")),
        ("usage", lambda _: ("gs://bucket/key",)),
    ],
)
def test_every_failure_is_a_document_where_json_is_wanted_and_a_message_where_not(
    tmp_path: Path, code: str, given: Callable[[Path], tuple[object, ...]]
) -> None:
    save(tmp_path, "out/cert_key.pem", b"old")
    save(tmp_path, "shop.pem", pem(shop()))
    arguments = ("split", "--quiet", "--out", tmp_path / "out", *given(tmp_path))
    environment = {"WRONG": "wrong"}

    document = certkit(*arguments, "--format", "json", environment=environment)
    text = certkit(*arguments, environment=environment)

    error = document.document["error"]
    assert (document.exit_code, document.stderr, error["code"]) == (2 if code == "usage" else 3, "", code)
    assert (text.exit_code, text.stdout) == (document.exit_code, "")
    hint = f"certkit: hint: {error['hint']}\n" if error["hint"] else ""
    assert text.stderr == f"certkit: error: {error['message']}\n{hint}"


@pytest.mark.parametrize("is_first", [True, False])
def test_common_options_stand_before_or_after_the_command(bundle: Path, *, is_first: bool) -> None:
    given = ("--verbose", "inspect", bundle) if is_first else ("inspect", bundle, "--verbose")

    done = certkit(*given)

    size = bundle.stat().st_size
    assert done.exit_code == 0
    assert done.stderr == f"certkit: {bundle}: {size:,} bytes, pem, certificates: 2, private keys: 1\n"


def test_quiet_leaves_results_and_errors(bundle: Path, tmp_path: Path) -> None:
    done = certkit("inspect", bundle, tmp_path / "missing", "--quiet", "--verbose")

    assert done.exit_code == 3
    assert done.stdout.startswith(f"{bundle}: PEM\n")
    assert done.stderr == f"certkit: error: {tmp_path}/missing: no such file or directory\n"


def test_debug_shows_where_a_failure_came_from(tmp_path: Path) -> None:
    done = certkit("inspect", tmp_path / "missing", "--debug")

    assert done.exit_code == 3
    assert "Traceback (most recent call last):" in done.stderr
    assert "FileNotFoundError" in done.stderr


@pytest.mark.parametrize(
    ("given", "environment", "is_terminal", "expected"),
    [
        ((), {}, True, True),
        ((), {}, False, False),
        (("no_color",), {}, True, False),
        ((), {"NO_COLOR": "1"}, True, False),
        ((), {"NO_COLOR": ""}, True, True),
        ((), {"TERM": "dumb"}, True, False),
    ],
)
def test_colour_is_for_terminals_whose_user_did_not_decline(
    given: tuple[str, ...], environment: dict[str, str], is_terminal: bool, expected: bool
) -> None:
    class Stream:
        def isatty(self) -> bool:
            return is_terminal

    settings: dict[str, Any] = dict.fromkeys(given, True)
    session = Session(environment, **settings)

    assert session.has_color(Stream()) is expected  # type: ignore[arg-type]  # as much of a stream as is asked


@pytest.mark.parametrize("name", ["inspect", "validate"])
def test_an_error_in_certkit_is_a_bug_with_its_traceback(
    bundle: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("what cannot be")

    monkeypatch.setattr(batches, "run", fail)

    done = certkit(name, bundle, "--format", "json")

    assert (done.exit_code, done.stdout) == (70, "")
    assert done.stderr.startswith("Traceback (most recent call last):\n")
    assert done.stderr.endswith(
        "ZeroDivisionError: what cannot be\n"
        "certkit: bug: please report this traceback; it holds neither key nor password\n"
    )


def test_an_interruption_is_exit_130(bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(batches, "run", interrupt)

    done = certkit("inspect", bundle)

    assert (done.exit_code, done.stdout, done.stderr) == (130, "", "")


def test_main_takes_the_arguments_of_the_process_and_gives_the_signals_back(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["certkit", "--version"])
    before = signal.getsignal(signal.SIGTERM)

    code = main()

    assert (code, capsys.readouterr().out) == (0, f"certkit {__version__}\n")
    assert signal.getsignal(signal.SIGTERM) == before


@pytest.mark.parametrize(("number", "exit_code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_a_signal_ends_it_as_a_shell_expects_and_a_second_one_does_no_harm(
    monkeypatch: pytest.MonkeyPatch, number: signal.Signals, exit_code: int
) -> None:
    def terminate(*_: object) -> None:
        try:
            signal.raise_signal(number)
        finally:
            signal.raise_signal(number)

    monkeypatch.setattr(batches, "run", terminate)
    before = signal.signal(number, signal.SIG_DFL)

    try:
        code = main(["inspect", "x"])
    finally:
        signal.signal(number, before)

    assert code == exit_code


def test_a_signal_that_is_ignored_stays_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    def hang_up(*_: object) -> Iterator[Outcome]:
        signal.raise_signal(signal.SIGHUP)
        return iter(())

    monkeypatch.setattr(batches, "run", hang_up)
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)

    try:
        code = main(["inspect", "x"])
    finally:
        signal.signal(signal.SIGHUP, before)

    assert code == 0


def _waiting(folder: Path, *arguments: object) -> tuple["subprocess.Popen[bytes]", int]:
    """Starts certkit on a pipe that nobody writes to yet, and waits until it reads from it."""
    os.mkfifo(folder / "pipe")
    process = subprocess.Popen(
        command(*arguments, folder / "pipe"),
        env=variables(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    return process, open_for(process, folder / "pipe")


def _insist(process: "subprocess.Popen[bytes]", number: int) -> tuple[bytes, bytes]:
    """Sends a signal, and again where it came in the moment before a system call, in which nothing hears it."""
    for _ in range(30):
        process.send_signal(number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            return process.communicate(timeout=2)
    pytest.fail("it does not end")


@pytest.mark.parametrize(("number", "exit_code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_a_signal_while_it_reads_leaves_no_file_behind(tmp_path: Path, number: signal.Signals, exit_code: int) -> None:
    process, pipe = _waiting(tmp_path, "split", "--out", tmp_path / "out")
    os.write(pipe, pem(shop()))

    stdout, stderr = _insist(process, number)
    os.close(pipe)

    assert (process.returncode, stdout, stderr) == (exit_code, b"", b"")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_while_it_writes_leaves_no_file_behind(tmp_path: Path, number: signal.Signals) -> None:
    source = save(tmp_path, "shop.pem", pem(shop()))
    code = (
        "import os, signal, sys; from certkit.cli.app import main; make = os.open\n"
        "def late(path, flags, *a, **k):\n"
        "    if flags & os.O_CREAT:\n"
        f"        os.open = make; number = make(path, flags, *a, **k); signal.raise_signal({int(number)}); return number\n"
        "    return make(path, flags, *a, **k)\n"
        "os.open = late; sys.exit(main())"
    )

    done = subprocess.run(
        [sys.executable, "-c", code, "split", str(source), "--out", str(tmp_path / "out")],
        env=variables(),
        capture_output=True,
        timeout=60,
        check=False,
    )

    assert (done.returncode, done.stderr) == (128 + number, b"")
    assert list(files_in(tmp_path)) == ["shop.pem"]


@pytest.mark.parametrize(
    "given", [("inspect", "SOURCE"), ("inspect", "SOURCE", "--format", "json"), ("--help",), ("inspect", "--help")]
)
def test_a_reader_that_has_gone_ends_it_quietly(bundle: Path, given: tuple[str, ...]) -> None:
    reading, writing = os.pipe()
    os.close(reading)

    done = subprocess.run(
        command(*(str(bundle) if word == "SOURCE" else word for word in given)),
        env=variables(),
        stdout=writing,
        stderr=subprocess.PIPE,
        timeout=60,
        check=False,
    )
    os.close(writing)

    assert (done.returncode, done.stderr) == (141, b"")


@pytest.mark.parametrize("given", [(), ("--format", "json")])
def test_a_full_disk_behind_standard_output_is_a_failure(bundle: Path, given: tuple[str, ...]) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            command("inspect", bundle, *given),
            env=variables(),
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=60,
            check=False,
        )

    assert done.returncode == 3
    assert done.stderr == b"certkit: error: standard output cannot be written: no space left on device\n"


def test_a_full_disk_behind_standard_error_changes_no_exit_code(tmp_path: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            command("inspect", tmp_path / "missing"), env=variables(), stderr=full, timeout=60, check=False
        )

    assert done.returncode == 3


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams_do_no_harm(bundle: Path, tmp_path: Path, closed: str) -> None:
    line = " ".join(command("split", bundle, "--out", tmp_path / "out"))

    done = subprocess.run(["/bin/bash", "-c", f"{line} {closed}"], env=variables(), timeout=60, check=False)

    assert done.returncode == 0
    assert (tmp_path / "out" / "cert_body.pem").read_bytes().startswith(b"-----BEGIN CERTIFICATE-----\n")


def test_an_encoding_that_lacks_a_character_gets_it_escaped(bundle: Path) -> None:
    done = program("inspect", bundle, environment={"PYTHONIOENCODING": "ascii"})

    assert (done.exit_code, done.stderr) == (0, "")
    assert "\\u2026" in done.stdout


def test_a_file_name_that_is_no_utf_8_is_shown_escaped(tmp_path: Path) -> None:
    sources = [os.fsencode(tmp_path) + name for name in (b"/caf\xe9.pem", b"/b.pem")]
    for source in sources:
        Path(os.fsdecode(source)).write_bytes(pem(shop()))

    text = program("split", *map(os.fsdecode, sources), "--out", tmp_path / "a")
    document = program("split", *map(os.fsdecode, sources), "--out", tmp_path / "b", "--format", "json")

    assert (text.exit_code, text.stderr) == (0, "")
    assert "caf\\udce9.pem\n" in text.stdout
    assert document.document["bundles"][0]["source"] == f"{tmp_path}/caf\udce9.pem"


def test_the_module_and_the_program_are_the_same(bundle: Path) -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("certkit"), "inspect", bundle],
        env=variables(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.stdout == certkit("inspect", bundle).stdout


def test_a_command_runs_within_a_session(bundle: Path) -> None:
    with pytest.raises(TypeError, match="a command runs within a session"):
        app._invoke(["inspect", str(bundle)], None)  # type: ignore[arg-type]


def test_many_are_shown_with_a_bar_on_a_terminal_only(tmp_path: Path) -> None:
    locked = [save(tmp_path, f"{number}.pfx", pfx(shop())) for number in range(3)]

    done = certkit("validate", *locked, "--passin", "env:P", environment={"P": PASSWORD})

    assert (done.exit_code, done.stderr) == (0, "")
