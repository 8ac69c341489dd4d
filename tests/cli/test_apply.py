"""`certkit plan` and `certkit apply` against the strict ACM, over HTTP: several regions, accounts and certificates."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import boto3
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from certkit.testing import Behaviour
from tests.aws.faults import Fault, Refusal
from tests.aws.scene import ACCOUNT, HOME, OTHER, WRITES, held, renewed, tags_of
from tests.cli.estate import ACCOUNTS, Estate
from tests.issuing import Request, make_chain

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from certkit.testing import SettableClock, StrictAcm
    from tests.aws.faults import Proxy
    from tests.aws.scene import Ran

pytest_plugins = ["tests.aws.fixtures"]

IRELAND: Final = "eu-west-1"
FRANKFURT: Final = "eu-central-1"
EVERYWHERE: Final = (f'regions = ["{HOME}", "{IRELAND}"]', 'accounts = ["own", "other"]')
SITES: Final = [(ACCOUNT, IRELAND), (ACCOUNT, HOME), (OTHER, IRELAND), (OTHER, HOME)]


@pytest.fixture
def estate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Estate:
    """A folder, in which certkit is run."""
    monkeypatch.chdir(tmp_path)
    return Estate(tmp_path)


@pytest.fixture
def plan(run: Callable[..., Ran], wire: Proxy) -> Callable[..., Ran]:
    """Runs `plan` with JSON as its output."""

    def run_plan(*options: str) -> Ran:
        wire.forget()
        return run("plan", *options, "--format", "json")

    return run_plan


@pytest.fixture
def apply(run: Callable[..., Ran], wire: Proxy) -> Callable[..., Ran]:
    """Runs `apply` with JSON as its output."""

    def run_apply(*options: str) -> Ran:
        wire.forget()
        return run("apply", *options, "--format", "json")

    return run_apply


def places(rows: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """Name, account, region and action of each row."""
    return [(row["name"], row["account"], row["region"], row.get("action")) for row in rows]


def writes(wire: Proxy) -> list[str]:
    return [operation for operation in wire.operations if operation in WRITES]


# One certificate, several places.


def test_one_certificate_goes_to_every_region_of_every_account(
    estate: Estate, plan: Callable[..., Ran], apply: Callable[..., Ran], server: StrictAcm, wire: Proxy
) -> None:
    issued = make_chain()
    estate.shop(issued, *EVERYWHERE, 'tags = { team = "web" }')

    planned = plan()
    untouched = writes(wire)
    ran = apply()

    assert (planned.code, untouched) == (0, [])
    assert places(planned.document["actions"]) == [("shop", *site, "import") for site in SITES]
    assert (ran.code, writes(wire)) == (0, ["ImportCertificate"] * 4)
    assert places(ran.results) == [("shop", *site, "imported") for site in SITES]
    for result in ran.results:
        account, region = result["account"], result["region"]
        assert held(server, region, account) == {result["arn"]: issued.sha256}
        assert tags_of(server, result["arn"])["team"] == "web"


def test_a_plan_after_an_apply_is_of_nothing(
    estate: Estate, plan: Callable[..., Ran], apply: Callable[..., Ran], wire: Proxy
) -> None:
    estate.shop(make_chain(), *EVERYWHERE, 'tags = { team = "web" }')
    pending = plan("--check")
    apply()

    ran = plan("--check")
    again = apply()

    assert (pending.code, ran.code, again.code) == (1, 0, 0)
    assert places(ran.document["actions"]) == [("shop", *site, "none") for site in SITES]
    assert places(again.results) == [("shop", *site, "unchanged") for site in SITES]
    assert writes(wire) == []


def test_a_renewed_certificate_keeps_every_arn(estate: Estate, apply: Callable[..., Ran], server: StrictAcm) -> None:
    estate.shop(make_chain(), *EVERYWHERE)
    arns = [result["arn"] for result in apply().results]
    new = renewed()
    estate.save("shop", new)

    ran = apply()

    assert [(result["action"], result["arn"]) for result in ran.results] == [("reimported", arn) for arn in arns]
    assert [held(server, region, account) for account, region in SITES] == [{arn: new.sha256} for arn in arns]


def test_one_that_was_deleted_by_hand_is_planned_again(
    estate: Estate, plan: Callable[..., Ran], apply: Callable[..., Ran]
) -> None:
    estate.shop(make_chain(), f'regions = ["{HOME}", "{IRELAND}"]')
    arn = apply().results[1]["arn"]
    boto3.client("acm", region_name=HOME).delete_certificate(CertificateArn=arn)

    ran = plan()

    assert [row["action"] for row in ran.document["actions"]] == ["none", "import"]


def test_a_role_is_assumed_with_the_runs_id_and_what_it_asks_for(
    estate: Estate, apply: Callable[..., Ran], wire: Proxy
) -> None:
    estate.shop(make_chain(), 'accounts = ["other"]')

    ran = apply()

    assumed = [sent for sent in wire.sent if sent.operation == "AssumeRole"]
    assert len(assumed) == 1
    assert f"account {OTHER}, {HOME}, as arn:aws:sts::{OTHER}:assumed-role/certkit/certkit-" in ran.err


# What fails does so alone.


def test_one_certificate_under_two_names_is_refused_in_the_plan_as_in_the_apply(
    estate: Estate, plan: Callable[..., Ran], apply: Callable[..., Ran], server: StrictAcm
) -> None:
    issued = make_chain()
    estate.save("shop", issued)
    estate.write(
        '[certificates.blog]\nsource = "shop.pem"\n'
        f'[certificates.shop]\nsource = "shop.pem"\n[certificates.far]\nsource = "shop.pem"\nregions = ["{IRELAND}"]\n'
    )

    planned = plan()
    ran = apply()
    again = plan()

    assert (planned.code, ran.code, again.code) == (3, 3, 3)
    assert [row.get("action") for row in planned.document["actions"]] == ["import", "import", None]
    assert [row["action"] for row in ran.results] == ["imported", "imported", "failed"]
    errors = [
        doc["error"]["code"] for doc in (planned.document["actions"][2], ran.results[2], again.document["actions"][2])
    ]
    assert errors == ["ambiguous"] * 3
    assert "'blog' puts this very certificate into" in ran.results[2]["error"]["message"]
    assert [list(held(server, region).values()) for region in (HOME, IRELAND)] == [[issued.sha256]] * 2


def test_an_apply_of_many_waits_for_an_index_that_lags_once(
    estate: Estate, apply: Callable[..., Ran], plan: Callable[..., Ran], server: StrictAcm, clock: SettableClock
) -> None:
    server.behaviour = Behaviour(index_lag=timedelta(minutes=1))
    names = [f"shop-{number}" for number in range(4)]
    for name in names:
        estate.save(name, make_chain(leaf=Request(f"{name}.example.com")))
    estate.write("".join(f'[certificates.{name}]\nsource = "{name}.pem"\n' for name in names))
    start = clock()

    ran = apply("--max-failures", "1")
    took = clock() - start

    assert (ran.code, [row["name"] for row in ran.results if row["action"] == "imported"]) == (0, names)
    assert ran.err.count("waiting for the index") == 1
    assert took < timedelta(minutes=2)
    assert plan("--check").code == 0


def test_a_source_that_cannot_be_read_fails_that_certificate_and_no_other(
    estate: Estate, plan: Callable[..., Ran], apply: Callable[..., Ran], server: StrictAcm
) -> None:
    estate.shop(make_chain(), f'[certificates.gone]\nsource = "gone.pfx"\nregions = ["{HOME}", "{IRELAND}"]')

    planned = plan("--check")
    ran = apply()

    assert (planned.code, ran.code) == (3, 3)
    gone = {"code": "input-unreadable", "message": "gone.pfx: no such file or directory", "hint": None}
    assert planned.document["actions"][:2] == [
        {"name": "gone", "account": ACCOUNT, "region": region, "error": gone} for region in (IRELAND, HOME)
    ]
    assert places(ran.results) == [
        ("gone", ACCOUNT, IRELAND, "failed"),
        ("gone", ACCOUNT, HOME, "failed"),
        ("shop", ACCOUNT, HOME, "imported"),
    ]
    assert len(held(server)) == 1


def test_what_acm_would_refuse_fails_before_any_call(estate: Estate, apply: Callable[..., Ran], wire: Proxy) -> None:
    past = Request(not_before=datetime(2020, 1, 1, tzinfo=UTC), not_after=datetime(2021, 1, 1, tzinfo=UTC))
    estate.shop(make_chain(leaf=past))

    ran = apply()

    assert (ran.code, ran.result["error"]["code"], wire.operations) == (3, "not-importable", [])


def test_a_role_that_cannot_be_assumed_fails_its_account_and_no_other(
    estate: Estate, apply: Callable[..., Ran], wire: Proxy
) -> None:
    estate.shop(make_chain(), *EVERYWHERE)
    wire.always("AssumeRole", Refusal("AccessDenied", "not you", 403))

    ran = apply()

    assert ran.code == 3
    assert [result["action"] for result in ran.results] == ["imported", "imported", "failed", "failed"]
    assert {result["error"]["code"] for result in ran.results[2:]} == {"aws-denied"}


def test_a_role_that_leads_elsewhere_writes_nothing_there(
    estate: Estate, apply: Callable[..., Ran], wire: Proxy
) -> None:
    estate.save("shop", make_chain())
    estate.write('[accounts.a]\nid = "333333333333"\n[certificates.shop]\nsource = "shop.pem"\naccounts = ["a"]')

    ran = apply()

    assert (ran.code, ran.result["error"]["code"], writes(wire)) == (3, "aws-auth", [])
    assert "'a' is 333333333333, and the caller is in 123456789012" in ran.result["error"]["message"]


def test_a_region_that_fails_stops_no_other(estate: Estate, apply: Callable[..., Ran], wire: Proxy) -> None:
    estate.shop(make_chain(), *EVERYWHERE)
    wire.always("ImportCertificate", Refusal("AccessDeniedException"), region=IRELAND)

    ran = apply()

    assert ran.code == 3
    assert [result["action"] for result in ran.results] == ["failed", "imported", "failed", "imported"]


def test_without_any_caller_it_ends_at_once(estate: Estate, apply: Callable[..., Ran], wire: Proxy) -> None:
    estate.shop(make_chain(), *EVERYWHERE)
    wire.always("GetCallerIdentity", Refusal("InvalidClientTokenId", "no", 403))

    assert apply().error == (3, "aws-auth")


# What a person should have seen.


def test_only_what_was_reviewed_is_applied(
    estate: Estate, plan: Callable[..., Ran], apply: Callable[..., Ran], wire: Proxy
) -> None:
    estate.shop(make_chain(), *EVERYWHERE)
    digest = plan().document["digest"]
    estate.save("shop", renewed())

    changed = apply("--expect", digest)
    nothing = writes(wire)
    ran = apply("--expect", plan().document["digest"])

    assert (changed.error, nothing) == ((3, "plan-changed"), [])
    assert "run certkit plan again" in changed.document["error"]["hint"]
    assert ran.code == 0


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        (Request(sans=("a.example.com", "b.example.com")), Request(sans=("a.example.com",)), "lost-name"),
        (Request(), Request(not_after=datetime(2027, 1, 1, tzinfo=UTC)), "expires-sooner"),
        (Request(), Request(key=("EC_secp384r1", 0)), "new-arn"),
    ],
)
def test_an_unsafe_reimport_stops_everything_before_the_first_write(
    estate: Estate,
    plan: Callable[..., Ran],
    apply: Callable[..., Ran],
    wire: Proxy,
    old: Request,
    new: Request,
    kind: str,
) -> None:
    estate.shop(make_chain(leaf=old))
    apply()
    estate.save("shop", make_chain(leaf=new))
    estate.save("more", make_chain(leaf=Request("more.example.com")))
    estate.write('[certificates.shop]\nsource = "shop.pem"\n[certificates.more]\nsource = "more.pem"\n' + ACCOUNTS)

    planned = plan()
    stopped = apply()
    nothing = writes(wire)
    ran = apply("--allow", "shop")

    assert f"[{kind}]" in planned.err
    assert (stopped.error, nothing) == ((1, "unsafe"), [])
    assert f"[{kind}]; nothing was written" in stopped.document["error"]["message"]
    assert [result["action"] for result in ran.results] == ["imported", "failed" if kind == "new-arn" else "reimported"]
    assert ran.code == (3 if kind == "new-arn" else 0)


def test_read_only_refuses_what_would_be_written_and_nothing_else(
    estate: Estate, apply: Callable[..., Ran], wire: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    estate.shop(make_chain())
    monkeypatch.setenv("CERTKIT_READ_ONLY", "1")
    refused, nothing = apply(), writes(wire)
    monkeypatch.delenv("CERTKIT_READ_ONLY")
    apply()
    monkeypatch.setenv("CERTKIT_READ_ONLY", "1")

    assert (refused.error, nothing) == ((2, "read-only"), [])
    assert apply().code == 0


def test_an_account_that_is_not_expected_is_not_written_to(
    estate: Estate, apply: Callable[..., Ran], server: StrictAcm
) -> None:
    estate.shop(make_chain(), *EVERYWHERE)

    ran = apply("--expect-account", OTHER)

    assert [result["action"] for result in ran.results] == ["failed", "failed", "imported", "imported"]
    assert (len(held(server)), len(held(server, account=OTHER))) == (0, 1)
    assert apply("--expect-account", OTHER, "--expect-account", ACCOUNT).code == 0


# Which ones, and where.


def test_only_some_certificates_are_meant_by_their_names(estate: Estate, plan: Callable[..., Ran]) -> None:
    estate.shop(make_chain(), '[certificates.gone]\nsource = "gone.pfx"')

    ran = plan("--only", "shop")
    mistyped = plan("--only", "shp")

    assert (ran.code, places(ran.document["actions"])) == (0, [("shop", ACCOUNT, HOME, "import")])
    assert mistyped.error == (2, "usage")
    assert mistyped.document["error"]["hint"] == "did you mean shop?"


def test_allowing_what_is_not_there_is_refused(estate: Estate, apply: Callable[..., Ran], wire: Proxy) -> None:
    estate.shop(make_chain())

    assert apply("--allow", "shp").error == (2, "usage")
    assert writes(wire) == []


def test_the_regions_of_the_command_line_take_the_place_of_the_manifests(
    estate: Estate, plan: Callable[..., Ran]
) -> None:
    estate.shop(make_chain(), f'regions = ["{IRELAND}"]')

    assert places(plan("--region", FRANKFURT).document["actions"]) == [("shop", ACCOUNT, FRANKFURT, "import")]


def test_the_environments_region_counts_where_the_manifest_names_none(
    estate: Estate, plan: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CERTKIT_REGION", FRANKFURT)
    estate.shop(make_chain())
    without = plan()
    estate.shop(make_chain(), f'regions = ["{IRELAND}"]')

    assert places(without.document["actions"]) == [("shop", ACCOUNT, FRANKFURT, "import")]
    assert places(plan().document["actions"]) == [("shop", ACCOUNT, IRELAND, "import")]


@pytest.mark.usefixtures("wire")
def test_an_import_goes_where_the_manifest_says(estate: Estate, run: Callable[..., Ran]) -> None:
    estate.shop(make_chain(), f'regions = ["{IRELAND}"]', f'[defaults]\nregions = ["{FRANKFURT}"]')

    of_the_name = run("import", "shop.pem", "--name", "shop", "--dry-run", "--format", "json")
    of_another = run("import", "shop.pem", "--name", "other", "--dry-run", "--format", "json")
    said = run("import", "shop.pem", "--name", "shop", "--region", HOME, "--dry-run", "--format", "json")

    regions = [ran.document["actions"][0]["region"] for ran in (of_the_name, of_another, said)]
    assert regions == [IRELAND, FRANKFURT, HOME]


def test_a_manifest_is_named_by_its_argument_or_by_the_option(estate: Estate, plan: Callable[..., Ran]) -> None:
    estate.shop(make_chain())
    (estate.folder / "certkit.toml").rename(estate.folder / "estate.toml")

    assert plan().error == (2, "configuration")
    assert plan("estate.toml").code == plan("--config", "estate.toml").code == 0
    assert plan("estate.toml", "--config", "estate.toml").code == 0
    assert plan("estate.toml", "--config", "other.toml").error == (2, "usage")


def test_a_pyproject_names_no_certificates(estate: Estate, plan: Callable[..., Ran]) -> None:
    (estate.folder / "pyproject.toml").write_text('[tool.certkit.defaults]\nregions = ["eu-west-1"]\n', "utf-8")

    ran = plan()

    assert ran.error == (2, "configuration")
    assert "names no certificate" in ran.document["error"]["message"]


@pytest.mark.usefixtures("wire")
def test_a_pyproject_of_somebody_else_is_none_of_certkits(estate: Estate, run: Callable[..., Ran]) -> None:
    (estate.folder / "pyproject.toml").write_text("[tool.ruff\n", "utf-8")
    estate.save("shop", make_chain())

    assert run("import", "shop.pem", "--name", "shop", "--dry-run").code == 0


# Tags, rules and passwords.


def test_purging_is_shown_and_done_and_then_there_is_nothing_to_do(
    estate: Estate, plan: Callable[..., Ran], apply: Callable[..., Ran], server: StrictAcm
) -> None:
    estate.shop(make_chain(), 'tags = { env = "prod" }')
    arn = apply().result["arn"]
    boto3.client("acm").add_tags_to_certificate(CertificateArn=arn, Tags=[{"Key": "theirs", "Value": "1"}])

    kept = plan().document["actions"][0]
    planned = plan("--purge-tags").document["actions"][0]
    ran = apply("--purge-tags")

    assert (kept["action"], planned["action"], planned["tags"]) == ("none", "tag", {"theirs": None})
    assert ran.result["action"] == "tagged"
    assert "theirs" not in tags_of(server, arn)
    assert tags_of(server, arn)["env"] == "prod"
    assert plan("--purge-tags", "--check").code == 0


def test_a_reimport_purges_too(estate: Estate, apply: Callable[..., Ran], server: StrictAcm) -> None:
    estate.shop(make_chain())
    arn = apply().result["arn"]
    boto3.client("acm").add_tags_to_certificate(CertificateArn=arn, Tags=[{"Key": "theirs", "Value": "1"}])
    estate.save("shop", renewed())

    ran = apply("--purge-tags")

    assert (ran.result["action"], ran.result["warnings"][-1:]) == ("reimported", ran.result["warnings"][-1:])
    assert "theirs" not in tags_of(server, arn)


def test_a_tag_that_cannot_be_taken_away_is_healed_by_the_next_run(
    estate: Estate, apply: Callable[..., Ran], server: StrictAcm, wire: Proxy
) -> None:
    estate.shop(make_chain())
    arn = apply().result["arn"]
    boto3.client("acm").add_tags_to_certificate(CertificateArn=arn, Tags=[{"Key": "theirs", "Value": "1"}])
    wire.script("RemoveTagsFromCertificate", Refusal("AccessDeniedException"))

    failed = apply("--purge-tags")
    ran = apply("--purge-tags")

    assert (failed.code, failed.result["error"]["code"]) == (3, "aws-denied")
    assert (ran.code, ran.result["action"]) == (0, "tagged")
    assert "theirs" not in tags_of(server, arn)


def test_a_waiver_of_the_manifest_lets_pass_what_a_rule_stops_and_says_so(
    estate: Estate, apply: Callable[..., Ran]
) -> None:
    small = make_chain(leaf=Request(sans=("shop.example.com",), not_before=datetime(2026, 11, 23, tzinfo=UTC)))
    estate.shop(small)
    stopped = apply()
    rule = stopped.result["error"]["message"].rpartition("[")[2].partition("]")[0]
    waiver = f'[[waiver]]\nrule = "{rule}"\nmatch = "shop"\nreason = "the clocks"\nuntil = 2026-11-22\n'
    estate.shop(small, waiver)

    ran = apply()

    assert stopped.result["error"]["code"] == "not-importable"
    assert f"{rule} waived until 2026-11-22: the clocks" in ran.result["warnings"]
    assert ran.result["error"]["code"] != "not-importable"


def test_what_it_is_for_is_judged(estate: Estate, apply: Callable[..., Ran]) -> None:
    estate.shop(make_chain(leaf=Request(key=("EC_secp384r1", 0))), 'for = ["cloudfront"]')

    ran = apply()

    assert any(warning.startswith("service-key-algorithm") for warning in ran.result["warnings"])
    assert "certkit: shop: warning: " in ran.err


@pytest.mark.usefixtures("wire")
def test_the_results_for_people(estate: Estate, run: Callable[..., Ran]) -> None:
    estate.shop(make_chain(), '[certificates.gone]\nsource = "gone.pfx"')

    planned = run("plan")
    ran = run("apply")

    *_, failed, counts, digest = planned.out.splitlines()
    assert planned.out.splitlines()[0] == f"shop: would import: {ACCOUNT} {HOME} a new ARN"
    assert failed == f"gone: failed: {ACCOUNT} {HOME}: gone.pfx: no such file or directory"
    assert counts == "plan: 1 to import, 0 to reimport, 0 to tag, 0 as they should be, 1 failed"
    assert digest.startswith("digest: ")
    assert ran.out.splitlines()[:2] == [
        f"gone: failed in {HOME} of {ACCOUNT}: gone.pfx: no such file or directory",
        "shop: imported, valid until 2049-12-31",
    ]
    assert ran.out.splitlines()[-1] == "apply: 1 failed, 1 imported"
    assert f"certkit: account {ACCOUNT}, {HOME}, as arn:" in ran.err


def test_a_lost_answer_is_healed_by_the_next_run(
    estate: Estate, apply: Callable[..., Ran], server: StrictAcm, wire: Proxy
) -> None:
    estate.shop(make_chain(), f'regions = ["{HOME}", "{IRELAND}"]')
    wire.script("ImportCertificate", Fault.RESET_AFTER, region=IRELAND)

    apply()
    ran = apply()

    assert (ran.code, {result["action"] for result in ran.results}) == (0, {"unchanged"})
    assert (len(held(server)), len(held(server, IRELAND))) == (1, 1)


LEAVES: Final = (
    make_chain(),
    renewed(),
    renewed(days=2),
    make_chain(leaf=Request(sans=("a.example.com", "b.example.com"))),
)


@given(
    rounds=st.lists(
        st.tuples(
            st.sampled_from(LEAVES),
            st.sets(st.sampled_from([HOME, IRELAND]), min_size=1),
            st.sets(st.sampled_from(["own", "other"]), min_size=1),
            st.dictionaries(st.sampled_from(["env", "team"]), st.sampled_from(["a", "b"])),
        ),
        min_size=1,
        max_size=3,
    )
)
@settings(deadline=None, max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_was_there_a_plan_after_an_apply_is_of_nothing(
    estate: Estate, plan: Callable[..., Ran], apply: Callable[..., Ran], rounds: list[tuple[Any, ...]]
) -> None:
    for leaf, regions, accounts, tags in rounds:
        listed = [f"regions = {sorted(regions)}", f"accounts = {sorted(accounts)}"]
        estate.shop(leaf, *listed, "tags = {" + ", ".join(f'{key} = "{value}"' for key, value in tags.items()) + "}")

        applied = apply("--allow", "shop", "--purge-tags")

        after = plan("--check", "--purge-tags")
        assert (applied.code, after.code) == (0, 0)
