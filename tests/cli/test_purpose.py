"""Tests of `certkit validate` with `--for`, `--host` and `--profile`."""

from pathlib import Path
from typing import Any

import pytest

from tests.cli.bundles import pem, save
from tests.cli.running import FIXTURES, certkit
from tests.issuing import Issued, Request, make_chain

SHOP = Request(sans=("shop.example.com", "*.example.org", "192.0.2.1", "2001:db8::1", "xn--bcher-kva.example"))


def _save(folder: Path, chain: Issued | None = None) -> Path:
    return save(folder, "shop.pem", pem(chain or make_chain(leaf=SHOP)))


def _found(done: Any) -> list[tuple[str, str]]:
    (result,) = done.document["results"]
    return [(finding["rule"], finding["severity"]) for finding in result["findings"]]


def test_every_host_that_is_covered_is_exit_0(tmp_path: Path) -> None:
    source = _save(tmp_path)
    hosts = ("shop.example.com", "a.example.org", "192.0.2.1", "[2001:DB8::1]", "bücher.example")

    done = certkit("validate", source, *(word for host in hosts for word in ("--host", host)))

    assert (done.exit_code, done.stdout, done.stderr) == (0, f"{source}: importable\n", "")


def test_a_host_that_is_not_covered_is_an_error_although_acm_would_import(tmp_path: Path) -> None:
    source = _save(tmp_path)

    done = certkit("validate", source, "--host", "a.b.example.org", "--format", "json")

    (result,) = done.document["results"]
    (finding,) = result["findings"]
    assert (done.exit_code, result["importable"]) == (1, False)
    assert (finding["rule"], finding["severity"], finding["part"]) == ("host-not-covered", "error", "leaf")
    assert finding["message"].startswith("it does not cover a.b.example.org: it is for DNS:shop.example.com, ")


def test_bytes_as_they_are_are_held_to_the_same(tmp_path: Path) -> None:
    chain = make_chain(leaf=SHOP)
    body, key, rest = (
        save(tmp_path, name, content)
        for name, content in (("b.pem", chain.pem), ("k.pem", chain.key_pem), ("c.pem", chain.chain_pem))
    )

    done = certkit(
        "validate", "--as-is", "--body", body, "--key", key, "--chain", rest, "--for", "iot", "--host", "b.example.com",
        "--profile", "public", "--format", "json",
    )  # fmt: skip

    assert done.exit_code == 1
    assert _found(done) == [
        ("host-not-covered", "error"),
        ("validity-over-public-limit", "warning"),
        ("extended-key-usage-not-for-servers", "warning"),
        ("internal-name", "warning"),
        ("internal-name", "warning"),
        ("internal-name", "warning"),
        ("service-extended-key-usage", "warning"),
    ]


def test_what_a_service_does_not_take_is_a_warning(tmp_path: Path) -> None:
    source = _save(tmp_path)
    given = ("validate", source, "--for", "iot", "--for", "client-vpn", "--format", "json")

    done, strict = certkit(*given), certkit(*given, "--fail-on", "warning")

    assert (done.exit_code, strict.exit_code) == (0, 1)
    assert _found(done) == [("service-extended-key-usage", "warning"), ("service-key-algorithm", "warning")]


def test_the_region_of_a_service_is_held_against_where_it_goes(tmp_path: Path) -> None:
    source = _save(tmp_path)
    given = ("validate", source, "--for", "cognito", "--format", "json")

    nowhere, here, there = (
        certkit(*given, *more) for more in ((), ("--region", "us-east-1"), ("--region", "eu-west-1"))
    )

    assert [_found(done) for done in (nowhere, here, there)] == [[], [], [("service-region", "warning")]]


def test_rules_of_services_can_be_chosen_as_others_can(tmp_path: Path) -> None:
    source = _save(tmp_path)
    given = ("validate", source, "--for", "iot", "--host", "b.example.com", "--format", "json")

    selected = certkit(*given, "--select", "service-extended-key-usage")
    ignored = certkit(*given, "--ignore", "service-extended-key-usage,host-not-covered")

    assert (_found(selected), selected.exit_code) == ([("service-extended-key-usage", "warning")], 0)
    assert (_found(ignored), ignored.exit_code) == ([], 0)


@pytest.mark.parametrize("output_format", ["sarif", "junit", "github"])
def test_every_report_shows_what_a_service_says(tmp_path: Path, output_format: str) -> None:
    source = _save(tmp_path)

    done = certkit("validate", source, "--for", "iot", "--host", "b.example.com", "--format", output_format)

    assert done.exit_code == 1
    assert "host-not-covered" in done.stdout
    assert "service-extended-key-usage" in done.stdout


def test_the_chain_tells_whose_rules_count(tmp_path: Path) -> None:
    """No test has the key of a public CA: the leaf is another's, which `--select` leaves out."""
    public = FIXTURES / "public" / "lets-encrypt-e8.pem"
    chain = make_chain(leaf=SHOP)
    body, private = save(tmp_path, "b.pem", chain.pem), save(tmp_path, "c.pem", chain.chain_pem)
    given = ("validate", "--as-is", "--body", body, "--certificates-only", "--format", "json")
    chosen = ("--select", "validity-over-public-limit")

    done = [certkit(*given, "--chain", issuers, *chosen) for issuers in (public, private)]

    assert [_found(each) for each in done] == [[("validity-over-public-limit", "warning")], []]


def test_the_users_word_counts_more(tmp_path: Path) -> None:
    source = _save(tmp_path)

    done = {
        profile: certkit("validate", source, "--profile", profile, "--format", "json")
        for profile in ("public", "private")
    }

    assert "validity-over-public-limit" in [rule for rule, _ in _found(done["public"])]
    assert _found(done["private"]) == []


@pytest.mark.parametrize(
    ("given", "message", "hint"),
    [
        (("--for", "elb"), "--for 'elb' is no service that certkit knows", "one of cloudfront, "),
        (("--host", "https://a"), "'https://a' is neither a DNS name nor an IP address", "shop.example.com"),
        (("--host", ""), "'' is neither a DNS name nor an IP address", "shop.example.com"),
        (("--profile", "secret"), "'secret' is not one of 'public', 'private'", "certkit validate --help"),
    ],
)
def test_what_is_none_is_a_usage_error_that_lists_what_is(
    tmp_path: Path, given: tuple[str, str], message: str, hint: str
) -> None:
    done = certkit("validate", _save(tmp_path), *given)

    assert (done.exit_code, done.stdout) == (2, "")
    assert message in done.stderr
    assert hint in done.stderr


def test_what_is_said_of_names_is_escaped(tmp_path: Path) -> None:
    source = _save(tmp_path, make_chain(leaf=Request(common_name="a\x1b[31mb", sans=("a.example.com",))))

    done = certkit("validate", source, "--profile", "public", "--host", "b.example.com")

    assert "common-name-not-in-san" in done.stdout
    assert "\x1b" not in done.stdout
