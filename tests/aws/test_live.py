"""The live tests themselves, with a strict ACM in the place of the account."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from certkit.testing import Behaviour, KeyAlgorithmStyle
from tests.aws.scene import held
from tests.issuing import Request, make_chain

if TYPE_CHECKING:
    from collections.abc import Callable

    from certkit.testing import StrictAcm

pytest_plugins = ["tests.aws.fixtures"]
pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]


def live(server: StrictAcm, **variables: str) -> tuple[int, str]:
    """Runs the live tests against the served strict ACM and returns the exit code and what they print."""
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "live", "-p", "no:xdist", "-p", "no:cacheprovider", "-s"],
        env={**server.child_environment(os.environ), **variables},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return ran.returncode, ran.stdout + ran.stderr


def test_what_is_no_account_is_refused_by_default(strict_acm: StrictAcm) -> None:
    code, text = live(strict_acm, CERTKIT_LIVE_WRITES="1")

    assert code == 2
    assert "not a real account" in text


def test_it_says_where_acm_differs_and_leaves_nothing_behind(strict_acm: StrictAcm, put: Callable[..., str]) -> None:
    strict_acm.behaviour = Behaviour(key_algorithm_style=KeyAlgorithmStyle.UNDERSCORE)
    before = [put(make_chain(leaf=Request(key=("RSA_2048", 0))), team="web"), put(make_chain())]

    code, text = live(strict_acm, CERTKIT_LIVE_ENDPOINT="1", CERTKIT_LIVE_WRITES="1")

    assert (code, "skipped" in text) == (0, False), text
    assert "live: account 123456789012, us-east-1, as arn:aws:sts::123456789012:user/moto" in text
    assert [line.strip() for line in text.splitlines() if line.startswith("  differs: ")] == [
        "differs: RSA keys are spelled, in the list: ['RSA_']; in the strict ACM: ['RSA-']",
        "differs: RSA keys are spelled, in the description: ['RSA_']; in the strict ACM: ['RSA-']",
    ]
    assert "  cannot tell: the default list shows large RSA keys" in text
    assert list(held(strict_acm)) == before


def test_nothing_is_written_by_default(strict_acm: StrictAcm) -> None:
    strict_acm.deny("ImportCertificate", "AddTagsToCertificate", "DeleteCertificate")

    code, text = live(strict_acm, CERTKIT_LIVE_ENDPOINT="1")

    assert (code, "1 skipped" in text) == (0, True), text
