"""What one machine's `certkit renew` takes over many accounts, on the local strict ACM: `python -m benchmarks.worker`.

Four hundred certificates over forty accounts are renewed by one process, in real time and at ACM's documented rate of one
import a second in each account: when ACM holds none of them, and when nothing is new. The strict ACM answers one request at a
time, so that the time that is printed is the server's more than the client's; the processor's is the client's alone.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from certkit.testing import serve
from tests.issuing import Request, make_chain

CERTKIT: Final = str(Path(sys.executable).with_name("certkit"))
ACCOUNTS: Final = 40
EACH: Final = 10


def main() -> int:
    """Runs it twice, and prints what each took."""
    with serve() as acm, tempfile.TemporaryDirectory(prefix="certkit-worker-") as folder:
        _write(Path(folder))
        environment = acm.child_environment(os.environ) | {"CERTKIT_STATE": f"{folder}/state"}
        return max([_renew(folder, environment, what) for what in ("new", "unchanged")])


def _write(folder: Path) -> None:
    text = ""
    for number in range(ACCOUNTS):
        account = f"{111_111_111_111 + number}"
        text += f'[accounts.a{number}]\nid = "{account}"\nrole = "arn:aws:iam::{account}:role/certkit"\n'
        for one in range(number * EACH, (number + 1) * EACH):
            issued = make_chain(leaf=Request(common_name=f"shop-{one}.example.com"))
            (folder / f"{one}.pem").write_bytes(issued.key_pem + issued.pem + issued.chain_pem)
            text += f'[certificates.shop-{one}]\nsource = "{one}.pem"\naccounts = ["a{number}"]\n'
    (folder / "certkit.toml").write_text(text)


def _renew(folder: str, environment: dict[str, str], what: str) -> int:
    start = time.perf_counter()
    command = [CERTKIT, "renew", "--quiet"]
    process = subprocess.Popen(command, env=environment, cwd=folder, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds, processor = time.perf_counter() - start, usage.ru_utime + usage.ru_stime
    process.returncode = os.waitstatus_to_exitcode(status)
    print(
        f"{what}: {seconds:.0f} s, {processor:.1f} s of the processor, {processor / (ACCOUNTS * EACH) * 1_000:.0f} ms for each, "
        f"{usage.ru_maxrss / 1_024:.0f} MB",
        flush=True,
    )
    return process.returncode


if __name__ == "__main__":
    sys.exit(main())
