"""What `plan`, `apply` and `renew` do after a rollback, while the SOURCE gives what was rolled back from and after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import boto3
import pytest

from tests.aws.scene import HOME, NOW, WRITES, held
from tests.cli.estate import Estate
from tests.issuing import Issued, Request, make_chain

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from certkit.testing import SettableClock, StrictAcm
    from tests.aws.faults import Proxy
    from tests.aws.scene import Ran

pytest_plugins = ["tests.aws.fixtures"]

IRELAND: Final = "eu-west-1"
ESCROW: Final = '[escrow]\nbucket = "my-escrow"\nkms_key = "alias/certkit"'
BOTH: Final = f'regions = ["{HOME}", "{IRELAND}"]'


@dataclass(frozen=True, slots=True)
class Shop:
    """A certificate of a manifest, in a folder of its own.

    Attributes:
        before: what stood in ACM, 60 days of its 90 left.
        after: what replaced it, and was rolled back from.
    """

    estate: Estate
    run: Callable[..., Ran]
    wire: Proxy
    server: StrictAcm
    settings: tuple[str, ...]
    before: Issued
    after: Issued

    def give(self, issued: Issued) -> None:
        """Writes what the SOURCE gives."""
        self.estate.shop(issued, *self.settings, ESCROW)

    def json(self, *arguments: str) -> Ran:
        """Runs certkit, with its writes alone on the wire's record."""
        self.wire.forget()
        return self.run(*arguments, "--format", "json")

    def holds(self, region: str = HOME) -> list[str]:
        """What ACM holds."""
        return list(held(self.server, region).values())

    @property
    def writes(self) -> frozenset[str]:
        """What the last run wrote to ACM."""
        return WRITES & set(self.wire.operations)


def lasting(days: float) -> Issued:
    """A certificate of 90 days, of which so many are left."""
    end = NOW + timedelta(days=days)
    return make_chain(leaf=Request(sans=("shop.example.com",), not_before=end - timedelta(days=90), not_after=end))


@pytest.fixture
def make_shop(
    run: Callable[..., Ran], wire: Proxy, server: StrictAcm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Shop]:
    """Makes a shop, into which its second certificate was put."""

    def put_both(*settings: str) -> Shop:
        monkeypatch.chdir(tmp_path)
        client = boto3.client("s3", endpoint_url=server.url, region_name=HOME)
        client.create_bucket(Bucket="my-escrow")
        client.put_bucket_versioning(Bucket="my-escrow", VersioningConfiguration={"Status": "Enabled"})
        made = Shop(Estate(tmp_path), run, wire, server, settings, lasting(60), lasting(80))
        for issued in (made.before, made.after):
            made.give(issued)
            assert run("apply").code == 0
        return made

    return put_both


@pytest.fixture
def shop(make_shop: Callable[..., Shop]) -> Shop:
    """A shop in one region that was rolled back."""
    made = make_shop()
    assert made.run("rollback", "shop").code == 0
    return made


def told(shop: Shop) -> str:
    """What is said of the hold."""
    rolled_back = f"{shop.after.sha256[:12]} was rolled back from on 2026-11-22T12:00:01Z by user/moto"
    return f"{rolled_back}: mend the SOURCE, or let it pass with certkit apply --allow shop"


def test_a_rollback_stays_until_the_source_gives_something_else(shop: Shop) -> None:
    renewed = shop.json("renew")
    result, was_written = renewed.result, shop.writes
    shop.give(newest := lasting(85))
    again = shop.json("renew")

    assert (renewed.code, was_written) == (0, frozenset())
    assert (result["action"], result["sha256"], result["not_after"], result["warnings"]) == (
        "unchanged",
        shop.before.sha256,
        "2027-01-21T12:00:00Z",
        [f"held: {told(shop)}"],
    )
    assert "certkit: renew: 1 held\n" in renewed.err
    assert (again.result["action"], again.result["warnings"], shop.holds()) == ("reimported", [], [newest.sha256])


@pytest.mark.slow
def test_a_plan_says_what_is_held_and_apply_does_what_was_reviewed(shop: Shop) -> None:
    planned, reviewed = shop.json("plan", "--check"), shop.run("plan")

    applied = shop.json("apply", "--expect", planned.document["digest"])

    (action,) = planned.document["actions"]
    assert (planned.code, action["action"], action["sha256"]) == (0, "none", shop.before.sha256)
    assert f"certkit: shop: {HOME} of 123456789012: held: {told(shop)}\n" in planned.err
    counts = "plan: 0 to import, 0 to reimport, 0 to tag, 0 as they should be, 1 held, 0 failed"
    assert f"  {told(shop)}\n{counts}\n" in reviewed.out
    assert (applied.code, applied.result["action"], shop.writes) == (0, "unchanged", frozenset())


