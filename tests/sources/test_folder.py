"""Folders as ACME clients leave them, and folders that are none."""

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Final

import pytest

from certkit import formats, limits, sources
from certkit.contents import Contents
from certkit.errors import InputTooLargeError, InputUnreadableError
from certkit.password import Passwords
from tests.issuing import Request, make_chain

SHOP: Final = make_chain()
OTHER: Final = make_chain(leaf=Request(common_name="other.example.com", key=("EC_prime256v1", 1)))
FULL_CHAIN: Final = SHOP.pem + SHOP.chain_pem

CERTBOT: Final = {
    "README": b"This directory contains your keys and certificates.",
    "cert.pem": SHOP.pem,
    "chain.pem": SHOP.chain_pem,
    "fullchain.pem": FULL_CHAIN,
    "privkey.pem": SHOP.key_pem,
}
ACME_SH: Final = {
    "ca.cer": SHOP.chain_pem,
    "fullchain.cer": FULL_CHAIN,
    "shop.example.com.cer": SHOP.pem,
    "shop.example.com.conf": b"Le_Domain='shop.example.com'",
    "shop.example.com.csr": b"whatever",
    "shop.example.com.key": SHOP.key_pem,
}
LEGO: Final = {
    "shop.example.com.crt": FULL_CHAIN,
    "shop.example.com.issuer.crt": SHOP.chain_pem,
    "shop.example.com.json": b'{"domain": "shop.example.com"}',
    "shop.example.com.key": SHOP.key_pem,
}
SPLIT: Final = {"cert_body.pem": SHOP.pem, "cert_chain.pem": SHOP.chain_pem, "cert_key.pem": SHOP.key_pem}
HAPROXY: Final = {"haproxy.pem": FULL_CHAIN + SHOP.key_pem}


def fill(folder: Path, files: Mapping[str, bytes]) -> Path:
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


def read(folder: Path | str) -> Contents:
    return formats.read(sources.read(str(folder), {}, BytesIO(), lambda _: b""), Passwords())


@pytest.mark.parametrize(
    ("files", "note"),
    [
        (CERTBOT, "folder: as certbot leaves it: fullchain.pem, privkey.pem"),
        (ACME_SH, "folder: as acme.sh leaves it: fullchain.cer, shop.example.com.key"),
        (LEGO, "folder: as lego leaves it: shop.example.com.crt, shop.example.com.key"),
        (SPLIT, "folder: as certkit split leaves it: cert_body.pem, cert_chain.pem, cert_key.pem"),
        (HAPROXY, "folder: as certkit split leaves it: haproxy.pem"),
    ],
    ids=["certbot", "acme.sh", "lego", "split", "haproxy"],
)
def test_what_an_acme_client_or_a_split_leaves_is_one_bundle(
    tmp_path: Path, files: Mapping[str, bytes], note: str
) -> None:
    contents = read(fill(tmp_path, files))

    assert (contents.format, [entry.der for entry in contents.certificates], len(contents.keys), contents.notes) == (
        "folder",
        [SHOP.der, SHOP.issuers[0].der],
        1,
        (note,),
    )


def test_certbots_parts_do_where_its_full_chain_is_missing(tmp_path: Path) -> None:
    files = {name: content for name, content in CERTBOT.items() if name != "fullchain.pem"}

    assert len(read(fill(tmp_path, files)).certificates) == 2


@pytest.mark.parametrize(
    ("files", "count"),
    [
        ({"cert_body.pem": SHOP.pem}, 1),
        ({"cert_body.pem": SHOP.pem, "cert_chain.pem": SHOP.chain_pem}, 2),
        ({"fullchain.pem": FULL_CHAIN}, 2),
        ({"fullchain.pem": FULL_CHAIN, "cert.pem": SHOP.pem, "chain.pem": SHOP.chain_pem}, 2),
        ({"haproxy.pem": FULL_CHAIN}, 2),
    ],
)
def test_certificates_without_their_key_are_a_bundle_too(
    tmp_path: Path, files: Mapping[str, bytes], count: int
) -> None:
    contents = read(fill(tmp_path, files))

    assert (len(contents.certificates), contents.keys) == (count, ())


@pytest.mark.parametrize("name", ["cert_key.pem", "cert_chain.pem", "chain.pem"])
def test_a_part_alone_makes_no_bundle(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputUnreadableError, match="it is a folder, and none that"):
        read(fill(tmp_path, {name: SHOP.key_pem}))


def test_certbots_links_are_followed(tmp_path: Path) -> None:
    archive = fill(tmp_path / "archive", {f"{name}1": content for name, content in CERTBOT.items()})
    live = fill(tmp_path / "live", {})
    for name in CERTBOT:
        (live / name).symlink_to(archive / f"{name}1")

    assert len(read(live).keys) == 1


def test_legos_folder_may_hold_several_domains(tmp_path: Path) -> None:
    other = {"other.crt": OTHER.pem, "other.key": OTHER.key_pem, "other.json": b"{}"}

    assert len(read(fill(tmp_path, LEGO | other)).keys) == 2


@pytest.mark.parametrize("prefix", ["", "file://", "fileb://"])
def test_a_folder_may_be_named_as_any_path(tmp_path: Path, prefix: str) -> None:
    fill(tmp_path, CERTBOT)

    assert read(f"{prefix}{tmp_path}/").keys


@pytest.mark.parametrize(
    "files",
    [{}, {"server.crt": SHOP.pem, "server.key": SHOP.key_pem}, {"privkey.pem": SHOP.key_pem}, {"fullchain.cer": b""}],
    ids=["empty", "pair", "key", "no chain of acme.sh's"],
)
def test_any_other_folder_is_unreadable(tmp_path: Path, files: Mapping[str, bytes]) -> None:
    with pytest.raises(InputUnreadableError, match="it is a folder, and none that") as caught:
        read(fill(tmp_path, files))

    assert caught.value.hint == "name the file inside it"


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    fill(tmp_path, {"fullchain.pem": FULL_CHAIN})
    (tmp_path / "privkey.pem").symlink_to(tmp_path / "nowhere")

    with pytest.raises(InputUnreadableError, match=r"^privkey\.pem: no such file"):
        read(tmp_path)


def test_a_folder_in_the_place_of_a_file_is_not_entered(tmp_path: Path) -> None:
    fill(tmp_path, {"fullchain.pem": FULL_CHAIN})
    (tmp_path / "privkey.pem").symlink_to(tmp_path)

    with pytest.raises(InputUnreadableError, match=r"^privkey\.pem: it is a folder inside a folder"):
        read(tmp_path)


def test_files_are_bounded_together(tmp_path: Path) -> None:
    half = b"\n" * (limits.MAX_SOURCE_BYTES // 2)

    with pytest.raises(InputTooLargeError):
        read(fill(tmp_path, {"fullchain.pem": half, "privkey.pem": half}))


def test_a_folder_of_very_many_files_is_refused(tmp_path: Path) -> None:
    for number in range(limits.MAX_FOLDER_FILES + 1):
        (tmp_path / str(number)).touch()

    with pytest.raises(InputTooLargeError, match="more than 10,000 files"):
        read(tmp_path)


def test_a_bundle_from_a_folder_is_called_by_its_whole_name(tmp_path: Path) -> None:
    folder = fill(tmp_path / "shop.example.com", {})

    assert (sources.stem(f"{folder}/"), sources.stem(str(folder)), sources.stem(f"{folder}.pem")) == (
        "shop.example.com",
        "shop.example.com",
        "shop.example.com",
    )
