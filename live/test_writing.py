"""Two imports, a first and a second under its ARN, taken away again: only with CERTKIT_LIVE_WRITES=1."""

from __future__ import annotations

import json
import os
import time
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from tests.issuing import Request, make_chain

if TYPE_CHECKING:
    from pathlib import Path

    from live.conftest import Comparison
    from live.facts import Facts
    from live.sides import Side
    from tests.issuing import Issued

pytestmark = pytest.mark.skipif(
    os.environ.get("CERTKIT_LIVE_WRITES") != "1", reason="writes into the account only with CERTKIT_LIVE_WRITES=1"
)

DOMAIN = "certkit-live.example.com"


def test_an_import_and_a_reimport_hold_the_contract(
    real: Side, strict: Side, comparison: Comparison, tmp_path: Path
) -> None:
    """`certkit import` three times over: new, the same, renewed."""
    here, there = written(real, tmp_path), written(strict, tmp_path)

    comparison.compare(here, there)
    needed = ["the same again", "a renewed one", "the ARN is kept", "tags of others are kept", "what stands there"]
    assert {name: here[name] for name in needed} == {  # noqa: S101 -- pytest's
        "the same again": "unchanged",
        "a renewed one": "reimported",
        "the ARN is kept": True,
        "tags of others are kept": True,
        "what stands there": "nothing",
    }


def written(side: Side, folder: Path) -> Facts:
    """What comes of an import and a reimport there, and of taking both away."""
    name, arns = f"certkit-live-{uuid4().hex[:12]}", []
    first = make_chain(leaf=Request(DOMAIN), intermediates=2)
    second = make_chain(leaf=replace(Request(DOMAIN), not_before=Request().not_before + timedelta(days=1)))
    try:
        imported = run(side, folder, first, name, first.full_chain_pem, "--include-root")
        arns.append(imported["arn"])
        facts = after_import(side, imported["arn"], name, first)
        again = run(read_only(side), folder, first, name, first.full_chain_pem, "--include-root")
        side.client("acm").add_tags_to_certificate(
            CertificateArn=imported["arn"], Tags=[{"Key": "certkit-live", "Value": "other"}]
        )
        before = described(side, imported["arn"])
        renewed = run(side, folder, second, name, second.chain_pem)
        arns.append(renewed["arn"])
        after, tags = described(side, imported["arn"]), tags_of(side, imported["arn"])
    finally:
        left = clean(side, name, arns)
    return {
        **facts,
        "the same again": again["action"],
        "a renewed one": renewed["action"],
        "the ARN is kept": imported["arn"] == renewed["arn"],
        "tags of others are kept": tags.get("certkit-live") == "other",
        "tags are those of the renewed one": tags.get("certkit:sha256") == second.sha256,
        "a reimport keeps the time of the first import": before["CreatedAt"] == after["CreatedAt"],
        "a reimport moves the time of the import": before["ImportedAt"] <= after["ImportedAt"],
        "what stands there": left,
    }


def read_only(side: Side) -> Side:
    """The same side, where certkit may not write: two imports are the most that may come of this."""
    return replace(side, environment={**side.environment, "CERTKIT_READ_ONLY": "1"})


def run(side: Side, folder: Path, issued: Issued, name: str, chain: bytes, *options: str) -> dict[str, Any]:
    """Imports with certkit and returns its result."""
    path = folder / f"{issued.sha256[:12]}.pem"
    path.write_bytes(issued.key_pem + issued.pem + chain)
    arguments = ("import", str(path), "--name", name, "--region", side.region, "--format", "json", *options)
    code, out, err = side.certkit(*arguments)
    assert code == 0, out + err  # noqa: S101 -- pytest's
    (result,) = json.loads(out)["results"]
    return dict(result)


def after_import(side: Side, arn: str, name: str, issued: Issued) -> Facts:
    """What shows right after an import."""
    index = side.client("resourcegroupstaggingapi").get_resources(
        ResourceTypeFilters=["acm:certificate"], TagFilters=[{"Key": "certkit:name", "Values": [name]}]
    )
    chain = side.client("acm").get_certificate(CertificateArn=arn).get("CertificateChain", "")
    return {
        "the list shows an import at once": arn in [row["CertificateArn"] for row in side.listed_whole()],
        "the tagging index shows an import at once": bool(index["ResourceTagMappingList"]),
        "tags come with the import": tags_of(side, arn).get("certkit:name") == name,
        "certificates in the chain, of three that were sent": chain.count("-----BEGIN"),
        "the chain is byte for byte what was sent": chain.encode() == issued.full_chain_pem,
    }


def described(side: Side, arn: str) -> dict[str, Any]:
    """What DescribeCertificate says."""
    return dict(side.client("acm").describe_certificate(CertificateArn=arn)["Certificate"])


def tags_of(side: Side, arn: str) -> dict[str, str]:
    """What ListTagsForCertificate says."""
    tags = side.client("acm").list_tags_for_certificate(CertificateArn=arn)["Tags"]
    return {tag["Key"]: tag.get("Value", "") for tag in tags}


def clean(side: Side, name: str, arns: list[str]) -> str:
    """Deletes what was imported, also what an import left whose answer was lost, and says what is still there."""
    acm = side.client("acm")
    own = [row["CertificateArn"] for row in side.listed_whole() if row.get("DomainName") == DOMAIN]
    doomed = {*arns, *(arn for arn in own if tags_of(side, arn).get("certkit:name") == name)}
    for arn in doomed:
        acm.delete_certificate(CertificateArn=arn)
    for _ in range(10):  # deletion is eventually consistent
        left = doomed & {row["CertificateArn"] for row in side.listed_whole()}
        if not left:
            return "nothing"
        time.sleep(1)
    return f"delete these by hand: {', '.join(sorted(left))}"
