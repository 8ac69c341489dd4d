"""The speed marks of certkit, each held against openssl's steps on the same files in the same run: `make bench`.

Prints one line a mark: what was measured, the mark, and whether it was met. The exit code is 1 if one was missed.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

FIXTURES: Final = Path(__file__).resolve().parent.parent / "fixtures"
PFX: Final = FIXTURES / "openssl/pfx/default.pfx"
PYTHON_SWITCHES: Final = ("PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED")
"""Left out of the environment: an installed certkit is compiled once, as all packages are."""

ENVIRONMENT: Final = {
    **{name: value for name, value in os.environ.items() if name not in PYTHON_SWITCHES},
    "PFX_PASSWORD": "changeit",
}
CERTKIT: Final = str(Path(sys.executable).with_name("certkit"))
ROUNDS: Final = 15
FEW_ROUNDS: Final = 3
MANY: Final = 1_000
FEW: Final = 40
"""How many bundles openssl is given: it takes as long for each, so fewer tell its throughput as well."""

JUNK_BYTES: Final = 100 * 1024 * 1024
MEBIBYTE: Final = 1024 * 1024

SEED: Final = """
openssl pkcs12 -in "$1" -nocerts -nodes -passin env:PFX_PASSWORD | openssl rsa -out "$2/cert_key.pem"
openssl pkcs12 -in "$1" -clcerts -nokeys -passin env:PFX_PASSWORD | openssl x509 -out "$2/cert_body.pem"
openssl pkcs12 -in "$1" -cacerts -nokeys -passin env:PFX_PASSWORD \
    | sed -n '/-BEGIN CERTIFICATE-/,/-END CERTIFICATE-/p' > "$2/cert_chain.pem"
"""
"""The steps that certkit replaces, as a shell script of a bundle and a folder."""

BARE_IMPORT: Final = "from cryptography import x509; from cryptography.hazmat.primitives import serialization"


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark with what was measured."""

    what: str
    measured: float
    limit: float
    unit: str
    is_floor: bool = False

    @property
    def is_met(self) -> bool:
        """Whether the measurement is on the right side of the limit."""
        return self.measured >= self.limit if self.is_floor else self.measured <= self.limit

    def __str__(self) -> str:
        """The line that is printed."""
        bound = "at least" if self.is_floor else "at most"
        verdict = "met" if self.is_met else "MISSED"
        return f"{verdict:<6}  {self.what}: {self.measured:.1f} {self.unit} ({bound} {self.limit:g})"


def main() -> int:
    """Measures all marks and prints them."""
    marks = [*_cold_start(), *_throughput(), *_junk()]
    return int(not all(mark.is_met for mark in marks))


def _cold_start() -> Iterator[Mark]:
    """One cold split of an RSA-2048 PFX, in rounds that alternate with its rivals, so that noise hits all alike."""
    with _folder() as out:
        _seconds([CERTKIT, "split", str(PFX), "--passin", "env:PFX_PASSWORD", "--out", str(out / "warm-up")])
    times: dict[str, list[float]] = {"certkit": [], "openssl": [], "import": []}
    for _ in range(ROUNDS):
        with _folder() as out:
            times["certkit"].append(
                _seconds([CERTKIT, "split", str(PFX), "--passin", "env:PFX_PASSWORD", "--out", f"{out}/c"])
            )
            times["openssl"].append(_seconds(["sh", "-c", SEED, "sh", str(PFX), str(out)]))
            times["import"].append(_seconds([sys.executable, "-c", BARE_IMPORT]))
    median = {name: statistics.median(values) * 1_000 for name, values in times.items()}
    print(
        f"        cold split: {median['certkit']:.0f} ms; openssl's steps {median['openssl']:.0f} ms; bare import {median['import']:.0f} ms"
    )
    yield _shown(Mark("one cold split against openssl's steps", median["certkit"] / median["openssl"], 3.0, "x"))
    yield _shown(Mark("one cold split over the bare import", median["certkit"] - median["import"], 60, "ms"))


def _throughput() -> Iterator[Mark]:
    """A thousand PFX of 2,048 iterations in one call."""
    with _folder() as folder:
        bundles = [folder / f"bundle-{number:04}.pfx" for number in range(MANY)]
        for bundle in bundles:
            shutil.copyfile(PFX, bundle)
        rounds = [_one_round(folder / str(number), bundles) for number in range(FEW_ROUNDS)]
        ours, theirs = (statistics.median(figures) for figures in zip(*rounds, strict=True))
    print(f"        {MANY} PFX in one call: {ours:.0f} a second; openssl's steps {theirs:.1f} a second")
    yield _shown(Mark(f"{MANY} PFX in one call against openssl's steps", ours / theirs, 30, "x", is_floor=True))


def _one_round(folder: Path, bundles: Sequence[Path]) -> tuple[float, float]:
    """Returns how many bundles a second certkit and openssl's steps split, one after the other."""
    folder.mkdir()
    command = [CERTKIT, "split", *map(str, bundles), "--passin", "env:PFX_PASSWORD", "--out", str(folder / "out")]
    ours = MANY / _seconds(command)
    start = time.perf_counter()
    for bundle in bundles[:FEW]:
        _seconds(["sh", "-c", SEED, "sh", str(bundle), str(folder)])
    return ours, FEW / (time.perf_counter() - start)


def _junk() -> Iterator[Mark]:
    """100 MB that are no bundle, as a file and on standard input."""
    idle = _run([CERTKIT, "--version"]).kilobytes
    with _folder() as folder:
        junk = folder / "junk.pfx"
        with junk.open("wb") as file:
            for _ in range(JUNK_BYTES // MEBIBYTE):
                file.write(os.urandom(MEBIBYTE))
        for what, source, stdin in (("a file", str(junk), None), ("standard input", "-", junk)):
            run = _run([CERTKIT, "split", source, "--out", str(folder / "out")], stdin=stdin, expected=3)
            yield _shown(Mark(f"100 MB of junk from {what}", run.seconds, 1.0, "s"))
            yield _shown(Mark(f"100 MB of junk from {what}, over idle", (run.kilobytes - idle) / 1_024, 64, "MB"))


@dataclass(frozen=True, slots=True)
class Run:
    """What one process took."""

    seconds: float
    kilobytes: int


def _run(command: Sequence[str], *, stdin: Path | None = None, expected: int = 0) -> Run:
    with (stdin or Path(os.devnull)).open("rb") as source:
        start = time.perf_counter()
        process = subprocess.Popen(
            command, stdin=source, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=ENVIRONMENT
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != expected:
        raise SystemExit(f"{command[0]} exited with {process.returncode}, not {expected}")
    return Run(seconds, usage.ru_maxrss)


def _seconds(command: Sequence[str]) -> float:
    return _run(command).seconds


def _shown(mark: Mark) -> Mark:
    print(mark, flush=True)
    return mark


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="certkit-bench-") as name:
        yield Path(name)


if __name__ == "__main__":
    sys.exit(main())
