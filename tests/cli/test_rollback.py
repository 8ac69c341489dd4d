"""`certkit rollback`: back to the bundle before, from escrow, under the same ARN."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import boto3
import pytest

from certkit.ledger import Outcome
from certkit.ledger.sqlite import FILE_NAME, SqliteLedger
from tests.aws.faults import Fault, Refusal
from tests.aws.scene import ACCOUNT, HOME, OTHER, WRITES, held, tags_of
from tests.cli.estate import ACCOUNTS, Estate
from tests.escrow.scene import recipient
from tests.issuing import Issued, Request, make_chain

if TYPE_CHECKING:
    from collections.abc import Callable

    from certkit.testing import SettableClock, StrictAcm
    from tests.aws.faults import Proxy
    from tests.aws.scene import Ran

pytest_plugins = ["tests.aws.fixtures"]

IRELAND: Final = "eu-west-1"
FIRST: Final = Request(sans=("shop.example.com",))
STAYS: Final = (
    "certkit: apply, renew and hook leave it so while the SOURCE gives what was rolled back from: mend the SOURCE\n"
)


@cache
def numbered(number: int, **more: Any) -> Issued:
    """One of the shop's certificates, each from a day later on."""
    request = replace(FIRST, not_before=FIRST.not_before + timedelta(days=number))
    return make_chain(leaf=replace(request, **more))


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where certkit is run."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def escrow(server: StrictAcm, wire: Proxy, monkeypatch: pytest.MonkeyPatch) -> Any:  # noqa: ARG001 -- it leads there
    """S3 past the proxy, with a bucket that certkit's environment names as the escrow."""
    client = boto3.client("s3", endpoint_url=server.url, region_name=HOME)
    client.create_bucket(Bucket="my-escrow")
    client.put_bucket_versioning(Bucket="my-escrow", VersioningConfiguration={"Status": "Enabled"})
    monkeypatch.setenv("CERTKIT_ESCROW", "s3://my-escrow/certkit?kms_key=alias/certkit")
    return client


@pytest.fixture
def three(
    run: Callable[..., Ran],
    save: Callable[..., Path],
    clock: SettableClock,
    escrow: Any,  # noqa: ARG001 -- it is there
) -> list[Issued]:
    """Three certificates that were imported one after the other, a day apart; ACM holds the last one."""
    all_three = [numbered(number) for number in range(3)]
    for issued in all_three:
        ran = run("import", save(issued), "--name", "shop", "--tag", "team=web")
        assert (ran.code, "warning: the bundle" in ran.out) == (0, False)
        clock.advance(timedelta(days=1))
    return all_three


def leaves(server: StrictAcm, **place: str) -> list[str]:
    """What ACM holds."""
    return list(held(server, **place).values())


def test_the_previous_bundle_stands_under_the_same_arn_again(
    run: Callable[..., Ran], three: list[Issued], server: StrictAcm, clock: SettableClock
) -> None:
    (before,) = held(server)

    ran = run("rollback", "shop", "--format", "json")

    assert ran.code == 0
    assert ran.result == {
        "name": "shop",
        "account": ACCOUNT,
        "region": HOME,
        "action": "reimported",
        "arn": before,
        "sha256": three[1].sha256,
        "previous_sha256": three[2].sha256,
        "not_after": "2049-12-31T23:59:59Z",
        "warnings": [],
        "error": None,
    }
    assert held(server) == {before: three[1].sha256}
    assert tags_of(server, before)["team"] == "web"
    assert tags_of(server, before)["certkit:sha256"] == three[1].sha256
    assert ran.err.endswith(STAYS)
    entries = list(SqliteLedger(Path(os.environ["CERTKIT_STATE"], FILE_NAME), clock).entries("shop"))[-2:]
    assert [(one.command, one.action, one.outcome, one.sha256) for one in entries] == [
        ("rollback", "reimport", Outcome.INTENT, three[1].sha256),
        ("rollback", "reimport", Outcome.DONE, three[1].sha256),
    ]


def test_again_and_again_it_goes_further_back_until_there_is_none(
    run: Callable[..., Ran], three: list[Issued], server: StrictAcm, clock: SettableClock, wire: Proxy
) -> None:
    seen = []
    for _ in range(2):
        run("rollback", "shop")
        clock.advance(timedelta(minutes=1))
        seen += leaves(server)
    wire.forget()

    ran = run("rollback", "shop", "--format", "json")

    assert seen == [three[1].sha256, three[0].sha256]
    assert ran.error == (3, "nothing-escrowed")
    assert not WRITES & set(wire.operations)


