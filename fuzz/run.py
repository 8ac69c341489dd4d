"""`make fuzz`: shares the time between all targets, and says what was found.

Exit codes: 0 nothing, 1 a finding, 2 usage.
"""

import argparse
import hashlib
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fuzz.targets import TARGETS

HERE: Final = Path(__file__).parent
CRASHERS: Final = HERE / "crashers"
"""Inputs that were findings; `tests/test_crashers.py` runs them again."""

CORPUS: Final = HERE / "corpus"
"""Inputs that reached something new; kept between runs, not committed."""

MAX_BYTES: Final = 16_384
MEMORY_MEGABYTES: Final = 512
HANG_SECONDS: Final = 20
"""By the clock, on a machine that others share; what takes more than two of the processor's own is a finding in the worker."""

_REPORTING: Final = ("-print_final_stats=1", "-verbosity=0")
_EXECUTIONS: Final = re.compile(r"stat::number_of_executed_units:\s+(\d+)")


@dataclass(frozen=True, slots=True)
class Tally:
    """What came of one target."""

    name: str
    executions: int
    findings: tuple[str, ...]
    seconds: float


def main(arguments: Sequence[str] | None = None) -> int:
    """Fuzzes the targets one after the other and returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=60, help="for all targets together")
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=", ".join(TARGETS))
    given = parser.parse_args(arguments)
    unknown = set(given.targets) - set(TARGETS)
    if unknown:
        parser.error(f"no such target: {', '.join(sorted(unknown))}")
    names = given.targets or list(TARGETS)
    CRASHERS.mkdir(exist_ok=True)
    print(f"{'target':<24} {'executions':>12} {'findings':>9} {'time':>10}")
    tallies = [_show(fuzz(name, given.seconds / len(names))) for name in names]
    executions, findings = sum(one.executions for one in tallies), sum(len(one.findings) for one in tallies)
    _show(Tally("all", executions, ("",) * findings, sum(one.seconds for one in tallies)))
    return 1 if findings else 0


def fuzz(name: str, seconds: float) -> Tally:
    """Fuzzes one target for so long, beginning anew after an input that ended the process."""
    corpus = CORPUS / name
    corpus.mkdir(parents=True, exist_ok=True)
    for seed in TARGETS[name].seeds():
        if len(seed) <= MAX_BYTES:
            (corpus / hashlib.sha1(seed, usedforsecurity=False).hexdigest()).write_bytes(seed)
    start, executions, findings = time.monotonic(), 0, dict[str, None]()
    while (left := seconds - (time.monotonic() - start)) >= 1:
        output = _work(name, corpus, int(left))
        executions += sum(map(int, _EXECUTIONS.findall(output)))
        findings |= dict.fromkeys(_findings(output))
        if "stat::number_of_executed_units" not in output:
            findings[f"{name}: the worker ended by itself: {output[-1000:]}"] = None
            break
    return Tally(name, executions, tuple(findings), time.monotonic() - start)


def _work(name: str, corpus: Path, seconds: int) -> str:
    """Runs a worker to its end and returns what it wrote."""
    limits = (
        f"-max_total_time={seconds}",
        f"-max_len={MAX_BYTES}",
        f"-timeout={HANG_SECONDS}",
        f"-rss_limit_mb={MEMORY_MEGABYTES}",
    )
    with tempfile.TemporaryFile() as log:
        command = (sys.executable, "-m", "fuzz.worker", name, str(CRASHERS), *limits, *_REPORTING, str(corpus))
        prefix = f"-artifact_prefix={CRASHERS}/{name}-"
        subprocess.run((*command, prefix), stdout=log, stderr=log, cwd=HERE.parent, check=False)
        log.seek(0)
        return log.read().decode(errors="replace")


_OWN: Final = re.compile(r"^FINDING (.*?)^END$", re.MULTILINE | re.DOTALL)
_LIBFUZZER: Final = re.compile(r"Test unit written to .*/(.*)$", re.MULTILINE)


def _findings(output: str) -> list[str]:
    """Returns what a worker told of findings: its own lines, and libFuzzer's of inputs that ended it."""
    return list(dict.fromkeys(_OWN.findall(output) + _LIBFUZZER.findall(output)))


def _show(tally: Tally) -> Tally:
    for finding in filter(None, tally.findings):
        print(finding)
    print(f"{tally.name:<24} {tally.executions:>12,} {len(tally.findings):>9} {tally.seconds:>8.0f} s", flush=True)
    return tally


if __name__ == "__main__":
    sys.exit(main())
