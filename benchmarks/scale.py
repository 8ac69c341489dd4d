"""The marks of `certkit status` over large estates, on the local strict ACM: `make bench`.

Two estates: 10,000 certificates over 100 account-regions, and 3,000 over 2,040, most of which are empty. Prints a line for
each mark: requests for an account-region, memory of the client at its peak.

The strict ACM runs in a process of its own, so that its memory is not the client's; it answers one request at a time, so
that the time that is printed is the server's more than the client's.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from benchmarks.marks import Mark, show

CERTKIT: Final = str(Path(sys.executable).with_name("certkit"))
MAX_MEGABYTES: Final = 150
MAX_REQUESTS: Final = 3
SPREAD: Final = 40
"""How many regions share the certificates of the estate that is mostly empty."""


@dataclass(frozen=True, slots=True)
class Estate:
    """So many certificates in the first `filled` of all account-regions."""

    name: str
    accounts: int
    regions: int
    certificates: int
    filled: int

    @property
    def places(self) -> int:
        """All account-regions."""
        return self.accounts * self.regions

    @property
    def pages(self) -> int:
        """The further pages that its listings have: 500 certificates to one of Search, 100 to one of GetResources."""
        each = -(-self.certificates // self.filled)
        return self.filled * ((each - 1) // 500 + (each - 1) // 100)


ESTATES: Final = (
    Estate("10,000 certificates in 100 account-regions", 10, 10, 10_000, 100),
    Estate("3,000 certificates in 2,040 account-regions", 60, 34, 3_000, SPREAD),
)


@dataclass(frozen=True, slots=True)
class Run:
    """What one run of `certkit status` took, and what it said."""

    seconds: float
    processor_seconds: float
    megabytes: float
    document: dict[str, Any]


def main() -> None:
    """Measures both estates and prints their marks."""
    show(mark for estate in ESTATES for mark in _measure(estate))


def _measure(estate: Estate) -> Iterator[Mark]:
    with tempfile.TemporaryDirectory(prefix="certkit-scale-") as folder, _served(estate) as (server, environment):
        config = _configuration(Path(folder), estate)
        run = _status(config, estate, environment | {"CERTKIT_STATE": folder})
        requests = json.loads(_ask(server, "requests"))
    found = len(run.document["certificates"]), len(run.document["coverage"])
    if found != (estate.certificates, estate.places):
        raise SystemExit(f"{estate.name}: {found[0]} certificates in {found[1]} account-regions were seen")
    each = (sum(requests) - estate.pages) / estate.places
    took = f"{run.seconds:.1f} s, {run.processor_seconds:.1f} s of the processor"
    print(f"        {estate.name}: {took}, {sum(requests):,} requests, {estate.pages} of them for further pages")
    yield Mark(f"{estate.name}, requests for one", each, MAX_REQUESTS, "requests")
    yield Mark(f"{estate.name}, memory of the client", run.megabytes, MAX_MEGABYTES, "MB")


def _status(config: Path, estate: Estate, environment: dict[str, str]) -> Run:
    regions = [word for region in _regions(estate) for word in ("--region", region)]
    out = config.with_name("status.json")
    command = [
        CERTKIT,
        "status",
        "--config",
        str(config),
        "--account",
        "all",
        *regions,
        "--format",
        "json",
        "--out",
        str(out),
    ]
    start = time.perf_counter()
    process = subprocess.Popen(command, env=environment)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"certkit status exited with {process.returncode}")
    return Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1_024, json.loads(out.read_bytes()))


def _configuration(folder: Path, estate: Estate) -> Path:
    path = folder / "certkit.toml"
    path.write_text(
        "".join(
            f'[accounts.a{account}]\nid = "{account}"\nrole = "arn:aws:iam::{account}:role/certkit-reader"\n'
            for account in _accounts(estate)
        )
    )
    return path


def _accounts(estate: Estate) -> list[str]:
    return [f"{number:012}" for number in range(111_111_111_111, 111_111_111_111 + estate.accounts)]


def _regions(estate: Estate) -> Sequence[str]:
    import boto3  # noqa: PLC0415 -- here only

    return sorted(boto3.Session().get_available_regions("acm"))[: estate.regions]


@contextmanager
def _served(estate: Estate) -> Iterator[tuple["subprocess.Popen[str]", dict[str, str]]]:
    """Serves an estate in another process, and yields that process and the environment that leads there."""
    command = [sys.executable, "-m", "benchmarks.scale", "serve", str(ESTATES.index(estate))]
    server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield server, json.loads(_line(server))
    finally:
        server.terminate()
        server.wait()


def _ask(server: "subprocess.Popen[str]", question: str) -> str:
    if server.stdin is None:
        raise TypeError("the server listens")
    server.stdin.write(question + "\n")
    server.stdin.flush()
    return _line(server)


def _line(server: "subprocess.Popen[str]") -> str:
    if server.stdout is None:
        raise TypeError("the server speaks")
    line = server.stdout.readline()
    if not line:
        raise SystemExit("the strict ACM did not start")
    return line


def _serve(estate: Estate) -> None:
    """Serves the estate until standard input ends; tells how many requests each account-region has had, when asked."""
    from certkit.testing import serve  # noqa: PLC0415 -- not in the process that measures

    with serve() as acm:
        _fill(acm, estate)
        print(json.dumps(acm.child_environment(os.environ)), flush=True)
        for _ in sys.stdin:
            backends = [acm.backend(account, region) for account in _accounts(estate) for region in _regions(estate)]
            print(json.dumps([backend._calls for backend in backends]), flush=True)  # noqa: SLF001 -- nobody else counts them


def _fill(acm: Any, estate: Estate) -> None:  # noqa: ANN401 -- a StrictAcm, which is not imported here
    """Puts the certificates where they belong, past all checks and requests, each another one."""
    from certkit.testing.criteria import Material  # noqa: PLC0415 -- as above
    from certkit.testing.record import CertificateType  # noqa: PLC0415

    places = [(account, region) for account in _accounts(estate) for region in _regions(estate)][: estate.filled]
    for number, leaf in enumerate(_leaves(estate.certificates)):
        backend = acm.backend(*places[number % len(places)])
        backend.add(Material(leaf, ()), CertificateType.IMPORTED, {"certkit:name": f"shop-{number}", "owner": "web"})


def _leaves(count: int) -> Iterator[Any]:
    """Yields so many certificates on one key: 0.2 ms each."""
    from cryptography import x509  # noqa: PLC0415 -- as above
    from cryptography.hazmat.primitives import hashes  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415
    from cryptography.x509.oid import NameOID  # noqa: PLC0415

    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Scale CA")])
    for number in range(count):
        host = f"shop-{number}.example.com"
        yield (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)]))
            .issuer_name(issuer)
            .serial_number(number + 1)
            .not_valid_before(now - timedelta(days=number % 60))
            .not_valid_after(now + timedelta(days=90 - number % 60))
            .public_key(key.public_key())
            .add_extension(
                x509.SubjectAlternativeName([x509.DNSName(host), x509.DNSName(f"www.{host}")]), critical=False
            )
            .sign(key, hashes.SHA256())
        )


if __name__ == "__main__":
    if sys.argv[1:2] == ["serve"]:
        _serve(ESTATES[int(sys.argv[2])])
    else:
        main()