def test_a_later_import_is_rolled_back_to_what_stood_before_it(
    run: Callable[..., Ran], three: list[Issued], save: Callable[..., Path], server: StrictAcm, clock: SettableClock
) -> None:
    run("rollback", "shop", "--to", three[0].sha256[:12])
    clock.advance(timedelta(days=1))
    run("import", save(numbered(3)), "--name", "shop")
    clock.advance(timedelta(days=1))

    ran = run("rollback", "shop")

    assert ran.code == 0
    assert leaves(server) == [three[0].sha256]


def test_the_list_shows_what_is_there_and_what_would_be_taken(
    run: Callable[..., Ran], three: list[Issued], wire: Proxy
) -> None:
    wire.forget()
    ran, document = run("rollback", "shop", "--list"), run("rollback", "shop", "--list", "--format", "json").document

    assert ran.code == 0
    head, title, *rows = ran.out.splitlines()
    assert head == f"shop: {HOME} of {ACCOUNT}: 3 bundles in escrow"
    assert title.split() == ["KEPT", "VALID", "UNTIL", "LEAF"]
    times = ["2026-11-24T12:00:00Z", "2026-11-23T12:00:00Z", "2026-11-22T12:00:00Z"]
    notes = ["in ACM", "rollback takes it", ""]
    assert [row.split(None, 3) for row in rows] == [
        [at, "2049-12-31T23:59:59Z", issued.sha256, *filter(None, [note])]
        for at, issued, note in zip(times, reversed(three), notes, strict=True)
    ]
    assert [(one["sha256"], one["held"], one["previous"]) for one in document["deposits"]] == [
        (three[2].sha256, True, False),
        (three[1].sha256, False, True),
        (three[0].sha256, False, False),
    ]
    assert not {*WRITES, "GetObject", "PutObject"} & set(wire.operations)


def test_a_dry_run_shows_the_plan_and_writes_nothing(
    run: Callable[..., Ran], three: list[Issued], wire: Proxy, server: StrictAcm
) -> None:
    wire.forget()
    ran = run("rollback", "shop", "--dry-run", "--format", "json")

    (action,) = ran.document["actions"]
    assert ran.code == 0
    assert (action["action"], action["sha256"]) == ("reimport", three[1].sha256)
    assert not {*WRITES, "PutObject"} & set(wire.operations)
    assert leaves(server) == [three[2].sha256]


def test_an_expired_bundle_is_not_put_back(
    run: Callable[..., Ran], three: list[Issued], save: Callable[..., Path], clock: SettableClock, wire: Proxy
) -> None:
    run("import", save(numbered(4, not_after=clock() + timedelta(days=5))), "--name", "shop")
    clock.advance(timedelta(days=1))
    run("import", save(numbered(5)), "--name", "shop")
    clock.advance(timedelta(days=9))
    wire.forget()

    ran = run("rollback", "shop", "--format", "json")

    assert ran.error == (1, "not-importable")
    assert "the bundle" in ran.document["error"]["message"]
    assert not WRITES & set(wire.operations)
    assert three


def test_one_that_acm_would_refuse_under_the_arn_is_not_sent(
    run: Callable[..., Ran], three: list[Issued], server: StrictAcm, escrow: Any, wire: Proxy
) -> None:
    """A deposit of another key type, as after a new certificate under the same name."""
    (arn,) = held(server)
    boto3.client("acm", endpoint_url=server.url, region_name=HOME).delete_certificate(CertificateArn=arn)
    wire.forget()
    p384 = numbered(7, key=("EC_secp384r1", 1))
    client = boto3.client("acm", endpoint_url=server.url, region_name=HOME)
    client.import_certificate(
        Certificate=p384.pem,
        PrivateKey=p384.key_pem,
        CertificateChain=p384.chain_pem,
        Tags=[{"Key": "certkit:name", "Value": "shop"}],
    )

    ran = run("rollback", "shop", "--format", "json")

    assert ran.error == (3, "reimport-incompatible")
    assert not WRITES & set(wire.operations)
    assert three
    assert escrow


def test_what_expires_sooner_is_put_back_with_a_warning(
    run: Callable[..., Ran], escrow: Any, save: Callable[..., Path], clock: SettableClock, server: StrictAcm
) -> None:
    sooner, later = numbered(0, not_after=clock() + timedelta(days=9)), numbered(1)
    for issued in (sooner, later):
        run("import", save(issued), "--name", "shop")
        clock.advance(timedelta(days=1))

    ran = run("rollback", "shop")

    assert ran.code == 0
    assert "expires on 2026-12-01T12:00:00Z, before what it replaces" in ran.err
    assert leaves(server) == [sooner.sha256]
    assert escrow


