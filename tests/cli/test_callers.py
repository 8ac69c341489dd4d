"""`certkit status` over many accounts: of the configuration, of the organization, and of several profiles."""

from __future__ import annotations

from typing import TYPE_CHECKING

import boto3
import pytest

from tests.aws.faults import Edit, Refusal
from tests.aws.scene import ACCOUNT, HOME, OTHER
from tests.issuing import make_chain

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from certkit.testing import StrictAcm
    from tests.aws.faults import Proxy
    from tests.aws.scene import Ran
    from tests.issuing import Issued

pytest_plugins = ["tests.aws.fixtures"]

FRANKFURT = "eu-central-1"
THIRD = "333333333333"


@pytest.fixture
def put_into(server: StrictAcm) -> Callable[..., str]:
    """Imports a certificate into an account as its own people would, past the proxy."""

    def import_issued(issued: Issued, account: str, region: str = HOME) -> str:
        role = f"arn:aws:iam::{account}:role/theirs"
        sts = boto3.client("sts", endpoint_url=server.url)
        credentials = sts.assume_role(RoleArn=role, RoleSessionName="tests")["Credentials"]
        client = boto3.client(
            "acm",
            endpoint_url=server.url,
            region_name=region,
            aws_access_key_id=credentials["AccessKeyId"],
            aws_secret_access_key=credentials["SecretAccessKey"],
            aws_session_token=credentials["SessionToken"],
        )
        answer = client.import_certificate(
            Certificate=issued.pem, PrivateKey=issued.key_pem, CertificateChain=issued.chain_pem
        )
        return str(answer["CertificateArn"])

    return import_issued


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A configuration of three accounts; the first is the caller's own."""
    path = tmp_path / "certkit.toml"
    tables = [
        f'[accounts.{name}]\nid = "{account}"\n' + (f'role = "arn:aws:iam::{account}:role/certkit"\n' if role else "")
        for name, account, role in (("own", ACCOUNT, False), ("other", OTHER, True), ("third", THIRD, True))
    ]
    path.write_text("\n".join(tables))
    return path


def covered(ran: Ran) -> list[tuple[str, str, str]]:
    """Account, region and state of every place."""
    return [(one["account"], one["region"], one["state"]) for one in ran.document["coverage"]]


def test_accounts_are_looked_at_by_the_names_of_the_configuration(
    run: Callable[..., Ran], put_into: Callable[..., str], config: Path, wire: Proxy
) -> None:
    arns = {put_into(make_chain(), OTHER), put_into(make_chain(), THIRD)}

    ran = run("status", "--config", config, "--account", "other", "--account", "third", "--format", "json")

    assert ran.code == 0
    assert covered(ran) == [(OTHER, HOME, "seen"), (THIRD, HOME, "seen")]
    assert {(row["arn"], row["account"]) for row in ran.document["certificates"]} == {
        (arn, arn.split(":")[4]) for arn in arns
    }
    assert wire.operations.count("SearchCertificates") == wire.operations.count("GetResources") == 2


def test_all_accounts_of_the_configuration_have_one_name(run: Callable[..., Ran], config: Path, wire: Proxy) -> None:
    ran = run(
        "status", "--config", config, "--account", "all", "--region", HOME, "--region", FRANKFURT, "--format", "json"
    )

    assert wire.sent
    assert covered(ran) == [
        (account, region, "seen") for account in (ACCOUNT, OTHER, THIRD) for region in (FRANKFURT, HOME)
    ]


def test_the_regions_of_the_configuration_count_where_no_option_names_one(
    run: Callable[..., Ran], config: Path, wire: Proxy
) -> None:
    config.write_text(f'[defaults]\nregions = ["{FRANKFURT}"]\n{config.read_text()}')

    from_file = run("status", "--config", config, "--format", "json")
    from_option = run("status", "--config", config, "--region", HOME, "--format", "json")

    assert wire.sent
    assert [covered(ran) for ran in (from_file, from_option)] == [
        [(ACCOUNT, FRANKFURT, "seen")],
        [(ACCOUNT, HOME, "seen")],
    ]


