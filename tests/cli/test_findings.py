"""`certkit status --findings`: what is the matter with all of it, by the listings and by a closer look."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.aws.scene import ACCOUNT, HOME, NOW
from tests.issuing import Request, ca_request, make_chain, make_root

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from certkit.testing import StrictAcm
    from tests.aws.faults import Proxy
    from tests.aws.scene import Ran

pytest_plugins = ["tests.aws.fixtures"]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where certkit is run."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_finding_is_told_whole(run: Callable[..., Ran], put: Callable[..., str], server: StrictAcm) -> None:
    arn = put(make_chain())
    server.set_in_use(arn, "arn:lb")

    ran = run("status", "--findings", "--format", "json")

    assert ran.code == 0
    assert ran.document["findings"] == [
        {
            "finding": "in-use-not-renewed",
            "weight": "warning",
            "account": ACCOUNT,
            "region": HOME,
            "certificates": [arn],
            "message": "it is in use, and nothing renews it: it has no certkit:name",
            "hint": "take it into the manifest: certkit adopt ARN --name NAME, then [certificates.NAME]",
        }
    ]


def test_unless_it_is_asked_for_there_is_none(run: Callable[..., Ran], put: Callable[..., str]) -> None:
    put(make_chain())

    assert "findings" not in run("status", "--format", "json").document


def test_people_read_each_kind_with_what_to_do(
    run: Callable[..., Ran], put: Callable[..., str], server: StrictAcm
) -> None:
    arn = put(make_chain(leaf=Request("a\u202e.example.com", ("a.example.com",))))
    server.set_in_use(arn, "arn:lb")

    _, *lines = run("status", "--findings").out.splitlines()

    assert lines[:3] == [
        "1 finding",
        "warning: in-use-not-renewed: take it into the manifest: certkit adopt ARN --name NAME, then [certificates.NAME]",
        f"  a.example.com: it is in use, and nothing renews it: it has no certkit:name ({arn})",
    ]


def test_the_manifest_says_what_is_renewed_and_what_it_is_for(
    run: Callable[..., Ran], put: Callable[..., str], server: StrictAcm, folder: Path
) -> None:
    (folder / "certkit.toml").write_text('[certificates.shop]\nsource = "a"\nfor = ["cloudfront"]\n')
    used = put(make_chain(), certkit_name="blog")
    server.set_in_use(used, "arn:lb")
    abroad = put(make_chain(leaf=Request("b.example.com")), region="eu-west-1", certkit_name="shop")

    found = run("status", "--region", HOME, "--region", "eu-west-1", "--findings", "--format", "json").document

    assert [(one["finding"], one["certificates"]) for one in found["findings"]] == [
        ("in-use-not-renewed", [used]),
        ("wrong-region", [abroad]),
    ]


def test_a_closer_look_reads_what_is_in_use_and_finds_a_chain_that_ends_first(
    run: Callable[..., Ran], put: Callable[..., str], server: StrictAcm, wire: Proxy
) -> None:
    ends = NOW + timedelta(days=300)
    issuer = make_root().issue(replace(ca_request("Issuing CA"), not_after=NOW + timedelta(days=100)))
    short = issuer.issue(Request(not_before=NOW - timedelta(days=5), not_after=ends))
    arn = put(short, certkit_name="shop")
    put(make_chain(leaf=Request("unused.example.com")), certkit_name="unused")
    server.set_in_use(arn, "arn:lb")
    wire.forget()

    found = run("status", "--closer", "--format", "json").document["findings"]

    assert [(one["finding"], one["certificates"]) for one in found] == [("chain-expires-first", [arn])]
    assert sorted(set(wire.operations) & {"DescribeCertificate", "GetCertificate"}) == [
        "DescribeCertificate",
        "GetCertificate",
    ]
    assert wire.operations.count("DescribeCertificate") == 1


def test_what_cannot_be_looked_at_closely_is_said(
    run: Callable[..., Ran], put: Callable[..., str], server: StrictAcm
) -> None:
    arn = put(make_chain(), certkit_name="shop")
    server.set_in_use(arn, "arn:lb")
    server.deny("GetCertificate")

    ran = run("status", "--closer")

    assert ran.code == 3
    assert f"certkit: warning: reading {arn}: AccessDenied" in ran.err


def test_without_a_closer_look_no_certificate_is_read(
    run: Callable[..., Ran], put: Callable[..., str], server: StrictAcm, wire: Proxy
) -> None:
    server.set_in_use(put(make_chain(), certkit_name="shop"), "arn:lb")
    wire.forget()

    run("status", "--findings")

    assert not {"DescribeCertificate", "GetCertificate"} & set(wire.operations)
