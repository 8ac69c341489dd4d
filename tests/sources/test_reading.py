"""Tests of certkit.sources."""

import io
import os
import subprocess
from pathlib import Path

import pytest

from certkit import limits, sources
from certkit.errors import InputTooLargeError, InputUnreadableError, UsageError
from tests.cli.bundles import pem, save, shop
from tests.cli.running import certkit, command, program, variables


class Endless(io.RawIOBase):
    """A stream without an end, which counts what is read of it."""

    def __init__(self) -> None:
        super().__init__()
        self.octets = 0

    def readable(self) -> bool:
        """It is."""
        return True

    def read(self, size: int | None = -1, /) -> bytes:
        """Returns as much as is asked for."""
        if size is None or size < 0:
            raise AssertionError("nobody may read an endless stream to its end")
        self.octets += size
        return bytes(size)


def _read(source: str, environment: dict[str, str] | None = None, stdin: bytes = b"") -> bytes:
    return sources.read(source, environment or {}, io.BytesIO(stdin), lambda one: f"fetched {one}".encode())


@pytest.mark.parametrize("prefix", ["", "file://", "fileb://"])
def test_a_file_is_read_by_its_path(tmp_path: Path, prefix: str) -> None:
    path = save(tmp_path, "bundle", b"\x00\xff\r\n")

    assert _read(f"{prefix}{path}") == b"\x00\xff\r\n"


def test_a_dash_is_standard_input() -> None:
    assert _read("-", stdin=b"\x00\xff\n") == b"\x00\xff\n"


def test_a_variable_is_read_with_its_very_octets() -> None:
    assert _read("env:B", {"B": os.fsdecode(b"caf\xe9\n")}) == b"caf\xe9\n"


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("missing", "no such file or directory"),
        ("env:NONE", "the environment has no such variable"),
        ("env:", "the environment has no such variable"),
        ("a\0b", "it is no path"),
        ("x" * 300, "file name too long"),
    ],
)
def test_what_cannot_be_read_is_said(source: str, message: str) -> None:
    with pytest.raises(InputUnreadableError) as caught:
        _read(source)

    assert caught.value.message == message


@pytest.mark.parametrize("source", [".", ""])
def test_a_folder_that_no_client_left_is_said(source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    with pytest.raises(InputUnreadableError, match=r"^it is a folder"):
        _read(source)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_said(tmp_path: Path) -> None:
    path = save(tmp_path, "bundle", b"x")
    path.chmod(0)

    with pytest.raises(InputUnreadableError) as caught:
        _read(str(path))

    assert caught.value.message == "permission denied"


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("http://shop.example.com", "http://"),
        ("gs://bucket/key", "gs://"),
    ],
)
def test_a_kind_of_source_that_is_not_read_is_a_usage_error(source: str, kind: str) -> None:
    with pytest.raises(UsageError) as caught:
        _read(source)

    assert caught.value.message == f"a SOURCE of the kind {kind} is not read"


@pytest.mark.parametrize(
    "source",
    [
        "s3://bucket/key",
        "secretsmanager://shop#pfx",
        "ssm:///shop",
        "arn:aws:acm:us-east-1:111122223333:certificate/x",
    ],
)
def test_what_stands_in_aws_is_fetched(source: str) -> None:
    assert _read(source) == f"fetched {source}".encode()
    assert sources.is_remote(source)


@pytest.mark.parametrize("source", ["shop.pfx", "-", "env:SHOP", "file:///shop.pfx", "gs://bucket/key", "s3"])
def test_what_stands_on_this_machine_is_not_remote(source: str) -> None:
    assert not sources.is_remote(source)


def test_a_source_of_the_largest_size_is_read_and_one_octet_more_is_not(tmp_path: Path) -> None:
    largest = save(tmp_path, "largest", bytes(limits.MAX_SOURCE_BYTES))
    larger = save(tmp_path, "larger", bytes(limits.MAX_SOURCE_BYTES + 1))

    assert len(_read(str(largest))) == limits.MAX_SOURCE_BYTES
    with pytest.raises(InputTooLargeError):
        _read(str(larger))


def test_of_an_endless_stream_little_more_than_the_limit_is_read() -> None:
    endless = Endless()

    with pytest.raises(InputTooLargeError):
        sources.read("-", {}, endless, lambda _: b"")  # type: ignore[arg-type]  # as much of a stream as is used

    assert endless.octets <= limits.MAX_SOURCE_BYTES + 1024 * 1024


