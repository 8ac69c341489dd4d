"""What the items of one region take, on the local strict ACM: `python -m benchmarks.fleet [COUNT [LAG]]`.

So many certificates (200, which is one item) in one region of one account, all of one lifetime, are worked on three times: when
ACM holds none of them, when nothing is new, and when all of them were renewed; its indexes lag so many seconds (0). The strict ACM
keeps to the documented rates. Time is that of its clock, which certkit's own pacing and waiting move on, and each request by a
tenth of a second: what AWS takes is assumed, and nothing else is. Requests are counted on the wire.
"""

import os
import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any, Final

import boto3
import botocore.endpoint
from botocore.httpsession import URLLib3Session

from certkit.fleet.item import MAX_NAMES
from certkit.testing import DOCUMENTED_RATES, Behaviour, SettableClock, serve
from tests.aws.faults import Proxy, proxy
from tests.fleet.scene import BUCKET, Fleet, environment
from tests.issuing import Request, make_chain
from tests.ledger.scene import make_table

ACCOUNT: Final = "1" * 12
SECONDS: Final = 900
"""What a function has."""

LATENCY: Final = timedelta(seconds=0.1)
"""Of a request, assumed."""


def main(arguments: Sequence[str]) -> int:
    """Works on all of it three times, and prints what each item took; 1 where one takes longer than it may."""
    count, lag = (*map(int, arguments), *(MAX_NAMES, 0)[len(arguments) :])
    names = tuple(f"shop-{number:03}" for number in range(count))
    clock = SettableClock(datetime(2026, 11, 22, 12, tzinfo=UTC))
    botocore.endpoint.time = SimpleNamespace(sleep=lambda seconds: clock.advance(timedelta(seconds=seconds)))  # type: ignore[attr-defined]  # its pauses take none of ours
    _take_time(clock)
    with serve(now=clock) as acm, proxy(acm.url) as wire, TemporaryDirectory() as folder:
        acm.behaviour = Behaviour(index_lag=timedelta(seconds=lag), requests_per_second=DOCUMENTED_RATES)
        os.environ.update(acm.environment(os.environ), AWS_ENDPOINT_URL=wire.url, CERTKIT_STATE=folder)
        make_table(acm.url)
        boto3.client("s3").create_bucket(Bucket=BUCKET)
        fleet = Fleet(clock, {**os.environ, **environment(wire.url, f"s3://{BUCKET}/certkit.toml")})
        _manifest(names)
        _issue(names, days=0)
        took = [_night(fleet, wire, clock, "new", count)]
        clock.advance(timedelta(days=1))
        took.append(_night(fleet, wire, clock, "unchanged", count))
        clock.advance(timedelta(days=30))
        _issue(names, days=31)
        took.append(_night(fleet, wire, clock, "renewed", count))
    return int(max(took) > SECONDS)


def _take_time(clock: SettableClock) -> None:
    """Has every request move the clock on."""
    send = URLLib3Session.send

    def delayed(session: URLLib3Session, request: Any) -> Any:  # noqa: ANN401 -- botocore's own
        clock.advance(LATENCY)
        return send(session, request)

    URLLib3Session.send = delayed  # type: ignore[method-assign, assignment]  # there is no other place that all clients go through


def _manifest(names: Iterable[str]) -> None:
    account = f'[accounts.red]\nid = "{ACCOUNT}"\nrole = "arn:aws:iam::{ACCOUNT}:role/certkit"\n'
    certificates = "".join(
        f'[certificates.{name}]\nsource = "s3://{BUCKET}/{name}.pem"\naccounts = ["red"]\n' for name in names
    )
    boto3.client("s3").put_object(Bucket=BUCKET, Key="certkit.toml", Body=(account + certificates).encode())


def _issue(names: Iterable[str], days: int) -> None:
    begin = datetime(2026, 11, 21, tzinfo=UTC) + timedelta(days=days)
    client = boto3.client("s3")
    for name in names:
        leaf = Request(common_name=f"{name}.example.com", not_before=begin, not_after=begin + timedelta(days=90))
        issued = make_chain(leaf=leaf)
        client.put_object(Bucket=BUCKET, Key=f"{name}.pem", Body=issued.key_pem + issued.pem + issued.chain_pem)


def _night(fleet: Fleet, wire: Proxy, clock: SettableClock, run: str, count: int) -> float:
    """Works on all items, one after the other as in their lane, and returns the seconds of the longest."""
    fleet.invoke("plan", {"run": run, "input": {}})
    chunks = range(0, count, MAX_NAMES)
    took = [_item(fleet, wire, clock, run, i, min(MAX_NAMES, count - done)) for i, done in enumerate(chunks, start=1)]
    end = fleet.invoke("conclude", {"run": run, "wave": 1})
    if not end["is_good"]:
        raise SystemExit(end["cause"])
    return max(took)


def _item(fleet: Fleet, wire: Proxy, clock: SettableClock, run: str, item: int, count: int) -> float:
    wire.forget()
    before, processor = clock(), time.process_time()
    fleet.invoke("work", {"run": run, "item": item})
    waited, processor = (clock() - before).total_seconds(), time.process_time() - processor
    asked = Counter(f"{sent.scope[1]}:{sent.operation}" for sent in wire.sent)
    print(
        f"{run}, item {item} of {count}: {waited:.0f} s on the clock, {sum(asked.values()):,} requests,"
        f" {processor:.1f} s of the processor, servers included",
        flush=True,
    )
    for operation, times in sorted(asked.items()):
        print(f"    {operation:<40} {times:>6,}  {times / count:.2f} for each")
    return waited


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
