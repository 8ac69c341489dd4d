"""The start of certkit in a Lambda function, from a layer that `make lambda` has made.

Each round is a new interpreter that knows nothing but the layer, and calls the handler twice with `status`, against the strict
local ACM: `certkit sandbox -- python benchmarks/coldstart.py dist/certkit-lambda-….zip`. Once with the compiled files of the
layer, and once without them. Lambda's own part (fetching the layer, starting the sandbox) is in none of the figures.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Final

ROUNDS: Final = 9
INVOKE: Final = """
import time
began = time.perf_counter()
import contextlib, io, json, resource, sys
sys.path.insert(0, sys.argv[1])
from certkit.aws import lambda_handler
marks = []
def spent():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
for _ in range(2):
    with contextlib.redirect_stdout(io.StringIO()):
        assert lambda_handler({"command": ["status"]}, None)["exit_code"] == 0
    marks.append((time.perf_counter() - began, spent()))
memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
(cold, work), (both, _) = marks
print(json.dumps([cold * 1000, work * 1000, (both - cold) * 1000, memory]))
"""


def main() -> int:
    """Measures and prints, for each way of packing it, the medians and the best."""
    with tempfile.TemporaryDirectory(prefix="certkit-cold-") as folder:
        layer = Path(folder, "opt")
        with zipfile.ZipFile(sys.argv[1]) as archive:
            archive.extractall(layer)
        manifest = Path(folder, "certkit.toml")
        manifest.write_text('[certificates.shop]\nsource = "s3://bundles/shop.pem"\n')
        environment = {**os.environ, "CERTKIT_MANIFEST": str(manifest), "PYTHONDONTWRITEBYTECODE": "1"}
        _measure("compiled", layer / "python", environment)
        for compiled in (layer / "python").rglob("*.pyc"):
            compiled.unlink()
        _measure("not compiled", layer / "python", environment)
    return 0


def _measure(what: str, layer: Path, environment: dict[str, str]) -> None:
    rounds = [_round(layer, environment) for _ in range(ROUNDS + 1)][1:]
    cold, work, warm, memory = (list(column) for column in zip(*rounds, strict=True))
    print(
        f"{what:13} cold {statistics.median(cold):5.0f} ms (best {min(cold):.0f}, of the processor {min(work):.0f}), "
        f"warm {statistics.median(warm):4.0f} ms, memory {max(memory):.0f} MB"
    )


def _round(layer: Path, environment: dict[str, str]) -> tuple[float, ...]:
    done = subprocess.run(
        [sys.executable, "-S", "-c", INVOKE, layer], env=environment, check=True, capture_output=True, text=True
    )
    return tuple(json.loads(done.stdout))


if __name__ == "__main__":
    sys.exit(main())
