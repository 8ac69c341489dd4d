"""Tests of `certkit pack`."""

import os
import stat
from pathlib import Path
from typing import Final

import pytest

from certkit import formats
from certkit.password import Password, Passwords
from tests.cli.bundles import PASSWORD, pem, pfx, save, shop
from tests.cli.running import certkit, files_in, program
from tests.issuing import Issued, Request, make_chain, self_signed

ENVIRONMENT: Final = {"WORD": PASSWORD}
PASSOUT: Final = ("--passout", "env:WORD")


@pytest.fixture
def issued() -> Issued:
    """A leaf under an intermediate under a root."""
    return shop()


@pytest.fixture
def parts(tmp_path: Path, issued: Issued) -> tuple[object, ...]:
    """The options that name key, body and chain."""
    return parts_of(tmp_path, issued)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """The folder to write into."""
    path = tmp_path / "out"
    path.mkdir()
    return path


def parts_of(folder: Path, issued: Issued, key: bytes | None = None) -> tuple[object, ...]:
    """Writes the parts, and returns the options that name them."""
    key_path = save(folder, "cert_key.pem", key or issued.traditional_key_pem)
    body = save(folder, "cert_body.pem", issued.pem)
    return ("--key", key_path, "--body", body, "--chain", save(folder, "cert_chain.pem", issued.full_chain_pem))


def opened(path: Path, password: str = PASSWORD) -> list[bytes]:
    """The certificates in a PFX that this password opens, with its key."""
    contents = formats.read(path.read_bytes(), Passwords(Password(password.encode())))
    assert len(contents.keys) == 1
    return [entry.der for entry in contents.certificates]


@pytest.mark.parametrize("name", ["shop.pfx", "shop.p12", "SHOP.PFX"])
def test_the_parts_are_packed_into_a_pfx(parts: tuple[object, ...], issued: Issued, out: Path, name: str) -> None:
    done = certkit("pack", *parts, "-o", out / name, *PASSOUT, environment=ENVIRONMENT)

    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout == f"{out / name}: PFX, 1 private key, 3 certificates\n"
    assert opened(out / name) == [one.der for one in (issued, *issued.issuers)]
    assert stat.S_IMODE((out / name).stat().st_mode) == 0o600


def test_the_parts_are_packed_into_one_pem(parts: tuple[object, ...], issued: Issued, out: Path) -> None:
    done = certkit("pack", *parts, "-o", out / "shop.pem")

    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout == f"{out}/shop.pem: PEM, 1 private key, 3 certificates\n"
    assert files_in(out) == {"shop.pem": issued.traditional_key_pem + issued.pem + issued.full_chain_pem}
    assert stat.S_IMODE((out / "shop.pem").stat().st_mode) == 0o600


def test_the_key_of_a_pem_is_written_as_pkcs8_where_that_is_asked_for(
    parts: tuple[object, ...], issued: Issued, out: Path
) -> None:
    done = certkit("pack", *parts, "-o", out / "shop.pem", "--key-format", "pkcs8")

    assert done.exit_code == 0
    assert files_in(out) == {"shop.pem": issued.key_pem + issued.pem + issued.full_chain_pem}


def test_the_certificates_alone_are_packed_into_a_p7b(tmp_path: Path, issued: Issued, out: Path) -> None:
    body = save(tmp_path, "fullchain.pem", issued.pem + issued.chain_pem)

    done = certkit("pack", "--body", body, "-o", out / "shop.p7b")

    contents = formats.read((out / "shop.p7b").read_bytes(), Passwords())
    assert (done.exit_code, done.stdout) == (0, f"{out}/shop.p7b: P7B, 2 certificates\n")
    assert {entry.der for entry in contents.certificates} == {issued.der, issued.issuers[0].der}
    assert contents.keys == ()


def test_a_p7b_leaves_a_key_out_that_is_there(parts: tuple[object, ...], out: Path) -> None:
    done = certkit("pack", *parts, "-o", out / "shop.p7b")

    assert done.exit_code == 0
    assert formats.read((out / "shop.p7b").read_bytes(), Passwords()).keys == ()


def test_what_to_write_is_said_where_the_ending_does_not(parts: tuple[object, ...], out: Path) -> None:
    done = certkit("pack", *parts, "-o", out / "shop.txt", "--to", "p7b")

    assert (done.exit_code, done.stdout) == (0, f"{out}/shop.txt: P7B, 3 certificates\n")


