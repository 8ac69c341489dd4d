"""`certkit renew` against the strict ACM, over HTTP: commands, hooks, and what is not written unseen."""

from __future__ import annotations

import contextlib
import json
import os
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest

from certkit.ledger.sqlite import FILE_NAME, SqliteLedger
from certkit.renew import NAME as HEARTBEATS
from tests.aws.faults import Refusal
from tests.aws.scene import HOME, NOW, OTHER, WRITES, held, renewed, tags_of
from tests.cli.estate import Estate
from tests.issuing import Request, make_chain

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from certkit.ledger import Entry
    from certkit.testing import StrictAcm
    from tests.aws.faults import Proxy
    from tests.aws.scene import Ran
    from tests.issuing import Issued

pytest_plugins = ["tests.aws.fixtures"]

IRELAND: Final = "eu-west-1"
COPY: Final = 'renew_command = ["cp", "next.pem", "shop.pem"]'
SAY: Final = """#!/bin/sh
{ env | grep '^CERTKIT_' | grep -v '^CERTKIT_STATE=' | sort; ls "$CERTKIT_FOLDER" 2>/dev/null; echo; } >>said
"""


@pytest.fixture
def estate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Estate:
    """A folder, in which certkit is run, with a script that writes down what it is told."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "say.sh").write_text(SAY)
    (tmp_path / "say.sh").chmod(0o755)
    return Estate(tmp_path)


@pytest.fixture
def renew(run: Callable[..., Ran], wire: Proxy) -> Callable[..., Ran]:
    """Runs `renew` with JSON as its output."""

    def run_renew(*options: str) -> Ran:
        wire.forget()
        return run("renew", *options, "--format", "json")

    return run_renew


@pytest.fixture
def beats(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[], list[Entry]]:
    """The heartbeats in the ledger, oldest first."""
    monkeypatch.setenv("CERTKIT_STATE", str(tmp_path / "state"))
    return lambda: list(SqliteLedger(tmp_path / "state" / FILE_NAME, lambda: NOW).entries(HEARTBEATS))


def lasting(days: float, *, left: float, **more: Any) -> Issued:
    """A certificate for so many days, of which so many are left now."""
    end = NOW + timedelta(days=left)
    return make_chain(leaf=Request(not_before=end - timedelta(days=days), not_after=end, **more))


def actions(ran: Ran) -> list[tuple[Any, ...]]:
    return [(row["name"], row["action"], (row["error"] or {}).get("code")) for row in ran.results]


def said(estate: Estate) -> list[list[str]]:
    """What each run of `say.sh` was told."""
    with contextlib.suppress(FileNotFoundError):
        return [block.splitlines() for block in (estate.folder / "said").read_text().split("\n\n") if block.strip()]
    return []


def writes(wire: Proxy) -> list[str]:
    return [operation for operation in wire.operations if operation in WRITES]


# What is due, and what is newer.


def test_nothing_due_is_nothing_done(estate: Estate, renew: Callable[..., Ran], wire: Proxy) -> None:
    estate.shop(lasting(90, left=60), COPY, 'pre = ["./say.sh"]', 'post = ["./say.sh"]')
    first = renew()
    (estate.folder / "said").unlink()

    ran = renew()

    assert (first.code, actions(first)) == (0, [("shop", "imported", None)])
    assert (ran.code, actions(ran)) == (0, [("shop", "unchanged", None)])
    assert (writes(wire), said(estate)) == ([], [])


def test_a_command_that_is_due_renews_and_what_it_left_is_applied(
    estate: Estate, renew: Callable[..., Ran], server: StrictAcm
) -> None:
    old, new = lasting(90, left=29), lasting(90, left=90)
    estate.shop(old, COPY)
    estate.save("next", new)

    ran = renew()

    assert (ran.code, actions(ran)) == (0, [("shop", "imported", None)])
    assert list(held(server).values()) == [new.sha256]


def test_a_newer_source_is_applied_whether_or_not_the_command_is_due(
    estate: Estate, run: Callable[..., Ran], renew: Callable[..., Ran], server: StrictAcm
) -> None:
    estate.shop(lasting(90, left=60), 'renew_command = ["false"]', f'regions = ["{HOME}", "{IRELAND}"]')
    run("apply")
    new = lasting(90, left=90)
    estate.save("shop", new)

    ran = renew()

    assert (ran.code, actions(ran)) == (0, [("shop", "reimported", None)] * 2)
    assert [list(held(server, region).values()) for region in (HOME, IRELAND)] == [[new.sha256]] * 2


def test_what_is_not_there_yet_is_due(estate: Estate, renew: Callable[..., Ran], server: StrictAcm) -> None:
    new = lasting(90, left=90)
    estate.shop(new, COPY)
    (estate.folder / "shop.pem").rename(estate.folder / "next.pem")

    ran = renew()

    assert (ran.code, list(held(server).values())) == (0, [new.sha256])


def test_the_manifest_says_when_it_is_due(estate: Estate, renew: Callable[..., Ran], server: StrictAcm) -> None:
    old, new = lasting(90, left=60), lasting(90, left=90)
    estate.shop(old, COPY, 'renew_when = "61d"')
    estate.save("next", new)

    renew()

    assert list(held(server).values()) == [new.sha256]


def test_a_secret_that_aws_does_not_hand_out_is_no_reason_to_issue_another(
    estate: Estate, renew: Callable[..., Ran], wire: Proxy
) -> None:
    estate.write('[certificates.shop]\nsource = "secretsmanager://shop"\nrenew_command = ["touch", "issued"]')
    wire.always("GetSecretValue", Refusal("AccessDeniedException", "not you", 400))

    ran = renew()

    assert (ran.code, actions(ran)) == (3, [("shop", "failed", "aws-denied")])
    assert not (estate.folder / "issued").exists()


def test_only_one_certificate_is_renewed_where_one_is_named(
    estate: Estate, renew: Callable[..., Ran], server: StrictAcm
) -> None:
    estate.save("web", make_chain(leaf=Request(common_name="web.example.com")))
    estate.shop(lasting(90, left=60), '[certificates.web]\nsource = "web.pem"\nrenew_command = ["touch", "run"]')

    ran = renew("--only", "shop")
    unknown = renew("--only", "shpo")

    assert (actions(ran), len(held(server))) == ([("shop", "imported", None)], 1)
    assert unknown.error == (2, "usage")


def test_only_one_account_is_written_to_where_one_is_named(
    estate: Estate, renew: Callable[..., Ran], server: StrictAcm
) -> None:
    shop = lasting(90, left=60)
    estate.save("web", make_chain(leaf=Request(common_name="web.example.com")))
    estate.shop(shop, 'accounts = ["own", "other"]', '[certificates.web]\nsource = "web.pem"')

    ran = renew("--account", "other")
    unknown = renew("--account", "othr")
    nothing = renew("--account", "other", "--only", "web")

    assert (ran.code, actions(ran)) == (0, [("shop", "imported", None)])
    assert (list(held(server, HOME, OTHER).values()), held(server)) == ([shop.sha256], {})
    assert [unknown.error, nothing.error] == [(2, "usage")] * 2


def test_of_the_files_that_fit_a_pattern_the_newest_is_taken(
    estate: Estate, renew: Callable[..., Ran], server: StrictAcm
) -> None:
    older, newer = lasting(90, left=40), lasting(90, left=80)
    estate.save("shop-2", older)
    estate.save("shop-1", newer)
    estate.write('[certificates.shop]\nsource = "shop-*.pem"')

    ran = renew()

    assert (ran.code, list(held(server).values())) == (0, [newer.sha256])


def test_a_file_that_cannot_be_read_is_passed_over_unless_it_is_the_latest(
    estate: Estate, renew: Callable[..., Ran], server: StrictAcm
) -> None:
    good = lasting(90, left=80)
    for name, at in (("shop-1", 1_000), ("shop-2", 2_000), ("shop-3", 3_000)):
        estate.save(name, good)
        os.utime(estate.folder / f"{name}.pem", (at, at))
    estate.write('[certificates.shop]\nsource = "shop-*.pem"')
    (estate.folder / "shop-1.pem").write_bytes(b"half")
    os.utime(estate.folder / "shop-1.pem", (1_000, 1_000))
    passed = renew()
    (estate.folder / "shop-3.pem").write_bytes(b"half")

    ran = renew()

    assert (passed.code, list(held(server).values())) == (0, [good.sha256])
    assert "certkit: warning: shop-1.pem: " in passed.err
    assert (ran.code, actions(ran)) == (3, [("shop", "failed", "input-unreadable")])
    assert ran.result["error"]["message"].startswith("shop-3.pem: ")


def test_a_pattern_that_nothing_fits_is_what_the_command_may_mend(
    estate: Estate, renew: Callable[..., Ran], server: StrictAcm
) -> None:
    new = lasting(90, left=90)
    estate.save("next", new)
    estate.write('[certificates.shop]\nsource = "shop-*.pem"')
    lost = renew()
    estate.write('[certificates.shop]\nsource = "shop-*.pem"\nrenew_command = ["cp", "next.pem", "shop-1.pem"]')

    ran = renew()

    assert lost.result["error"] == {
        "code": "input-unreadable",
        "message": "shop-*.pem: no file fits the pattern",
        "hint": None,
    }
    assert (ran.code, list(held(server).values())) == (0, [new.sha256])


def test_a_command_that_rewrites_the_manifest_does_not_disturb_the_run(
    estate: Estate, renew: Callable[..., Ran], server: StrictAcm
) -> None:
    new = lasting(90, left=90)
    estate.save("next", new)
    (estate.folder / "other.toml").write_text('[certificates.other]\nsource = "gone.pem"\n')
    rewrite = ["sh", "-c", "cp next.pem shop.pem; cp other.toml certkit.toml"]
    estate.shop(lasting(90, left=10), f"renew_command = {json.dumps(rewrite)}", 'tags = { team = "web" }')

    ran = renew()
    next_run = renew()

    assert (ran.code, actions(ran), list(held(server).values())) == (0, [("shop", "imported", None)], [new.sha256])
    assert tags_of(server, ran.result["arn"])["team"] == "web"
    assert actions(next_run) == [("other", "failed", "input-unreadable")]


def test_a_private_key_that_a_command_prints_is_shown_nowhere(
    estate: Estate, run: Callable[..., Ran], wire: Proxy
) -> None:
    old = lasting(90, left=10)
    secret = old.key_pem.splitlines()[1].decode()
    estate.shop(old, 'renew_command = ["sh", "-c", "cat shop.pem; echo the end; exit 1"]', 'on_failure = ["./say.sh"]')

    ran = run("renew", "--verbose", "--debug", "--format", "json")

    assert (ran.code, wire.operations != []) == (3, True)
    assert ran.result["warnings"][-1].endswith("the end")
    assert secret not in ran.out + ran.err + (estate.folder / "said").read_text()


# What fails, fails alone, and is tried again.


def test_a_command_that_fails_fails_its_certificate_and_stops_no_other(
    estate: Estate, renew: Callable[..., Ran], server: StrictAcm
) -> None:
    estate.save("web", make_chain(leaf=Request(common_name="web.example.com")))
    old = lasting(90, left=29)
    estate.shop(old)
    renew()
    estate.shop(
        old,
        'renew_command = ["sh", "-c", "echo the CA is away; exit 4"]',
        'on_failure = ["./say.sh"]',
        '[certificates.web]\nsource = "web.pem"',
    )

    ran = renew()

    assert (ran.code, actions(ran)) == (3, [("shop", "failed", "command-failed"), ("web", "imported", None)])
    assert ran.results[0]["error"]["message"] == "sh: it ended with exit code 4: the CA is away"
    assert ran.results[0]["arn"] in held(server)
    (told,) = said(estate)
    assert "CERTKIT_ERROR=sh: it ended with exit code 4: the CA is away" in told
    assert {"CERTKIT_EVENT=failure", "CERTKIT_ERROR_CODE=command-failed", "CERTKIT_NAME=shop"} <= set(told)


def test_a_command_that_fails_does_not_keep_a_newer_source_from_acm(
    estate: Estate, run: Callable[..., Ran], renew: Callable[..., Ran]
) -> None:
    estate.shop(lasting(90, left=20))
    run("apply")
    estate.shop(lasting(90, left=25), 'renew_command = ["false"]', 'on_failure = ["./say.sh"]')

    ran = renew()

    assert (ran.code, actions(ran)) == (3, [("shop", "reimported", None)])
    assert ran.result["warnings"][-1:] == ["false: it ended with exit code 1"]
    assert len(said(estate)) == 1


def test_a_deploy_that_failed_last_night_is_done_tonight(
    estate: Estate, renew: Callable[..., Ran], wire: Proxy, server: StrictAcm
) -> None:
    new = lasting(90, left=90)
    estate.shop(lasting(90, left=29), COPY)
    estate.save("next", new)
    wire.script("ImportCertificate", Refusal("AccessDeniedException", "not tonight", 400))

    first = renew()
    second = renew()

    assert (first.code, actions(first)) == (3, [("shop", "failed", "aws-denied")])
    assert (second.code, actions(second)) == (0, [("shop", "imported", None)])
    assert list(held(server).values()) == [new.sha256]


def test_a_command_that_leaves_what_is_due_is_not_taken_for_a_renewal(
    estate: Estate, renew: Callable[..., Ran]
) -> None:
    estate.shop(lasting(90, left=10), 'renew_command = ["true"]')

    ran = renew()

    assert ran.result["warnings"][-1:] == ["renew_command ended well, and what it left is due for renewal as before"]


# What is not written unseen.


def test_a_source_older_than_what_acm_holds_is_not_applied(
    estate: Estate, renew: Callable[..., Ran], server: StrictAcm, wire: Proxy
) -> None:
    new = lasting(90, left=90)
    estate.shop(new)
    renew()
    estate.save("shop", lasting(90, left=40))

    ran = renew()

    assert (ran.code, actions(ran), writes(wire)) == (3, [("shop", "failed", "unsafe")], [])
    assert "[expires-sooner]; nothing was written" in ran.result["error"]["message"]
    assert list(held(server).values()) == [new.sha256]


def test_a_lost_name_stops_that_certificate_alone(estate: Estate, renew: Callable[..., Ran], server: StrictAcm) -> None:
    both = lasting(90, left=60, sans=("shop.example.com", "www.example.com"))
    estate.shop(both)
    renew()
    estate.save("web", make_chain(leaf=Request(common_name="web.example.com")))
    estate.shop(lasting(90, left=90, sans=("shop.example.com",)), '[certificates.web]\nsource = "web.pem"')

    ran = renew()

    assert (ran.code, actions(ran)) == (3, [("shop", "failed", "unsafe"), ("web", "imported", None)])
    assert both.sha256 in held(server).values()


def test_the_manifest_can_allow_what_stops_it(estate: Estate, renew: Callable[..., Ran], server: StrictAcm) -> None:
    estate.shop(lasting(90, left=60, sans=("shop.example.com", "www.example.com")))
    renew()
    new = lasting(90, left=90, sans=("shop.example.com",))
    estate.shop(new, 'renew_allow = ["lost-name"]')

    ran = renew()

    assert (ran.code, list(held(server).values())) == (0, [new.sha256])


def test_another_kind_of_key_keeps_the_old_certificate(
    estate: Estate, renew: Callable[..., Ran], server: StrictAcm
) -> None:
    old = lasting(90, left=60)
    estate.shop(old)
    renew()
    estate.save("shop", lasting(90, left=90, key=("EC_secp384r1", 0)))

    ran = renew()

    assert (ran.code, actions(ran)) == (3, [("shop", "failed", "reimport-incompatible")])
    assert list(held(server).values()) == [old.sha256]


def test_read_only_runs_nothing(
    estate: Estate, renew: Callable[..., Ran], wire: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CERTKIT_READ_ONLY", "1")
    estate.shop(lasting(90, left=10), 'renew_command = ["touch", "run"]')

    ran = renew()

    assert (ran.error, wire.operations) == ((2, "read-only"), [])
    assert not (estate.folder / "run").exists()


def test_a_dry_run_says_what_is_due_and_runs_and_writes_nothing(
    estate: Estate, run: Callable[..., Ran], wire: Proxy, beats: Callable[[], list[Entry]]
) -> None:
    estate.shop(lasting(90, left=10), 'renew_command = ["touch", "run"]', 'pre = ["touch", "run"]')

    ran = run("renew", "--dry-run", "--format", "json")

    assert (ran.code, ran.document["actions"][0]["action"], writes(wire)) == (0, "import", [])
    assert "certkit: shop: would run touch run\n" in ran.err
    assert not (estate.folder / "run").exists()
    assert beats() == []


# Hooks.


def test_hooks_learn_what_happened_and_never_the_key(
    estate: Estate, renew: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PFX_PASSWORD", "hush")
    new = lasting(90, left=90)
    hooks = ('pre = ["./say.sh"]', 'post = ["./say.sh"]', 'passin = "env:PFX_PASSWORD"', 'owner = "web"')
    estate.shop(lasting(90, left=10), COPY, *hooks)
    estate.save("next", new)

    ran = renew()

    before, after = said(estate)
    run_id = next(line for line in before if line.startswith("CERTKIT_RUN="))
    source = f"CERTKIT_SOURCE={estate.folder / 'shop.pem'}"
    assert before == ["CERTKIT_EVENT=pre", "CERTKIT_NAME=shop", "CERTKIT_OWNER=web", run_id, source]
    folder = next(line for line in after if line.startswith("CERTKIT_FOLDER="))
    assert after == [
        "CERTKIT_ACTION=imported",
        f"CERTKIT_ARNS={ran.result['arn']}",
        "CERTKIT_EVENT=post",
        folder,
        "CERTKIT_NAME=shop",
        f"CERTKIT_NOT_AFTER={ran.result['not_after']}",
        "CERTKIT_OWNER=web",
        run_id,
        f"CERTKIT_SHA256={new.sha256}",
        source,
        "cert_body.pem",
        "cert_chain.pem",
    ]
    assert not (estate.folder / folder.removeprefix("CERTKIT_FOLDER=")).exists()


def test_hooks_do_not_inherit_passwords_and_the_command_does(
    estate: Estate, renew: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PFX_PASSWORD", "hush")
    show = 'printf "%s:%s\\n" "$CERTKIT_EVENT" "${PFX_PASSWORD:-none}" >>seen; cp -n next.pem shop.pem || true'
    line = json.dumps(["sh", "-c", show])
    estate.shop(
        lasting(90, left=10),
        f"renew_command = {line}",
        f"pre = {line}",
        f"post = {line}",
        'passin = "env:PFX_PASSWORD"',
    )

    renew()

    assert (estate.folder / "seen").read_text() == "pre:none\nrenew:hush\npost:none\n"


def test_a_pre_that_fails_keeps_everything_as_it_is(estate: Estate, renew: Callable[..., Ran], wire: Proxy) -> None:
    estate.shop(lasting(90, left=10), 'renew_command = ["touch", "run"]', 'pre = ["false"]', 'post = ["touch", "run"]')
    due = renew()
    due_writes = writes(wire)
    estate.shop(lasting(90, left=60), 'pre = ["false"]', 'on_failure = ["./say.sh"]')

    newer = renew()

    for ran, sent in ((due, due_writes), (newer, writes(wire))):
        assert (ran.code, actions(ran), sent) == (3, [("shop", "failed", "command-failed")], [])
    assert not (estate.folder / "run").exists()
    assert len(said(estate)) == 1


def test_a_post_that_fails_is_told_and_the_certificate_stays(
    estate: Estate, renew: Callable[..., Ran], server: StrictAcm
) -> None:
    estate.shop(lasting(90, left=60), 'post = ["false"]')

    ran = renew()

    assert (ran.code, actions(ran), len(held(server))) == (3, [("shop", "imported", None)], 1)
    assert ran.result["warnings"][-1:] == ["false: it ended with exit code 1"]
    assert "certkit: error: false: it ended with exit code 1" in ran.err


def test_failures_are_told_also_where_nothing_could_be_asked(
    estate: Estate, renew: Callable[..., Ran], wire: Proxy
) -> None:
    wire.always("GetCallerIdentity", Refusal("ExpiredToken", "the token has expired", 403))
    estate.shop(lasting(90, left=60), 'on_failure = ["./say.sh"]')

    ran = renew()

    assert ran.error == (3, "aws-auth")
    assert [line for told in said(estate) for line in told if "CODE" in line] == ["CERTKIT_ERROR_CODE=aws-auth"]


# That it ran.


def test_every_run_leaves_a_heartbeat_that_history_does_not_take_for_a_write(
    estate: Estate, renew: Callable[..., Ran], run: Callable[..., Ran], beats: Callable[[], list[Entry]]
) -> None:
    estate.shop(lasting(90, left=60))
    renew()
    renew()
    estate.shop(lasting(90, left=60), 'post = ["true"]', '[certificates.gone]\nsource = "gone.pem"')
    renew()

    history = run("history", "--format", "json")

    assert [(beat.outcome.value, beat.detail) for beat in beats()] == [
        ("done", "1 imported"),
        ("done", "1 unchanged"),
        ("failed", "1 failed, 1 reimported"),
    ]
    assert [write["action"] for write in history.document["writes"]] == ["reimport", "import"]


def test_jitter_waits_a_part_of_it_before_anything_is_done(
    estate: Estate, renew: Callable[..., Ran], clock: Callable[[], Any]
) -> None:
    estate.shop(lasting(90, left=60))
    begun = clock()

    ran = renew("--jitter", "10m")

    seconds = float(ran.err.split("certkit: waiting ")[1].split(" s of 600")[0])
    assert 0 <= seconds <= 600
    assert clock() - begun >= timedelta(seconds=seconds - 0.5)


@pytest.mark.parametrize("jitter", ["5%", "soon"])
def test_jitter_is_a_time(estate: Estate, renew: Callable[..., Ran], jitter: str) -> None:
    estate.shop(renewed())

    assert renew("--jitter", jitter).error == (2, "usage")
