"""One target under atheris, in a process of its own: `python -m fuzz.worker TARGET CRASHERS [libFuzzer's arguments]`.

Findings do not end it: each is told once, by where it came from, and its input is kept. Only what Python cannot catch
(a run that hangs, memory without end, a signal) ends the process, and libFuzzer keeps that input.
"""

import hashlib
import sys
import time
import traceback
from pathlib import Path
from typing import Final

import atheris

with atheris.instrument_imports(include=["certkit"]):
    from fuzz.targets import TARGETS, Target

MAX_SECONDS: Final = 2.0
"""The processor time that an input may take."""

FINDING: Final = "FINDING "
"""How the line about each finding begins, on standard error."""


class TooSlowError(Exception):
    """An input took longer than any may."""


def main(name: str, crashers: Path, arguments: list[str]) -> None:
    """Fuzzes one target until libFuzzer's arguments end it."""
    target = TARGETS[name]
    known: set[tuple[str, str]] = set()

    def run(data: bytes) -> None:
        try:
            _in_time(target, data)
        except Exception as error:  # noqa: BLE001 -- this is what is looked for
            _tell(error, data, name, crashers, known)
        except BaseException as error:
            if isinstance(error, (KeyboardInterrupt, SystemExit)):
                raise
            _tell(error, data, name, crashers, known)  # a panic of Rust's

    atheris.Setup([sys.argv[0], *arguments], run)
    atheris.Fuzz()


def _in_time(target: Target, data: bytes) -> None:
    start = time.process_time()
    target(data)
    seconds = time.process_time() - start
    if seconds > MAX_SECONDS:
        raise TooSlowError(f"{seconds:.1f} s")


def _tell(error: BaseException, data: bytes, name: str, crashers: Path, known: set[tuple[str, str]]) -> None:
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "certkit" in frame.filename]
    place = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else ""
    kind = type(error).__name__
    if (kind, place) in known:
        return
    known.add((kind, place))
    path = crashers / f"{name}-{hashlib.sha256(data).hexdigest()[:16]}.bin"
    path.write_bytes(data)
    print(f"{FINDING}{path.name}: {kind} at {place}", file=sys.stderr)
    print(*traceback.format_exception(error)[-12:], "END", sep="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3:])