def test_an_account_that_the_configuration_does_not_name_is_a_usage_error(
    run: Callable[..., Ran], config: Path, wire: Proxy
) -> None:
    ran = run("status", "--config", config, "--account", "othr", "--format", "json")

    assert ran.error == (2, "usage")
    assert "did you mean other?" in ran.document["error"]["hint"]
    assert "SearchCertificates" not in wire.operations


def test_an_account_that_cannot_be_entered_is_covered_as_denied_in_every_region(
    run: Callable[..., Ran], put_into: Callable[..., str], config: Path, wire: Proxy
) -> None:
    put_into(make_chain(), THIRD)
    wire.script("AssumeRole", Refusal("AccessDenied"))

    ran = run(
        *(
            "status",
            "--config",
            config,
            "--account",
            "other",
            "--region",
            HOME,
            "--region",
            FRANKFURT,
            "--format",
            "json",
        )
    )

    assert ran.code == 3
    assert covered(ran) == [(OTHER, FRANKFURT, "denied"), (OTHER, HOME, "denied")]
    assert ran.err.count("certkit: warning:") == 1
    assert "eu-central-1, us-east-1 were not seen: assuming the role" in ran.err


def test_every_account_says_itself_which_regions_it_has(run: Callable[..., Ran], config: Path, wire: Proxy) -> None:
    def regions(*names: str) -> Edit:
        items = "".join(f"<item><regionName>{name}</regionName></item>" for name in names)
        return Edit(
            lambda _: f"<DescribeRegionsResponse><regionInfo>{items}</regionInfo></DescribeRegionsResponse>".encode()
        )

    wire.script("DescribeRegions", regions(HOME), regions(HOME, "af-south-1"))

    ran = run("status", "--config", config, "--account", "other", "--region", "all", "--format", "json")

    assert covered(ran) == [(OTHER, "af-south-1", "seen"), (OTHER, HOME, "seen")]


def test_an_account_that_does_not_say_its_regions_was_not_seen_whole(
    run: Callable[..., Ran], config: Path, wire: Proxy
) -> None:
    answer = b"<DescribeRegionsResponse><regionInfo><item><regionName>us-east-1</regionName></item></regionInfo></DescribeRegionsResponse>"
    wire.script("DescribeRegions", Edit(lambda _: answer), Refusal("UnauthorizedOperation"))

    ran = run("status", "--config", config, "--account", "other", "--region", "all", "--format", "json")

    assert ran.code == 3
    assert covered(ran) == [(OTHER, None, "denied"), (OTHER, HOME, "seen")]
    assert "other regions were not seen: listing the enabled regions" in ran.err


def test_the_accounts_of_the_organization_are_entered_by_the_name_of_their_role(
    run: Callable[..., Ran], put: Callable[..., str], put_into: Callable[..., str], server: StrictAcm, wire: Proxy
) -> None:
    client = boto3.client("organizations", endpoint_url=server.url)
    client.create_organization(FeatureSet="ALL")
    status = client.create_account(Email="shop@example.com", AccountName="shop")["CreateAccountStatus"]
    arns = {put(make_chain()), put_into(make_chain(), status["AccountId"])}

    ran = run("status", "--organization", "--role-name", "certkit-reader", "--format", "json")

    assert ran.code == 0
    assert {row["arn"] for row in ran.document["certificates"]} == arns
    assert sorted(account for account, _, _ in covered(ran)) == sorted([ACCOUNT, status["AccountId"]])
    assert wire.operations.count("AssumeRole") == 1


