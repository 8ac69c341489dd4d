"""`certkit validate --against`: may it replace what stands in ACM, or in a file that stands for it?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from tests.aws.faults import Refusal
from tests.aws.scene import ACCOUNT, HOME, WRITES
from tests.cli.bundles import SHOP, pem, save, shop
from tests.cli.running import certkit, program
from tests.issuing import CLIENT_AUTH, SERVER_AUTH, Request, make_chain

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.aws.faults import Proxy
    from tests.aws.scene import Ran

pytest_plugins = ["tests.aws.fixtures"]

FRANKFURT = "eu-central-1"


def verdict_of(document: dict[str, Any]) -> tuple[str, list[str]]:
    (result,) = document["results"]
    return result["reimport"]["verdict"], result["reimport"]["reasons"]


@pytest.fixture
def current(tmp_path: Path) -> Path:
    """A file with the certificate that ACM holds, without its key."""
    return save(tmp_path, "current.pem", shop().pem)


def test_what_may_replace_it_is_told_in_one_line(tmp_path: Path, current: Path) -> None:
    source = save(tmp_path, "new.pem", pem(shop()))

    done = certkit("validate", source, "--against", current)

    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout == f"{source}: importable\n  reimport-ok: it may replace {current}\n"


def test_what_may_not_is_a_finding_with_the_clause(tmp_path: Path, current: Path) -> None:
    source = save(tmp_path, "new.pem", pem(shop(replace(SHOP, key=("EC_secp384r1", 0)))))

    done = certkit("validate", source, "--against", current)

    assert (done.exit_code, done.stderr) == (1, "")
    first, second, third, _ = done.stdout.splitlines()
    assert first == f"{source}: not importable"
    assert second == f"  new-arn-required: it cannot replace {current} [reimport-key-differs]"
    assert third.startswith("  error: leaf: its key is EC_secp384r1, the one there is EC_prime256v1")


def test_the_document_holds_the_verdict_beside_the_findings(tmp_path: Path, current: Path) -> None:
    source = save(tmp_path, "new.pem", pem(shop(Request("localhost", key=("EC_secp384r1", 0)))))

    done = certkit("validate", source, "--against", current, "--format", "json")

    (result,) = done.document["results"]
    assert result["reimport"] == {
        "verdict": "new-arn-required",
        "against": str(current),
        "reasons": ["reimport-key-differs", "reimport-names-lost"],
    }
    assert not result["importable"]


def test_without_against_the_document_is_as_ever(tmp_path: Path) -> None:
    done = certkit("validate", save(tmp_path, "new.pem", pem(shop())), "--format", "json")

    assert sorted(done.document["results"][0]) == ["findings", "importable", "source"]


@pytest.mark.parametrize(
    ("before", "after", "rule"),
    [
        ({"sans": ("a.example.com", "b.example.com")}, {"sans": ("a.example.com",)}, "reimport-some-names-lost"),
        (
            {"sans": ("a.example.com",), "extended_key_usages": (SERVER_AUTH, CLIENT_AUTH)},
            {"sans": ("a.example.com",), "extended_key_usages": (SERVER_AUTH,)},
            "reimport-client-auth-lost",
        ),
        (
            {"sans": ("a.example.com",)},
            {"sans": ("a.example.com",), "key_usages": ("digital_signature",)},
            "reimport-extension-added",
        ),
    ],
)
def test_what_acm_does_without_a_word_is_a_warning(
    tmp_path: Path, before: dict[str, Any], after: dict[str, Any], rule: str
) -> None:
    against = save(tmp_path, "current.pem", shop(replace(Request(common_name=None), **before)).pem)
    source = save(tmp_path, "new.pem", pem(shop(replace(Request(common_name=None), **after))))

    done = certkit("validate", source, "--against", against, "--format", "json")

    (finding,) = done.document["results"][0]["findings"]
    assert (done.exit_code, verdict_of(done.document)) == (0, ("reimport-ok", []))
    assert (finding["rule"], finding["severity"]) == (rule, "warning")


@pytest.mark.parametrize("form", ["sarif", "junit", "github"])
def test_the_clause_stands_in_every_report(tmp_path: Path, current: Path, form: str) -> None:
    source = save(tmp_path, "new.pem", pem(shop(replace(SHOP, key=("EC_secp384r1", 0)))))

    done = certkit("validate", source, "--against", current, "--format", form)

    assert done.exit_code == 1
    assert "reimport-key-differs" in done.stdout
    assert "Clause" not in done.stdout


def test_a_clause_that_does_not_count_speaks_against_nothing(tmp_path: Path, current: Path) -> None:
    source = save(tmp_path, "new.pem", pem(shop(replace(SHOP, key=("EC_secp384r1", 0)))))

    done = certkit(*("validate", source, "--against", current, "--ignore", "reimport-key-differs", "--format", "json"))

    assert (done.exit_code, verdict_of(done.document)) == (0, ("reimport-ok", []))


def test_several_bundles_are_held_against_the_same_and_each_has_a_verdict(tmp_path: Path, current: Path) -> None:
    same = save(tmp_path, "a.pem", pem(shop()))
    other = save(tmp_path, "b.pem", pem(shop(replace(SHOP, key=("EC_secp384r1", 0)))))

    done = certkit("validate", same, other, "--against", current, "--format", "json")

    verdicts = [result["reimport"]["verdict"] for result in done.document["results"]]
    assert (done.exit_code, verdicts) == (1, ["reimport-ok", "new-arn-required"])


def test_bytes_as_they_are_are_held_against_it_too(tmp_path: Path, current: Path) -> None:
    issued = shop(replace(SHOP, key=("EC_secp384r1", 0)))
    parts = [("--body", issued.pem), ("--key", issued.key_pem), ("--chain", issued.chain_pem)]
    given = [word for name, content in parts for word in (name, save(tmp_path, name, content))]

    done = certkit("validate", "--as-is", *given, "--against", current, "--format", "json")

    assert verdict_of(done.document) == ("new-arn-required", ["reimport-key-differs"])


def test_what_is_no_bundle_has_no_verdict(tmp_path: Path, current: Path) -> None:
    source = save(tmp_path, "key.pem", shop().key_pem)

    done = certkit("validate", source, "--against", current, "--format", "json")

    assert done.exit_code == 1
    assert "reimport" not in done.document["results"][0]


def test_a_whole_bundle_may_stand_for_what_acm_holds(tmp_path: Path) -> None:
    against = save(tmp_path, "current.pem", pem(shop()))

    done = certkit("validate", save(tmp_path, "new.pem", pem(shop())), "--against", against)

    assert "reimport-ok" in done.stdout


@pytest.mark.parametrize(
    ("content", "code"), [(b"junk", "input-unreadable"), (b"", "input-unreadable"), (shop().key_pem, "no-leaf")]
)
def test_what_stands_for_it_must_hold_a_certificate(tmp_path: Path, content: bytes, code: str) -> None:
    against = save(tmp_path, "current.pem", content)

    done = certkit("validate", save(tmp_path, "new.pem", pem(shop())), "--against", against, "--format", "json")

    assert (done.exit_code, done.error_code) == (3, code)
    assert done.document["error"]["message"].startswith(f"{against}: ")


def test_standard_input_is_not_read_twice() -> None:
    done = certkit("validate", "-", "--against", "-", stdin=pem(shop()))

    assert (done.exit_code, done.stdout) == (2, "")


def test_a_file_is_held_against_without_loading_what_reaches_aws(tmp_path: Path, current: Path) -> None:
    source = save(tmp_path, "new.pem", pem(shop()))

    done = program("validate", source, "--against", current, environment={"PYTHONPROFILEIMPORTTIME": "1"})

    assert done.exit_code == 0
    assert "boto" not in done.stderr


# In ACM


def test_what_stands_under_the_arn_is_looked_at_and_nothing_is_written(
    run: Callable[..., Ran], save: Callable[..., Path], put: Callable[..., str], wire: Proxy
) -> None:
    arn = put(make_chain(leaf=Request(key=("EC_secp384r1", 0))))

    ran = run("validate", save(make_chain()), "--against", arn, "--format", "json")

    assert ran.code == 1
    assert verdict_of(ran.document) == ("new-arn-required", ["reimport-key-differs"])
    assert not WRITES & {*wire.operations}


def test_the_arns_own_region_is_asked(
    run: Callable[..., Ran], save: Callable[..., Path], put: Callable[..., str]
) -> None:
    arn = put(make_chain(), region=FRANKFURT)

    ran = run("validate", save(make_chain()), "--against", arn, "--region", FRANKFURT, "--format", "json")

    assert verdict_of(ran.document) == ("reimport-ok", [])


def test_the_arns_region_is_held_against_that_of_the_service(
    run: Callable[..., Ran], save: Callable[..., Path], put: Callable[..., str]
) -> None:
    arn = put(make_chain(), region=FRANKFURT)

    ran = run("validate", save(make_chain()), "--against", arn, "--for", "cloudfront", "--format", "json")

    assert "service-region" in [finding["rule"] for finding in ran.results[0]["findings"]]


def test_a_certificate_of_amazons_cannot_be_replaced(
    run: Callable[..., Ran], save: Callable[..., Path], amazon_issued: str, wire: Proxy
) -> None:
    ran = run("validate", save(make_chain()), "--against", amazon_issued, "--format", "json")

    assert wire.sent
    assert verdict_of(ran.document) == ("new-arn-required", ["reimport-not-imported"])


def test_what_was_never_issued_cannot_be_replaced(
    run: Callable[..., Ran], save: Callable[..., Path], amazon_issued: str, wire: Proxy
) -> None:
    wire.script("GetCertificate", Refusal("RequestInProgressException"))

    ran = run("validate", save(make_chain()), "--against", amazon_issued, "--format", "json")

    assert verdict_of(ran.document) == ("new-arn-required", ["reimport-not-imported"])
    assert "nothing has been issued there" in ran.out


@pytest.mark.parametrize(
    ("arn", "options"),
    [
        (f"arn:aws:acm:{HOME}:{ACCOUNT}:certificate/1", ("--region", FRANKFURT)),
        (f"arn:aws:acm:{HOME}:{ACCOUNT}:certificate/1", ("--region", HOME, "--region", FRANKFURT)),
        (f"arn:aws-cn:acm:{HOME}:{ACCOUNT}:certificate/1", ()),
        (f"arn:aws:acm:cn-north-1:{ACCOUNT}:certificate/1", ()),
    ],
)
def test_a_wrong_region_or_partition_is_told_without_asking_aws(
    run: Callable[..., Ran], save: Callable[..., Path], wire: Proxy, arn: str, options: tuple[str, ...]
) -> None:
    ran = run("validate", save(make_chain()), "--against", arn, *options, "--format", "json")

    assert ran.code == 1
    assert verdict_of(ran.document) == ("new-arn-required", ["reimport-wrong-region"])
    assert wire.operations == []


@pytest.mark.parametrize("arn", ["arn:", f"arn:aws:iam::{ACCOUNT}:server-certificate/shop"])
def test_an_arn_of_something_else_is_a_usage_error(
    run: Callable[..., Ran], save: Callable[..., Path], wire: Proxy, arn: str
) -> None:
    ran = run("validate", save(make_chain()), "--against", arn, "--format", "json")

    assert ran.error == (2, "usage")
    assert wire.operations == []


def test_an_arn_that_nothing_has_is_a_usage_error(
    run: Callable[..., Ran], save: Callable[..., Path], wire: Proxy
) -> None:
    ran = run("validate", save(make_chain()), "--against", f"arn:aws:acm:{HOME}:{ACCOUNT}:certificate/1")

    assert (ran.code, ran.out) == (2, "")
    assert wire.sent


def test_a_refusal_of_awss_is_a_failure_and_no_verdict(
    run: Callable[..., Ran], save: Callable[..., Path], put: Callable[..., str], wire: Proxy
) -> None:
    arn = put(make_chain())
    wire.script("DescribeCertificate", Refusal("AccessDeniedException"))

    ran = run("validate", save(make_chain()), "--against", arn, "--format", "json")

    assert ran.error == (3, "aws-denied")
