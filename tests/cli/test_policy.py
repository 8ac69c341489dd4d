"""`certkit policy`: for which accounts and regions it prints what."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest

from certkit.escrow.where import InBucket
from certkit.policy import Channels, Role, Scope, Table, document
from tests.cli.running import certkit

if TYPE_CHECKING:
    from pathlib import Path

MANIFEST: Final = """
[defaults]
regions = ["us-east-1", "eu-west-1"]

[accounts.prod]
id = "111122223333"
[accounts.test]
id = "444455556666"

[certificates.shop]
source = "shop.pfx"
accounts = ["prod", "test"]
[certificates.blog]
source = "blog.pfx"
accounts = ["prod"]
regions = ["ap-southeast-2"]
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _printed(*arguments: object, **environment: str) -> dict[str, Any]:
    done = certkit("policy", *arguments, environment=environment)
    assert done.exit_code == 0, done.stderr
    policy: dict[str, Any] = json.loads(done.stdout)
    return policy


def test_what_the_status_asks_of_other_services_is_in_it_only_where_it_is_wanted() -> None:
    wanted = _printed("reader", "--usage")

    assert wanted == document(Role.READER, Scope("*", ("us-east-1",), sees_usage=True))
    assert {one["Sid"] for one in wanted["Statement"]} == {"List", "Look", "LookAtUsers", "LookAtDomains"}
    assert {one["Sid"] for one in _printed("reader")["Statement"]} == {"List", "Look"}


def test_without_a_role_it_says_which_there_are() -> None:
    done = certkit("policy")

    assert [line.split()[0] for line in done.stdout.splitlines()] == [role.value for role in Role]


@pytest.mark.parametrize("role", Role)
def test_without_a_manifest_it_is_for_the_home_region_of_any_account(role: Role) -> None:
    assert _printed(role.value) == document(role, Scope("*", ("us-east-1",)))
    assert _printed(role.value, CERTKIT_REGION="eu-west-1") == document(role, Scope("*", ("eu-west-1",)))


def test_options_name_account_and_regions() -> None:
    printed = _printed("renewer", "--account", "111122223333", "--region", "eu-west-1", "--region", "eu-west-2")

    assert printed == document(Role.RENEWER, Scope("111122223333", ("eu-west-1", "eu-west-2")))


def test_all_regions_are_a_wildcard() -> None:
    assert _printed("reader", "--region", "all") == document(Role.READER, Scope("*", ("*",)))


def test_the_table_of_a_shared_ledger_is_in_it() -> None:
    here = Table("certkit", "us-east-1")
    there = Table("certkit", "eu-west-1")

    assert _printed("reader", "--ledger", "dynamodb://certkit") == document(
        Role.READER, Scope("*", ("us-east-1",), here)
    )
    assert _printed("creator", CERTKIT_LEDGER="dynamodb://certkit?region=eu-west-1") == document(
        Role.CREATOR, Scope("*", ("us-east-1",), there)
    )
    assert _printed("creator", CERTKIT_LEDGER="/some/file") == document(Role.CREATOR, Scope("*", ("us-east-1",)))


ESCROW: Final = InBucket("my-escrow", "certkit", None, "alias/certkit")
URL: Final = "s3://my-escrow/certkit?kms_key=alias/certkit"


@pytest.mark.parametrize("role", Role)
def test_the_escrow_is_in_it_wherever_it_is_named(role: Role, folder: Path) -> None:
    wanted = document(role, Scope("*", ("us-east-1",), escrow=ESCROW))

    assert _printed(role.value, "--escrow", URL) == wanted
    assert _printed(role.value, CERTKIT_ESCROW=URL) == wanted
    (folder / "certkit.toml").write_text(
        '[escrow]\nbucket = "my-escrow"\nprefix = "certkit"\nkms_key = "alias/certkit"\n'
    )
    assert _printed(role.value) == wanted


