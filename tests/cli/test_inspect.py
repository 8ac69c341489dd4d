"""Tests of `certkit inspect`."""

from pathlib import Path

import pytest

from tests import documents
from tests.cli.bundles import PASSWORD, SHOP, pem, pfx, save, shop
from tests.cli.running import FIXTURES, certkit, files_in
from tests.issuing import Issued, Request, self_signed

PFX = FIXTURES / "openssl" / "pfx" / "default.pfx"


def _certificate(issued: Issued) -> dict[str, object]:
    """What stands in the document for a certificate of `bundles.SHOP`'s kind."""
    (entry,) = certkit("inspect", "env:C", "--format", "json", environment={"C": issued.pem.decode()}).document[
        "bundles"
    ]
    leaf: dict[str, object] = entry["leaf"]
    return leaf


def test_a_bundle_is_described_whole(tmp_path: Path) -> None:
    issued = shop()
    root = issued.issuers[-1]
    stranger = self_signed(Request("other.example.net", key=("EC_prime256v1", 7)))
    source = save(tmp_path, "shop.pem", pem(issued) + root.pem + stranger.pem)

    done = certkit("inspect", source, "--format", "json")

    assert (done.exit_code, done.stderr) == (0, "")
    (entry,) = done.document["bundles"]
    assert entry == {
        "source": str(source),
        "format": "pem",
        "locked": False,
        "key": {
            "algorithm": "EC_prime256v1",
            "spki_sha256": entry["leaf"]["spki_sha256"],
            "encrypted": False,
        },
        "leaf": _certificate(issued),
        "chain": [_certificate(issued.issuers[0]), _certificate(root)],
        "others": [_certificate(stranger)],
        "complete": True,
        "protection": None,
        "notes": [],
    }


def test_a_certificate_is_described_in_the_fields_of_the_contract() -> None:
    issued = self_signed(
        Request("shop.example.com", sans=("shop.example.com", "192.0.2.1"), serial=0x8A0B, organization="Shop, Inc.")
    )

    seen = _certificate(issued)

    assert seen == {
        "subject": "CN=shop.example.com,O=Shop\\, Inc.",
        "issuer": "CN=shop.example.com,O=Shop\\, Inc.",
        "serial": "8a:0b",
        "sha256": issued.sha256,
        "spki_sha256": seen["spki_sha256"],
        "not_before": "2026-01-01T00:00:00Z",
        "not_after": "2049-12-31T23:59:59Z",
        "sans": ["DNS:shop.example.com", "IP:192.0.2.1"],
        "key_algorithm": "EC_prime256v1",
        "signature_algorithm": "ecdsa-with-SHA256",
        "is_ca": False,
        "self_signed": True,
    }


def test_the_text_names_what_matters(tmp_path: Path) -> None:
    issued = shop()
    source = save(tmp_path, "shop.pfx", pfx(issued))

    done = certkit("inspect", source, "--passin", "env:P", environment={"P": PASSWORD})

    lines = done.stdout.splitlines()
    assert lines[0] == f"{source}: PFX (PKCS#12)"
    assert lines[1].startswith("  key    EC_prime256v1, encrypted, spki sha256 ")
    assert lines[2:5] == [
        "  leaf   CN=shop.example.com",
        "         names   DNS:shop.example.com, DNS:www.shop.example.com",
        "         issuer  CN=Example Intermediate 0",
    ]
    assert "  open   issued by CN=Example Root, which is not in it: usual for a public root" in lines
    assert [line[:9] for line in lines[-3:]] == ["  MAC    ", "  bag    ", "  bag    "]


def test_a_certificate_alone_lacks_what_clients_need(tmp_path: Path) -> None:
    done = certkit("inspect", save(tmp_path, "shop.crt", shop().pem))

    assert "which is not in it: clients need it, unless it is a root" in done.stdout


def test_a_locked_pfx_shows_its_protection() -> None:
    done = certkit("inspect", PFX, "--format", "json")

    derived = {"cipher": "AES-256-CBC", "kdf": "PBKDF2-HMAC-SHA256", "iterations": 2048}
    assert done.exit_code == 0
    assert done.document["bundles"] == [
        {
            "source": str(PFX),
            "format": "pkcs12",
            "locked": True,
            "key": None,
            "leaf": None,
            "chain": [],
            "others": [],
            "complete": None,
            "protection": {
                "mac": {"algorithm": "HMAC-SHA256", "kdf": "PKCS12-SHA256", "iterations": 2048},
                "bags": [{"content": "encrypted", **derived}, {"content": "key", **derived}],
            },
            "notes": ["locked: it is encrypted, and no password was given"],
        }
    ]


def test_a_locked_key_in_pem_leaves_the_certificates_to_be_seen(tmp_path: Path) -> None:
    issued = shop()
    source = save(tmp_path, "shop.pem", pem(issued, issued.encrypted_key_pem(b"x")))

    done = certkit("inspect", source, "--format", "json")

    (entry,) = done.document["bundles"]
    assert (done.exit_code, entry["locked"], entry["key"]) == (0, True, None)
    assert entry["leaf"]["sha256"] == issued.sha256
    assert entry["notes"] == ["locked: its key is encrypted, and no password was given"]


