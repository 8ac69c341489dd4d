"""`certkit adopt` against the strict ACM, over HTTP: it tags and writes manifests, and imports nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from certkit.manifest import load
from tests.aws.faults import Refusal
from tests.aws.scene import ACCOUNT, HOME, OTHER, WRITES, held, tags_of
from tests.cli.estate import ACCOUNTS, Estate
from tests.issuing import Request, make_chain

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from certkit.testing import StrictAcm
    from tests.aws.faults import Proxy
    from tests.aws.scene import Ran

pytest_plugins = ["tests.aws.fixtures"]

IRELAND: Final = "eu-west-1"


@pytest.fixture
def estate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Estate:
    """A folder, in which certkit is run."""
    monkeypatch.chdir(tmp_path)
    return Estate(tmp_path)


@pytest.fixture
def adopt(run: Callable[..., Ran], wire: Proxy, estate: Estate) -> Callable[..., Ran]:  # noqa: ARG001 -- in its folder
    """Runs `adopt` with JSON as its output."""

    def run_adopt(*options: str) -> Ran:
        wire.forget()
        return run("adopt", *options, "--format", "json")

    return run_adopt


def writes(wire: Proxy) -> list[str]:
    return [operation for operation in wire.operations if operation in WRITES]


# One.


def test_adopting_tags_and_does_nothing_else(
    adopt: Callable[..., Ran], put: Callable[..., str], server: StrictAcm, wire: Proxy
) -> None:
    issued = make_chain()
    arn = put(issued, team="web")

    ran = adopt(arn, "--name", "shop")

    assert (ran.code, ran.result["action"], ran.result["arn"]) == (0, "tagged", arn)
    assert writes(wire) == ["AddTagsToCertificate"]
    assert tags_of(server, arn) == {
        "certkit:name": "shop",
        "certkit:not-after": "2049-12-31T23:59:59Z",
        "certkit:sha256": issued.sha256,
        "team": "web",
    }
    assert ran.document["manifest"] is None


def test_what_was_adopted_is_replaced_from_then_on(
    adopt: Callable[..., Ran], put: Callable[..., str], run: Callable[..., Ran], estate: Estate
) -> None:
    issued = make_chain()
    arn = put(issued)
    estate.shop(issued)
    before = run("plan", "--format", "json").document["actions"][0]

    adopt(arn, "--name", "shop")
    after = run("plan", "--format", "json").document["actions"][0]

    assert before["error"]["code"] == "ambiguous"
    assert (after["action"], after["arn"]) == ("none", arn)


def test_adopting_twice_is_no_write(adopt: Callable[..., Ran], put: Callable[..., str], wire: Proxy) -> None:
    arn = put(make_chain())
    adopt(arn, "--name", "shop")

    ran = adopt(arn, "--name", "shop")

    assert (ran.code, ran.result["action"], writes(wire)) == (0, "unchanged", [])


def test_a_dry_run_shows_the_tags(adopt: Callable[..., Ran], put: Callable[..., str], wire: Proxy) -> None:
    ran = adopt(put(make_chain()), "--name", "shop", "--dry-run")

    (action,) = ran.document["actions"]
    assert (ran.code, action["action"], action["tags"]["certkit:name"], writes(wire)) == (0, "tag", "shop", [])


def test_a_name_that_another_has_is_refused(adopt: Callable[..., Ran], put: Callable[..., str], wire: Proxy) -> None:
    put(make_chain(), certkit_name="shop")

    ran = adopt(put(make_chain()), "--name", "shop")

    assert (ran.error, writes(wire)) == ((3, "ambiguous"), [])


def test_one_with_another_name_is_refused(adopt: Callable[..., Ran], put: Callable[..., str], wire: Proxy) -> None:
    ran = adopt(put(make_chain(), certkit_name="old"), "--name", "shop")

    assert (ran.error, writes(wire)) == ((3, "ambiguous"), [])
    assert "is called 'old' already" in ran.document["error"]["message"]


def test_what_amazon_issued_is_not_adopted(adopt: Callable[..., Ran], amazon_issued: str, wire: Proxy) -> None:
    ran = adopt(amazon_issued, "--name", "shop")

    assert (ran.code != 0, writes(wire)) == (True, [])


def test_one_in_an_account_of_the_configuration_is_adopted_in_its_role(
    adopt: Callable[..., Ran], run: Callable[..., Ran], server: StrictAcm, estate: Estate
) -> None:
    estate.shop(make_chain(), 'accounts = ["other"]')
    run("apply")
    (arn,) = held(server, account=OTHER)

    ran = adopt(arn, "--name", "shop")

    assert (ran.code, ran.result["action"], ran.result["account"]) == (0, "unchanged", OTHER)


@pytest.mark.parametrize(
    "options",
    [
        (),
        ("--name", "shop"),
        ("--all", "--name", "shop"),
        ("--all", "--dry-run"),
        ("arn:aws:iam::123456789012:server-certificate/x", "--name", "shop"),
        (f"arn:aws:acm:{HOME}:{ACCOUNT}:certificate/1",),
        (f"arn:aws:acm:{HOME}:{ACCOUNT}:certificate/1", "--name", "a*"),
        (f"arn:aws:acm:{HOME}:{ACCOUNT}:certificate/1", "--name", "shop", "--tag"),
    ],
)
def test_what_cannot_be_meant_is_refused_before_any_request(
    adopt: Callable[..., Ran], wire: Proxy, options: tuple[str, ...]
) -> None:
    assert (adopt(*options).error, wire.operations) == ((2, "usage"), [])


def test_one_that_is_not_there_is_said_to_be_not_there(adopt: Callable[..., Ran]) -> None:
    ran = adopt(f"arn:aws:acm:{HOME}:{ACCOUNT}:certificate/12345678-1234-1234-1234-123456789012", "--name", "shop")

    assert (ran.code, ran.document["error"]["code"]) == (3, "aws-refused")


def test_read_only_lets_nothing_be_adopted(
    adopt: Callable[..., Ran], put: Callable[..., str], wire: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    arn = put(make_chain())
    monkeypatch.setenv("CERTKIT_READ_ONLY", "1")

    assert adopt(arn, "--name", "shop").error == (2, "read-only")
    assert adopt("--all", "--tag").error == (2, "read-only")
    assert adopt("--all").code == 0
    assert writes(wire) == []


# All.


def test_the_manifest_of_all_names_what_is_there_and_changes_nothing(
    adopt: Callable[..., Ran], put: Callable[..., str], amazon_issued: str, wire: Proxy
) -> None:
    issued = make_chain(leaf=Request("shop.example.com"))
    here, there = put(issued), put(issued, region=IRELAND)
    kept = put(make_chain(leaf=Request("kept.example.com")), certkit_name="kept")

    ran = adopt("--all", "--region", HOME, "--region", IRELAND)

    text = ran.document["manifest"]
    assert (ran.code, ran.results, writes(wire)) == (0, [], [])
    assert all(arn in text for arn in (here, there, kept))
    assert amazon_issued not in text
    assert '[certificates."kept"]' in text
    assert '[certificates."shop.example.com"]\nsource = "shop.example.com.pem"' in text
    assert "2 of them certkit does not know yet" in ran.err


def test_what_was_tagged_and_filled_in_is_as_it_should_be(
    adopt: Callable[..., Ran], put: Callable[..., str], run: Callable[..., Ran], estate: Estate
) -> None:
    issued = make_chain(leaf=Request("shop.example.com"))
    arns = [put(issued), put(issued, region=IRELAND)]

    ran = adopt("--all", "--tag", "--region", HOME, "--region", IRELAND, "--out", "certkit.toml")
    estate.save("shop.example.com", issued)
    after = run("plan", "--check", "--format", "json")

    assert (ran.code, [result["action"] for result in ran.results]) == (0, ["tagged"] * 2)
    assert (after.code, sorted(row["arn"] for row in after.document["actions"])) == (0, sorted(arns))


def test_the_accounts_of_the_configuration_are_looked_at_and_named(
    adopt: Callable[..., Ran], run: Callable[..., Ran], estate: Estate
) -> None:
    estate.shop(make_chain(), 'accounts = ["own", "other"]')
    run("apply")
    estate.write(ACCOUNTS)

    ran = adopt("--all", "--out", "estate.toml")

    (spec,) = load(estate.folder / "estate.toml").certificates
    assert ran.code == 0
    assert (spec.name, {account.id for account in spec.accounts}, spec.regions) == ("shop", {ACCOUNT, OTHER}, (HOME,))
    assert spec.accounts[0] in load(estate.folder / "certkit.toml").accounts


def test_a_file_that_is_there_stays_unless_forced(
    adopt: Callable[..., Ran], put: Callable[..., str], estate: Estate, wire: Proxy
) -> None:
    put(make_chain())
    path = estate.folder / "mine.toml"
    path.write_text("mine", "utf-8")

    refused, asked = adopt("--all", "--out", "mine.toml"), list(wire.operations)
    kept = path.read_text("utf-8")
    forced = adopt("--all", "--out", "mine.toml", "--force")

    assert (refused.error, asked, kept) == ((3, "output-exists"), [], "mine")
    assert (forced.code, path.read_text("utf-8")) == (0, forced.document["manifest"])


def test_what_could_not_be_seen_is_said_and_the_rest_is_written(
    adopt: Callable[..., Ran], put: Callable[..., str], wire: Proxy
) -> None:
    arn = put(make_chain())
    wire.always("ListCertificates", Refusal("AccessDeniedException"), region=IRELAND)

    ran = adopt("--all", "--region", HOME, "--region", IRELAND)

    assert ran.code == 3
    assert arn in ran.document["manifest"]
    assert f"certkit: warning: {IRELAND} of {ACCOUNT} was not seen: " in ran.err


def test_a_tag_that_is_refused_stops_no_other(
    adopt: Callable[..., Ran], put: Callable[..., str], wire: Proxy, server: StrictAcm
) -> None:
    arns = [put(make_chain(leaf=Request(f"{name}.example.com"))) for name in ("a", "b")]
    wire.script("AddTagsToCertificate", Refusal("AccessDeniedException"))

    ran = adopt("--all", "--tag")

    assert (ran.code, sorted(result["action"] for result in ran.results)) == (3, ["failed", "tagged"])
    assert sorted("certkit:name" in tags_of(server, arn) for arn in arns) == [False, True]


def test_the_manifest_for_people_is_all_that_stands_on_standard_output(
    run: Callable[..., Ran], put: Callable[..., str], wire: Proxy, estate: Estate
) -> None:
    put(make_chain(leaf=Request("shop.example.com")))
    put(make_chain(leaf=Request(common_name="evil\x1b[31m\u202e")))
    wire.forget()

    ran = run("adopt", "--all", "--tag")

    (estate.folder / "estate.toml").write_text(ran.out, "utf-8")
    assert ran.code == 0
    assert "shop.example.com" in {spec.name for spec in load(estate.folder / "estate.toml").certificates}
    assert ran.out.replace("\n", "").isprintable()
    assert "certkit: shop.example.com: tagged, valid until 2049-12-31 arn:" in ran.err
