"""`certkit status --format html` against the strict ACM, over HTTP."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import html5lib

from tests.aws.faults import Refusal
from tests.aws.scene import HOME
from tests.issuing import Request, make_chain

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.aws.faults import Proxy
    from tests.aws.scene import Ran

pytest_plugins = ["tests.aws.fixtures"]


def test_the_page_is_one_file_with_every_certificate(
    run: Callable[..., Ran], put: Callable[..., str], wire: Proxy, tmp_path: Path
) -> None:
    arns = {put(make_chain(leaf=Request(f"{name}.example.com")), certkit_name=name) for name in ("shop", "pay")}
    out = tmp_path / "status.html"

    ran = run("status", "--format", "html", "--out", out)

    root = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(out.read_text("utf-8"))
    found = json.loads(root.find(".//script[@type='application/json']").text)
    assert (ran.code, ran.out) == (0, "")
    assert wire.sent
    assert {found["words"][row[9]] + row[10] for row in found["certificates"]} == arns
    assert "2 certificates in us-east-1" in "".join(root.find("body/header").itertext())


def test_a_page_of_a_scan_that_is_not_whole_says_so_and_is_exit_code_3(
    run: Callable[..., Ran], put: Callable[..., str], wire: Proxy
) -> None:
    put(make_chain())
    for operation in ("ListCertificates", "SearchCertificates"):
        wire.always(operation, Refusal("AccessDeniedException"), region="eu-central-1")

    ran = run("status", "--region", HOME, "--region", "eu-central-1", "--format", "html")

    root = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(ran.out)
    assert ran.code == 3
    assert "Not everything was seen" in "".join(root.find("body/header").itertext())
