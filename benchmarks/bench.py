"""The speed marks of certkit, each held against openssl's steps on the same files in the same run: `make bench`.

Prints one line a mark: what was measured, the mark, and whether it was met.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Final

from benchmarks import bundles, subjects
from benchmarks.marks import Mark, show
from benchmarks.subjects import Subject

PYTHON_SWITCHES: Final = ("PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED")
"""Left out of the environment: an installed certkit is compiled once, as all packages are."""

ENVIRONMENT: Final = {
    **{name: value for name, value in os.environ.items() if name not in PYTHON_SWITCHES},
    "PFX_PASSWORD": subjects.PASSWORD,
}
CERTKIT: Final = str(Path(sys.executable).with_name("certkit"))
ROUNDS: Final = 15
FEW_ROUNDS: Final = 3
MANY: Final = 1_000
FEW: Final = 40
"""How many bundles openssl is given: it takes as long for each, so fewer tell its throughput as well."""

VALIDATED: Final = 10_000
FEW_VALIDATED: Final = 500

JUNK_BYTES: Final = 100 * 1024 * 1024
MEBIBYTE: Final = 1024 * 1024

DEAR_ITERATIONS: Final = 100_000
SAMPLE: Final = 200
"""How many of ten thousand bundles openssl is given."""

BARE_IMPORT: Final = "from cryptography import x509; from cryptography.hazmat.primitives import serialization"


def main() -> None:
    """Measures all marks and prints them."""
    show(chain(_cold_start(), _dear_mac(), _throughput(), _many_pem(), _validation(), _junk()))


def _cold_start() -> Iterator[Mark]:
    """One cold split of an RSA-2048 bundle in each format."""
    for subject in subjects.ALL:
        if subject.is_possible:
            yield from _one_cold_start(subject)
        else:
            print(f"        {subject.name}: not measured, keytool is not installed")


def _one_cold_start(subject: Subject) -> Iterator[Mark]:
    """One format, in rounds that alternate with its rivals, so that noise hits all alike."""
    with _folder() as out:
        _seconds(_split(subject, out / "warm-up"))
    times: dict[str, list[float]] = {"certkit": [], "rival": [], "import": []}
    for _ in range(subject.rounds):
        with _folder() as out:
            times["certkit"].append(_seconds(_split(subject, out / "certkit")))
            times["rival"].append(_seconds(subject.steps(out)))
            times["import"].append(_seconds([sys.executable, "-c", BARE_IMPORT]))
    ours, theirs, bare = (statistics.median(times[name]) * 1_000 for name in ("certkit", "rival", "import"))
    print(
        f"        cold split of a {subject.name}: {ours:.0f} ms; {subject.rival} {theirs:.0f} ms; bare import {bare:.0f} ms"
    )
    yield Mark(f"one cold split of a {subject.name} against {subject.rival}", ours / theirs, subject.limit, "x")
    yield Mark(f"one cold split of a {subject.name} over the bare import", ours - bare, 60, "ms")


def _split(subject: Subject, out: Path) -> list[str]:
    return [CERTKIT, "split", *subject.arguments, "--out", str(out)]


def _dear_mac() -> Iterator[Mark]:
    """A PFX whose MAC takes 100,000 iterations of PKCS#12's derivation, against openssl's own look into it."""
    with _folder() as folder:
        dear, cheap = (subjects.write_pfx(folder, count) for count in (DEAR_ITERATIONS, 2_048))
        times: dict[str, list[float]] = {"certkit": [], "openssl": [], "steps": [], "cheap": [], "openssl, cheap": []}
        for number in range(ROUNDS):
            out = folder / str(number)
            out.mkdir()
            for name, command in (
                ("certkit", _split(dear, out / "dear")),
                ("openssl", ["openssl", "pkcs12", "-in", dear.arguments[0], "-nodes", "-passin", "env:PFX_PASSWORD"]),
                ("steps", dear.steps(out)),
                ("cheap", _split(cheap, out / "cheap")),
                (
                    "openssl, cheap",
                    ["openssl", "pkcs12", "-in", cheap.arguments[0], "-nodes", "-passin", "env:PFX_PASSWORD"],
                ),
            ):
                times[name].append(_seconds(command))
    best = {name: min(values) * 1_000 for name, values in times.items()}
    more, theirs = best["certkit"] - best["cheap"], best["openssl"] - best["openssl, cheap"]
    print(
        f"        a MAC of {DEAR_ITERATIONS:,} iterations: certkit {best['certkit']:.0f} ms, {more:.0f} more than with 2,048; "
        f"one openssl pkcs12 {best['openssl']:.0f} ms, {theirs:.0f} more; openssl's steps {best['steps']:.0f} ms"
    )
    yield Mark("a dear MAC, cold split against one openssl pkcs12", best["certkit"] / best["openssl"], 2.0, "x")
    yield Mark("a dear MAC, cold split against openssl's steps", best["certkit"] / best["steps"], 2.0, "x")
    yield Mark("a dear MAC, what its iterations add to openssl's", more / theirs, 2.0, "x")