def test_what_is_said_outweighs_the_ending(parts: tuple[object, ...], out: Path) -> None:
    done = certkit("pack", *parts, "-o", out / "shop.pfx", "--to", "pem")

    assert (done.exit_code, done.stdout) == (0, f"{out}/shop.pfx: PEM, 1 private key, 3 certificates\n")


def test_the_document_says_what_is_in_the_file(parts: tuple[object, ...], issued: Issued, out: Path) -> None:
    done = certkit("pack", *parts, "-o", out / "shop.pem", "--format", "json")

    assert done.document == {
        "schema": "certkit.pack/1",
        "path": f"{out}/shop.pem",
        "container": "pem",
        "leaf_sha256": issued.sha256,
        "chain_sha256": [one.sha256 for one in issued.issuers],
    }


def test_a_self_signed_certificate_is_packed_once(tmp_path: Path, out: Path) -> None:
    alone = self_signed(Request())
    body = save(tmp_path, "own.pem", alone.pem + alone.key_pem)

    done = certkit("pack", "--body", body, "-o", out / "own.pem")

    assert done.stdout == f"{out}/own.pem: PEM, 1 private key, 1 certificate\n"
    assert files_in(out) == {"own.pem": alone.traditional_key_pem + alone.pem}


def test_a_bundle_is_packed_anew_under_another_password(tmp_path: Path, issued: Issued, out: Path) -> None:
    body = save(tmp_path, "old.pfx", pfx(issued))

    done = certkit(
        *("pack", "--body", body, "--passin", "env:WORD", "-o", out / "new.pfx", "--passout", "env:NEW"),
        environment={**ENVIRONMENT, "NEW": "battery staple"},
    )

    assert (done.exit_code, done.stderr) == (0, "")
    assert opened(out / "new.pfx", "battery staple") == [issued.der, issued.issuers[0].der]


@pytest.mark.parametrize("kind", ["RSA_2048", "EC_secp384r1", "Ed25519"])
@pytest.mark.parametrize("name", ["shop.pfx", "shop.pem"])
def test_splitting_what_was_packed_gives_the_same_files(tmp_path: Path, out: Path, kind: str, name: str) -> None:
    issued = make_chain(leaf=Request(key=(kind, 0)), intermediates=2)
    source = save(tmp_path, "first.pem", pem(issued))
    first, second = out / "first", out / "second"
    certkit("split", source, "--out", first)
    parts = ("--key", first / "cert_key.pem", "--body", first / "cert_body.pem", "--chain", first / "cert_chain.pem")
    passwords = PASSOUT if name.endswith("pfx") else ()

    packed = certkit("pack", *parts, "-o", out / name, *passwords, environment=ENVIRONMENT)
    again = certkit("split", out / name, "--out", second, "--passin", "env:WORD", environment=ENVIRONMENT)

    assert (packed.exit_code, again.exit_code) == (0, 0)
    assert files_in(second) == files_in(first)


def test_the_password_is_the_first_line_of_a_file(parts: tuple[object, ...], tmp_path: Path, out: Path) -> None:
    word = save(tmp_path, "word", f"{PASSWORD}\r\nsecond line\n".encode())

    done = certkit("pack", *parts, "-o", out / "shop.pfx", "--passout", f"file:{word}")

    assert done.exit_code == 0
    assert opened(out / "shop.pfx")


def test_the_password_is_the_first_line_of_standard_input(parts: tuple[object, ...], out: Path) -> None:
    done = certkit("pack", *parts, "-o", out / "shop.pfx", "--passout", "stdin", stdin=f"{PASSWORD}\nmore".encode())

    assert done.exit_code == 0
    assert opened(out / "shop.pfx")


def test_both_passwords_are_lines_of_standard_input_the_old_one_first(
    tmp_path: Path, issued: Issued, out: Path
) -> None:
    body = save(tmp_path, "old.pfx", pfx(issued))
    options = ("--passin", "stdin", "--passout", "stdin")

    done = certkit("pack", "--body", body, "-o", out / "new.pfx", *options, stdin=f"{PASSWORD}\nnew\n".encode())

    assert done.exit_code == 0
    assert opened(out / "new.pfx", "new")