def test_an_escrow_in_a_folder_takes_nothing_of_aws() -> None:
    assert _printed("restorer", "--escrow", "file:///keys?recipient=a.crt") == document(
        Role.RESTORER, Scope("*", ("us-east-1",))
    )


def test_an_account_that_is_entered_by_a_role_does_not_reach_the_escrow(folder: Path) -> None:
    entered = MANIFEST.replace(
        'id = "444455556666"', 'id = "444455556666"\nrole = "arn:aws:iam::444455556666:role/certkit"'
    )
    (folder / "certkit.toml").write_text(entered)

    rows = certkit("policy", "renewer", "--escrow", URL, "--format", "json").document["policies"]

    sids = {row["account"]: {one["Sid"] for one in row["policy"]["Statement"]} for row in rows}
    assert sids["111122223333"] - sids["444455556666"] == {"ListEscrow", "LookAtEscrow", "KeepInEscrow", "SealEscrow"}


def test_a_manifest_says_which_regions_of_which_account(folder: Path) -> None:
    (folder / "certkit.toml").write_text(MANIFEST)

    done = certkit("policy", "renewer", "--format", "json")

    prod, test = (
        Scope("111122223333", ("ap-southeast-2", "eu-west-1", "us-east-1")),
        Scope("444455556666", ("eu-west-1", "us-east-1")),
    )
    assert done.document["policies"] == [
        {"role": "renewer", "account": scope.account, "policy": document(Role.RENEWER, scope)} for scope in (prod, test)
    ]
    assert _printed("renewer", "--account", "444455556666") == document(Role.RENEWER, test)


def test_of_several_accounts_one_is_to_be_chosen(folder: Path) -> None:
    (folder / "certkit.toml").write_text(MANIFEST)

    done = certkit("policy", "renewer")

    assert done.exit_code == 2
    assert "2 accounts are named, and a policy stands in one: 111122223333, 444455556666" in done.stderr


def test_all_roles_are_one_document() -> None:
    rows = certkit("policy", "--format", "json").document["policies"]

    assert [row["role"] for row in rows] == [role.value for role in Role]


@pytest.mark.parametrize(
    "arguments",
    [
        ("admin",),
        ("reader", "--account", "prod"),
        ("reader", "--region", "nowhere"),
        ("reader", "--region", "*"),
        ("reader", "--ledger", "dynamodb://x"),
        ("renewer", "--escrow", "s3://my-escrow"),
    ],
)
def test_what_names_nothing_is_a_usage_error(arguments: tuple[str, ...]) -> None:
    done = certkit("policy", *arguments, "--format", "json")

    assert (done.exit_code, done.error_code) == (2, "usage")


@pytest.mark.parametrize(("role", "count"), [("creator", 10), ("migrator", 5)])
def test_a_policy_fits_into_what_iam_takes(role: str, count: int) -> None:
    """Managed policies: 6,144 characters without blanks, https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html."""
    regions = [part for number in range(count) for part in ("--region", f"ap-southeast-{number}")]
    more = ("--account", "111122223333", "--ledger", "dynamodb://certkit", "--escrow", URL)

    printed = _printed(role, *more, *regions)

    assert len(json.dumps(printed, separators=(",", ":"))) < 6144


def test_whoever_the_configuration_tells_stands_in_the_policy(folder: Path) -> None:
    topics = [f"arn:aws:sns:eu-west-1:111122223333:{name}" for name in ("all", "web")]
    own = f'[notify]\nsns = "{topics[0]}"\nevents = "default"\nmetrics = true\nwebhook = "env:X"\n'
    (folder / "certkit.toml").write_text(f'{own}[owners.web]\nsns = "{topics[1]}"\n[owners.all]\nsns = "{topics[0]}"\n')

    printed = _printed("renewer", "--account", "111122223333")

    channels = Channels(tuple(topics), "default", "certkit")
    assert printed == document(Role.RENEWER, Scope("111122223333", ("us-east-1",), channels=channels))
    assert [one["Sid"] for one in printed["Statement"]][-3:] == ["TellPeople", "TellPrograms", "TellMetrics"]