def _throughput() -> Iterator[Mark]:
    """A thousand PFX of 2,048 iterations in one call."""
    with _folder() as folder:
        copies = [folder / f"bundle-{number:04}.pfx" for number in range(MANY)]
        for copy in copies:
            shutil.copyfile(subjects.PFX.arguments[0], copy)
        rounds = [_one_round(folder / str(number), copies) for number in range(FEW_ROUNDS)]
        ours, theirs = (statistics.median(figures) for figures in zip(*rounds, strict=True))
    print(f"        {MANY} PFX in one call: {ours:.0f} a second; openssl's steps {theirs:.1f} a second")
    yield Mark(f"{MANY} PFX in one call against openssl's steps", ours / theirs, 30, "x", is_floor=True)


def _one_round(folder: Path, copies: Sequence[Path]) -> tuple[float, float]:
    """Returns how many bundles a second certkit and openssl's steps split, one after the other."""
    folder.mkdir()
    command = [CERTKIT, "split", *map(str, copies), "--passin", "env:PFX_PASSWORD", "--out", str(folder / "out")]
    ours = len(copies) / _seconds(command)
    return ours, _by_openssl(subjects.PFX, copies[:FEW], folder)


def _by_openssl(subject: Subject, sources: Sequence[Path], folder: Path) -> float:
    """Returns how many bundles a second openssl's steps split, one after the other."""
    start = time.perf_counter()
    for source in sources:
        _seconds(subject.steps(folder, source))
    return len(sources) / (time.perf_counter() - start)


def _many_pem() -> Iterator[Mark]:
    """Ten thousand PEM bundles of RSA-2048, and how much more memory they take than a thousand."""
    with _folder() as folder:
        _, sources = bundles.write(folder, VALIDATED, ("rsa",))
        few = _run([CERTKIT, "split", *map(str, sources[:MANY]), "--out", str(folder / "few")])
        theirs = [_by_openssl(subjects.PEM, sources[:SAMPLE], folder)]
        run = _run([CERTKIT, "split", *map(str, sources), "--out", str(folder / "many")])
        theirs.append(_by_openssl(subjects.PEM, sources[-SAMPLE:], folder))
    ours, rival = len(sources) / run.seconds, statistics.mean(theirs)
    print(
        f"        {VALIDATED} PEM in one call: {ours:.0f} a second; openssl's steps {rival:.1f} a second,"
        f" measured on {SAMPLE} before and {SAMPLE} after"
    )
    yield Mark(f"{VALIDATED} PEM in one call against openssl's steps", ours / rival, 60, "x", is_floor=True)
    growth = (run.kilobytes - few.kilobytes) / 1_024
    yield Mark(f"{VALIDATED} PEM over {MANY}, memory of the largest process", growth, 32, "MB")


def _validation() -> Iterator[Mark]:
    """Ten thousand PEM bundles, half RSA-2048 and half P-256, each a leaf, its intermediate and the key: all rules."""
    with _folder() as folder:
        roots, sources = bundles.write(folder, VALIDATED)
        command = [CERTKIT, "validate"]
        some = _run([*command, *map(str, sources[:: VALIDATED // MANY])])
        runs = [_run([*command, *map(str, sources)]) for _ in range(FEW_ROUNDS)]
        ours = VALIDATED / statistics.median(run.seconds for run in runs)
        theirs = _verified_by_openssl(roots, sources[:: VALIDATED // FEW_VALIDATED])
    print(f"        {VALIDATED} bundles validated: {ours:.0f} a second; openssl's two steps {theirs:.0f} a second")
    yield Mark(f"{VALIDATED} PEM bundles validated in one call", ours, 1_000, "a second", is_floor=True)
    growth = (runs[0].kilobytes - some.kilobytes) / 1_024
    yield Mark(f"{VALIDATED} bundles over {MANY}, memory of the largest process", growth, 32, "MB")


def _verified_by_openssl(roots: Path, sources: Sequence[Path]) -> float:
    """Returns how many bundles a second openssl verifies and looks at the end of, two at a time."""

    def steps(source: Path) -> None:
        _run(["openssl", "verify", "-CAfile", str(roots), "-untrusted", str(source), str(source)])
        _run(["openssl", "x509", "-checkend", "0", "-noout", "-in", str(source)])

    start = time.perf_counter()
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(steps, sources))
    return len(sources) / (time.perf_counter() - start)


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
            yield Mark(f"100 MB of junk from {what}", run.seconds, 1.0, "s")
            yield Mark(f"100 MB of junk from {what}, over idle", (run.kilobytes - idle) / 1_024, 64, "MB")


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


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="certkit-bench-") as name:
        yield Path(name)


if __name__ == "__main__":
    main()
