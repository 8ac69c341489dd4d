"""The two sides, and the report of where they differ."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import BotoCoreError, ClientError

from live import sides
from tests.issuing import Request, make_chain, self_signed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from live.facts import Facts
    from live.sides import Side


@dataclass(slots=True)
class Comparison:
    """What the two sides were found to be.

    Attributes:
        same: how many facts hold on both.
        different: lines for people.
        unknown: the facts that the account cannot tell, for want of such certificates.
    """

    same: int = 0
    different: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)

    def compare(self, real: Facts, strict: Facts) -> None:
        """Takes in the facts of both."""
        for name in {**strict, **real}:
            here, there = real.get(name), strict.get(name)
            if here is None:
                self.unknown.append(name)
            elif here == there:
                self.same += 1
            else:
                self.different.append(f"{name}: {here}; in the strict ACM: {there}")


_KEY = pytest.StashKey[Comparison]()


def pytest_configure(config: pytest.Config) -> None:
    """Begins the comparison."""
    config.stash[_KEY] = Comparison()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Says where ACM differs from the strict ACM."""
    comparison = config.stash[_KEY]
    if not comparison.same + len(comparison.different):
        return
    terminalreporter.section("ACM against the strict ACM")
    terminalreporter.write_line(f"{comparison.same} facts are the same, {len(comparison.different)} differ")
    for line in comparison.different:
        terminalreporter.write_line(f"  differs: {line}")
    for name in comparison.unknown:
        terminalreporter.write_line(f"  cannot tell: {name}")


@pytest.fixture(scope="session")
def comparison(request: pytest.FixtureRequest) -> Comparison:
    """What has been compared so far."""
    return request.config.stash[_KEY]


@pytest.fixture(scope="session")
def real() -> Side:
    """The account that the environment leads to; the session ends where there is none."""
    side = sides.real_side(os.environ)
    try:
        if not sides.is_real(side) and os.environ.get("CERTKIT_LIVE_ENDPOINT") != "1":
            pytest.exit("not a real account: unset AWS_ENDPOINT_URL, or say CERTKIT_LIVE_ENDPOINT=1", returncode=2)
        caller = side.client("sts").get_caller_identity()
    except (BotoCoreError, ClientError) as error:
        pytest.exit(f"no account: {error}", returncode=2)
    print(f"\nlive: account {caller['Account']}, {side.region}, as {caller['Arn']}")  # noqa: T201 -- for whoever runs it
    return side


@pytest.fixture(scope="session")
def strict(real: Side) -> Iterator[Side]:  # noqa: ARG001 -- refused first
    """A strict ACM that holds one certificate of each kind that matters."""
    with sides.strict_side() as side:
        acm = side.client("acm")
        for issued in (
            make_chain(leaf=Request(key=("RSA_2048", 0))),
            make_chain(leaf=Request(key=("RSA_3072", 0))),
            make_chain(),
            self_signed(Request()),
            self_signed(Request("-", key=("RSA_2048", 0))),
        ):
            chain = {"CertificateChain": issued.chain_pem} if issued.issuer else {}
            tags = [{"Key": "certkit-live", "Value": "1"}]
            acm.import_certificate(Certificate=issued.pem, PrivateKey=issued.key_pem, Tags=tags, **chain)
        yield side