def test_the_password_comes_over_a_file_descriptor(parts: tuple[object, ...], out: Path) -> None:
    reading, writing = os.pipe()
    os.write(writing, f"{PASSWORD}\n".encode())
    os.close(writing)

    try:
        done = program("pack", *parts, "-o", out / "shop.pfx", "--passout", f"fd:{reading}", pass_fds=(reading,))
    finally:
        os.close(reading)

    assert done.exit_code == 0
    assert opened(out / "shop.pfx")


@pytest.mark.parametrize(("word", "code"), [(None, "password-missing"), ("", "password-missing")])
def test_a_pfx_without_a_password_is_not_written(
    parts: tuple[object, ...], out: Path, word: str | None, code: str
) -> None:
    options = () if word is None else PASSOUT

    done = certkit(
        *("pack", *parts, "-o", out / "shop.pfx", *options, "--format", "json"), environment={"WORD": word or ""}
    )

    assert (done.exit_code, done.error_code) == (3, code)
    assert "--passout" in done.document["error"]["hint"]
    assert files_in(out) == {}


@pytest.mark.parametrize("form", ["pass:correct horse", "correct horse", "fd:", "env:"])
def test_a_password_on_the_command_line_is_refused_and_not_repeated(
    parts: tuple[object, ...], out: Path, form: str
) -> None:
    done = certkit("pack", *parts, "-o", out / "shop.pfx", "--passout", form)

    assert done.exit_code == 2
    assert "--passout" in done.stderr
    assert "--passin" not in done.stderr
    assert "horse" not in done.stderr
    assert files_in(out) == {}


def test_a_password_that_is_not_there_is_told_of_the_option_that_names_it(parts: tuple[object, ...], out: Path) -> None:
    done = certkit("pack", *parts, "-o", out / "shop.pfx", "--passout", "env:NOWHERE")

    assert (done.exit_code, files_in(out)) == (3, {})
    assert "--passout: the environment has no variable NOWHERE" in done.stderr


@pytest.mark.parametrize(
    "options", [("--passout", "env:WORD"), ("--friendly-name", "shop"), ("--legacy",)], ids=lambda options: options[0]
)
@pytest.mark.parametrize("name", ["shop.pem", "shop.p7b"])
def test_an_option_of_the_pfx_is_not_passed_over_in_silence_for_another_file(
    parts: tuple[object, ...], out: Path, name: str, options: tuple[str, ...]
) -> None:
    done = certkit("pack", *parts, "-o", out / name, *options, environment=ENVIRONMENT)

    assert (done.exit_code, files_in(out)) == (2, {})
    assert f"{options[0]} goes with a PFX" in done.stderr


def test_standard_input_is_not_read_for_body_and_password(issued: Issued, out: Path) -> None:
    done = certkit("pack", "--body", "-", "-o", out / "shop.pfx", "--passout", "stdin", stdin=pem(issued))

    assert (done.exit_code, files_in(out)) == (2, {})
    assert "standard input can be read once only" in done.stderr


def test_the_body_comes_over_standard_input(issued: Issued, out: Path) -> None:
    done = certkit("pack", "--body", "-", "-o", out / "shop.pem", stdin=pem(issued))

    assert done.exit_code == 0
    assert files_in(out) == {"shop.pem": issued.traditional_key_pem + issued.pem + issued.chain_pem}


@pytest.mark.parametrize("name", ["Käse & Straße ✓", "商店", "😀", "shop\\1"])
def test_the_friendly_name_is_any_text(parts: tuple[object, ...], out: Path, name: str) -> None:
    path = out / "shop.pfx"

    done = certkit("pack", *parts, "-o", path, *PASSOUT, "--friendly-name", name, environment=ENVIRONMENT)

    contents = formats.read(path.read_bytes(), Passwords(Password(PASSWORD.encode())))
    assert done.exit_code == 0
    assert [contents.keys[0].alias, contents.certificates[0].alias] == [name, name]


@pytest.mark.parametrize("name", ["a\nb", "\udcff", "\x1b[31m"])
def test_a_friendly_name_that_is_no_text_is_refused(parts: tuple[object, ...], out: Path, name: str) -> None:
    done = certkit("pack", *parts, "-o", out / "shop.pfx", *PASSOUT, "--friendly-name", name, environment=ENVIRONMENT)

    assert (done.exit_code, files_in(out)) == (2, {})


