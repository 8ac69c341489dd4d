"""Which files everybody on a machine can read or change."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

import pytest

from certkit.exposure import is_changeable, readable
from tests.cli.bundles import pem, pfx, save, shop
from tests.cli.running import certkit

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")

SHOP: Final = shop()


def _save(path: Path, mode: int, content: bytes = b"") -> str:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    path.chmod(mode)
    return str(path)


@pytest.mark.parametrize(
    ("mode", "folder", "expected"),
    [(0o644, 0o755, True), (0o604, 0o711, True), (0o640, 0o755, False), (0o600, 0o755, False), (0o644, 0o750, False)],
    ids=oct,
)
def test_a_file_is_readable_where_its_mode_and_every_folder_above_let_others(
    public: Path, mode: int, folder: int, expected: bool
) -> None:
    path = _save(public / "tls" / "shop.pem", mode)
    (public / "tls").chmod(folder)

    assert list(readable(path)) == [path] * expected


def test_a_link_is_as_readable_as_what_it_leads_to(public: Path) -> None:
    _save(public / "secret" / "privkey1.pem", 0o644)
    (public / "secret").chmod(0o700)
    (public / "privkey.pem").symlink_to(public / "secret" / "privkey1.pem")

    assert list(readable(str(public / "privkey.pem"))) == []


def test_of_a_folder_the_keys_are_asked_about(public: Path) -> None:
    for name in ("cert_key.pem", "cert_body.pem", "shop.key", "haproxy.pem"):
        _save(public / name, 0o644)

    names = ("cert_key.pem", "haproxy.pem", "shop.key")
    assert list(readable(str(public))) == [str(public / name) for name in names]


@pytest.mark.parametrize("path", ["/dev/null", "/dev/fd/0", "/dev/stdin", "/proc/self/environ", "missing", "a\0b"])
def test_what_is_no_file_is_not_asked_about(path: str) -> None:
    assert list(readable(path)) == []


@pytest.mark.parametrize(
    ("mode", "folder", "expected"),
    [
        (0o646, 0o755, True),
        (0o644, 0o757, True),
        (0o644, 0o1777, False),
        (0o646, 0o1777, True),
        (0o664, 0o775, False),
        (0o646, 0o750, False),
    ],
    ids=oct,
)
def test_a_file_is_changeable_where_it_can_be_written_or_replaced(
    public: Path, mode: int, folder: int, expected: bool
) -> None:
    path = _save(public / "etc" / "certkit.toml", mode)
    (public / "etc").chmod(folder)

    assert is_changeable(path) is expected


def test_what_a_link_in_a_changeable_folder_leads_to_is_changeable(public: Path) -> None:
    target = _save(public / "safe" / "certkit.toml", 0o644)
    (public / "open").mkdir()
    (public / "open").chmod(0o777)
    (public / "open" / "certkit.toml").symlink_to(target)

    assert is_changeable(str(public / "open" / "certkit.toml"))
    assert not is_changeable(target)


def test_a_key_that_everybody_can_read_is_warned_of_once(public: Path) -> None:
    path = _save(public / "shop.pem", 0o644, pem(SHOP))

    done = certkit("split", path, "--key", path, "--out", public / "out")

    assert done.exit_code == 0
    assert done.stderr == (
        f"certkit: warning: {path}: everybody on this machine can read its private key: chmod o-r {path}\n"
    )


def test_neither_a_key_under_a_password_nor_a_certificate_is_warned_of(public: Path) -> None:
    locked = _save(public / "shop.pfx", 0o644, pfx(SHOP, "p"))
    bare = _save(public / "shop.crt", 0o644, SHOP.pem)
    own = save(public, "own.pem", pem(SHOP))
    own.chmod(0o600)

    runs = [certkit("inspect", each, "--passin", "env:P", environment={"P": "p"}) for each in (locked, bare, own)]

    assert [(run.exit_code, run.stderr) for run in runs] == [(0, "")] * 3


def test_who_wants_quiet_is_not_warned(public: Path) -> None:
    path = _save(public / "shop.pem", 0o644, pem(SHOP))

    assert certkit("inspect", path, "--quiet").stderr == ""
