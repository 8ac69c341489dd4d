"""Bundles put away and taken out again, in a folder of this machine."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from certkit.certificate import to_der
from certkit.errors import ConfigurationError, EscrowError, EscrowUnreadableError, UsageError
from certkit.escrow.deposit import Site
from certkit.escrow.envelope import Envelope, Plain, check_recipient
from certkit.escrow.folder import FolderStore
from certkit.escrow.vault import Escrow
from tests.escrow.scene import ARN, NOW, SITE, bundle, envelope, issued, recipient
from tests.issuing import Request, make_key, self_signed
from tests.secrets.canaries import traces

if TYPE_CHECKING:
    from pathlib import Path

    from certkit.bundle import Bundle

DAY = timedelta(days=1)
OPENSSL = ("openssl", "cms", "-decrypt", "-inform", "DER")


@pytest.fixture
def escrow(tmp_path: Path) -> Escrow:
    """An escrow in a folder that is not there yet."""
    return Escrow(FolderStore(tmp_path / "escrow"), envelope())


def the_file(folder: Path) -> Path:
    (path,) = (path for path in folder.rglob("*") if path.is_file())
    return path


def test_what_was_put_away_comes_out_as_it_was(escrow: Escrow) -> None:
    warnings = escrow.keep(SITE, ARN, bundle(0), NOW)

    (kept,) = escrow.deposits(SITE)
    found = escrow.fetch(kept)
    assert warnings == ()
    assert (found.leaf, found.chain) == (bundle(0).leaf, bundle(0).chain)
    assert found.private_key is not None
    assert found.private_key.private_numbers() == issued(0).private_key.private_numbers()  # type: ignore[union-attr]


def test_the_same_bundle_is_kept_once_and_a_new_chain_is_another(escrow: Escrow) -> None:
    other_chain = bundle(0)._replace(chain=())

    for day, one in enumerate((bundle(0), bundle(0), other_chain, bundle(1), bundle(0))):
        assert escrow.keep(SITE, ARN, one, NOW + day * DAY) == ()

    assert [one.at - NOW for one in escrow.deposits(SITE)] == [0 * DAY, 2 * DAY, 3 * DAY, 4 * DAY]


def test_each_place_has_a_history_of_its_own(escrow: Escrow) -> None:
    elsewhere = [replace(SITE, region="eu-west-1"), replace(SITE, account="222222222222"), replace(SITE, name="shop/b")]

    escrow.keep(SITE, ARN, bundle(0), NOW)

    assert [escrow.deposits(site) for site in elsewhere] == [(), (), ()]


def test_a_folder_holds_nothing_of_a_key_and_is_for_its_owner_alone(escrow: Escrow, tmp_path: Path) -> None:
    escrow.keep(SITE, ARN, bundle(0), NOW)

    path = the_file(tmp_path)
    assert traces(issued(0).key_pem).found_in_files(tmp_path) == []
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="there is no openssl")
@pytest.mark.interop
def test_openssl_opens_what_certkit_closed(escrow: Escrow, tmp_path: Path) -> None:
    escrow.keep(SITE, ARN, bundle(0), NOW)
    (tmp_path / "own.key").write_bytes(recipient().key_pem)
    (tmp_path / "own.crt").write_bytes(recipient().pem)

    done = subprocess.run(
        [
            *OPENSSL,
            "-in",
            the_file(tmp_path / "escrow"),
            "-recip",
            tmp_path / "own.crt",
            "-inkey",
            tmp_path / "own.key",
        ],
        capture_output=True,
        check=True,
    )

    head, _, text = done.stdout.partition(b"\n")
    assert b'"certkit.escrow/1"' in head
    assert text == issued(0).key_pem + issued(0).pem + issued(0).chain_pem
    assert load_pem_private_key(text, None) is not None


def test_without_its_key_an_escrow_is_not_opened(escrow: Escrow) -> None:
    escrow.keep(SITE, ARN, bundle(0), NOW)
    (kept,) = escrow.deposits(SITE)

    with pytest.raises(UsageError, match="closed to a key"):
        replace(escrow, seal=envelope(has_key=False)).fetch(kept)


@pytest.mark.parametrize("key", [("EC_prime256v1", 0), ("RSA_2048", 61)])
def test_another_key_is_refused_before_it_is_tried(escrow: Escrow, key: tuple[str, int]) -> None:
    escrow.keep(SITE, ARN, bundle(0), NOW)
    (kept,) = escrow.deposits(SITE)
    seal = Envelope(recipient().certificate, lambda: make_key(*key))

    with pytest.raises(UsageError, match="not the private key of the recipient"):
        replace(escrow, seal=seal).fetch(kept)


@pytest.mark.parametrize("position", range(0, 100, 4))
def test_a_damaged_file_is_no_bundle(escrow: Escrow, tmp_path: Path, position: int) -> None:
    escrow.keep(SITE, ARN, bundle(0), NOW)
    (kept,) = escrow.deposits(SITE)
    path = the_file(tmp_path)
    content = bytearray(path.read_bytes())
    content[len(content) * position // 100] ^= 0x10
    path.write_bytes(content)

    found: Bundle | None = None
    with contextlib.suppress(EscrowUnreadableError):
        found = escrow.fetch(kept)

    # What survives is a bit of the first line that nobody compares: the time, the ARN.
    assert found is None or (found.leaf, found.chain) == (bundle(0).leaf, bundle(0).chain)


def test_a_file_from_another_place_is_not_taken(tmp_path: Path) -> None:
    escrow, other = Escrow(FolderStore(tmp_path), Plain()), Site("other", SITE.account, SITE.region)
    escrow.keep(SITE, ARN, bundle(0), NOW)
    path = the_file(tmp_path)
    moved = tmp_path / other.folder / path.name
    moved.parent.mkdir(parents=True)
    path.rename(moved)

    (kept,) = escrow.deposits(other)
    with pytest.raises(EscrowUnreadableError, match="belongs to another certificate"):
        escrow.fetch(kept)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda text: text.replace(issued(0).pem, issued(1).pem), "does not hold the certificates"),
        (lambda text: text.replace(issued(0).chain_pem, b""), "does not hold the certificates"),
        (lambda text: text.replace(issued(0).key_pem, issued(0).issuers[0].key_pem), "private key is not"),
        (lambda text: text.replace(issued(0).key_pem, b""), "private key is not"),
        (lambda text: text.partition(b"\n")[0], "neither a certificate nor a private key"),
        (lambda text: text.partition(b"\n")[2], "no deposit of certkit's"),
        (lambda text: text.replace(b"escrow/1", b"escrow/2"), "a later certkit"),
        (lambda _: b"[" * 100_000, "no deposit of certkit's"),
        (lambda _: b"", "no deposit of certkit's"),
    ],
)
def test_what_does_not_fit_its_name_is_not_taken(tmp_path: Path, change: object, reason: str) -> None:
    assert callable(change)
    escrow = Escrow(FolderStore(tmp_path), Plain())
    escrow.keep(SITE, ARN, bundle(0), NOW)
    path = the_file(tmp_path)
    path.write_bytes(change(path.read_bytes()))

    (kept,) = escrow.deposits(SITE)
    with pytest.raises(EscrowUnreadableError, match=reason):
        escrow.fetch(kept)


def test_a_store_that_fails_is_a_warning_and_the_next_run_heals_it(tmp_path: Path) -> None:
    (tmp_path / "escrow").write_bytes(b"in the way")
    escrow = Escrow(FolderStore(tmp_path / "escrow"), envelope())

    (warning,) = escrow.keep(SITE, ARN, bundle(0), NOW)
    (tmp_path / "escrow").unlink()
    healed = escrow.keep(SITE, ARN, bundle(0), NOW)

    assert warning.startswith("the bundle is not in escrow: the escrow: ")
    assert warning.endswith("; the next run tries again")
    assert healed == ()
    assert len(escrow.deposits(SITE)) == 1


def test_what_is_larger_than_any_bundle_is_not_read(tmp_path: Path, escrow: Escrow) -> None:
    escrow.keep(SITE, ARN, bundle(0), NOW)
    (kept,) = escrow.deposits(SITE)
    with the_file(tmp_path).open("r+b") as file:
        file.truncate(5 << 20)

    with pytest.raises(EscrowError, match="larger than any deposit"):
        escrow.fetch(kept)


@pytest.mark.parametrize("key", [("EC_prime256v1", 0), ("RSA_1024", 0)])
def test_a_recipient_needs_an_rsa_key_that_is_long_enough(key: tuple[str, int]) -> None:
    certificate = self_signed(Request("escrow", sans=(), key=key)).certificate

    with pytest.raises(ConfigurationError, match="it takes RSA of at least 2048 bits"):
        check_recipient(certificate)

    check_recipient(recipient().certificate)
    assert to_der(certificate)


def test_a_folder_is_writable_where_it_can_be_made(tmp_path: Path) -> None:
    FolderStore(tmp_path / "a" / "b").check()

    assert list(tmp_path.iterdir()) == []


def test_a_folder_below_a_file_is_not_writable(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"")

    with pytest.raises(EscrowError, match="cannot be written"):
        FolderStore(tmp_path / "a" / "b").check()