@pytest.mark.parametrize(
    ("source", "stem"),
    [
        ("-", "stdin"),
        ("shop.pfx", "shop"),
        ("dir/shop.tar.gz", "shop.tar"),
        ("/dir/shop", "shop"),
        ("file:///dir/shop.pem", "shop"),
        ("env:SHOP_PFX", "SHOP_PFX"),
        (".hidden", ".hidden"),
        ("..", Path("..").resolve().name),
        ("s3://bundles/tls/shop.pfx", "shop"),
        ("s3://bundles/tls/shop.tar.gz?versionId=1.2", "shop.tar"),
        ("secretsmanager://prod/shop.example.com#tls.pfx", "shop.example.com"),
        (
            "secretsmanager://arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop-AbCdEf?versionId=1#pfx",
            "shop-AbCdEf",
        ),
        ("ssm:///prod/shop", "shop"),
        ("ssm://shop?region=eu-west-1", "shop"),
        ("arn:aws:acm:us-east-1:111122223333:certificate/0a1b", "0a1b"),
        ("https://shop.example.com", "shop.example.com"),
        ("https://shop.example.com:8443/", "shop.example.com"),
        ("https://[2001:db8::1]:443", "2001_db8__1"),
        ("https://[2001:db8::1]", "2001_db8__1"),
        ("secretsmanager://..", "bundle"),
        ("s3://bundles/..", "bundle"),
    ],
)
def test_a_source_is_called_by_the_stem_of_its_file_name(source: str, stem: str) -> None:
    assert sources.stem(source) == stem


def test_a_device_without_an_end_is_refused() -> None:
    done = certkit("split", "/dev/zero", "--format", "json")

    assert (done.exit_code, done.error_code) == (3, "input-too-large")


def test_a_hundred_megabytes_of_junk_are_refused_from_a_file(tmp_path: Path) -> None:
    junk = tmp_path / "junk"
    with junk.open("wb") as file:
        file.truncate(100_000_000)

    done = certkit("inspect", junk, "--format", "json")

    assert (done.exit_code, done.error_code) == (3, "input-too-large")


def test_a_hundred_megabytes_of_junk_are_refused_on_standard_input() -> None:
    done = program("inspect", "-", "--format", "json", stdin=b"junk" * 25_000_000)

    assert (done.exit_code, done.error_code) == (3, "input-too-large")


@pytest.mark.parametrize("content", [b"", b"\n \n", b"\0\0\0"])
def test_an_empty_bundle_is_said_to_be_empty(content: bytes) -> None:
    done = certkit("inspect", "-", "--format", "json", stdin=content)

    assert (done.exit_code, done.error_code) == (3, "input-unreadable")
    assert done.document["error"]["message"] == f"-: it {'holds nothing but blanks' if content else 'is empty'}"


def test_a_bundle_is_read_from_standard_input_by_the_program(tmp_path: Path) -> None:
    done = program("split", "-", "--out", tmp_path / "out", stdin=pem(shop()))

    assert (done.exit_code, done.stderr) == (0, "")


def test_a_bundle_is_read_from_a_process_substitution(tmp_path: Path) -> None:
    issued = shop()
    save(tmp_path, "shop.pem", pem(issued))
    line = " ".join(command("split", "<(cat shop.pem)", "--key", "<(cat shop.pem)", "--out", "out"))

    done = program_of("bash", "-c", line, folder=tmp_path)

    assert done == 0
    assert (tmp_path / "out" / "cert_body.pem").read_bytes() == issued.pem


def test_a_bundle_is_read_from_a_named_pipe(tmp_path: Path) -> None:
    save(tmp_path, "shop.pem", pem(shop()))
    os.mkfifo(tmp_path / "pipe")
    line = "cat shop.pem > pipe & " + " ".join(command("split", "pipe", "--out", "out"))

    assert program_of("bash", "-c", line, folder=tmp_path) == 0


def program_of(*arguments: str, folder: Path) -> int:
    """Runs another program and returns its exit code."""
    return subprocess.run(arguments, cwd=folder, env=variables(), timeout=60, check=False).returncode


def test_standard_input_that_is_closed_is_empty(tmp_path: Path) -> None:
    line = " ".join(command("inspect", "-")) + " <&-"

    assert program_of("bash", "-c", line, folder=tmp_path) == 3


@pytest.mark.parametrize(
    ("location", "platform", "path"),
    [
        ("/C:/certs/shop.pfx", "win32", "C:/certs/shop.pfx"),
        ("C:\\certs\\shop.pfx", "win32", "C:\\certs\\shop.pfx"),
        ("/certs/shop.pfx", "win32", "/certs/shop.pfx"),
        ("/C:/certs/shop.pfx", "linux", "/C:/certs/shop.pfx"),
    ],
)
def test_a_drive_behind_file_is_a_path_on_windows(location: str, platform: str, path: str) -> None:
    assert sources.path_of(location, platform) == path