@pytest.mark.slow
def test_what_was_rolled_back_from_goes_ahead_where_it_is_allowed_and_stays(shop: Shop) -> None:
    planned = shop.json("plan", "--allow", "shop")
    unseen = shop.json("apply", "--allow", "shop", "--expect", shop.json("plan").document["digest"])
    typo = shop.json("plan", "--allow", "shp")

    allowed = shop.json("apply", "--allow", "shop", "--expect", planned.document["digest"])

    assert (unseen.error, typo.error) == ((3, "plan-changed"), (2, "usage"))
    assert planned.document["actions"][0]["action"] == "reimport"
    assert (allowed.result["action"], shop.holds()) == ("reimported", [shop.after.sha256])
    (warning,) = allowed.result["warnings"]
    assert told(shop).startswith(f"{warning}: ")
    assert shop.json("renew").result["warnings"] == []


@pytest.mark.slow
def test_an_import_that_somebody_types_goes_ahead_and_ends_it(shop: Shop) -> None:
    typed = shop.json("import", "shop.pem", "--name", "shop")

    assert (typed.result["action"], shop.holds()) == ("reimported", [shop.after.sha256])
    assert "was rolled back from" in typed.result["warnings"][-1]
    assert shop.json("apply").result["warnings"] == []


@pytest.mark.slow
def test_a_mended_chain_is_another_bundle(shop: Shop) -> None:
    (shop.estate.folder / "roots.pem").write_bytes(shop.after.issuers[-1].pem)
    shop.estate.shop(shop.after, 'chain = "roots.pem"', "include_root = true", ESCROW)

    assert (shop.json("apply").result["action"], shop.holds()) == ("reimported", [shop.after.sha256])


@pytest.mark.slow
def test_further_and_further_back_nothing_of_it_comes_again(shop: Shop, clock: SettableClock) -> None:
    clock.advance(timedelta(minutes=1))
    shop.run("rollback", "shop", "--to", shop.after.sha256)
    shop.give(third := lasting(85))
    shop.run("apply")
    for _ in range(2):
        clock.advance(timedelta(minutes=1))
        shop.run("rollback", "shop")

    seen = []
    for issued in (third, shop.after):
        shop.give(issued)
        seen.append(shop.json("apply").result["action"])

    assert seen == ["unchanged", "unchanged"]
    assert shop.holds() == [shop.before.sha256]


@pytest.mark.slow
def test_what_was_held_is_not_taken_for_what_stands_by_the_escrow(shop: Shop, clock: SettableClock) -> None:
    clock.advance(timedelta(days=1))
    shop.run("apply")

    listed = shop.json("rollback", "shop", "--list").document["deposits"]

    assert [(one["sha256"], one["held"]) for one in listed][:2] == [
        (shop.before.sha256, True),
        (shop.after.sha256, False),
    ]


@pytest.mark.slow
def test_near_the_end_of_what_stands_it_fails_and_is_not_put_back(shop: Shop, clock: SettableClock) -> None:
    clock.advance(timedelta(days=49))
    early = shop.json("renew")
    clock.advance(timedelta(days=2))

    late, planned = shop.json("renew"), shop.json("plan")

    assert (early.code, early.result["action"]) == (0, "unchanged")
    assert (late.code, late.result["error"]["code"], shop.writes) == (3, "held", frozenset())
    assert late.result["error"]["message"].startswith(
        "what ACM holds expires on 2027-01-21T12:00:00Z, and the SOURCE still gives what is held: "
    )
    assert late.result["error"]["hint"] == "mend the SOURCE, or let it pass with certkit apply --allow shop"
    assert (planned.code, planned.document["actions"][0]["error"]["code"]) == (3, "held")
    assert shop.json("apply", "--allow", "shop").result["action"] == "reimported"


@pytest.mark.slow
def test_what_was_rolled_back_from_in_one_wave_does_not_get_to_the_next(make_shop: Callable[..., Shop]) -> None:
    shop = make_shop(BOTH, f"[waves]\nregions = {{ {HOME} = 2 }}")
    shop.run("rollback", "shop", "--region", IRELAND)
    client = boto3.client("acm", endpoint_url=shop.server.url, region_name=HOME)
    client.delete_certificate(CertificateArn=next(iter(held(shop.server))))

    ran = shop.json("apply")

    assert [(one["region"], one["action"]) for one in ran.results] == [(IRELAND, "unchanged"), (HOME, "unchanged")]
    assert "it waits for wave 1, where it is held: " in ran.results[1]["warnings"][0]
    assert (ran.code, shop.holds(), shop.holds(IRELAND)) == (0, [], [shop.before.sha256])


@pytest.mark.slow
def test_one_place_is_held_and_the_others_go_on(make_shop: Callable[..., Shop]) -> None:
    shop = make_shop(BOTH)
    shop.run("rollback", "shop", "--region", IRELAND)

    ran = shop.json("apply")

    assert ran.code == 0
    assert (shop.holds(), shop.holds(IRELAND)) == ([shop.after.sha256], [shop.before.sha256])


@pytest.mark.slow
def test_without_a_ledger_nothing_is_held_and_the_rollback_says_so(make_shop: Callable[..., Shop]) -> None:
    shop = make_shop()

    ran = shop.run("rollback", "shop", "--no-ledger")

    assert ran.err.endswith(
        "certkit: no ledger says so: the next run from the SOURCE puts back what was there before: mend the SOURCE first\n"
    )
    assert shop.json("renew").result["action"] == "reimported"
