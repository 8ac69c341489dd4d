"""Tests of what `certkit validate --format github` writes."""

from pathlib import Path

import pytest

from certkit.errors import InputUnreadableError
from certkit.judgement import Failure, Judgement
from certkit.location import Place
from certkit.report.github import text
from certkit.rules import Finding, Severity
from tests.cli.bundles import EXPIRED, pem, save, shop
from tests.cli.running import certkit


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_a_good_bundle_is_worth_no_line(tmp_path: Path) -> None:
    save(tmp_path, "shop.pem", pem(shop()))

    done = certkit("validate", "shop.pem", "--format", "github")

    assert (done.exit_code, done.stdout, done.stderr) == (0, "", "")


def test_a_finding_is_an_annotation_of_its_lines(tmp_path: Path) -> None:
    issued = shop(EXPIRED)
    save(tmp_path, "old.pem", issued.key_pem + pem(issued, b""))
    first = issued.key_pem.count(b"\n") + 1
    last = first + issued.pem.count(b"\n") - 1

    done = certkit("validate", "old.pem", "--format", "github")

    assert done.exit_code == 1
    assert done.stdout == (
        f"::error file=old.pem,line={first},endLine={last},title=certificate-expired::"
        "old.pem: leaf: it expired on 2021-01-01 [certificate-expired]%0Arenew it, then import the new one\n"
    )


def test_a_warning_is_one_and_what_is_waived_a_notice(tmp_path: Path) -> None:
    issued = shop(EXPIRED)
    save(tmp_path, "old.pem", issued.chain_pem + issued.pem + issued.key_pem)
    save(
        tmp_path,
        "certkit.toml",
        b'[[waiver]]\nrule = "certificate-expired"\nmatch = "old"\nreason = "100%"\nuntil = 2027-01-31\n',
    )

    done = certkit("validate", "old.pem", "--format", "github")

    lines = done.stdout.splitlines()
    assert done.exit_code == 0
    assert [line.partition(" ")[0] for line in lines] == ["::warning", "::notice"]
    assert lines[1].endswith("%0Awaived until 2027-01-31: 100%25")


def test_what_cannot_be_read_is_an_error_of_the_file(tmp_path: Path) -> None:
    save(tmp_path, "junk.pem", b"")

    done = certkit("validate", "junk.pem", "--format", "github")

    assert done.exit_code == 3
    assert done.stdout == "::error file=junk.pem,title=input-unreadable::junk.pem: it is empty\n"


def test_what_a_runner_would_read_as_more_is_replaced() -> None:
    finding = Finding("weak-key", Severity.WARNING, "leaf", "50%: a,b\n::error::x\r", None, "https://example.com")
    judgement = Judgement("a:b,c%.pem", (finding,), places={"leaf": Place("a:b,c%.pem", 1, 2)})

    assert text(judgement) == (
        "::warning file=a%3Ab%2Cc%25.pem,line=1,endLine=2,title=weak-key::"
        "a:b,c%25.pem: leaf: 50%25: a,b\\x0a::error::x\\x0d [weak-key]"
    )


def test_a_failure_tells_the_way_out() -> None:
    failure = Failure("a.pem", InputUnreadableError("a.pem: it is cut", hint="get it again"))

    assert text(failure) == "::error file=a.pem,title=input-unreadable::a.pem: it is cut%0Aget it again"
