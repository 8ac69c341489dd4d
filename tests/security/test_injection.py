"""Text that others chose stays text: names and tags in ACM, words of AWS, whatever reads what certkit writes.

The strict ACM refuses most of these tags, as ACM does: the proxy puts them into the answers, as an ACM would that somebody
else has changed, or an endpoint that is none of AWS's.
"""

from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING, Any, Final

import pytest
from prometheus_client.parser import text_string_to_metric_families as samples

from certkit.report import one_line
from tests.aws.faults import Refusal, Rewrite
from tests.cli.bundles import HOSTILE_NAME, hostile, pem, save
from tests.cli.running import certkit
from tests.issuing import Request, make_chain

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.aws.faults import Proxy
    from tests.aws.scene import Ran

pytest_plugins = ["tests.aws.fixtures"]

STARTS: Final = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1+1", "\r=1+1", "\n::error::x", "::add-mask::x", "##[error]x")
"""What a spreadsheet takes for a formula, and a runner of GitHub's for a command."""

EVIL: Final = "</script><img src=x onerror=alert(1)>&\"'`\x1b]0;x\x07\x9b31m\u202e\u2028\x00{{7*7}}$(id)\\"
"""Markup, ends of attributes and strings, escapes of terminals, a turn of direction, templates of others."""

TEXTS: Final = [start + EVIL for start in STARTS]


@pytest.fixture
def evil(request: pytest.FixtureRequest, wire: Proxy, put: Callable[..., str]) -> str:
    """A certificate in ACM whose domain, names and tags are a hostile text; the text."""
    text: str = getattr(request, "param", TEXTS[0])
    put(
        make_chain(leaf=Request(sans=("shop.example.com",), key=("EC_prime256v1", 70))),
        certkit_name="shop",
        owner="web",
    )

    def spoil(answer: dict[str, Any]) -> None:
        for row in (*answer.get("CertificateSummaryList", ()), answer.get("Certificate", {})):
            row.update(DomainName=text, SubjectAlternativeNameSummaries=[text])
        for row in answer.get("Results", ()):
            row["X509Attributes"]["Subject"] = row["X509Attributes"]["Issuer"] = {"CommonName": text}
            row["X509Attributes"]["SubjectAlternativeNames"] = [{"DnsName": text}]

    def tag(answer: dict[str, Any]) -> None:
        tags = [{"Key": key, "Value": text} for key in ("certkit:name", "owner", text)]
        for row in answer.get("ResourceTagMappingList", ()):
            row["Tags"] = tags
        if "Tags" in answer:
            answer["Tags"] = tags

    for operation in ("ListCertificates", "SearchCertificates", "DescribeCertificate"):
        wire.always(operation, Rewrite(spoil))
    for operation in ("GetResources", "ListTagsForCertificate"):
        wire.always(operation, Rewrite(tag))
    return text


def _is_clean(text: str) -> bool:
    """Tells whether a terminal shows a text as it is, and no line of it is a command of a runner's."""
    return not re.search(r"[^\S\n ]|[^\x20-\x7e\n…✓]|^(::|##)", text, re.MULTILINE)


@pytest.mark.parametrize("text", ["::error::x", " ::set-output name=a::b", "::add-mask::", "a ##[error]b", "##[group]"])
def test_no_text_is_a_command_to_a_runner(text: str) -> None:
    shown = one_line(text)

    assert not re.match(r"\s*::.*::", shown)
    assert "##[" not in shown


@pytest.mark.parametrize("text", ["::1", "::ffff:192.0.2.1", "a::b::c", "[::1]:443", "http://x/a::b", "# [a]"])
def test_an_address_and_what_stands_behind_something_else_is_shown_as_it_is(text: str) -> None:
    assert one_line(text) == text


@pytest.mark.parametrize("evil", TEXTS[6:7], ids=["command"], indirect=True)
def test_a_terminal_shows_it_escaped(evil: str, run: Callable[..., Ran], tmp_path: Path) -> None:
    runs = [
        run("status"),
        run("status", "--verbose"),
        run("prune"),
        run("adopt", "--all", "--out", tmp_path / "adopted.toml"),
        run("forecast"),
    ]

    assert [(ran.code in {0, 1, 3}, _is_clean(ran.out + ran.err)) for ran in runs] == [(True, True)] * len(runs)
    assert "onerror" in runs[0].out
    assert evil not in runs[0].out


@pytest.mark.parametrize("evil", [TEXTS[5]], ids=["formula behind a line end"], indirect=True)
def test_no_report_is_anything_but_text(evil: str, run: Callable[..., Ran]) -> None:
    page, table, metrics, document = (
        run("status", "--format", each).out for each in ("html", "csv", "prometheus", "json")
    )

    cells = [cell for row in csv.reader(io.StringIO(table, newline="")) for cell in row]
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))] == []
    assert _is_clean(table.replace("\r\n", "\n"))
    assert "<img" not in page
    assert page.count("</script>") == page.count("<script")
    assert "\x1b" not in page
    assert _is_clean(metrics)
    labels = [sample.labels for family in samples(metrics) for sample in family.samples]
    assert {one["name"] for one in labels if "name" in one} == {one_line(evil)}
    assert json.loads(document)["certificates"][0]["name"] == evil
    assert document.isascii()


@pytest.mark.parametrize("name", ["import", "status", "doctor"])
def test_words_of_aws_are_shown_escaped(
    name: str, run: Callable[..., Ran], wire: Proxy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    source = save(tmp_path, "shop.pem", pem(make_chain(leaf=Request(sans=("shop.example.com",)))))
    save(tmp_path, "certkit.toml", b'[certificates.shop]\nsource = "shop.pem"\n')
    for operation in (
        "ListCertificates",
        "SearchCertificates",
        "ImportCertificate",
        "GetAccountConfiguration",
        "GetResources",
    ):
        wire.always(operation, Refusal("EvilException\x1b[31m", TEXTS[6].replace("\x00", ""), 400))
    given = {"import": (source, "--name", "shop"), "adopt": ("--all",)}.get(name, ())

    ran = run(name, *given)
    said = run(name, *given, "--debug")

    assert ran.code in {1, 3}
    assert [_is_clean(each.out + each.err) for each in (ran, said)] == [True, True]


@pytest.mark.parametrize("output_format", ["text", "sarif", "junit", "github"])
def test_a_hostile_certificate_in_a_hostile_file_is_text_to_every_reader(output_format: str, tmp_path: Path) -> None:
    name = f"::error::{HOSTILE_NAME}]]><x>&,%0A::stop".replace("\x00", "").replace("/", "")
    source = save(tmp_path, name, pem(hostile()))

    done = certkit("validate", source, "--format", output_format)

    assert done.exit_code in {0, 1}
    assert re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e\u200b]", done.stdout) is None
    if output_format == "github":
        assert all(re.match(r"::(error|warning|notice) file=", line) for line in done.stdout.splitlines())
    if output_format == "junit":
        assert "<x>" not in done.stdout
