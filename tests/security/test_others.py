"""What another user of this machine sees of certkit: its files, its process, and a manifest that is not only one's own."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from certkit.errors import StateUnwritableError
from certkit.ledger.locks import Holder, held
from certkit.ledger.waiting import Waiting
from tests.aws.scene import NOW
from tests.cli.bundles import PASSWORD, pem, pfx, save, shop
from tests.cli.running import command, open_for, variables
from tests.escrow.scene import recipient
from tests.issuing import Request, make_chain
from tests.secrets.canaries import traces

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.aws.scene import Ran

pytest_plugins = ["tests.aws.fixtures"]

SHOP: Final = shop(Request(sans=("shop.example.com",), key=("EC_prime256v1", 70)))
SECRETS: Final = traces(SHOP.key_pem, PASSWORD)
NOBODY: Final = 65534
MANIFEST: Final = b'[certificates.shop]\nsource = "shop.pem"\nrenew_command = ["touch", "ran"]\n'

READ_ALL: Final = 'find "$@" -type f -exec cat {} + 2>/dev/null; find "$@" 2>/dev/null; id -u'
"""What is to be had of some folders: the content of the files, and all their names."""

is_unix = pytest.mark.skipif(os.name == "nt", reason="users and modes as Unix has them")
is_root = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can become another user"
)


def _seen_by_another(*folders: Path) -> bytes:
    """Everything that another user can read in some folders."""
    done = subprocess.run(
        ["/bin/sh", "-c", READ_ALL, "sh", *map(str, folders)],
        user=NOBODY,
        group=NOBODY,
        extra_groups=[],
        capture_output=True,
        check=True,
        cwd="/",
    )
    assert done.stdout.endswith(f"\n{NOBODY}\n".encode())
    return done.stdout


@is_root
@pytest.mark.usefixtures("wire")
def test_another_user_reads_no_key_that_certkit_wrote(
    public: Path, run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CERTKIT_STATE", str(public / "state"))
    monkeypatch.chdir(public)
    source = save(public, "in/shop.pem", pem(SHOP))
    source.chmod(0o600)
    save(public, "own.crt", recipient().pem)
    before = os.umask(0)
    try:
        codes = [
            run("split", source, "--out", public / "out").code,
            run("pack", "--key", source, "--body", source, "-o", public / "packed.pem").code,
            run("import", source, "--name", "shop", "--escrow", "file:vault?recipient=own.crt").code,
        ]
    finally:
        os.umask(before)

    assert codes == [0, 0, 0]
    assert list((public / "vault").rglob("*.p7m"))
    assert SECRETS.found_in((public / "out" / "cert_key.pem").read_bytes())
    seen = _seen_by_another(public)
    assert b"BEGIN CERTIFICATE" in seen  # it can look: what everybody may read is seen
    assert SECRETS.found_in(seen) == []
    assert b"SQLite" not in seen
    assert b"ledger" not in seen


@is_unix
def test_the_process_shows_nothing_that_the_user_did_not_put_there(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    locked = pfx(SHOP)
    process = subprocess.Popen(
        command(
            "split",
            tmp_path / "pipe",
            "--passin",
            f"file:{save(tmp_path, 'word', PASSWORD.encode())}",
            "--out",
            tmp_path / "out",
        ),
        env=variables({"TMPDIR": str(tmp_path / "tmp")}),
        stdout=subprocess.DEVNULL,
    )
    (tmp_path / "tmp").mkdir()
    pipe = open_for(process, tmp_path / "pipe")
    about = Path(f"/proc/{process.pid}")

    seen = [(about / name).read_bytes() for name in ("cmdline", "environ", "status", "limits") if about.exists()]
    os.set_blocking(pipe, True)
    os.write(pipe, locked)
    os.close(pipe)
    code = process.wait(60)

    assert code == 0
    assert [SECRETS.found_in(each) for each in seen] == [[]] * len(seen)
    assert list((tmp_path / "tmp").iterdir()) == []
    assert SECRETS.found_in_files(tmp_path, but=[tmp_path / "out" / "cert_key.pem", tmp_path / "word"]) == []


@is_unix
def test_a_crash_leaves_no_image_of_the_process() -> None:
    import resource  # noqa: PLC0415 -- Windows has none

    code = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_CORE, (resource.getrlimit(resource.RLIMIT_CORE)[1],) * 2)\n"
        "from certkit.__main__ import main; sys.argv[1:] = ['--version']; main()\n"
        "print(resource.getrlimit(resource.RLIMIT_CORE))"
    )

    done = subprocess.run([sys.executable, "-c", code], env=variables(), capture_output=True, text=True, check=True)

    most = resource.getrlimit(resource.RLIMIT_CORE)[1]
    assert done.stdout.splitlines()[-1] == str((0, most))


@is_unix
@pytest.mark.usefixtures("wire")
@pytest.mark.parametrize(
    ("mode", "is_run"),
    [
        pytest.param(0o646, False, id="changeable"),
        pytest.param(0o644, True, id="own", marks=pytest.mark.slow),
    ],
)
def test_what_everybody_can_change_names_no_program(
    public: Path, run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch, mode: int, *, is_run: bool
) -> None:
    monkeypatch.chdir(public)
    monkeypatch.setenv("CERTKIT_STATE", str(public / "state"))
    due = make_chain(leaf=Request(not_before=NOW - timedelta(days=80), not_after=NOW + timedelta(days=10)))
    save(public, "shop.pem", pem(due))
    manifest = save(public, "certkit.toml", MANIFEST)
    manifest.chmod(mode)

    first = run("renew", "--format", "json").result
    again = run("renew", "--format", "json")

    assert (public / "ran").exists() is is_run
    assert (first["action"], any("everybody on this machine can change" in one for one in first["warnings"])) == (
        "imported",
        not is_run,
    )
    assert again.code == (0 if is_run else 3)
    assert is_run or again.result["error"]["code"] == "command-failed"


@is_unix
def test_a_link_in_the_place_of_a_lock_is_not_followed(public: Path) -> None:
    victim = save(public, "victim", b"mine")
    (public / f"{hashlib.sha256(b'shop').hexdigest()[:32]}.lock").symlink_to(victim)

    with pytest.raises(StateUnwritableError), held(public, "shop", Holder("me", "now"), 0, Waiting()):
        pass

    assert victim.read_bytes() == b"mine"
