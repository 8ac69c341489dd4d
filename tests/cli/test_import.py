"""`certkit import` against the strict ACM, over HTTP."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from certkit.testing import DOCUMENTED_RATES, Behaviour, ChainEcho, MissingChain
from tests.aws.faults import THROTTLE, Fault, Refusal, Rewrite
from tests.aws.scene import ACCOUNT, HOME, OTHER, WRITES, held, renewed, tags_of
from tests.issuing import CLIENT_AUTH, SERVER_AUTH, Request, make_chain, self_signed

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from certkit.testing import SettableClock, StrictAcm
    from tests.aws.faults import Proxy
    from tests.aws.scene import Ran
    from tests.issuing import Issued

pytest_plugins = ["tests.aws.fixtures"]

FRANKFURT = "eu-central-1"
IRELAND = "eu-west-1"
UNSEEN = Rewrite(lambda answer: answer.update(ResourceTagMappingList=[]))
"""What the tagging index answers while it lags."""


@pytest.fixture
def import_(run: Callable[..., Ran], save: Callable[..., Path], wire: Proxy) -> Callable[..., Ran]:
    """Runs `import` for what was issued, called `shop` unless told otherwise, with JSON as its output."""

    def run_import(issued: Issued, *options: str, name: str | None = "shop", chain: bytes | None = None) -> Ran:
        wire.forget()
        named = ("--name", name) if name is not None else ()
        return run("import", save(issued, chain), *named, *options, "--format", "json")

    return run_import


def writes(wire: Proxy) -> list[str]:
    """What was written, operation by operation."""
    return [operation for operation in wire.operations if operation in WRITES]


def imported_bodies(wire: Proxy) -> list[set[str]]:
    """The members of each ImportCertificate that was sent."""
    return [set(sent.body) for sent in wire.sent if sent.operation == "ImportCertificate"]


# What is written, and what is not.


def test_a_new_certificate_is_one_import_with_its_tags_in_it(
    import_: Callable[..., Ran], server: StrictAcm, wire: Proxy
) -> None:
    issued = make_chain()

    ran = import_(issued, "--tag", "team=web")

    (arn,) = held(server)
    assert ran.code == 0
    assert writes(wire) == ["ImportCertificate"]
    assert tags_of(server, arn) == {
        "certkit:name": "shop",
        "certkit:not-after": "2049-12-31T23:59:59Z",
        "certkit:sha256": issued.sha256,
        "team": "web",
    }
    assert ran.result == {
        "name": "shop",
        "account": ACCOUNT,
        "region": HOME,
        "action": "imported",
        "arn": arn,
        "sha256": issued.sha256,
        "previous_sha256": None,
        "not_after": "2049-12-31T23:59:59Z",
        "warnings": ran.result["warnings"],
        "error": None,
        "served": None,
    }


def test_the_same_again_is_no_write(import_: Callable[..., Ran], server: StrictAcm, wire: Proxy) -> None:
    issued = make_chain()
    first = import_(issued, "--tag", "team=web")

    ran = import_(issued, "--tag", "team=web")

    assert (ran.code, ran.result["action"], ran.result["arn"]) == (0, "unchanged", first.result["arn"])
    assert set(wire.operations) == {
        "GetCallerIdentity",
        "GetResources",
        "DescribeCertificate",
        "GetCertificate",
        "ListTagsForCertificate",
    }
    assert len(held(server)) == 1


def test_a_renewed_certificate_keeps_its_arn_and_the_tags_of_others(
    import_: Callable[..., Ran], server: StrictAcm, wire: Proxy
) -> None:
    first = make_chain()
    arn = import_(first).result["arn"]
    boto3.client("acm").add_tags_to_certificate(CertificateArn=arn, Tags=[{"Key": "owner", "Value": "somebody"}])
    new = renewed()

    ran = import_(new)

    assert (ran.result["action"], ran.result["arn"]) == ("reimported", arn)
    assert ran.result["previous_sha256"] == first.sha256
    assert held(server) == {arn: new.sha256}
    assert writes(wire) == ["ImportCertificate", "AddTagsToCertificate"]
    assert imported_bodies(wire) == [{"CertificateArn", "Certificate", "PrivateKey", "CertificateChain"}]
    assert tags_of(server, arn) == {
        "certkit:name": "shop",
        "certkit:not-after": "2049-12-31T23:59:59Z",
        "certkit:sha256": new.sha256,
        "owner": "somebody",
    }


def test_another_chain_under_the_same_leaf_is_reimported(import_: Callable[..., Ran], wire: Proxy) -> None:
    issued = make_chain()
    arn = import_(issued, chain=b"").result["arn"]

    ran = import_(issued)

    assert (ran.result["action"], ran.result["arn"]) == ("reimported", arn)
    assert writes(wire) == ["ImportCertificate"]


def test_other_tags_alone_are_no_import(import_: Callable[..., Ran], server: StrictAcm, wire: Proxy) -> None:
    issued = make_chain()
    arn = import_(issued, "--tag", "team=web").result["arn"]

    ran = import_(issued, "--tag", "team=shop")

    assert (ran.result["action"], ran.result["previous_sha256"]) == ("tagged", issued.sha256)
    assert writes(wire) == ["AddTagsToCertificate"]
    assert tags_of(server, arn)["team"] == "shop"


@pytest.mark.parametrize("form", MissingChain)
def test_no_chain_is_the_same_in_every_form_of_answer(
    import_: Callable[..., Ran], server: StrictAcm, wire: Proxy, form: MissingChain
) -> None:
    server.behaviour = Behaviour(missing_chain=form)
    issued = self_signed(Request())
    first = import_(issued, chain=b"")

    ran = import_(issued, chain=b"")

    assert (first.result["action"], ran.result["action"], writes(wire)) == ("imported", "unchanged", [])


def test_a_chain_shown_without_the_root_that_was_sent_is_said_and_sent_again(
    import_: Callable[..., Ran], server: StrictAcm
) -> None:
    server.behaviour = Behaviour(chain_echo=ChainEcho.WITHOUT_ROOT)
    issued = make_chain()
    first = import_(issued, "--include-root", chain=issued.full_chain_pem)

    ran = import_(issued, "--include-root", chain=issued.full_chain_pem)

    assert (first.result["action"], ran.result["action"]) == ("imported", "reimported")
    assert "without its root" in ran.result["warnings"][-1]


@pytest.mark.parametrize("form", sorted(set(ChainEcho) - {ChainEcho.WITHOUT_ROOT, ChainEcho.FIRST}))
@pytest.mark.parametrize("intermediates", [0, 1, 2])
def test_a_chain_is_the_same_in_every_form_of_answer(
    import_: Callable[..., Ran], server: StrictAcm, wire: Proxy, form: ChainEcho, intermediates: int
) -> None:
    server.behaviour = Behaviour(chain_echo=form)
    issued = make_chain(intermediates=intermediates)
    first = import_(issued, "--include-root", chain=issued.full_chain_pem)

    ran = import_(issued, "--include-root", chain=issued.full_chain_pem)

    assert (first.result["action"], ran.result["action"], writes(wire)) == ("imported", "unchanged", [])


def test_tags_that_nobody_names_go_only_where_that_is_asked_for(
    import_: Callable[..., Ran], server: StrictAcm, wire: Proxy
) -> None:
    issued = make_chain()
    arn = import_(issued, "--tag", "team=web").result["arn"]
    boto3.client("acm").add_tags_to_certificate(CertificateArn=arn, Tags=[{"Key": "theirs", "Value": "1"}])
    kept = import_(issued, "--tag", "team=web")

    ran = import_(issued, "--tag", "team=web", "--purge-tags")

    assert (kept.result["action"], ran.result["action"]) == ("unchanged", "tagged")
    assert writes(wire) == ["RemoveTagsFromCertificate"]
    assert {"theirs"} == {"theirs", "team"} - tags_of(server, arn).keys()


# Finding what is there already.


@pytest.mark.parametrize("algorithm", ["RSA_4096", "EC_prime256v1"])
def test_what_neither_the_index_nor_the_default_list_shows_is_not_imported_twice(
    import_: Callable[..., Ran], server: StrictAcm, wire: Proxy, algorithm: str
) -> None:
    request = Request(key=(algorithm, 0))
    arn = import_(make_chain(leaf=request)).result["arn"]
    wire.always("GetResources", UNSEEN)

    ran = import_(renewed(request), "--no-ledger")

    assert (ran.result["action"], ran.result["arn"]) == ("reimported", arn)
    assert len(held(server)) == 1


def test_the_last_page_of_the_list_counts(
    import_: Callable[..., Ran], put: Callable[..., str], server: StrictAcm, wire: Proxy
) -> None:
    server.behaviour = Behaviour(page_size=2)
    for number in range(4):
        put(make_chain(leaf=Request(f"other-{number}.example.com")))
    issued = make_chain()
    arn = import_(issued).result["arn"]
    wire.always("GetResources", UNSEEN)

    ran = import_(issued, "--no-ledger")

    assert (ran.result["action"], ran.result["arn"]) == ("unchanged", arn)
    assert wire.operations.count("ListCertificates") == 3


def test_two_certificates_of_one_name_are_ambiguous(
    import_: Callable[..., Ran], put: Callable[..., str], wire: Proxy
) -> None:
    first = put(make_chain(), certkit_name="shop")
    second = put(make_chain(), certkit_name="shop")

    ran = import_(make_chain())

    assert ran.error == (3, "ambiguous")
    assert first in ran.out
    assert second in ran.out
    assert "take the tag certkit:name off" in ran.document["error"]["hint"]
    assert writes(wire) == []


def test_one_of_two_of_one_name_can_be_meant_by_its_arn(import_: Callable[..., Ran], put: Callable[..., str]) -> None:
    put(make_chain(), certkit_name="shop")
    meant = put(make_chain(), certkit_name="shop")

    ran = import_(renewed(), "--certificate-arn", meant)

    assert (ran.result["action"], ran.result["arn"]) == ("reimported", meant)


def test_the_same_leaf_without_the_name_is_ambiguous(
    import_: Callable[..., Ran], put: Callable[..., str], wire: Proxy
) -> None:
    issued = make_chain()
    arn = put(issued)

    ran = import_(issued)

    assert ran.error == (3, "ambiguous")
    assert arn in ran.document["error"]["message"]
    assert "--certificate-arn" in ran.document["error"]["hint"]
    assert writes(wire) == []


def test_an_arn_beside_a_name_takes_the_certificate_over(
    import_: Callable[..., Ran], put: Callable[..., str], server: StrictAcm
) -> None:
    issued = make_chain()
    arn = put(issued)

    taken = import_(issued, "--certificate-arn", arn)
    ran = import_(renewed())

    assert (taken.result["action"], ran.result["action"]) == ("tagged", "reimported")
    assert list(held(server)) == [ran.result["arn"]] == [arn]


def test_an_arn_alone_replaces_without_a_name(
    import_: Callable[..., Ran], put: Callable[..., str], server: StrictAcm
) -> None:
    arn = put(make_chain())
    new = renewed()

    ran = import_(new, "--certificate-arn", arn, name=None)

    assert (ran.result["action"], ran.result["name"]) == ("reimported", None)
    assert held(server) == {arn: new.sha256}
    assert "certkit:name" not in tags_of(server, arn)


def test_a_name_in_one_region_says_nothing_of_another(import_: Callable[..., Ran], server: StrictAcm) -> None:
    import_(make_chain(), "--region", FRANKFURT)

    ran = import_(make_chain(), "--region", IRELAND)

    assert ran.result["action"] == "imported"
    assert [len(held(server, region)) for region in (FRANKFURT, IRELAND, HOME)] == [1, 1, 0]


# What cannot be replaced.


def test_the_arns_own_region_is_where_it_is_replaced(
    import_: Callable[..., Ran], put: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    arn = put(make_chain(), region=FRANKFURT)
    monkeypatch.setenv("CERTKIT_REGION", IRELAND)

    ran = import_(renewed(), "--certificate-arn", arn)

    assert (ran.result["action"], ran.result["region"]) == ("reimported", FRANKFURT)


@pytest.mark.parametrize(
    ("arn", "options"),
    [
        (f"arn:aws:acm:{FRANKFURT}:{ACCOUNT}:certificate/1", ("--region", IRELAND)),
        (f"arn:aws-cn:acm:{FRANKFURT}:{ACCOUNT}:certificate/1", ()),
        (f"arn:aws:acm:cn-north-1:{ACCOUNT}:certificate/1", ()),
        (f"arn:aws:iam::{ACCOUNT}:server-certificate/shop", ()),
        ("shop", ()),
    ],
)
def test_an_arn_that_cannot_be_meant_is_refused_before_any_request(
    import_: Callable[..., Ran], wire: Proxy, arn: str, options: tuple[str, ...]
) -> None:
    ran = import_(make_chain(), "--certificate-arn", arn, *options)

    assert ran.error == (2, "usage")
    assert wire.operations == []


def test_an_arn_that_is_not_there_is_refused(import_: Callable[..., Ran], wire: Proxy) -> None:
    ran = import_(make_chain(), "--certificate-arn", f"arn:aws:acm:{HOME}:{ACCOUNT}:certificate/1")

    assert ran.error == (2, "usage")
    assert writes(wire) == []


def test_an_arn_of_another_account_is_told_as_such(import_: Callable[..., Ran], wire: Proxy) -> None:
    ran = import_(make_chain(), "--certificate-arn", f"arn:aws:acm:{HOME}:{OTHER}:certificate/1")

    assert ran.error == (3, "aws-auth")
    assert wire.operations == ["GetCallerIdentity"]


def test_a_certificate_of_amazons_is_not_replaced(import_: Callable[..., Ran], amazon_issued: str, wire: Proxy) -> None:
    ran = import_(make_chain(), "--certificate-arn", amazon_issued)

    assert ran.error == (3, "reimport-incompatible")
    assert "AMAZON_ISSUED" in ran.document["error"]["message"]
    assert writes(wire) == []


def test_a_certificate_that_was_never_issued_is_not_replaced(
    import_: Callable[..., Ran], amazon_issued: str, wire: Proxy
) -> None:
    wire.script("GetCertificate", Refusal("RequestInProgressException"))

    ran = import_(make_chain(), "--certificate-arn", amazon_issued)

    assert ran.error == (3, "reimport-incompatible")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (Request(), Request(key=("RSA_2048", 0))),
        (Request(), Request(key=("EC_secp384r1", 0))),
        (Request(key_usages=("digital_signature", "key_agreement")), Request(key_usages=("digital_signature",))),
        (Request(extended_key_usages=(SERVER_AUTH, CLIENT_AUTH)), Request(extended_key_usages=(CLIENT_AUTH,))),
        (Request(), Request(common_name="no domain")),
    ],
)
def test_what_acm_would_refuse_under_the_arn_is_not_sent(
    import_: Callable[..., Ran], wire: Proxy, before: Request, after: Request
) -> None:
    import_(make_chain(leaf=before))

    ran = import_(make_chain(leaf=after))

    assert ran.error == (3, "reimport-incompatible")
    assert "certkit migrate shop --to" in ran.document["error"]["hint"]
    assert writes(wire) == []


def test_what_is_lost_by_a_reimport_is_a_warning(import_: Callable[..., Ran]) -> None:
    import_(make_chain(leaf=Request(sans=("shop.example.com", "old.example.com"))))

    ran = import_(make_chain(leaf=Request(sans=("shop.example.com",))))

    assert ran.result["action"] == "reimported"
    assert "the name old.example.com is lost" in ran.result["warnings"]


def test_what_expires_sooner_is_imported_with_a_warning(import_: Callable[..., Ran], clock: SettableClock) -> None:
    sooner, later = (make_chain(leaf=Request(not_after=clock() + timedelta(days=days))) for days in (30, 90))
    import_(later)

    ran = import_(sooner)

    assert ran.result["action"] == "reimported"
    assert [text for text in ran.result["warnings"] if "before what it replaces" in text]
    assert "[expires-sooner]" in ran.err


# Several regions.


def test_several_regions_get_a_certificate_each(import_: Callable[..., Ran], server: StrictAcm) -> None:
    ran = import_(make_chain(), "--region", IRELAND, "--region", FRANKFURT, "--region", IRELAND)

    assert [(result["region"], result["action"]) for result in ran.results] == [
        (FRANKFURT, "imported"),
        (IRELAND, "imported"),
    ]
    assert [len(held(server, region)) for region in (FRANKFURT, IRELAND)] == [1, 1]


@pytest.mark.parametrize("operation", ["ImportCertificate", "ListCertificates"])
def test_of_several_regions_one_that_fails_does_not_stop_the_others(
    import_: Callable[..., Ran], server: StrictAcm, operation: str
) -> None:
    server.deny(operation, region=FRANKFURT)

    ran = import_(make_chain(), "--region", FRANKFURT, "--region", IRELAND)

    assert ran.code == 3
    assert [(result["region"], result["action"]) for result in ran.results] == [
        (FRANKFURT, "failed"),
        (IRELAND, "imported"),
    ]
    assert ran.results[0]["error"]["code"] == "aws-denied"


def test_of_several_regions_one_that_is_ambiguous_does_not_stop_the_others(
    import_: Callable[..., Ran], put: Callable[..., str]
) -> None:
    put(make_chain(), region=FRANKFURT, certkit_name="shop")
    put(make_chain(), region=FRANKFURT, certkit_name="shop")

    ran = import_(make_chain(), "--region", FRANKFURT, "--region", IRELAND)

    assert ran.code == 3
    assert [result["action"] for result in ran.results] == ["failed", "imported"]
    assert ran.results[0]["error"]["code"] == "ambiguous"


def test_a_failed_region_is_told_with_its_remedy(
    run: Callable[..., Ran], save: Callable[..., Path], server: StrictAcm, wire: Proxy
) -> None:
    server.deny("ImportCertificate", region=FRANKFURT)

    ran = run("import", save(make_chain()), "--name", "shop", "--region", FRANKFURT, "--region", HOME)

    assert ran.code == 3
    assert (
        "shop: failed in eu-central-1 of 123456789012: importing into eu-central-1: AccessDeniedException: User:"
        in ran.out
    )
    assert "  hint: the caller's policy must allow this action" in ran.out
    assert "shop: imported, valid until 2049-12-31" in ran.out
    assert writes(wire) == ["ImportCertificate"] * 2


def test_a_failed_reimport_says_what_still_stands_there(import_: Callable[..., Ran], server: StrictAcm) -> None:
    old = make_chain()
    first = import_(old, "--region", FRANKFURT, "--region", IRELAND)
    server.deny("ImportCertificate", region=FRANKFURT)

    ran = import_(renewed(), "--region", FRANKFURT, "--region", IRELAND)

    assert ran.results[0] == {
        **first.results[0],
        "action": "failed",
        "sha256": ran.results[1]["sha256"],
        "previous_sha256": old.sha256,
        "error": ran.results[0]["error"],
    }


@pytest.mark.parametrize("region", ["all", "nowhere", "US-EAST-1", "us-east-1.evil.example/"])
def test_what_is_no_region_is_refused_before_any_request(import_: Callable[..., Ran], wire: Proxy, region: str) -> None:
    ran = import_(make_chain(), "--region", region)

    assert ran.error == (2, "usage")
    assert wire.operations == []


# Showing instead of doing.


def test_a_dry_run_prints_the_plan_and_writes_nothing(
    import_: Callable[..., Ran], server: StrictAcm, wire: Proxy
) -> None:
    issued = make_chain()

    ran = import_(issued, "--dry-run", "--tag", "team=web")

    assert ran.code == 0
    assert ran.document["schema"] == "certkit.plan/1"
    assert len(ran.document["digest"]) == 64
    assert ran.document["actions"] == [
        {
            "name": "shop",
            "account": ACCOUNT,
            "region": HOME,
            "action": "import",
            "arn": None,
            "sha256": issued.sha256,
            "previous_sha256": None,
            "tags": {
                "certkit:name": "shop",
                "certkit:not-after": "2049-12-31T23:59:59Z",
                "certkit:sha256": issued.sha256,
                "team": "web",
            },
        }
    ]
    assert (writes(wire), held(server)) == ([], {})


def test_a_dry_run_for_people_says_what_would_change(
    run: Callable[..., Ran], save: Callable[..., Path], put: Callable[..., str]
) -> None:
    old, new = make_chain(), renewed()
    arn = put(old, certkit_name="shop")

    ran = run("import", save(new), "--name", "shop", "--dry-run")

    assert ran.code == 0
    assert ran.out.splitlines() == [
        f"shop: would reimport: {ACCOUNT} {HOME} {arn}",
        f"  leaf  {old.sha256} -> {new.sha256}",
        "  tag   certkit:not-after=2049-12-31T23:59:59Z",
        f"  tag   certkit:sha256={new.sha256}",
    ]


def test_a_dry_run_for_people_says_what_would_be_new_and_what_would_stay(
    run: Callable[..., Ran], save: Callable[..., Path], put: Callable[..., str], wire: Proxy
) -> None:
    issued = make_chain()
    tags = {"certkit_sha256": issued.sha256, "certkit_not-after": "2049-12-31T23:59:59Z"}
    arn = put(issued, region=FRANKFURT, certkit_name="shop", **tags)

    ran = run("import", save(issued), "--name", "shop", "--region", HOME, "--region", FRANKFURT, "--dry-run")

    lines = [line for line in ran.out.splitlines() if not line.startswith("  tag ")]
    assert wire.sent
    assert lines == [
        f"shop: nothing to do: {ACCOUNT} {FRANKFURT} {arn}",
        f"shop: would import: {ACCOUNT} {HOME} a new ARN",
    ]


def test_a_plan_that_lacks_a_region_is_none(import_: Callable[..., Ran], server: StrictAcm) -> None:
    server.deny("ListCertificates", region=FRANKFURT)

    ran = import_(make_chain(), "--region", FRANKFURT, "--region", IRELAND, "--dry-run")

    assert ran.error == (3, "aws-denied")


@pytest.mark.parametrize("value", ["1", "true", "yes"])
def test_read_only_forbids_the_write(
    import_: Callable[..., Ran], wire: Proxy, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("CERTKIT_READ_ONLY", value)

    ran = import_(make_chain())

    assert ran.error == (2, "read-only")
    assert writes(wire) == []


@pytest.mark.parametrize("value", ["", "0"])
def test_read_only_can_be_off(import_: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("CERTKIT_READ_ONLY", value)

    ran = import_(make_chain())

    assert ran.result["action"] == "imported"


def test_read_only_lets_pass_what_writes_nothing(import_: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch) -> None:
    issued = make_chain()
    import_(issued)
    monkeypatch.setenv("CERTKIT_READ_ONLY", "1")

    ran = import_(issued)

    assert (ran.code, ran.result["action"]) == (0, "unchanged")


def test_identity_and_target_are_shown_before_the_write(
    run: Callable[..., Ran], save: Callable[..., Path], wire: Proxy
) -> None:
    wire.script("ImportCertificate", Refusal("ValidationException"))

    ran = run("import", save(make_chain()), "--name", "shop", "--region", HOME, "--region", FRANKFURT)

    assert f"certkit: account {ACCOUNT}, us-east-1, eu-central-1, as arn:aws:sts::{ACCOUNT}:user/moto" in ran.err


def test_the_result_for_people_is_two_lines(run: Callable[..., Ran], save: Callable[..., Path], wire: Proxy) -> None:
    ran = run("import", save(make_chain()), "--name", "shop")

    assert wire.operations[-1] != "ImportCertificate"
    first, second = ran.out.splitlines()
    assert first == "shop: imported, valid until 2049-12-31"
    assert second.startswith(f"  arn:aws:acm:us-east-1:{ACCOUNT}:certificate/")


# What is refused before AWS is asked.


@pytest.mark.parametrize(
    "options",
    [
        ("--tag", "team"),
        ("--tag", "team=web", "--tag", "team=shop"),
        ("--tag", "aws:team=web"),
        ("--tag", "certkit:name=other"),
        ("--tag", "hosts=*.example.com"),
        ("--tag", "hosts=a,b"),
        ("--tag", f"team={'w' * 257}"),
        tuple(part for number in range(48) for part in ("--tag", f"tag{number}=1")),
        ("--ignore", "leaf-expired"),
        ("--ignore", "leaf-expired", "--reason", " "),
        ("--ignore", "no-such-rule", "--reason", "because"),
        ("--for", "no-such-service"),
    ],
)
def test_options_that_are_wrong_are_refused_before_any_request(
    import_: Callable[..., Ran], wire: Proxy, options: tuple[str, ...]
) -> None:
    ran = import_(make_chain(), *options)

    assert ran.error == (2, "usage")
    assert wire.operations == []


@pytest.mark.parametrize("name", ["*.example.com", "a,b", "", " "])
def test_a_name_that_cannot_be_a_tag_is_refused_before_any_request(
    import_: Callable[..., Ran], wire: Proxy, name: str
) -> None:
    ran = import_(make_chain(), name=name)

    assert ran.error == (2, "usage")
    assert wire.operations == []


def test_neither_name_nor_arn_is_a_usage_error(import_: Callable[..., Ran]) -> None:
    ran = import_(make_chain(), name=None)

    assert ran.error == (2, "usage")


def test_47_tags_of_ones_own_are_taken(import_: Callable[..., Ran], server: StrictAcm) -> None:
    options = [part for number in range(47) for part in ("--tag", f"tag{number}=1")]

    ran = import_(make_chain(), *options)

    assert len(tags_of(server, ran.result["arn"])) == 50


@pytest.mark.parametrize("options", [(), ("--role-arn", f"arn:aws:iam::{OTHER}:role/certkit"), ("--region", IRELAND)])
def test_what_acm_would_refuse_is_refused_before_any_request(
    import_: Callable[..., Ran], wire: Proxy, options: tuple[str, ...]
) -> None:
    expired = make_chain(leaf=Request(not_after=datetime(2026, 11, 1, tzinfo=UTC)))

    ran = import_(expired, *options)

    assert ran.error == (1, "not-importable")
    assert wire.operations == []


def test_an_ignored_rule_is_on_record(import_: Callable[..., Ran], wire: Proxy) -> None:
    expired = make_chain(leaf=Request(not_after=datetime(2026, 11, 1, tzinfo=UTC)))
    finding = import_(expired).document["error"]["message"]
    rule = finding.rpartition("[")[2].rstrip("]")
    wire.script("ImportCertificate", Refusal("ValidationException", "The certificate has expired, is not valid."))

    ran = import_(expired, "--ignore", rule, "--reason", "a drill", "--region", HOME, "--region", IRELAND)

    assert writes(wire) == ["ImportCertificate"] * 2
    assert f"{rule} ignored: a drill" in ran.results[0]["warnings"]
    assert ran.results[0]["error"]["code"] == "aws-refused"


def test_the_limits_of_the_service_are_warnings(import_: Callable[..., Ran]) -> None:
    ran = import_(make_chain(), "--for", "cloudfront", "--region", FRANKFURT)

    assert ran.result["action"] == "imported"
    assert [warning for warning in ran.result["warnings"] if warning.startswith("service-region: ")]
    assert "[service-region]" in ran.err


# Requests that fail.


def test_throttles_are_waited_out(import_: Callable[..., Ran], server: StrictAcm, wire: Proxy) -> None:
    wire.script("ImportCertificate", THROTTLE, THROTTLE, THROTTLE)

    ran = import_(make_chain())

    assert ran.result["action"] == "imported"
    assert writes(wire) == ["ImportCertificate"] * 4
    assert len(held(server)) == 1


def test_the_documented_rates_are_kept_or_waited_for(
    import_: Callable[..., Ran], put: Callable[..., str], server: StrictAcm, wire: Proxy
) -> None:
    for number in range(15):
        put(make_chain(leaf=Request(sans=("shop.example.com",), serial=1000 + number)))
    wire.always("GetResources", UNSEEN)
    server.behaviour = Behaviour(requests_per_second=DOCUMENTED_RATES)

    ran = import_(renewed())

    assert ran.result["action"] == "imported"
    assert wire.operations.count("ListTagsForCertificate") > 15


def test_an_endless_throttle_is_an_error_with_a_remedy(import_: Callable[..., Ran], wire: Proxy) -> None:
    wire.always("ImportCertificate", THROTTLE)

    ran = import_(make_chain())

    assert ran.error == (3, "aws-throttled")
    assert writes(wire) == ["ImportCertificate"] * 12


@pytest.mark.parametrize("quota", [{"imported_certificates": 0}, {"imports_per_year": 0}])
def test_an_exhausted_quota_is_sent_once(
    import_: Callable[..., Ran], server: StrictAcm, wire: Proxy, quota: dict[str, int]
) -> None:
    server.behaviour = replace(Behaviour(), **quota)  # type: ignore[arg-type]  # numbers, both

    ran = import_(make_chain())

    assert ran.error == (3, "aws-quota")
    assert writes(wire) == ["ImportCertificate"]


@pytest.mark.parametrize("fault", [Fault.ERROR_AFTER, Fault.RESET_AFTER, Fault.HALF_AFTER])
def test_a_lost_answer_is_no_second_certificate(
    import_: Callable[..., Ran], server: StrictAcm, wire: Proxy, fault: Fault
) -> None:
    issued = make_chain()
    wire.script("ImportCertificate", fault)

    lost = import_(issued)
    sent = writes(wire)
    again = import_(issued)

    assert lost.result["action"] == "imported"
    assert sent == ["ImportCertificate"]
    assert again.result["action"] == "unchanged"
    assert len(held(server)) == 1


@pytest.mark.parametrize("fault", [Fault.ERROR_BEFORE, Fault.ERROR_AFTER, Fault.RESET_BEFORE, Fault.RESET_AFTER])
def test_a_reimport_whose_answer_is_lost_is_sent_again(
    import_: Callable[..., Ran], server: StrictAcm, wire: Proxy, fault: Fault
) -> None:
    import_(make_chain())
    wire.script("ImportCertificate", fault)

    ran = import_(renewed())

    assert ran.result["action"] == "reimported"
    assert writes(wire) == ["ImportCertificate", "ImportCertificate", "AddTagsToCertificate"]
    assert len(held(server)) == 1


def test_tags_that_cannot_be_written_are_a_warning_and_healed_by_the_next_run(
    import_: Callable[..., Ran], server: StrictAcm
) -> None:
    import_(make_chain())
    new = renewed()
    server.deny("AddTagsToCertificate")

    ran = import_(new)
    server.deny()
    healed = import_(new)

    assert (ran.code, ran.result["action"]) == (0, "reimported")
    assert ran.result["warnings"][-1].startswith("the certificate is replaced, its tags are not: ")
    assert (healed.result["action"], tags_of(server, healed.result["arn"])["certkit:sha256"]) == ("tagged", new.sha256)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("AccessDeniedException", "aws-denied"),
        ("ExpiredTokenException", "aws-auth"),
        ("UnrecognizedClientException", "aws-auth"),
        ("ConflictException", "aws-refused"),
        ("ValidationException", "aws-refused"),
        ("TagPolicyException", "aws-refused"),
    ],
)
def test_refusals_have_their_codes_and_what_to_do(
    import_: Callable[..., Ran], wire: Proxy, code: str, expected: str
) -> None:
    wire.always("ImportCertificate", Refusal(code, "AWS said so."))

    ran = import_(make_chain())

    assert ran.error == (3, expected)
    assert ran.document["error"]["message"].startswith("importing into us-east-1: ")
    assert f"{code}: AWS said so" in ran.document["error"]["message"]
    assert bool(ran.document["error"]["hint"]) == (code != "ValidationException")


def test_no_credentials_are_told_as_such(
    import_: Callable[..., Ran], wire: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")

    ran = import_(make_chain())

    assert ran.error == (3, "aws-auth")
    assert "--profile" in ran.document["error"]["hint"]
    assert wire.operations == []


def test_an_unknown_profile_is_a_usage_error(import_: Callable[..., Ran]) -> None:
    ran = import_(make_chain(), "--profile", "Nobody")

    assert ran.error == (2, "usage")
    assert "(Nobody)" in ran.document["error"]["message"]


def test_an_endpoint_that_does_not_answer_is_told_as_such(
    import_: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")

    ran = import_(make_chain())

    assert ran.error == (3, "aws-unreachable")
    assert "nothing was sent" in ran.document["error"]["hint"]


@pytest.mark.parametrize("url", ["localhost:5000", "no url"])
def test_an_endpoint_that_is_no_url_is_told_as_such(
    import_: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", url)

    ran = import_(make_chain())

    assert ran.error == (2, "configuration")
    assert "AWS_ENDPOINT_URL" in ran.document["error"]["hint"]


# Where, and as whom.


def test_the_endpoint_of_acm_alone_is_honoured(
    run: Callable[..., Ran],
    save: Callable[..., Path],
    server: StrictAcm,
    wire: Proxy,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", server.url)
    monkeypatch.setenv("AWS_ENDPOINT_URL_ACM", wire.url)

    ran = run("import", save(make_chain()), "--name", "shop")

    assert ran.code == 0
    assert {sent.scope[1] for sent in wire.sent} == {"acm"}


@pytest.mark.parametrize(
    ("environment", "region", "noted"),
    [
        ({}, HOME, None),
        ({"CERTKIT_REGION": IRELAND}, IRELAND, "AWS_DEFAULT_REGION=us-east-1"),
        ({"CERTKIT_REGION": IRELAND, "AWS_DEFAULT_REGION": IRELAND}, IRELAND, None),
        ({"AWS_REGION": IRELAND}, HOME, "AWS_REGION=eu-west-1"),
        ({"AWS_DEFAULT_REGION": IRELAND}, HOME, "AWS_DEFAULT_REGION=eu-west-1"),
        ({"AWS_REGION": IRELAND, "AWS_DEFAULT_REGION": FRANKFURT}, HOME, "AWS_REGION=eu-west-1"),
        ({"AWS_REGION": "cn-northwest-1"}, "cn-north-1", "AWS_REGION=cn-northwest-1"),
        ({"AWS_DEFAULT_REGION": "us-gov-east-1"}, "us-gov-west-1", "AWS_DEFAULT_REGION=us-gov-east-1"),
    ],
)
def test_the_region_is_certkits_own_and_one_line_says_where_others_differ(
    import_: Callable[..., Ran],
    monkeypatch: pytest.MonkeyPatch,
    environment: dict[str, str],
    region: str,
    noted: str | None,
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    ran = import_(make_chain())

    notes = [line for line in ran.err.splitlines() if "does not count here" in line]
    assert ran.result["region"] == region
    assert [note.split()[1] for note in notes] == ([noted] if noted else [])


def test_a_named_region_leaves_nothing_to_note(import_: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_REGION", IRELAND)

    ran = import_(make_chain(), "--region", FRANKFURT)

    assert ran.result["region"] == FRANKFURT
    assert "does not count here" not in ran.err


@pytest.mark.parametrize("region", ["cn-northwest-1", "us-gov-east-1"])
def test_another_partition_is_asked_who_the_caller_is(import_: Callable[..., Ran], wire: Proxy, region: str) -> None:
    ran = import_(make_chain(), "--region", region)

    homes = {"cn-northwest-1": "cn-north-1", "us-gov-east-1": "us-gov-west-1"}
    assert ran.result["region"] == region
    assert [sent.scope[0] for sent in wire.sent if sent.operation == "GetCallerIdentity"] == [homes[region]]


def test_another_account_than_expected_is_refused(import_: Callable[..., Ran], wire: Proxy) -> None:
    ran = import_(make_chain(), "--expect-account", OTHER)

    assert ran.error == (3, "aws-auth")
    assert wire.operations == ["GetCallerIdentity"]


def test_the_expected_account_is_taken(import_: Callable[..., Ran]) -> None:
    ran = import_(make_chain(), "--expect-account", ACCOUNT)

    assert ran.result["account"] == ACCOUNT


def test_a_role_leads_into_its_account(import_: Callable[..., Ran], server: StrictAcm, wire: Proxy) -> None:
    role = f"arn:aws:iam::{OTHER}:role/certkit"

    ran = import_(make_chain(), "--role-arn", role, "--external-id", "shop-1", "--expect-account", OTHER)

    assumed = [sent.body for sent in wire.sent if sent.operation == "AssumeRole"]
    assert ran.result["account"] == OTHER
    assert [len(held(server, account=account)) for account in (ACCOUNT, OTHER)] == [0, 1]
    assert [(body["RoleArn"], body["ExternalId"]) for body in assumed] == [(role, "shop-1")]


def test_a_role_of_another_partition_is_assumed_there(import_: Callable[..., Ran], wire: Proxy) -> None:
    ran = import_(make_chain(), "--role-arn", f"arn:aws-cn:iam::{OTHER}:role/certkit")

    assert ran.result["region"] == "cn-north-1"
    assert {sent.scope[0] for sent in wire.sent} == {"cn-north-1"}


def test_a_role_that_may_not_be_assumed_is_told_as_such(import_: Callable[..., Ran], wire: Proxy) -> None:
    role = f"arn:aws:iam::{OTHER}:role/certkit"
    wire.always("AssumeRole", Refusal("AccessDenied"))

    ran = import_(make_chain(), "--role-arn", role)

    assert ran.error == (3, "aws-denied")
    assert f"assuming the role {role}" in ran.document["error"]["message"]


@pytest.mark.parametrize("options", [("--role-arn", "certkit"), ("--role-arn", "r" * 30, "--external-id", "1")])
def test_what_is_no_role_is_a_usage_error(import_: Callable[..., Ran], options: tuple[str, ...]) -> None:
    ran = import_(make_chain(), *options)

    assert ran.error == (2, "usage")


def test_a_profile_leads_to_its_own_credentials_and_role(
    import_: Callable[..., Ran], server: StrictAcm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "config"
    config.write_text(
        "[profile source]\naws_access_key_id = a\naws_secret_access_key = b\n"
        f"[profile prod]\nsource_profile = source\nrole_arn = arn:aws:iam::{OTHER}:role/certkit\nregion = eu-west-1\n"
    )
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))

    ran = import_(make_chain(), "--profile", "prod")

    assert (ran.result["account"], ran.result["region"]) == (OTHER, HOME)
    assert len(held(server, account=OTHER)) == 1


def test_a_broken_configuration_is_told_as_such(
    import_: Callable[..., Ran], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "config"
    config.write_text("[default\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))

    ran = import_(make_chain())

    assert ran.error == (2, "configuration")


def test_the_debug_log_holds_no_key(run: Callable[..., Ran], save: Callable[..., Path], wire: Proxy) -> None:
    issued = make_chain()

    ran = run("import", save(issued), "--name", "shop", "--debug")

    assert "ImportCertificate" in wire.operations
    assert "ImportCertificate" in ran.err
    assert issued.key_pem.decode().splitlines()[1] not in ran.err


def test_a_certificate_that_expires_while_it_stands_there_is_replaced(
    import_: Callable[..., Ran], clock: SettableClock, server: StrictAcm
) -> None:
    short = Request(not_after=datetime(2026, 11, 23, tzinfo=UTC))
    arn = import_(make_chain(leaf=short)).result["arn"]
    clock.advance(timedelta(days=5))
    new = make_chain()

    ran = import_(new)

    assert ran.result["action"] == "reimported"
    assert held(server) == {arn: new.sha256}


def test_acm_can_be_given_more_time(import_: Callable[..., Ran]) -> None:
    ran = import_(make_chain(), "--wait")

    assert ran.result["action"] == "imported"


def test_a_token_that_expires_during_the_run_fails_what_is_left(import_: Callable[..., Ran], wire: Proxy) -> None:
    wire.always("ImportCertificate", Refusal("ExpiredTokenException"), region=IRELAND)

    ran = import_(make_chain(), "--region", FRANKFURT, "--region", IRELAND)

    assert [result["action"] for result in ran.results] == ["imported", "failed"]
    assert ran.results[1]["error"]["code"] == "aws-auth"


def test_documents_are_stable(import_: Callable[..., Ran]) -> None:
    issued = make_chain()
    import_(issued)

    first, second = import_(issued), import_(issued)

    documents: list[Any] = [json.loads(ran.out) for ran in (first, second)]
    assert documents[0] == documents[1]
