"""Texts that cost more than they weigh: deep nesting, numbers of a million digits, the same key twice, endless blanks.

What unpacks to more than it is (PFX, JKS, ZIP, key derivation) is in `tests/formats`, what an endpoint sends in `tests/sources`.
"""

from __future__ import annotations

import time
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from certkit import changes, event, formats, manifest
from certkit.errors import CertkitError
from certkit.ledger.locks import _read as holder_of
from certkit.password import Passwords
from certkit.sources import field
from tests.cli.running import certkit

if TYPE_CHECKING:
    from collections.abc import Callable

MANY: Final = 100_000
MAX_SECONDS: Final = 1.0

JSON: Final = {
    "nested lists": b"[" * MANY,
    "nested fields": b'{"a":' * MANY,
    "nested to the end": b"[" * MANY + b"]" * MANY,
    "a huge number": b'{"a":' + b"9" * MANY + b"}",
    "a huge exponent": b'{"a":1e' + b"9" * MANY + b"}",
    "the same field again and again": b"{" + b",".join([b'"a":1'] * 50_000) + b"}",
    "half a pair": b'{"a":"\\ud800"}',
    "not a number": b'{"a":NaN}',
    "blanks": b" " * MANY + b"\0",
    "quotes": b'"' * MANY,
    "backslashes": b'{"a":"' + b"\\" * MANY,
}
TOML: Final = {
    "nested lists": "a = " + "[" * MANY,
    "nested tables": "a = " + "{a = " * MANY,
    "a long name": ".".join(["a"] * MANY) + " = 1",
    "long headers": "[" + "a." * MANY + "a]",
    "a huge number": "a = " + "9" * MANY,
    "a huge hexadecimal number": "a = 0x" + "f" * MANY,
    "a huge exponent": "a = 1e" + "9" * MANY,
    "the same key twice": "[defaults]\nregions = []\nregions = []\n",
    "the same table twice": "[defaults]\n[defaults]\n",
    "many tables": "".join(f"[a{number}]\n" for number in range(5_000)),
    "open quotes": 'a = """' + '"' * MANY,
    "backslashes": 'a = "' + "\\" * MANY,
    "blanks": " " * MANY + "\0",
    "a date that is none": "a = 9999-99-99T99:99:99Z",
}
NUMBERS: Final = ("9" * MANY + "d", "1e999d", "٣d", "-1d", "0x1d", "9" * 400 + "%", "1" + "0" * 20 + "w")
"""What is no time that a manifest can say, the third in Arabic digits."""


def _seconds(run: Callable[[], object]) -> float:
    """Runs it to its result or its error, and returns the processor's time that it took."""
    start = time.thread_time()
    with suppress(CertkitError):
        run()
    return time.thread_time() - start


@pytest.mark.parametrize("text", JSON.values(), ids=JSON)
def test_no_json_costs_much_or_is_a_crash(text: bytes, tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    lock.write_bytes(text[:4_096])

    readers: list[Callable[[], Any]] = [
        partial(field.select, text, "a"),
        partial(field.select, text, None),
        partial(field.is_cut_off, text),
        partial(formats.read, b'{"kind": "Secret", "data": {"tls.crt": "' + text, Passwords()),
        partial(formats.read, text[:-1] + b',"tls.key": "' + text, Passwords()),
        partial(formats.protection, text),
        partial(changes.read, text.decode()),
        partial(holder_of, lock),
    ]

    assert max(map(_seconds, readers)) < MAX_SECONDS


@pytest.mark.parametrize("text", TOML.values(), ids=TOML)
def test_no_manifest_costs_much_or_is_a_crash(text: str) -> None:
    assert _seconds(partial(manifest.parse, text, Path("certkit.toml"))) < MAX_SECONDS
    assert _seconds(partial(manifest.parse, f"[defaults]\nrenew_when = 1\n{text}", Path("certkit.toml"))) < MAX_SECONDS


@pytest.mark.parametrize("given", NUMBERS, ids=lambda given: given[:8])
def test_no_number_is_a_crash(given: str, tmp_path: Path) -> None:
    path = tmp_path / "certkit.toml"
    path.write_text(f'[defaults]\nrenew_when = "{given}"\n[certificates.a]\nsource = "a.pem"\n', "utf-8")

    runs = [
        certkit("config", "check", path),
        certkit("status", path, "--within", given),
        certkit("plan", path, "--lock-timeout", given),
    ]

    assert [run.exit_code in {0, 1, 2, 3} for run in runs] == [True] * len(runs)


@pytest.mark.parametrize(
    "asked",
    [
        [],
        {"command": []},
        {"command": ["renew", ["x"]]},
        {"command": {"a": 1}},
        {"command": ["renew"] * MANY},
        1e999,
        "x",
    ],
    ids=lambda asked: repr(asked)[:24],
)
def test_no_event_is_a_crash(asked: object) -> None:
    with pytest.raises(CertkitError):
        event.command_line(asked, "certkit.toml")