def test_a_password_that_is_not_utf_8_is_refused(parts: tuple[object, ...], tmp_path: Path, out: Path) -> None:
    word = save(tmp_path, "word", b"p\xe4ssword\n")

    done = certkit("pack", *parts, "-o", out / "shop.pfx", "--passout", f"file:{word}")

    assert (done.exit_code, files_in(out)) == (2, {})
    assert "must be UTF-8" in done.stderr


def test_a_key_of_another_certificate_packs_nothing(tmp_path: Path, issued: Issued, out: Path) -> None:
    stranger = self_signed(Request(key=("EC_prime256v1", 9)))
    parts = parts_of(tmp_path, issued, stranger.key_pem)

    done = certkit("pack", *parts, "-o", out / "shop.pfx", *PASSOUT, "--format", "json", environment=ENVIRONMENT)

    assert (done.exit_code, done.error_code) == (3, "key-mismatch")
    assert files_in(out) == {}


@pytest.mark.parametrize("name", ["shop.pfx", "shop.pem"])
def test_what_holds_a_key_is_not_packed_without_one(tmp_path: Path, issued: Issued, out: Path, name: str) -> None:
    body = save(tmp_path, "body.pem", issued.pem)
    options = PASSOUT if name.endswith("pfx") else ()

    done = certkit("pack", "--body", body, "-o", out / name, *options, "--format", "json", environment=ENVIRONMENT)

    assert (done.exit_code, done.error_code) == (3, "no-key")
    assert files_in(out) == {}


def test_a_chain_whose_signature_does_not_verify_packs_nothing(tmp_path: Path, issued: Issued, out: Path) -> None:
    twin = (
        make_chain(leaf=Request(), intermediates=1)
        .issuers[1]
        .issue(Request("Example Intermediate 0", key=("EC_prime256v1", 8), is_ca=True))
    )
    body = save(tmp_path, "bundle.pem", issued.key_pem + issued.pem + twin.pem)

    done = certkit("pack", "--body", body, "-o", out / "shop.pem", "--format", "json")

    assert (done.exit_code, done.error_code) == (3, "chain-broken")
    assert files_in(out) == {}


def test_a_file_that_is_there_is_not_replaced(parts: tuple[object, ...], out: Path) -> None:
    save(out, "shop.pem", b"somebody's")

    done = certkit("pack", *parts, "-o", out / "shop.pem", "--format", "json")

    assert (done.exit_code, done.error_code) == (3, "output-exists")
    assert "--output" in done.document["error"]["hint"]
    assert files_in(out) == {"shop.pem": b"somebody's"}


def test_a_file_that_is_there_is_replaced_with_force(parts: tuple[object, ...], issued: Issued, out: Path) -> None:
    save(out, "shop.pem", b"somebody's")

    done = certkit("pack", *parts, "-o", out / "shop.pem", "--force")

    assert done.exit_code == 0
    assert files_in(out) == {"shop.pem": issued.traditional_key_pem + issued.pem + issued.full_chain_pem}


@pytest.mark.parametrize("name", ["shop", "shop.txt", "shop.jks"])
def test_an_ending_that_says_nothing_is_a_usage_error(parts: tuple[object, ...], out: Path, name: str) -> None:
    done = certkit("pack", *parts, "-o", out / name)

    assert (done.exit_code, files_in(out)) == (2, {})
    assert "--to pfx, --to p7b or --to pem" in done.stderr


@pytest.mark.parametrize("name", ["-", ".", "/"])
def test_what_cannot_be_a_file_is_a_usage_error(parts: tuple[object, ...], name: str) -> None:
    done = certkit("pack", *parts, "-o", name, "--to", "pem")

    assert done.exit_code == 2


@pytest.mark.parametrize("missing", ["--body", "-o"])
def test_body_and_file_have_to_be_named(parts: tuple[object, ...], out: Path, missing: str) -> None:
    arguments = [*parts, "-o", out / "shop.pem"]
    place = arguments.index(missing)

    done = certkit("pack", *arguments[:place], *arguments[place + 2 :])

    assert (done.exit_code, files_in(out)) == (2, {})


def test_the_help_is_written_without_loading_cryptography() -> None:
    done = program("pack", "--help", environment={"PYTHONPROFILEIMPORTTIME": "1"})

    assert done.exit_code == 0
    assert "certkit pack --key" in done.stdout
    assert "cryptography" not in done.stderr