def test_an_import_that_cannot_be_kept_is_a_warning_and_the_next_run_keeps_it(
    run: Callable[..., Ran], escrow: Any, save: Callable[..., Path], wire: Proxy
) -> None:
    wire.script("PutObject", Refusal("AccessDenied", "Access Denied", 403))
    source = save(numbered(0))

    first = run("import", source, "--name", "shop", "--format", "json")
    second = run("import", source, "--name", "shop", "--format", "json")
    third = run("import", source, "--name", "shop", "--format", "json")

    assert (first.code, first.result["action"]) == (0, "imported")
    (warning,) = first.result["warnings"]
    assert warning.startswith("the bundle is not in escrow: keeping a bundle in s3://my-escrow/certkit: ")
    assert (second.result["action"], second.result["warnings"]) == ("unchanged", [])
    assert (third.result["action"], wire.operations.count("PutObject")) == ("unchanged", 2)
    assert len(escrow.list_objects_v2(Bucket="my-escrow")["Contents"]) == 1


def test_without_an_escrow_nothing_is_asked_of_s3(
    run: Callable[..., Ran], save: Callable[..., Path], wire: Proxy
) -> None:
    run("import", save(numbered(0)), "--name", "shop")

    ran = run("rollback", "shop", "--format", "json")

    assert ran.error == (2, "configuration")
    assert not {"ListObjectsV2", "PutObject"} & set(wire.operations)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("shop", "--to", "abc"), "--to 'abc' is no fingerprint"),
        (("shop", "--to", "0" * 64), f"no bundle in escrow is {'0' * 64}"),
        (("shop", "--list", "--to", "0" * 64), "--list shows all of them"),
        (("other",), "there is no certificate called 'other' in us-east-1"),
        (("shop", "--region", "all"), "--region all is for reading"),
        (("shop", "--escrow", "s3://my-escrow"), "needs a KMS key"),
        (("shop", "--escrow", "http://my-escrow"), "names no escrow"),
        (("shop", "--escrow", "s3://my-escrow?kms_key=k&kms=k"), "names no escrow"),
        (("shop", "--escrow", "s3://B?kms_key=k"), "'B' is no bucket"),
        (("shop", "--escrow", "file:///tmp/x"), "a folder needs the certificate"),
        (("shop", "--escrow", "file:///tmp/x?recipient=missing.crt"), "the recipient of the escrow: missing.crt"),
    ],
)
def test_what_cannot_be_done_is_said_before_anything_is_written(
    run: Callable[..., Ran], put: Callable[..., str], escrow: Any, wire: Proxy, options: tuple[str, ...], message: str
) -> None:
    put(numbered(0), certkit_name="shop")

    ran = run("rollback", *options)

    assert ran.code in {2, 3}
    assert message in ran.err
    assert not {*WRITES, "PutObject"} & set(wire.operations)
    assert escrow


def test_read_only_forbids_it(
    run: Callable[..., Ran],
    three: list[Issued],
    wire: Proxy,
    monkeypatch: pytest.MonkeyPatch,
    save: Callable[..., Path],
) -> None:
    monkeypatch.setenv("CERTKIT_READ_ONLY", "1")
    wire.forget()

    ran = run("rollback", "shop", "--format", "json")
    unchanged = run("import", save(three[2]), "--name", "shop")

    assert ran.error == (2, "read-only")
    assert unchanged.code == 0
    assert not {*WRITES, "PutObject"} & set(wire.operations)


def test_an_arn_names_a_certificate_too(
    run: Callable[..., Ran], escrow: Any, save: Callable[..., Path], put: Callable[..., str], clock: SettableClock
) -> None:
    arn = put(numbered(0))
    for number in (1, 2):
        run("import", save(numbered(number)), "--certificate-arn", arn)
        clock.advance(timedelta(days=1))

    ran = run("rollback", arn, "--format", "json")

    assert (ran.result["arn"], ran.result["sha256"]) == (arn, numbered(1).sha256)
    assert escrow


def test_by_its_arn_the_bundles_of_its_name_are_found(
    run: Callable[..., Ran], three: list[Issued], server: StrictAcm
) -> None:
    (arn,) = held(server)

    ran = run("rollback", arn, "--format", "json")

    assert (ran.result["name"], ran.result["arn"], ran.result["sha256"]) == ("shop", arn, three[1].sha256)


