"""Tests of what `import` and `status` show, against the strict ACM."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from certkit.testing import StrictAcm
from certkit.testing.plugin import strict_acm, strict_acm_sessions  # noqa: F401 -- fixtures
from tests.cli.bundles import HOSTILE_NAME, pem, save, shop
from tests.cli.running import NOW, Finished, certkit
from tests.issuing import Request

Run = Callable[..., Finished]


@pytest.fixture
def run(strict_acm: StrictAcm) -> Run:  # noqa: F811 -- the fixture
    """Runs certkit against the strict ACM, whose clock is certkit's."""
    strict_acm.now = lambda: NOW
    return lambda *given: certkit(*given, environment=dict(os.environ))


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """A PEM bundle of leaf, chain and key."""
    return save(tmp_path, "shop.pem", pem(shop()))


def test_the_documents_of_an_import_keep_to_their_schemas(run: Run, bundle: Path) -> None:
    given = ("import", bundle, "--name", "shop", "--tag", "team=web", "--format", "json")

    documents = [run(*given, "--dry-run").document, run(*given).document, run(*given, "--dry-run").document]
    again = run(*given).document

    plan, imported, nothing = documents
    assert [plan["schema"], imported["schema"]] == ["certkit.plan/1", "certkit.import/1"]
    assert [plan["actions"][0]["action"], nothing["actions"][0]["action"]] == ["import", "none"]
    assert [imported["results"][0]["action"], again["results"][0]["action"]] == ["imported", "unchanged"]


def test_what_a_person_reads_of_an_import(run: Run, bundle: Path) -> None:
    plan = run("import", bundle, "--name", "shop", "--tag", "team=web", "--dry-run")
    done = run("import", bundle, "--name", "shop", "--tag", "team=web")
    renewed = save(bundle.parent, "new.pem", pem(shop()))
    replacing = run("import", renewed, "--name", "shop", "--dry-run")
    replaced = run("import", renewed, "--name", "shop")

    assert plan.stdout.startswith("shop: would import: 123456789012 us-east-1 a new ARN\n  tag   certkit:name=shop\n")
    assert done.stdout.startswith("shop: imported, valid until 2049-12-31\n  arn:aws:acm:us-east-1:123456789012:")
    assert replacing.stdout.startswith("shop: would reimport: 123456789012 us-east-1 arn:aws:acm:")
    assert "\n  leaf  " in replacing.stdout
    assert replaced.stdout.startswith("shop: reimported, valid until 2049-12-31\n")


def test_the_document_of_the_status_keeps_to_its_schema(run: Run, bundle: Path) -> None:
    run("import", bundle, "--name", "shop")

    document = run("status", "--format", "json").document

    (one,) = document["certificates"]
    assert document["coverage"] == [{"account": "123456789012", "region": "us-east-1", "state": "seen"}]
    assert (one["name"], one["managed"], one["expiring"]) == ("shop", True, False)


def test_a_region_that_was_not_seen_is_in_the_head_of_the_table(run: Run, strict_acm: StrictAcm) -> None:  # noqa: F811
    strict_acm.deny("ListCertificates", "SearchCertificates")

    done = run("status")

    assert done.exit_code == 3
    assert done.stdout == "0 certificates in no region; 1 denied\n  denied: us-east-1\n"


def test_hostile_names_in_acm_are_shown_escaped(run: Run, tmp_path: Path) -> None:
    source = save(tmp_path, "evil.pem", pem(shop(Request(HOSTILE_NAME, sans=("shop.example.com",)))))

    runs = [
        run("import", source, "--name", "evil", "--dry-run"),
        run("import", source, "--name", "evil", "--verbose"),
        run("status"),
    ]

    assert [done.exit_code for done in runs] == [0, 0, 0]
    assert all(one.isprintable() for done in runs for one in (done.stdout + done.stderr).replace("\n", ""))


def test_a_region_that_fails_stands_among_those_that_do_not(run: Run, bundle: Path, strict_acm: StrictAcm) -> None:  # noqa: F811
    strict_acm.deny("ImportCertificate", region="eu-west-1")
    given = ("import", bundle, "--name", "shop", "--region", "us-east-1", "--region", "eu-west-1")

    text = run(*given)
    document = run(*given, "--format", "json").document

    assert text.exit_code == 3
    assert text.stdout.startswith(
        "shop: failed in eu-west-1 of 123456789012: importing into eu-west-1: AccessDeniedException: "
    )
    assert "shop: imported, valid until 2049-12-31\n" in text.stdout
    assert [one["action"] for one in document["results"]] == ["failed", "unchanged"]


def test_more_regions_than_fit_a_line_are_counted(run: Run) -> None:
    regions = [word for name in ("us-east-1", "us-east-2", "eu-west-1", "eu-west-2") for word in ("--region", name)]

    done = run("status", *regions)

    assert (done.exit_code, done.stdout) == (0, "0 certificates in 4 regions\n")
