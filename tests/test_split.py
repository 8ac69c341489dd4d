"""A bundle to the files of each layout, and from them back to the same parts, byte for byte."""

import stat
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certkit import formats, sources
from certkit.assembly import Wishes, assemble
from certkit.bundle import Bundle
from certkit.errors import NoKeyError, OutputExistsError, OutputUnwritableError
from certkit.formats.keys import KeyFormat
from certkit.layout import FILES, Layout
from certkit.password import Password, Passwords
from certkit.split import Form, Written, split
from tests.cli.running import NOW, files_in
from tests.interop.expectations import Entry, Split, entries
from tests.issuing import Issued, Request, make_chain, self_signed

SHOP: Final = make_chain()
LONE: Final = self_signed(Request())
KEY: Final = SHOP.traditional_key_pem
WRITTEN: Final[Mapping[Layout, Mapping[str, bytes]]] = {
    Layout.ACM: {"cert_key.pem": KEY, "cert_body.pem": SHOP.pem, "cert_chain.pem": SHOP.chain_pem},
    Layout.CERTBOT: {
        "privkey.pem": KEY,
        "cert.pem": SHOP.pem,
        "chain.pem": SHOP.chain_pem,
        "fullchain.pem": SHOP.pem + SHOP.chain_pem,
    },
    Layout.NGINX: {"privkey.pem": KEY, "fullchain.pem": SHOP.pem + SHOP.chain_pem},
    Layout.HAPROXY: {"haproxy.pem": SHOP.pem + SHOP.chain_pem + KEY},
}
FIXTURES: Final = [
    entry
    for entry in entries()
    if entry.path.startswith("openssl/p") and isinstance(entry.outcomes[0], Split) and "--key" not in entry.options
]
"""Every PEM and PFX of openssl's that makes a bundle by itself."""


def bundle_of(issued: Issued) -> Bundle:
    return read_pem(issued.key_pem + issued.pem + issued.chain_pem)


def read_pem(data: bytes, wishes: Wishes | None = None) -> Bundle:
    return assemble(formats.read(data, Passwords()), NOW, wishes)


def read_folder(folder: Path, wishes: Wishes | None = None) -> Bundle:
    return read_pem(sources.read(str(folder), {}, BytesIO(), lambda _: b""), wishes)


def modes_in(folder: Path) -> dict[str, int]:
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}


@pytest.mark.parametrize("layout", Layout)
def test_each_layout_has_its_names_and_each_file_its_parts_in_order(tmp_path: Path, layout: Layout) -> None:
    files = split(bundle_of(SHOP), tmp_path / "out", Form(layout), force=False)

    assert files_in(tmp_path / "out") == WRITTEN[layout]
    assert files == tuple(Written(tmp_path / "out" / name, holds) for name, holds in FILES[layout].items())


@pytest.mark.parametrize("layout", Layout)
@pytest.mark.parametrize("force", [False, True])
def test_whatever_holds_a_key_is_its_owners_alone(tmp_path: Path, layout: Layout, *, force: bool) -> None:
    out = tmp_path / "out"
    if force:
        for name in FILES[layout]:
            out.mkdir(exist_ok=True)
            (out / name).touch(0o666)

    split(bundle_of(SHOP), out, Form(layout), force=force)

    assert {name for name, mode in modes_in(out).items() if mode == 0o600} == {
        name for name, content in WRITTEN[layout].items() if b"PRIVATE KEY" in content
    }


@pytest.mark.parametrize("layout", Layout)
@pytest.mark.parametrize("key_format", KeyFormat)
def test_the_key_has_the_form_that_was_asked_for(tmp_path: Path, layout: Layout, key_format: KeyFormat) -> None:
    split(bundle_of(SHOP), tmp_path / "out", Form(layout, key_format), force=False)

    expected = SHOP.key_pem if key_format is KeyFormat.PKCS8 else KEY
    (holder,) = [name for name, holds in FILES[layout].items() if "key" in holds]
    assert (tmp_path / "out" / holder).read_bytes().endswith(expected)


@pytest.mark.parametrize("layout", Layout)
def test_without_a_chain_there_is_no_file_of_it_and_a_stale_one_goes(tmp_path: Path, layout: Layout) -> None:
    form = Form(layout)
    split(bundle_of(SHOP), tmp_path, form, force=False)

    files = split(bundle_of(LONE), tmp_path, form, force=True)

    held = {name: tuple(part for part in holds if part != "chain") for name, holds in FILES[layout].items()}
    parts = {"key": LONE.traditional_key_pem, "body": LONE.pem}
    assert files_in(tmp_path) == {name: b"".join(parts[one] for one in holds) for name, holds in held.items() if holds}
    assert [file.path.name for file in files] == [name for name, holds in held.items() if holds]


