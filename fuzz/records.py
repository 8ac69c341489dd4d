"""More of what is fuzzed: what certkit reads back, what servers say before TLS, and what people and programs write to it.

Each takes any bytes, as those in `fuzz.targets` do.
"""

import datetime as dt
import json
import socket
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cryptography.hazmat.primitives.asymmetric import rsa

from certkit import certificate as x
from certkit import changes, event, expiry, freeze, hook, hosts, incident, manifest, waves
from certkit.aws import items
from certkit.aws.refusals import translate, without_input
from certkit.errors import CertkitError
from certkit.escrow import content, deposit, envelope, where
from certkit.formats import keys
from certkit.ledger.entry import check_same, stage_of, to_row
from certkit.redaction import redact
from certkit.report import one_line
from certkit.sources import endpoint, starttls, store
from fuzz import seeds

if TYPE_CHECKING:
    from collections.abc import Callable

_SITE: Final = deposit.Site("shop", "111122223333", "us-east-1")
_MOMENT: Final = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)


def read_manifest(data: bytes) -> object:
    """Reads a manifest: TOML, its tables, waivers and escrow."""
    return manifest.parse(data.decode("utf-8", "replace"), Path("certkit.toml"))


def read_row(data: bytes) -> None:
    """Reads a row of a ledger in DynamoDB, a line for each attribute, and puts it in order among others."""
    pairs = (line.partition("=") for line in data.decode("utf-8", "surrogateescape").split("\n"))
    entry = items.from_item({"v": {"N": "1"}, **{key: {"S": value} for key, _, value in pairs}})
    stage_of(entry)
    to_row(entry)
    check_same(entry, entry)
    assert (entry.at < _MOMENT) or (entry.at >= _MOMENT)


def read_status(data: bytes) -> None:
    """Reads a document of an earlier status, and compares it with itself and with an empty one."""
    document = changes.read(data.decode("utf-8", "surrogateescape"))
    empty = {"at": document["at"], "coverage": document["coverage"], "certificates": []}
    for before, after in ((document, document), (document, empty), (empty, document)):
        changes.between(before, after)


def open_deposit(data: bytes) -> None:
    """Reads what is kept in escrow: a name up to the first line end, then its content; and the content as an envelope."""
    name, _, kept = data.partition(b"\n")
    found = deposit.named(_SITE, name.decode("latin-1"))
    if found is not None:
        with suppress(CertkitError):
            content.decode(found, kept)
    with suppress(CertkitError):
        content.decode(deposit.Deposit(_SITE, _MOMENT, _MOMENT, "", None, "x.pem"), kept)
    _envelope().open(kept)


@cache
def _envelope() -> envelope.Envelope:
    texts = ((seeds.FIXTURES / "pki" / f"self-signed.{kind}").read_bytes() for kind in ("crt", "key"))
    recipient, own = map(seeds.decode, texts)
    certificate, private_key = x.load(recipient), keys.load(own)
    assert certificate is not None
    assert isinstance(private_key, rsa.RSAPrivateKey)
    return envelope.Envelope(certificate, lambda: private_key)


def begin_tls(data: bytes) -> None:
    """Hears what a server says before TLS begins: the first byte says in which protocol."""
    protocols = tuple(starttls.Protocol)
    near, far = socket.socketpair()
    with near, far:
        far.sendall(data[1:])
        far.shutdown(socket.SHUT_WR)
        with suppress(OSError):
            starttls.begin(protocols[(data[0] if data else 0) % len(protocols)], near, lambda: 5.0)


def read_words(data: bytes) -> None:
    """Reads addresses, hosts, times and limits, as people and manifests name them."""
    text = data.decode("utf-8", "surrogateescape")
    readers: tuple[Callable[[str], object], ...] = (
        items.parse,
        where.parse,
        lambda word: store.parse(f"s3://{word}"),
        lambda word: store.parse(f"secretsmanager://{word}"),
        lambda word: store.parse(f"ssm://{word}"),
        endpoint.parse,
        endpoint.parse_host,
        hosts.parse,
        expiry.parse_time,
        expiry.parse_expires_in,
        freeze.parse_mark,
        freeze.parse_zone,
        waves.parse_limit,
        lambda word: incident.wanted(word, None, None, word),
        lambda word: incident.wanted(None, word, None, None),
        one_line,
        redact,
        without_input,
        lambda word: translate("ValidationException", word),
    )
    for read in readers:
        with suppress(CertkitError):
            read(text)


def hear_hook(data: bytes) -> None:
    """Reads the environment of a deploy hook, a line for each variable, and the event of a function."""
    text = data.decode("utf-8", "surrogateescape")
    environment = {name: value for name, _, value in (line.partition("=") for line in text.split("\n"))}
    spec = manifest.parse('[certificates.shop]\nsource = "live/*/shop.pem"\nkey = "file://a.key"', Path("certkit.toml"))
    for client in hook.Client:
        with suppress(CertkitError):
            found = hook.renewed(client, environment)
            list(hook.sources(found, spec.certificates, lambda path: path))
    given: Any = None
    with suppress(ValueError, RecursionError):
        given = json.loads(text)
    event.command_line(given, "certkit.toml")
