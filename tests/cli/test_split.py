"""Tests of `certkit split`."""

import os
import signal
import stat
import subprocess
from pathlib import Path
from typing import Any, Final

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from tests.cli.bundles import EXPIRED, PASSWORD, SHOP, pem, pfx, save, shop
from tests.cli.running import NOW, certkit, command, files_in, program, variables
from tests.issuing import Issued, Request, join_pem, make_chain, self_signed

FIXTURES: Final = Path(__file__).parents[2] / "fixtures"


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """A PEM bundle of leaf, chain and key."""
    return save(tmp_path, "shop.pem", pem(shop()))


def _parts(issued: Issued, key: bytes | None = None) -> dict[str, bytes]:
    return {
        "cert_body.pem": issued.pem,
        "cert_chain.pem": issued.chain_pem,
        "cert_key.pem": issued.traditional_key_pem if key is None else key,
    }


def test_a_bundle_is_written_to_three_files(tmp_path: Path) -> None:
    issued = shop()
    source = save(tmp_path, "shop.pem", pem(issued))
    out = tmp_path / "out"

    done = certkit("split", source, "--out", out)

    assert (done.exit_code, done.stderr) == (0, "")
    assert files_in(out) == _parts(issued)
    assert done.stdout == (
        f"{source}\n"
        f"  key    {out}/cert_key.pem    EC_prime256v1, unencrypted, readable by you alone\n"
        f"  body   {out}/cert_body.pem   shop.example.com, www.shop.example.com, until 2049-12-31\n"
        f"  chain  {out}/cert_chain.pem  Example Intermediate 0\n"
    )


def test_the_folder_is_out_unless_told_otherwise(tmp_path: Path) -> None:
    save(tmp_path, "shop.pem", pem(shop()))

    done = program("split", "shop.pem", folder=tmp_path)

    assert done.exit_code == 0
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "cert_body.pem",
        "cert_chain.pem",
        "cert_key.pem",
    ]


def test_the_document_says_what_was_written_and_what_was_left_out(tmp_path: Path) -> None:
    issued, stranger = shop(), self_signed(Request("other.example.net", key=("EC_prime256v1", 7)))
    root = issued.issuers[-1]
    source = save(tmp_path, "shop.pem", pem(issued) + issued.pem + root.pem + stranger.pem)
    out = tmp_path / "out"

    done = certkit("split", source, "--out", out, "--format", "json")

    assert done.document == {
        "schema": "certkit.split/1",
        "bundles": [
            {
                "source": str(source),
                "key": f"{out}/cert_key.pem",
                "body": f"{out}/cert_body.pem",
                "chain": f"{out}/cert_chain.pem",
                "complete": True,
                "leaf_sha256": issued.sha256,
                "chain_sha256": [issued.issuers[0].sha256],
                "dropped": [
                    {"sha256": issued.sha256, "reason": "leaf-copy"},
                    {"sha256": root.sha256, "reason": "root"},
                    {"sha256": stranger.sha256, "reason": "unrelated"},
                ],
            }
        ],
    }


def test_what_was_left_out_is_said_with_the_reason(tmp_path: Path) -> None:
    issued = shop()
    source = save(tmp_path, "shop.pem", pem(issued) + issued.issuers[-1].pem + issued.pem)

    done = certkit("split", source, "--out", tmp_path / "out")

    assert done.stdout.splitlines()[4:] == [
        "  left out: Example Root (the root: clients have it)",
        "  left out: shop.example.com (the leaf stands there twice)",
    ]


def test_the_key_can_be_had_as_pkcs8(bundle: Path, tmp_path: Path) -> None:
    certkit("split", bundle, "--out", tmp_path / "out", "--key-format", "pkcs8")

    assert (tmp_path / "out" / "cert_key.pem").read_bytes() == shop().key_pem