@pytest.mark.parametrize("name", ["keytool/store.jks", "keytool/store.jceks"])
def test_a_locked_keystore_shows_its_certificates_and_its_protection(name: str) -> None:
    done = certkit("inspect", FIXTURES / name, "--format", "json")

    (entry,) = done.document["bundles"]
    assert (done.exit_code, entry["format"], entry["locked"]) == (0, name.partition(".")[2], True)
    assert entry["leaf"]["subject"].startswith("CN=shop.example.com,")
    assert entry["protection"]["bags"][0]["content"] == "key"


@pytest.mark.parametrize("name", ["keytool/two-entries.jks", "both.pem"])
def test_a_locked_bundle_of_several_leaves_is_no_failure(name: str, tmp_path: Path) -> None:
    other = shop(Request("b", key=("EC_prime256v1", 3)))
    both = pem(shop(), b"") + pem(other, other.encrypted_key_pem(b"x"))
    source = FIXTURES / name if "/" in name else save(tmp_path, name, both)

    done = certkit("inspect", source, "--format", "json")

    assert (done.exit_code, done.document["bundles"][0]["locked"]) == (0, True)


def test_a_locked_key_alone_shows_that_it_is_locked(tmp_path: Path) -> None:
    source = save(tmp_path, "key.pem", shop().encrypted_key_pem(b"x"))

    done = certkit("inspect", source)

    assert done.exit_code == 0
    assert done.stdout == f"{source}: PEM, locked\n  note   locked: it is encrypted, and no password was given\n"


@pytest.mark.parametrize("kind", ["pfx", "pem"])
def test_a_wrong_password_is_a_failure(tmp_path: Path, kind: str) -> None:
    issued = shop()
    content = pfx(issued) if kind == "pfx" else pem(issued, issued.encrypted_key_pem(b"x"))
    source = save(tmp_path, "shop", content)

    done = certkit("inspect", source, "--passin", "env:P", "--format", "json", environment={"P": "wrong"})

    assert (done.exit_code, done.error_code) == (3, "password-wrong")


def test_a_certificate_that_cannot_be_parsed_is_a_note(tmp_path: Path) -> None:
    broken = b"-----BEGIN CERTIFICATE-----\nMAMCAQE=\n-----END CERTIFICATE-----\n"
    source = save(tmp_path, "shop.pem", pem(shop()) + broken)

    done = certkit("inspect", source)

    assert done.exit_code == 0
    assert "  note   unreadable: a certificate that cannot be parsed, sha256 " in done.stdout


def test_blocks_that_are_passed_over_are_notes(tmp_path: Path) -> None:
    request = b"-----BEGIN CERTIFICATE REQUEST-----\nMAMCAQE=\n-----END CERTIFICATE REQUEST-----\n"
    source = save(tmp_path, "shop.pem", pem(shop()) + request)

    done = certkit("inspect", source, "--format", "json")

    notes = done.document["bundles"][0]["notes"]
    assert notes == ["passed-over: a CERTIFICATE REQUEST block, which is neither key nor certificate"]


def test_inspect_writes_no_file(tmp_path: Path) -> None:
    source = save(tmp_path, "shop.pem", pem(shop()))
    before = files_in(tmp_path)

    certkit("inspect", source)

    assert files_in(tmp_path) == before


@pytest.mark.parametrize("folder", ["openssl/pem", "openssl/pfx", "openssl/der", "openssl/pkcs7", "broken", "forge"])
@pytest.mark.parametrize("command", ["inspect", "validate", "split"])
def test_what_is_said_of_fixtures_of_every_kind_keeps_to_the_schema(command: str, folder: str, tmp_path: Path) -> None:
    sources = [path for path in sorted((FIXTURES / folder).rglob("*")) if path.is_file()]
    out = ("--out", tmp_path) if command == "split" else ()

    runs = [
        certkit(command, source, *out, *passin, "--format", "json", "--quiet", environment={"P": "changeit"})
        for source in sources
        for passin in ((), ("--passin", "env:P"))
    ]

    assert {done.exit_code for done in runs} <= {0, 1, 3}
    assert {done.document["schema"] for done in runs} <= {f"certkit.{command}/1", "certkit.error/1"}
    assert all(done.stderr == "" for done in runs)


def test_every_document_has_a_name_of_its_own() -> None:
    assert {"error", "import", "inspect", "plan", "split", "status", "validate"} <= set(documents.NAMES)


def test_a_leaf_without_names_is_called_so(tmp_path: Path) -> None:
    issued = shop(Request(None, sans=SHOP.sans))
    source = save(tmp_path, "shop.pem", pem(issued))

    done = certkit("inspect", source)

    assert "  leaf   (no subject)\n" in done.stdout
