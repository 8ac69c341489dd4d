"""Tests that no output, no traceback and no other file than the key's holds a private key or a password."""

import os
import signal
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import pytest
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from certkit.cli import batch as batches
from tests.cli.bundles import EXPIRED, PASSWORD, pem, pfx, save, shop
from tests.cli.running import Finished, certkit, command, open_for, program, variables
from tests.issuing import Issued, Request
from tests.secrets.canaries import Traces, traces

WRONG: Final = "canary of a wrong password"
KEY_PASSWORD: Final = "canary of the key's own password"
KINDS: Final = ("EC_prime256v1", "RSA_2048")


@dataclass(frozen=True, slots=True)
class Scene:
    """Bundles with a canary for a key, and what must not be found."""

    folder: Path
    issued: Issued
    traces: Traces

    def save(self, name: str, content: bytes) -> Path:
        """Writes a bundle beside where certkit works."""
        return save(self.folder / "in", name, content)

    @property
    def out(self) -> Path:
        """Where certkit works."""
        return self.folder / "work" / "out"

    def run(self, *given: object) -> Finished:
        """Runs certkit with the passwords in variables."""
        environment = {"RIGHT": PASSWORD, "WRONG": WRONG, "OWN": KEY_PASSWORD}
        return certkit(*given, environment=environment, stdin=WRONG.encode())

    def leaks(self, done: Finished) -> list[object]:
        """Everything that should not be there."""
        allowed = [self.folder / "work" / name / "cert_key.pem" for name in ("out", "out/shop", "out/other")]
        return [
            *self.traces.found_in(done.stdout),
            *self.traces.found_in(done.stderr),
            *self.traces.found_in_files(self.folder / "work", but=allowed),
        ]


@cache
def _canary(kind: str) -> tuple[Issued, Traces]:
    """A certificate with a key of this kind, and what the key and the passwords would look like: slow to make."""
    issued = shop(Request(sans=("shop.example.com",), key=(kind, 40)))
    return issued, traces(issued.key_pem, PASSWORD, WRONG, KEY_PASSWORD)


@pytest.fixture(params=KINDS)
def scene(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scene:
    """A scene for each kind of key, in which temporary files land where they are looked for."""
    (tmp_path / "work").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "work"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "work"))
    return Scene(tmp_path, *_canary(request.param))


def test_the_canaries_are_found_where_they_are(scene: Scene) -> None:
    key = scene.issued.private_key
    forms = [
        scene.issued.key_pem,
        scene.issued.traditional_key_pem,
        *(
            encode(key.private_bytes(Encoding.DER, form, NoEncryption()))
            for form in (PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL)
            for encode in (bytes, lambda der: der.hex().encode(), lambda der: repr(der).encode())
        ),
        PASSWORD.encode(),
        f"a {WRONG}".encode(),
    ]

    assert all(scene.traces.found_in(form) for form in forms)
    assert scene.traces.found_in(scene.issued.pem + scene.issued.chain_pem) == []
    assert scene.traces.found_in(scene.issued.encrypted_key_pem(b"x")) == []


def _good(scene: Scene) -> list[object]:
    return [scene.save("shop.pem", pem(scene.issued))]


def _good_pfx(scene: Scene) -> list[object]:
    return [scene.save("shop.pfx", pfx(scene.issued)), "--passin", "env:RIGHT"]


def _locked(scene: Scene) -> list[object]:
    return [scene.save("shop.pfx", pfx(scene.issued))]


def _wrong_password(scene: Scene) -> list[object]:
    return [scene.save("shop.pfx", pfx(scene.issued)), "--passin", "env:WRONG"]


def _wrong_password_from_standard_input(scene: Scene) -> list[object]:
    return [scene.save("shop.pfx", pfx(scene.issued)), "--passin", "stdin"]


def _wrong_key_password(scene: Scene) -> list[object]:
    content = pem(scene.issued, scene.issued.encrypted_key_pem(KEY_PASSWORD.encode()))
    return [scene.save("shop.pem", content), "--key-passin", "env:WRONG"]


def _right_key_password(scene: Scene) -> list[object]:
    content = pem(scene.issued, scene.issued.encrypted_key_pem(KEY_PASSWORD.encode()))
    return [scene.save("shop.pem", content), "--key-passin", "env:OWN", "--passin", "env:WRONG"]


def _password_as_an_argument(scene: Scene) -> list[object]:
    return [scene.save("shop.pfx", pfx(scene.issued)), "--passin", f"pass:{PASSWORD}", "--key-passin", WRONG]


def _damaged_key(scene: Scene) -> list[object]:
    lines = scene.issued.traditional_key_pem.splitlines(keepends=True)
    return [scene.save("shop.pem", pem(scene.issued, b"".join([*lines[:-2], b"AAAA====\n", lines[-1]])))]


def _key_without_an_end(scene: Scene) -> list[object]:
    return [scene.save("shop.pem", pem(scene.issued)[:-40])]


def _other_numbers(scene: Scene) -> list[object]:
    der = bytearray(
        scene.issued.private_key.private_bytes(
            Encoding.DER, PrivateFormat.PKCS8, BestAvailableEncryption(KEY_PASSWORD.encode())
        )
    )
    der[-1] ^= 1
    return [scene.save("shop.key", bytes(der)), "--passin", "env:OWN"]