@pytest.mark.parametrize(
    ("algorithm", "label"),
    [("RSA_2048", b"RSA PRIVATE KEY"), ("EC_secp384r1", b"EC PRIVATE KEY"), ("Ed25519", b"PRIVATE KEY")],
)
def test_every_kind_of_key_is_written_in_its_traditional_form_where_it_has_one(
    tmp_path: Path, algorithm: str, label: bytes
) -> None:
    issued = shop(Request(key=(algorithm, 0)))
    source = save(tmp_path, "shop.pem", pem(issued))

    done = certkit("split", source, "--out", tmp_path / "out")

    key = (tmp_path / "out" / "cert_key.pem").read_bytes()
    assert key.startswith(b"-----BEGIN " + label + b"-----\n")
    assert load_pem_private_key(key, None).public_key() == issued.private_key.public_key()
    assert ("note: no-traditional-form: an Ed25519 key has no form but PKCS#8" in done.stdout) == (
        algorithm == "Ed25519"
    )


def test_a_bundle_without_a_chain_leaves_no_file_for_it_and_says_why(tmp_path: Path) -> None:
    issued = shop()
    source = save(tmp_path, "shop.pem", issued.pem + issued.key_pem)
    out = tmp_path / "out"

    text = certkit("split", source, "--out", out)
    done = certkit("split", source, "--out", out, "--force", "--format", "json")

    assert (
        "  no chain: the input lacks the certificate's issuer; name it with --chain FILE, or fetch it with --complete\n"
        in text.stdout
    )
    assert done.document["bundles"][0]["chain"] is None
    assert sorted(files_in(out)) == ["cert_body.pem", "cert_key.pem"]


def test_a_self_signed_certificate_needs_no_chain(tmp_path: Path) -> None:
    issued = self_signed(SHOP)
    source = save(tmp_path, "shop.pem", issued.pem + issued.key_pem)

    done = certkit("split", source, "--out", tmp_path / "out")

    assert done.stdout.endswith("  no chain: the certificate is self-signed\n")


def test_the_modes_are_right_in_the_program_too(bundle: Path, tmp_path: Path) -> None:
    program("split", bundle, "--out", tmp_path / "out", umask=0)

    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "out").iterdir()}
    assert modes == {"cert_key.pem": 0o600, "cert_body.pem": 0o644, "cert_chain.pem": 0o644}


