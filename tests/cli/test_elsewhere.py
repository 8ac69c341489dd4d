"""`certkit status` of files, folders and endpoints, alone and beside ACM."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.aws.scene import ACCOUNT, HOME, NOW
from tests.cli.bundles import PASSWORD, pfx, shop
from tests.cli.running import certkit
from tests.issuing import Request, make_chain, self_signed
from tests.sources.serving import tls_server

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.aws.faults import Proxy
    from tests.aws.scene import Ran
    from tests.cli.running import Finished
    from tests.issuing import Issued

pytest_plugins = ["tests.aws.fixtures"]


def lasting(name: str, *, lived: float = 60, left: float = 30) -> Issued:
    return make_chain(leaf=Request(name, not_before=NOW - timedelta(days=lived), not_after=NOW + timedelta(days=left)))


def write(path: Path, issued: Issued, *, key: bool = False) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes((issued.key_pem if key else b"") + issued.pem + issued.chain_pem)
    return path


def listed(done: Finished) -> list[tuple[str, str]]:
    """Domain and SOURCE of each row, in their order."""
    return [(row["domain"], row["source"]) for row in done.document["certificates"]]


def test_files_are_listed_without_aws_and_without_credentials(tmp_path: Path) -> None:
    late = write(tmp_path / "late.pem", lasting("late.example.com", left=90))
    soon = write(tmp_path / "soon.pem", lasting("soon.example.com"), key=True)

    done = certkit("status", late, soon, "--format", "json")

    assert (done.exit_code, done.stderr) == (0, "")
    assert listed(done) == [("soon.example.com", str(soon)), ("late.example.com", str(late))]
    assert done.document["coverage"] == [
        {"account": None, "region": None, "state": "seen", "source": str(path)} for path in (late, soon)
    ]
    (row, _) = done.document["certificates"]
    assert (row["arn"], row["type"], row["days_left"], row["expiring"], row["managed"]) == (
        None,
        "FILE",
        30,
        True,
        False,
    )


def test_files_stand_in_the_same_list_as_acm(
    run: Callable[..., Ran], put: Callable[..., str], wire: Proxy, tmp_path: Path
) -> None:
    arn = put(lasting("shop.example.com", left=40))
    path = write(tmp_path / "blog.pem", lasting("blog.example.com", left=50))

    ran = run("status", path, "--region", HOME, "--format", "json")

    assert wire.sent
    assert [row["arn"] or row["source"] for row in ran.document["certificates"]] == [arn, str(path)]
    assert [(one["account"], one.get("source")) for one in ran.document["coverage"]] == [
        (ACCOUNT, None),
        (None, str(path)),
    ]


def test_a_folder_is_everything_in_it_that_holds_a_certificate(tmp_path: Path) -> None:
    shop_path = write(tmp_path / "certs/shop.crt", lasting("shop.example.com", left=10))
    deep = write(tmp_path / "certs/deeper/blog.pem", lasting("blog.example.com", left=20))
    for name, content in (("README", b"read me"), ("key.pem", shop().key_pem), ("empty", b"")):
        (tmp_path / "certs" / name).write_bytes(content)

    done = certkit("status", tmp_path / "certs", "--format", "json")

    assert (done.exit_code, done.stderr) == (0, "")
    assert listed(done) == [("shop.example.com", str(shop_path)), ("blog.example.com", str(deep))]


def test_a_folder_of_an_acme_client_is_one_bundle(tmp_path: Path) -> None:
    issued = lasting("shop.example.com")
    write(tmp_path / "live/fullchain.pem", issued)
    (tmp_path / "live/privkey.pem").write_bytes(issued.key_pem)

    done = certkit("status", tmp_path / "live", "--format", "json")

    assert listed(done) == [("shop.example.com", str(tmp_path / "live"))]


def test_a_folder_of_folders_of_an_acme_client_is_a_bundle_for_each(tmp_path: Path) -> None:
    for name, left in (("a", 1), ("b", 2)):
        issued = lasting(f"{name}.example.com", left=left)
        write(tmp_path / f"live/{name}/fullchain.pem", issued)
        (tmp_path / f"live/{name}/cert.pem").write_bytes(issued.pem)
        (tmp_path / f"live/{name}/chain.pem").write_bytes(issued.chain_pem)
        (tmp_path / f"live/{name}/privkey.pem").write_bytes(issued.key_pem)
    (tmp_path / "live/README").write_text("This folder belongs to certbot")

    done = certkit("status", tmp_path / "live", "--format", "json")

    assert listed(done) == [(f"{name}.example.com", str(tmp_path / "live" / name)) for name in ("a", "b")]


def test_a_broken_certificate_in_a_folder_is_no_other_file(tmp_path: Path) -> None:
    broken = tmp_path / "certs/broken.pem"
    broken.parent.mkdir()
    broken.write_bytes(b"-----BEGIN CERTIFICATE-----\nAAAA\n")
    (tmp_path / "certs/dangling.pem").symlink_to(tmp_path / "nowhere")

    done = certkit("status", tmp_path / "certs", "--format", "json")

    assert done.exit_code == 3
    assert [(one["source"], one["state"]) for one in done.document["coverage"]] == [
        (str(broken), "failed"),
        (str(tmp_path / "certs/dangling.pem"), "failed"),
    ]


def test_a_locked_bundle_needs_its_password(tmp_path: Path) -> None:
    path = tmp_path / "shop.pfx"
    path.write_bytes(pfx(shop()))

    locked = certkit("status", path, "--format", "json")
    opened = certkit("status", path, "--passin", "env:P", "--format", "json", environment={"P": PASSWORD})

    assert (locked.exit_code, locked.document["coverage"][0]["state"]) == (3, "failed")
    assert "was not seen: it is encrypted and no password was given" in locked.stderr
    assert (opened.exit_code, len(opened.document["certificates"])) == (0, 1)


def test_what_cannot_be_read_costs_the_others_nothing(tmp_path: Path) -> None:
    good = write(tmp_path / "good.pem", lasting("shop.example.com"))
    bad = tmp_path / "bad.pem"
    bad.write_bytes(b"junk")

    done = certkit("status", bad, tmp_path / "missing.pem", good, "--within", "30d")

    assert done.exit_code == 3
    assert done.stdout.splitlines()[:2] == [
        "1 certificate in 1 source; 2 failed",
        f"  failed: {bad}, {tmp_path / 'missing.pem'}",
    ]
    assert done.stderr.count("certkit: warning: ") == 2


def test_an_endpoint_is_listed_by_what_it_serves(tmp_path: Path) -> None:
    issued = self_signed(
        Request("of another name", not_before=NOW - timedelta(days=10), not_after=NOW - timedelta(days=1))
    )
    with tls_server(tmp_path, issued) as served:
        done = certkit("status", served.source, "--within", "1d", "--format", "json")

    (row,) = done.document["certificates"]
    assert done.exit_code == 1
    assert (row["source"], row["type"], row["status"], row["in_use"]) == (served.source, "ENDPOINT", "EXPIRED", True)
    assert done.stderr == "certkit: what endpoints serve is listed as it is, and not verified\n"


def test_many_endpoints_keep_to_their_names(tmp_path: Path) -> None:
    first, second = tmp_path / "1", tmp_path / "2"
    first.mkdir()
    second.mkdir()
    with (
        tls_server(first, lasting("a.example.com", left=1)) as one,
        tls_server(second, lasting("b.example.com", left=2)) as two,
    ):
        done = certkit("status", two.source, one.source, "--format", "json")

    assert listed(done) == [("a.example.com", one.source), ("b.example.com", two.source)]


def test_an_endpoint_that_does_not_answer_was_not_seen() -> None:
    done = certkit("status", "https://localhost:1")

    assert done.exit_code == 3
    assert done.stdout.splitlines() == ["0 certificates in no region; 1 failed", "  failed: https://localhost:1"]


@pytest.mark.parametrize("source", ["https://", "https://shop.example.com/path"])
def test_what_is_no_endpoint_is_a_usage_error(source: str) -> None:
    done = certkit("status", source, "--format", "json")

    assert (done.exit_code, done.error_code) == (2, "usage")


@pytest.mark.parametrize(
    ("option", "value", "code"),
    [
        ("--checkend", 30 * 86_400, 1),
        ("--checkend", 30 * 86_400 - 1, 0),
        ("--checkend", 0, 0),
        ("--expires-in", "720h", 1),
        ("--expires-in", "719h59m59s", 0),
        ("--expires-in", "30d", 1),
        ("--expires-in", "66%", 1),
        ("--expires-in", "67%", 0),
        ("--within", "34%", 1),
        ("--within", "33%", 0),
    ],
)
def test_the_threshold_of_step_and_of_openssl_is_understood(
    tmp_path: Path, option: str, value: object, code: int
) -> None:
    path = write(tmp_path / "shop.pem", lasting("shop.example.com"))

    done = certkit("status", path, option, value)

    assert done.exit_code == code


def test_a_threshold_is_given_once(tmp_path: Path) -> None:
    done = certkit("status", tmp_path, "--within", "30d", "--checkend", "1", "--format", "json")

    assert (done.exit_code, done.error_code) == (2, "usage")


@pytest.mark.parametrize("format_", ["text", "csv", "prometheus", "json"])
def test_a_file_is_replaced_whole_and_can_be_read_by_others(tmp_path: Path, format_: str) -> None:
    source = write(tmp_path / "in/shop.pem", lasting("shop.example.com"))
    out = tmp_path / "out.prom"
    out.write_text("old")

    done = certkit("status", source, "--format", format_, "--out", out)
    shown = certkit("status", source, "--format", format_)

    assert (done.exit_code, done.stdout, done.stderr) == (0, "", "")
    assert out.read_bytes().decode() == shown.stdout
    assert out.stat().st_mode & 0o444 == 0o444
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in", "out.prom"]


def test_a_file_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    source = write(tmp_path / "shop.pem", lasting("shop.example.com"))

    done = certkit("status", source, "--format", "json", "--out", source / "below")

    assert (done.exit_code, done.error_code) == (3, "output-unwritable")


def test_a_leaked_key_is_found_in_files_too(tmp_path: Path) -> None:
    path = write(tmp_path / "shop.pem", lasting("shop.example.com"))
    write(tmp_path / "blog.pem", lasting("blog.example.com"))
    row = certkit("inspect", path, "--format", "json").document["bundles"][0]["leaf"]

    by_serial = certkit("status", tmp_path, "--serial", row["serial"], "--format", "json")
    by_hash = certkit("status", tmp_path, "--sha256", row["sha256"])
    none = certkit("status", tmp_path, "--serial", "ff")

    assert (by_serial.exit_code, listed(by_serial)) == (1, [("shop.example.com", str(path))])
    assert (by_hash.exit_code, by_hash.stdout.splitlines()[1]) == (1, "1 certificate left, 0 in use, in 0 accounts")
    assert (none.exit_code, none.stdout.splitlines()[1]) == (0, "0 certificates left, 0 in use, in 0 accounts")