def _no_key(scene: Scene) -> list[object]:
    return [scene.save("shop.pem", scene.issued.pem), "--key", scene.save("other.key", shop().key_pem)]


def _key_alone(scene: Scene) -> list[object]:
    return [scene.save("shop.key", scene.issued.key_pem)]


def _several_leaves(scene: Scene) -> list[object]:
    other = shop(Request("b", key=("EC_prime256v1", 41)))
    return [scene.save("both.pem", pem(scene.issued) + pem(other))]


def _expired(scene: Scene) -> list[object]:
    return [scene.save("shop.pem", pem(scene.issued) + pem(shop(EXPIRED)))]


def _several_sources(scene: Scene) -> list[object]:
    return [*_good(scene), scene.save("other.pfx", pfx(scene.issued)), "missing", "--passin", "env:WRONG"]


CASES: Final = (
    _good,
    _good_pfx,
    _locked,
    _wrong_password,
    _wrong_password_from_standard_input,
    _wrong_key_password,
    _right_key_password,
    _password_as_an_argument,
    _damaged_key,
    _key_without_an_end,
    _other_numbers,
    _no_key,
    _key_alone,
    _several_leaves,
    _expired,
    _several_sources,
)
COMMANDS: Final = ("inspect", "split", "validate", "import")


def _arguments(scene: Scene, name: str, given: list[object]) -> list[object]:
    match name:
        case "split":
            return [name, *given, "--out", scene.out]
        case "import":
            return [name, *given, "--name", "shop", "--profile", "there-is-none"]
    return [name, *given]


@pytest.mark.parametrize("options", [("--debug",), ("--debug", "--format", "json")], ids=" ".join)
@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__.strip("_"))
def test_nothing_leaks(
    scene: Scene, case: Callable[[Scene], list[object]], name: str, options: tuple[str, ...]
) -> None:
    given = case(scene)

    done = scene.run(*_arguments(scene, name, given), *options)

    assert done.exit_code in {0, 1, 2, 3}
    assert scene.leaks(done) == []


@pytest.mark.parametrize("output_format", ["sarif", "junit", "github"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__.strip("_"))
def test_nothing_leaks_into_what_is_for_continuous_integration(
    scene: Scene, case: Callable[[Scene], list[object]], output_format: str
) -> None:
    done = scene.run("validate", *case(scene), "--debug", "--format", output_format)

    assert done.exit_code in {0, 1, 2, 3}
    assert scene.leaks(done) == []


@pytest.mark.parametrize("name", ["inspect", "split", "validate"])
def test_the_traceback_of_a_bug_holds_no_key(scene: Scene, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    def fail(*_: object) -> None:
        raise AssertionError(scene.issued.key_pem, {"PrivateKey": scene.issued.traditional_key_pem})

    monkeypatch.setattr(batches, "run", fail)

    done = scene.run(*_arguments(scene, name, _good(scene)))

    assert done.exit_code == 70
    assert "AssertionError" in done.stderr
    assert scene.leaks(done) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_in_the_middle_of_writing_leaves_no_key(scene: Scene, number: signal.Signals) -> None:
    (source,) = _good(scene)
    code = (
        "import os, signal, sys; from certkit.cli.app import main; write = os.write\n"
        f"def late(*a, **k): signal.raise_signal({int(number)}); return write(*a, **k)\n"
        "os.write = late; sys.exit(main())"
    )

    done = subprocess.run(
        [command()[0], "-c", code, "split", str(source), "--out", str(scene.out)],
        env=variables(),
        capture_output=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 128 + number
    assert scene.leaks(Finished(done.returncode, done.stdout.decode(), done.stderr.decode())) == []
    assert not scene.out.exists()


def test_the_log_of_an_import_holds_no_key(tmp_path: Path) -> None:
    issued = shop(Request(sans=("shop.example.com",), key=("RSA_2048", 40)))
    found = traces(issued.key_pem, PASSWORD)
    source = save(tmp_path, "in/shop.pfx", pfx(issued))
    (tmp_path / "work").mkdir()
    given = ("import", source, "--name", "shop", "--passin", "env:RIGHT", "--debug", "--format", "json")

    done = program(
        "sandbox",
        "--",
        *command(*given),
        environment={"RIGHT": PASSWORD, "TMPDIR": str(tmp_path / "work")},
        folder=tmp_path / "work",
    )

    assert done.exit_code == 0, done.stderr
    assert done.document["results"][0]["action"] == "imported"
    assert "botocore" in done.stderr
    assert "ImportCertificate" in done.stderr
    assert found.found_in(done.stdout + done.stderr) == []
    assert found.found_in_files(tmp_path / "work") == []


def test_the_arguments_of_the_process_hold_no_password(scene: Scene) -> None:
    (source, *passin) = _good_pfx(scene)
    os.mkfifo(scene.folder / "pipe")
    process = subprocess.Popen(
        command("split", source, scene.folder / "pipe", *passin, "--out", scene.out),
        env=variables({"RIGHT": PASSWORD}),
        stdout=subprocess.DEVNULL,
    )
    pipe = open_for(process, scene.folder / "pipe")

    seen = Path(f"/proc/{process.pid}/cmdline").read_bytes()
    os.close(pipe)
    process.wait(60)

    assert b"split" in seen
    assert scene.traces.found_in(seen) == []