def test_an_arn_that_is_not_there_is_told_of(run: Callable[..., Ran], escrow: Any) -> None:
    ran = run("rollback", f"arn:aws:acm:{HOME}:{ACCOUNT}:certificate/{'0' * 8}", "--format", "json")

    assert ran.code == 3
    assert "there is no certificate under this ARN" in ran.document["error"]["message"]
    assert escrow


def test_a_manifest_says_where_and_every_place_goes_back_on_its_own(
    run: Callable[..., Ran],
    folder: Path,
    escrow: Any,
    server: StrictAcm,
    clock: SettableClock,
    wire: Proxy,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("CERTKIT_ESCROW")
    estate = Estate(folder)
    settings = (f'regions = ["{HOME}", "{IRELAND}"]', 'accounts = ["own", "other"]')
    escrow_table = '[escrow]\nbucket = "my-escrow"\nkms_key = "alias/certkit"\n'
    for number in range(2):
        estate.save("shop", numbered(number))
        estate.write("\n".join(['[certificates.shop]\nsource = "shop.pem"', *settings, escrow_table, ACCOUNTS]))
        assert run("apply").code == 0
        clock.advance(timedelta(days=1))
    wire.script("ImportCertificate", Refusal("AccessDeniedException", "no", 400), region=IRELAND)

    ran = run("rollback", "shop", "--format", "json")

    assert ran.code == 3
    assert [(one["account"], one["region"], one["action"]) for one in ran.results].count(
        (ACCOUNT, HOME, "reimported")
    ) == 1
    assert sorted(one["action"] for one in ran.results) == ["failed", "reimported", "reimported", "reimported"]
    assert leaves(server) == leaves(server, account=OTHER) == [numbered(0).sha256]
    ireland = leaves(server, region=IRELAND) + leaves(server, region=IRELAND, account=OTHER)
    assert sorted(ireland) == sorted([numbered(0).sha256, numbered(1).sha256])
    keys = [one["Key"] for one in escrow.list_objects_v2(Bucket="my-escrow")["Contents"]]
    assert len(keys) == 8 + 3


@pytest.mark.parametrize("fault", [Fault.RESET_AFTER, Fault.ERROR_AFTER, Fault.RESET_BEFORE])
def test_a_lost_answer_of_acm_ends_in_the_previous_bundle(
    run: Callable[..., Ran], three: list[Issued], wire: Proxy, server: StrictAcm, fault: Fault
) -> None:
    wire.script("ImportCertificate", fault)

    ran = run("rollback", "shop")

    assert ran.code == 0
    assert leaves(server) == [three[1].sha256]


def test_a_folder_gives_its_bundles_to_the_recipient_alone(
    run: Callable[..., Ran],
    save: Callable[..., Path],
    folder: Path,
    wire: Proxy,
    clock: SettableClock,
    server: StrictAcm,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (folder / "escrow.crt").write_bytes(recipient().pem)
    (folder / "escrow.key").write_bytes(recipient().encrypted_key_pem(b"open sesame"))
    monkeypatch.setenv("CERTKIT_ESCROW", f"file://{folder}/vault?recipient=escrow.crt")
    monkeypatch.setenv("WORD", "open sesame")
    for number in range(2):
        run("import", save(numbered(number)), "--name", "shop")
        clock.advance(timedelta(days=1))
    wire.forget()

    without = run("rollback", "shop")
    locked = run("rollback", "shop", "--key", "escrow.key", "--format", "json")
    other = run("rollback", "shop", "--key", save(numbered(0)))
    listed = run("rollback", "shop", "--list")
    untouched = leaves(server)
    ran = run("rollback", "shop", "--key", "escrow.key", "--passin", "env:WORD")

    assert "the escrow is closed to a key" in without.err
    assert locked.error == (3, "password-missing")
    assert "not the private key of the recipient" in other.err
    assert (listed.code, untouched) == (0, [numbered(1).sha256])
    assert ran.code == 0
    assert leaves(server) == [numbered(0).sha256]


def test_a_damaged_bundle_is_not_sent(run: Callable[..., Ran], three: list[Issued], escrow: Any, wire: Proxy) -> None:
    keys = sorted(one["Key"] for one in escrow.list_objects_v2(Bucket="my-escrow")["Contents"])
    content = escrow.get_object(Bucket="my-escrow", Key=keys[0])["Body"].read()
    escrow.put_object(Bucket="my-escrow", Key=keys[1], Body=content)
    wire.forget()

    ran = run("rollback", "shop", "--format", "json")

    assert ran.error == (3, "escrow-unreadable")
    assert not WRITES & set(wire.operations)
    assert three