@pytest.mark.parametrize("layout", Layout)
def test_without_force_a_file_of_the_layout_stops_all_of_it(tmp_path: Path, layout: Layout) -> None:
    *_, last = FILES[layout]
    (tmp_path / last).write_bytes(b"precious")

    with pytest.raises(OutputExistsError, match=last):
        split(bundle_of(SHOP), tmp_path, Form(layout), force=False)

    assert files_in(tmp_path) == {last: b"precious"}


def test_a_file_that_cannot_be_replaced_puts_all_of_them_back(tmp_path: Path) -> None:
    split(bundle_of(SHOP), tmp_path, Form(Layout.CERTBOT), force=False)
    (tmp_path / "fullchain.pem").unlink()
    (tmp_path / "fullchain.pem").mkdir()
    before = files_in(tmp_path)

    with pytest.raises(OutputUnwritableError, match=r"fullchain\.pem is a folder"):
        split(bundle_of(LONE), tmp_path, Form(Layout.CERTBOT), force=True)

    assert files_in(tmp_path) == before


@pytest.mark.parametrize("layout", Layout)
def test_certificates_alone_are_written_without_a_key(tmp_path: Path, layout: Layout) -> None:
    split(bundle_of(SHOP), tmp_path / "out", Form(layout, has_key=False), force=False)

    expected = {name: content.replace(KEY, b"") for name, content in WRITTEN[layout].items()}
    assert files_in(tmp_path / "out") == {name: content for name, content in expected.items() if content}


@pytest.mark.parametrize("layout", [Layout.ACM, Layout.CERTBOT, Layout.NGINX])
def test_certificates_alone_leave_the_keys_file_as_it_is(tmp_path: Path, layout: Layout) -> None:
    renewed = make_chain(leaf=Request(serial=2))
    split(bundle_of(SHOP), tmp_path, Form(layout), force=False)

    split(bundle_of(renewed), tmp_path, Form(layout, has_key=False), force=True)

    assert read_folder(tmp_path).leaf == renewed.certificate
    assert read_folder(tmp_path).private_key is not None
    assert [mode for name, mode in modes_in(tmp_path).items() if "key" in name] == [0o600]


@pytest.mark.parametrize("layout", Layout)
def test_a_bundle_without_a_key_is_refused_where_the_layout_has_one(tmp_path: Path, layout: Layout) -> None:
    with pytest.raises(NoKeyError):
        split(read_pem(SHOP.pem + SHOP.chain_pem), tmp_path / "out", Form(layout), force=False)

    assert files_in(tmp_path) == {}


# And back again


@pytest.mark.parametrize("layout", Layout)
def test_certificates_alone_are_read_back_from_their_folder(tmp_path: Path, layout: Layout) -> None:
    split(bundle_of(SHOP), tmp_path / "out", Form(layout, has_key=False), force=False)

    back = read_folder(tmp_path / "out")

    assert (back.leaf, back.chain, back.private_key) == (
        SHOP.certificate,
        (SHOP.issuers[0].certificate,),
        None,
    )


def there_and_back(bundle: Bundle, layouts: Sequence[Layout], key_format: KeyFormat, wishes: Wishes) -> list[object]:
    """What the layout of ACM holds at first, and what it holds after the way through all the others."""
    with TemporaryDirectory() as scratch:
        folder = Path(scratch) / "first"
        split(bundle, folder, Form(Layout.ACM, key_format), force=False)
        seen: list[object] = [files_in(folder)]
        for number, layout in enumerate([*layouts, Layout.ACM]):
            read = read_folder(folder, wishes)
            folder = Path(scratch) / str(number)
            split(read, folder, Form(layout, key_format), force=False)
        return [*seen, files_in(folder)]


@given(
    layouts=st.lists(st.sampled_from(Layout), min_size=1, max_size=5),
    key_format=st.sampled_from(KeyFormat),
    algorithm=st.sampled_from(["EC_prime256v1", "EC_secp384r1", "EC_secp521r1", "RSA_2048", "Ed25519"]),
    intermediates=st.integers(0, 4),
    include_root=st.booleans(),
)
def test_the_way_through_any_layouts_changes_no_byte(
    layouts: list[Layout], key_format: KeyFormat, algorithm: str, intermediates: int, *, include_root: bool
) -> None:
    issued = make_chain(leaf=Request(key=(algorithm, 0)), intermediates=intermediates)
    wishes = Wishes(include_root=include_root)
    bundle = read_pem(issued.key_pem + issued.pem + issued.full_chain_pem, wishes)

    first, last = there_and_back(bundle, layouts, key_format, wishes)

    assert first == last


@pytest.mark.parametrize("entry", FIXTURES, ids=str)
def test_what_another_program_wrote_comes_back_from_every_layout(entry: Entry) -> None:
    words = [Password(word.encode()) for word in entry.environment.values()]
    contents = formats.read(entry.source.read_bytes(), Passwords(*words[:1]))

    first, last = there_and_back(assemble(contents, NOW), list(Layout), KeyFormat.TRADITIONAL, Wishes())

    assert first == last