def test_an_account_of_the_organization_that_has_no_such_role_is_denied(
    run: Callable[..., Ran], put: Callable[..., str], server: StrictAcm, wire: Proxy
) -> None:
    client = boto3.client("organizations", endpoint_url=server.url)
    client.create_organization(FeatureSet="ALL")
    status = client.create_account(Email="shop@example.com", AccountName="shop")["CreateAccountStatus"]
    put(make_chain())
    wire.always("AssumeRole", Refusal("AccessDenied"))

    ran = run("status", "--organization", "--role-name", "certkit-reader", "--format", "json")

    assert ran.code == 3
    assert sorted(covered(ran)) == sorted([(ACCOUNT, HOME, "seen"), (status["AccountId"], HOME, "denied")])
    assert f"assuming the role arn:aws:iam::{status['AccountId']}:role/certkit-reader" in ran.err


def test_an_organization_that_may_not_be_listed_is_the_error_of_all(run: Callable[..., Ran], wire: Proxy) -> None:
    wire.always("ListAccounts", Refusal("AccessDeniedException"))

    ran = run("status", "--organization", "--role-name", "certkit-reader", "--format", "json")

    assert ran.error == (3, "aws-denied")
    assert "listing the accounts of the organization" in ran.document["error"]["message"]


@pytest.mark.parametrize(
    "given",
    [
        ("--organization",),
        ("--role-name", "certkit-reader"),
        ("--organization", "--role-name", "certkit-reader", "--account", "other"),
    ],
)
def test_options_that_do_not_go_together_are_a_usage_error(
    run: Callable[..., Ran], wire: Proxy, given: tuple[str, ...]
) -> None:
    ran = run("status", *given, "--format", "json")

    assert ran.error == (2, "usage")
    assert wire.operations == []


@pytest.fixture
def profiles(tmp_path: Path, wire: Proxy, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001 -- its settings give way
    """Two profiles: one with the credentials of the environment's account, one that assumes a role in another."""
    path = tmp_path / "config"
    path.write_text(
        "[profile first]\naws_access_key_id = testing\naws_secret_access_key = testing\n"
        f"[profile second]\nrole_arn = arn:aws:iam::{OTHER}:role/reader\nsource_profile = first\n"
    )
    monkeypatch.setenv("AWS_CONFIG_FILE", str(path))
    for variable in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(variable, raising=False)


@pytest.mark.usefixtures("profiles")
def test_every_profile_is_a_caller_of_its_own(run: Callable[..., Ran], wire: Proxy) -> None:
    ran = run("status", "--profile", "first", "--profile", "second", "--profile", "first", "--format", "json")

    assert wire.sent
    assert ran.code == 0
    assert covered(ran) == [(ACCOUNT, HOME, "seen"), (OTHER, HOME, "seen")]
    assert wire.operations.count("SearchCertificates") == 2


@pytest.mark.usefixtures("profiles")
def test_a_profile_that_is_refused_costs_the_others_nothing(run: Callable[..., Ran], wire: Proxy) -> None:
    wire.always("AssumeRole", Refusal("AccessDenied"))

    ran = run("status", "--profile", "first", "--profile", "second", "--format", "json")

    assert ran.code == 3
    assert covered(ran) == [(None, HOME, "denied"), (ACCOUNT, HOME, "seen")]
    assert "of an unknown account was not seen: profile second: " in ran.err


@pytest.mark.usefixtures("profiles")
def test_a_profile_that_is_not_there_is_a_usage_error(run: Callable[..., Ran], wire: Proxy) -> None:
    ran = run("status", "--profile", "first", "--profile", "nobody", "--format", "json")

    assert ran.error == (2, "usage")
    assert wire.operations == []


def test_without_a_region_it_is_every_region_of_the_configuration(
    run: Callable[..., Ran],
    tmp_path: Path,
    wire: Proxy,  # noqa: ARG001 -- it leads there
) -> None:
    config = tmp_path / "certkit.toml"
    config.write_text(
        '[certificates.a]\nsource = "a.pem"\nregions = ["eu-west-1", "us-east-2"]\n[certificates.b]\nsource = "b.pem"\n'
    )

    ran = run("status", "--config", config, "--format", "json")

    assert [seen["region"] for seen in ran.document["coverage"]] == ["eu-west-1", "us-east-1", "us-east-2"]
