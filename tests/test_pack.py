"""The way back: key, certificate and chain to one file."""

import os
import stat
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from certkit import formats
from certkit.assembly import Wishes, assemble
from certkit.bundle import Bundle
from certkit.certificate import to_der
from certkit.contents import PrivateKey
from certkit.errors import NoKeyError, OutputExistsError, OutputUnwritableError, PasswordMissingError
from certkit.formats.writing import Container
from certkit.pack import Wrapping, pack
from certkit.password import ABSENT, EMPTY, Password, Passwords
from certkit.split import split
from tests.cli.running import NOW, files_in
from tests.issuing import Issued, Request, make_chain, make_root, self_signed

PASSWORD: Final = Password(b"correct horse")
PFX: Final = Wrapping(Container.PFX, PASSWORD)
PEM: Final = Wrapping(Container.PEM)
P7B: Final = Wrapping(Container.P7B)
KINDS: Final = ("RSA_2048", "RSA_4096", "EC_prime256v1", "EC_secp384r1", "EC_secp521r1", "Ed25519", "DSA_2048")
HOLDING_KEYS: Final = {
    "pfx": PFX,
    "legacy": replace(PFX, is_legacy=True),
    "named": replace(PFX, alias="Käse"),
    "pem": PEM,
}


def bundle_of(issued: Issued, *, has_key: bool = True, has_root: bool = True) -> Bundle:
    """A bundle, put in order as a command does it."""
    issuers = issued.issuers if has_root else issued.issuers[:-1]
    text = b"".join(one.pem for one in (issued, *issuers)) + (issued.key_pem if has_key else b"")
    return read(text)


def read(data: bytes) -> Bundle:
    """The bundle in `data`."""
    return assemble(formats.read(data, Passwords(PASSWORD)), NOW, Wishes())


def parts(bundle: Bundle, folder: Path) -> dict[str, bytes]:
    """The three files that `split` makes of a bundle."""
    split(bundle, folder, force=False)
    return files_in(folder)


@pytest.mark.parametrize("container", HOLDING_KEYS)
@pytest.mark.parametrize("kind", KINDS)
def test_what_was_split_and_packed_splits_to_the_same_bytes(tmp_path: Path, kind: str, container: str) -> None:
    first = parts(bundle_of(make_chain(leaf=Request(key=(kind, 0)), intermediates=2)), tmp_path / "first")
    packed = tmp_path / "packed"

    pack(read(b"".join(first.values())), packed, HOLDING_KEYS[container], force=False)

    assert parts(read(packed.read_bytes()), tmp_path / "second") == first


@pytest.mark.parametrize("container", HOLDING_KEYS)
@pytest.mark.parametrize(
    "issued",
    [
        pytest.param(self_signed(Request()), id="self-signed"),
        pytest.param(make_root().issue(Request()), id="two tiers"),
        pytest.param(make_chain(intermediates=5), id="a long chain"),
    ],
)
@pytest.mark.parametrize("has_root", [True, False])
def test_leaf_chain_and_root_come_back_as_they_were(
    tmp_path: Path, issued: Issued, container: str, has_root: bool
) -> None:
    bundle = bundle_of(issued, has_root=has_root)
    packed = tmp_path / "packed"

    pack(bundle, packed, HOLDING_KEYS[container], force=False)

    again = read(packed.read_bytes())
    assert (again.leaf, again.whole_chain) == (bundle.leaf, bundle.whole_chain)
    assert isinstance(again.private_key, PrivateKey)


def test_a_p7b_has_leaf_and_chain_and_no_key(tmp_path: Path) -> None:
    bundle = bundle_of(make_chain(intermediates=2))
    packed = tmp_path / "shop.p7b"

    pack(bundle, packed, P7B, force=False)

    contents = formats.read(packed.read_bytes(), Passwords())
    assert contents.keys == ()
    assert {entry.der for entry in contents.certificates} == {to_der(one) for one in (bundle.leaf, *bundle.whole_chain)}


def test_a_p7b_needs_no_key(tmp_path: Path) -> None:
    bundle = bundle_of(make_chain(), has_key=False)

    pack(bundle, tmp_path / "shop.p7b", P7B, force=False)

    assert read((tmp_path / "shop.p7b").read_bytes()).leaf == bundle.leaf


@pytest.mark.parametrize("how", [PFX, PEM], ids=["pfx", "pem"])
def test_what_holds_a_key_needs_one(tmp_path: Path, how: Wrapping) -> None:
    bundle = bundle_of(make_chain(), has_key=False)

    with pytest.raises(NoKeyError):
        pack(bundle, tmp_path / "shop", how, force=False)

    assert files_in(tmp_path) == {}


@pytest.mark.parametrize("password", [None, ABSENT, EMPTY], ids=["not given", "absent", "empty"])
def test_a_pfx_needs_a_password(tmp_path: Path, password: Password | None) -> None:
    with pytest.raises(PasswordMissingError):
        pack(bundle_of(make_chain()), tmp_path / "shop.pfx", Wrapping(Container.PFX, password), force=False)

    assert files_in(tmp_path) == {}


@pytest.mark.parametrize(("how", "mode"), [(PFX, 0o600), (PEM, 0o600), (P7B, 0o644)], ids=["pfx", "pem", "p7b"])
def test_what_holds_a_key_is_for_its_owner_alone(tmp_path: Path, how: Wrapping, mode: int) -> None:
    path = tmp_path / "packed"
    before = os.umask(0o022)

    try:
        pack(bundle_of(make_chain()), path, how, force=False)
    finally:
        os.umask(before)

    assert stat.S_IMODE(path.stat().st_mode) == mode


def test_a_file_that_is_there_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "shop.pem"
    path.write_bytes(b"somebody's")

    with pytest.raises(OutputExistsError, match=r"shop\.pem already exists") as caught:
        pack(bundle_of(make_chain()), path, PEM, force=False)

    assert caught.value.hint == "name another file with --output, or replace it with --force"
    assert files_in(tmp_path) == {"shop.pem": b"somebody's"}


def test_a_file_that_is_there_is_replaced_where_that_is_forced(tmp_path: Path) -> None:
    path = tmp_path / "shop.pem"
    path.write_bytes(b"somebody's")
    path.chmod(0o644)
    issued = make_chain()

    pack(bundle_of(issued, has_root=False), path, PEM, force=True)

    assert files_in(tmp_path) == {"shop.pem": issued.traditional_key_pem + issued.pem + issued.chain_pem}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("force", [False, True])
def test_what_is_no_file_is_never_replaced(tmp_path: Path, force: bool) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    (tmp_path / "folder").mkdir()

    for name in ("pipe", "folder"):
        with pytest.raises(OutputUnwritableError, match="is no file"):
            pack(bundle_of(make_chain()), tmp_path / name, PEM, force=force)

    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder", "pipe"]
    assert pipe.is_fifo()


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")

    with pytest.raises(OutputUnwritableError) as caught:
        pack(bundle_of(make_chain()), tmp_path / "file" / "shop.pem", PEM, force=False)

    assert caught.value.hint == "name another file with --output"


def test_the_password_is_not_in_what_python_shows_of_it() -> None:
    assert "correct horse" not in repr(PFX)
