"""`certkit hook` against the strict ACM: each client's documented variables, and which certificate they mean."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.aws.scene import held
from tests.cli.estate import Estate
from tests.issuing import Request, make_chain

if TYPE_CHECKING:
    from collections.abc import Callable

    from certkit.testing import StrictAcm
    from tests.aws.faults import Proxy
    from tests.aws.scene import Ran
    from tests.issuing import Issued

pytest_plugins = ["tests.aws.fixtures"]


@pytest.fixture
def estate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Estate:
    """A folder, in which certkit is run."""
    monkeypatch.chdir(tmp_path)
    return Estate(tmp_path)


@pytest.fixture
def hook(run: Callable[..., Ran], wire: Proxy) -> Callable[..., Ran]:  # noqa: ARG001 -- it leads there
    """Runs `hook` with JSON as its output."""
    return lambda *options: run("hook", *options, "--format", "json")


def certbot(estate: Estate, name: str, issued: Issued) -> Path:
    """Leaves a lineage as certbot does: links in `live` to files in `archive`."""
    live, archive = estate.folder / "live" / name, estate.folder / "archive" / name
    for folder in (live, archive):
        folder.mkdir(parents=True)
    content = {"fullchain": issued.pem + issued.chain_pem, "privkey": issued.key_pem}
    content |= {"cert": issued.pem, "chain": issued.chain_pem}
    for part, data in content.items():
        (archive / f"{part}1.pem").write_bytes(data)
        (live / f"{part}.pem").symlink_to(Path("..") / ".." / "archive" / name / f"{part}1.pem")
    return live


def lego(estate: Estate, domain: str, issued: Issued) -> Path:
    """Leaves a certificate as lego does: all of them in one folder."""
    folder = estate.folder / "certificates"
    folder.mkdir(exist_ok=True)
    (folder / f"{domain}.crt").write_bytes(issued.pem + issued.chain_pem)
    (folder / f"{domain}.key").write_bytes(issued.key_pem)
    (folder / f"{domain}.json").write_text("{}")
    return folder


def acme_sh(estate: Estate, domain: str, issued: Issued) -> Path:
    """Leaves a certificate as acme.sh does."""
    folder = estate.folder / f"{domain}_ecc"
    folder.mkdir()
    (folder / f"{domain}.cer").write_bytes(issued.pem)
    (folder / "fullchain.cer").write_bytes(issued.pem + issued.chain_pem)
    (folder / f"{domain}.key").write_bytes(issued.key_pem)
    (folder / "ca.cer").write_bytes(issued.chain_pem)
    return folder


def set_all(monkeypatch: pytest.MonkeyPatch, variables: dict[str, Any]) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, str(value))


def names(ran: Ran) -> list[tuple[str, str]]:
    return [(row["name"], row["action"]) for row in ran.results]


def issue(domain: str) -> Issued:
    return make_chain(leaf=Request(common_name=domain, sans=(domain,)))


@pytest.mark.parametrize(
    "source",
    [
        'source = "live/shop"',
        'source = "live/shop/fullchain.pem"\nkey = "live/shop/privkey.pem"',
        'source = "live/shop/fullch*.pem"\nkey = "live/shop/privkey.pem"',
    ],
)
def test_certbot_is_taken_by_its_lineage(
    estate: Estate, hook: Callable[..., Ran], server: StrictAcm, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    issued = issue("shop.example.com")
    live = certbot(estate, "shop", issued)
    certbot(estate, "web", issue("web.example.com"))
    estate.write(f'[certificates.shop]\n{source}\n[certificates.web]\nsource = "live/web"')
    set_all(monkeypatch, {"RENEWED_LINEAGE": live, "RENEWED_DOMAINS": "shop.example.com"})

    ran = hook("certbot")

    assert (ran.code, names(ran)) == (0, [("shop", "imported")])
    assert list(held(server).values()) == [issued.sha256]


@pytest.mark.parametrize(("prefix", "domains"), [("LEGO_", "CERT_DOMAIN"), ("LEGO_HOOK_", "CERT_DOMAINS")])
@pytest.mark.parametrize(
    "source",
    [
        'source = "certificates/shop.example.com.crt"\nkey = "certificates/shop.example.com.key"',
        'source = "certificates"\nname_match = "shop.example.com"',
    ],
)
def test_lego_is_taken_by_its_files_or_its_folder(
    estate: Estate,
    hook: Callable[..., Ran],
    server: StrictAcm,
    monkeypatch: pytest.MonkeyPatch,
    prefix: str,
    domains: str,
    source: str,
) -> None:
    issued = issue("shop.example.com")
    folder = lego(estate, "shop.example.com", issued)
    lego(estate, "web.example.com", issue("web.example.com"))
    other = '[certificates.web]\nsource = "certificates"\nname_match = "web.example.com"'
    estate.write(f"[certificates.shop]\n{source}\n{other}")
    set_all(
        monkeypatch,
        {
            f"{prefix}{domains}": "shop.example.com",
            f"{prefix}CERT_PATH": folder / "shop.example.com.crt",
            f"{prefix}CERT_KEY_PATH": folder / "shop.example.com.key",
            f"{prefix}ACCOUNT_EMAIL": "ops@example.com",
        },
    )

    ran = hook("lego")

    assert (ran.code, names(ran)) == (0, [("shop", "imported")])
    assert list(held(server).values()) == [issued.sha256]


def test_acme_sh_is_taken_by_its_folder(
    estate: Estate, hook: Callable[..., Ran], server: StrictAcm, monkeypatch: pytest.MonkeyPatch
) -> None:
    issued = issue("shop.example.com")
    folder = acme_sh(estate, "shop.example.com", issued)
    estate.write('[certificates.shop]\nsource = "shop.example.com_ecc"')
    set_all(
        monkeypatch,
        {
            "Le_Domain": "shop.example.com",
            "CERT_PATH": folder / "shop.example.com.cer",
            "CERT_KEY_PATH": folder / "shop.example.com.key",
            "CA_CERT_PATH": folder / "ca.cer",
            "CERT_FULLCHAIN_PATH": folder / "fullchain.cer",
        },
    )

    ran = hook("acme.sh")

    assert (ran.code, names(ran)) == (0, [("shop", "imported")])
    assert list(held(server).values()) == [issued.sha256]


def test_what_the_manifest_does_not_name_is_left_alone(
    estate: Estate, hook: Callable[..., Ran], wire: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    live = certbot(estate, "other", issue("other.example.com"))
    estate.shop(issue("shop.example.com"))
    monkeypatch.setenv("RENEWED_LINEAGE", str(live))

    ran = hook("certbot")

    assert (ran.code, ran.results, wire.operations) == (0, [], [])
    assert f"certkit: no certificate of certkit.toml comes from {live}: nothing to do" in ran.err


def test_a_name_needs_no_variables(estate: Estate, hook: Callable[..., Ran]) -> None:
    estate.shop(issue("shop.example.com"))

    assert names(hook("certbot", "--name", "shop")) == [("shop", "imported")]


def test_no_renewal_is_run_by_a_hook(estate: Estate, hook: Callable[..., Ran]) -> None:
    estate.shop(issue("shop.example.com"), 'renew_command = ["touch", "run"]', 'renew_when = "100%"')

    ran = hook("lego", "--name", "shop")

    assert (ran.code, (estate.folder / "run").exists()) == (0, False)


@pytest.mark.parametrize("client", ["certbot", "lego", "acme.sh"])
def test_a_hook_that_nobody_calls_says_so(estate: Estate, hook: Callable[..., Ran], client: str) -> None:
    estate.shop(issue("shop.example.com"))

    assert hook(client).error == (2, "usage")