def test_without_force_nothing_is_touched(bundle: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    save(out, "cert_chain.pem", b"precious")

    done = certkit("split", bundle, "--out", out)

    assert (done.exit_code, done.stdout) == (3, "")
    assert done.stderr == (
        f"certkit: error: {bundle}: {out}/cert_chain.pem already exists\n"
        "certkit: hint: name another folder with --out, or replace with --force\n"
    )
    assert files_in(out) == {"cert_chain.pem": b"precious"}


def test_with_force_all_three_are_replaced_and_a_stale_chain_goes(tmp_path: Path) -> None:
    out = tmp_path / "out"
    certkit("split", save(tmp_path, "old.pem", pem(shop(EXPIRED))), "--out", out)
    issued = self_signed(SHOP)

    done = certkit("split", save(tmp_path, "new.pem", issued.pem + issued.key_pem), "--out", out, "--force")

    assert done.exit_code == 0
    assert files_in(out) == {"cert_body.pem": issued.pem, "cert_key.pem": issued.traditional_key_pem}


def test_where_the_key_lacks_the_hint_names_both_ways_out(tmp_path: Path) -> None:
    source = save(tmp_path, "shop.pem", shop().pem)

    done = certkit("split", source, "--out", tmp_path / "out")

    assert done.stderr.splitlines() == [
        f"certkit: error: {source}: there is no private key",
        "certkit: hint: name it with --key FILE, or leave it out with --certificates-only",
    ]


@pytest.mark.parametrize("source", ["no-key.pem", "mismatch.pem", "bad-base64-key.pem", "text.txt", "page.html"])
def test_a_bundle_that_fails_leaves_no_folder(tmp_path: Path, source: str) -> None:
    fixture = Path(__file__).parents[2] / "fixtures" / "broken" / source

    done = certkit("split", fixture, "--out", tmp_path / "a" / "out")

    assert done.exit_code == 3
    assert files_in(tmp_path) == {}


def test_a_folder_that_cannot_be_written_is_said(bundle: Path, tmp_path: Path) -> None:
    blocked = save(tmp_path, "file", b"")

    done = certkit("split", bundle, "--out", blocked / "out", "--format", "json")

    assert (done.exit_code, done.error_code) == (3, "output-unwritable")
    assert done.document["error"]["message"] == f"{bundle}: {blocked}/out cannot be written: not a directory"


def test_several_sources_go_into_folders_called_by_their_stems(tmp_path: Path) -> None:
    first, second = shop(), shop(Request("b.example.com", key=("EC_prime256v1", 3)))
    sources = [
        save(tmp_path, "in/first.v2.pem", pem(first)),
        save(tmp_path, "in/second.pfx", pfx(second, PASSWORD)),
    ]

    done = certkit("split", *sources, "--out", tmp_path / "out", "--passin", "env:P", environment={"P": PASSWORD})

    assert done.exit_code == 0
    assert files_in(tmp_path / "out") == {
        "first.v2/": b"",
        "second/": b"",
        **{f"first.v2/{name}": content for name, content in _parts(first).items()},
        **{f"second/{name}": content for name, content in _parts(second).items()},
    }


def test_standard_input_and_a_variable_among_several_are_called_by_what_they_are(tmp_path: Path) -> None:
    variables_given = {"BUNDLE": pem(shop()).decode()}

    done = certkit(
        "split", "-", "env:BUNDLE", "--out", tmp_path / "out", environment=variables_given, stdin=pem(shop())
    )

    assert done.exit_code == 0
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["BUNDLE", "stdin"]


def test_two_sources_of_one_stem_are_a_usage_error_before_anything_is_written(tmp_path: Path) -> None:
    sources = [save(tmp_path, name, pem(shop())) for name in ("a/shop.pem", "b/other.pem", "b/shop.pfx")]

    done = certkit("split", *sources, "--out", tmp_path / "out")

    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith("certkit: error: more than one SOURCE is called 'shop'")
    assert not (tmp_path / "out").exists()


def test_several_sources_with_a_key_are_a_usage_error(bundle: Path, tmp_path: Path) -> None:
    done = certkit("split", bundle, tmp_path / "b.pem", "--key", bundle, "--out", tmp_path / "out")

    assert (done.exit_code, done.stdout) == (2, "")
    assert not (tmp_path / "out").exists()


def test_a_bad_source_among_several_stops_none_of_the_others(bundle: Path, tmp_path: Path) -> None:
    missing = tmp_path / "missing.pem"
    last = save(tmp_path, "last.pem", pem(shop()))

    done = certkit("split", bundle, missing, last, "--out", tmp_path / "out", "--format", "json")

    assert done.exit_code == 3
    assert [(one["source"], "error" in one) for one in done.document["bundles"]] == [
        (str(bundle), False),
        (str(missing), True),
        (str(last), False),
    ]
    assert done.document["bundles"][1] == {
        "source": str(missing),
        "error": {"code": "input-unreadable", "message": f"{missing}: no such file or directory", "hint": None},
    }


def test_a_bad_source_among_several_is_said_on_standard_error(bundle: Path, tmp_path: Path) -> None:
    done = certkit("split", tmp_path / "missing.pem", bundle, "--out", tmp_path / "out")

    assert done.exit_code == 3
    assert done.stdout.startswith(f"{bundle}\n")
    assert done.stderr == f"certkit: error: {tmp_path}/missing.pem: no such file or directory\n"


def _many(folder: Path, count: int) -> list[Path]:
    sources = [save(folder, f"in/{number:02}.pem", pem(shop())) for number in range(count)]
    sources[3].write_bytes(b"junk")
    sources[20] = folder / "missing.pem"
    return sources


def test_many_sources_come_to_the_same_in_processes_as_one_by_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources = _many(tmp_path, 50)
    cpus = {"one": 1, "four": 4}
    seen = {}

    for name, count in cpus.items():
        monkeypatch.setattr(os, "cpu_count", lambda count=count: count)
        done = certkit("split", *sources, "--out", tmp_path / name, "--format", "json")
        items = done.document["bundles"]
        seen[name] = (done.exit_code, str(items).replace(str(tmp_path / name), ""), files_in(tmp_path / name))

    assert seen["one"] == seen["four"]
    assert seen["one"][0] == 3
    assert len(seen["one"][2]) == 48 * 4


def test_an_interruption_of_many_leaves_whole_bundles_and_no_traceback(tmp_path: Path) -> None:
    sources = _many(tmp_path, 2_000)
    out = tmp_path / "out"
    process = subprocess.Popen(
        command("split", *sources, "--out", out),
        env=variables(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    assert process.stdout is not None
    process.stdout.readline()

    os.killpg(process.pid, signal.SIGINT)
    _, stderr = process.communicate(timeout=60)

    assert process.returncode == 130
    assert b"Traceback" not in stderr
    assert {len(list(folder.iterdir())) for folder in out.iterdir()} == {3}


def test_a_name_chooses_between_several_leaves(tmp_path: Path) -> None:
    first, second = shop(), shop(Request("b", sans=("b.example.com",), key=("EC_prime256v1", 3)))
    source = save(tmp_path, "both.pem", pem(first) + pem(second))

    refused = certkit("split", source, "--out", tmp_path / "out", "--format", "json")
    done = certkit("split", source, "--out", tmp_path / "out", "--name-match", "b.example.com")

    assert (refused.exit_code, refused.error_code) == (3, "several-leaves")
    assert done.exit_code == 0
    assert (tmp_path / "out" / "cert_body.pem").read_bytes() == second.pem


def test_parts_that_the_source_lacks_can_be_named(tmp_path: Path) -> None:
    issued = make_chain(leaf=SHOP, intermediates=2)
    body = save(tmp_path, "body.pem", issued.pem)
    key = save(tmp_path, "key.pem", issued.encrypted_key_pem(b"own"))
    chain = save(tmp_path, "chain.pem", join_pem(reversed(issued.issuers)))
    roots = save(tmp_path, "roots.pem", issued.issuers[-1].pem)
    own = ("--key-passin", "env:OWN")

    done = certkit(
        *("split", body, "--key", key, "--chain", chain, "--roots", roots, *own, "--out", tmp_path / "out"),
        environment={"OWN": "own"},
    )

    assert done.exit_code == 0, done.stderr
    assert files_in(tmp_path / "out") == _parts(issued)


def test_the_root_is_kept_where_asked_for_and_roots_complete_the_chain(tmp_path: Path) -> None:
    issued = shop()
    source = save(tmp_path, "shop.pem", pem(issued))
    root = save(tmp_path, "root.pem", issued.issuers[-1].pem)
    settings: dict[str, Any] = {"now": NOW}

    alone = certkit("split", source, "--out", tmp_path / "a", "--format", "json", **settings)
    beside = certkit("split", source, "--roots", root, "--out", tmp_path / "b", "--format", "json")
    within = certkit("split", source, "--chain", root, "--include-root", "--out", tmp_path / "c", "--format", "json")

    seen = [
        (len(done.document["bundles"][0]["chain_sha256"]), done.document["bundles"][0]["complete"])
        for done in (alone, beside, within)
    ]
    assert seen == [(1, False), (1, True), (2, True)]


def test_a_layout_for_a_server_says_what_each_file_holds(bundle: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"

    done = certkit("split", bundle, "--layout", "certbot", "--out", out)

    names = "shop.example.com, www.shop.example.com, until 2049-12-31"
    assert done.stdout == (
        f"{bundle}\n"
        f"  key         {out}/privkey.pem    EC_prime256v1, unencrypted, readable by you alone\n"
        f"  body        {out}/cert.pem       {names}\n"
        f"  chain       {out}/chain.pem      Example Intermediate 0\n"
        f"  body+chain  {out}/fullchain.pem  {names}; Example Intermediate 0\n"
    )


@pytest.mark.parametrize(
    ("layout", "key", "body", "chain", "files"),
    [
        (
            "certbot",
            "privkey.pem",
            "cert.pem",
            "chain.pem",
            {
                "privkey.pem": ["key"],
                "cert.pem": ["body"],
                "chain.pem": ["chain"],
                "fullchain.pem": ["body", "chain"],
            },
        ),
        (
            "nginx",
            "privkey.pem",
            "fullchain.pem",
            "fullchain.pem",
            {"privkey.pem": ["key"], "fullchain.pem": ["body", "chain"]},
        ),
        ("haproxy", "haproxy.pem", "haproxy.pem", "haproxy.pem", {"haproxy.pem": ["body", "chain", "key"]}),
    ],
)
def test_the_document_says_where_each_part_stands(
    bundle: Path, tmp_path: Path, layout: str, key: str, body: str, chain: str, files: dict[str, list[str]]
) -> None:
    out = tmp_path / "out"

    done = certkit("split", bundle, "--layout", layout, "--out", out, "--format", "json")

    (item,) = done.document["bundles"]
    assert (item["key"], item["body"], item["chain"]) == (f"{out}/{key}", f"{out}/{body}", f"{out}/{chain}")
    assert item["layout"] == layout
    assert item["files"] == [{"path": f"{out}/{name}", "holds": holds} for name, holds in files.items()]


def test_a_chain_that_is_empty_stands_nowhere_in_any_layout(tmp_path: Path) -> None:
    issued = self_signed(SHOP)
    source = save(tmp_path, "shop.pem", issued.pem + issued.key_pem)

    done = certkit("split", source, "--layout", "nginx", "--out", tmp_path / "out", "--format", "json")

    (item,) = done.document["bundles"]
    assert (item["chain"], [file["holds"] for file in item["files"]]) == (None, [["key"], ["body"]])


@pytest.mark.parametrize("layout", ["acm", "certbot", "nginx", "haproxy"])
def test_certificates_alone_need_no_key_and_no_password_of_it(tmp_path: Path, layout: str) -> None:
    issued = shop()
    source = save(tmp_path, "shop.pem", pem(issued, issued.encrypted_key_pem(b"own")))

    done = certkit(
        *("split", source, "--layout", layout, "--certificates-only", "--out", tmp_path / "out", "--format", "json")
    )

    assert (done.exit_code, done.document["bundles"][0]["key"]) == (0, None)
    assert b"KEY" not in b"".join(files_in(tmp_path / "out").values())


@pytest.mark.parametrize("layout", ["acm", "certbot", "nginx", "haproxy"])
def test_a_folder_that_was_split_is_read_back(bundle: Path, tmp_path: Path, layout: str) -> None:
    certkit("split", bundle, "--out", tmp_path / "straight")
    certkit("split", bundle, "--layout", layout, "--out", tmp_path / "there")

    done = certkit("split", tmp_path / "there", "--out", tmp_path / "back")

    assert (done.exit_code, done.stderr) == (0, "")
    assert files_in(tmp_path / "back") == files_in(tmp_path / "straight")


def test_roots_may_be_a_java_keystore_without_a_password(tmp_path: Path) -> None:
    store = FIXTURES / "keytool" / "trusted-only.jks"
    source = save(tmp_path, "shop.pem", pem(shop()))

    done = certkit("split", str(source), "--roots", str(store), "--out", str(tmp_path / "out"))

    assert (done.exit_code, done.stderr) == (0, "")


def test_roots_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    source = save(tmp_path, "shop.pem", pem(shop()))
    roots = save(tmp_path, "roots.pem", b"nothing")

    done = certkit("split", str(source), "--roots", str(roots), "--out", str(tmp_path / "out"))

    assert (done.exit_code, done.stderr.startswith(f"certkit: error: {roots}: ")) == (3, True)
    assert not (tmp_path / "out").exists()
