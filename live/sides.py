"""The two sides that are held against each other: a real account, and the strict ACM."""

from __future__ import annotations

import io
import os
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from unittest import mock
from urllib.parse import urlsplit

import boto3

from certkit import limits
from certkit.cli import app
from certkit.cli.session import Session
from certkit.region import HOME_REGION
from certkit.testing import serve

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SAMPLE: Final = 5
"""How many certificates are looked at one by one: enough to see a form, few enough for the rates of any account."""

_REAL_HOSTS: Final = (
    ".amazonaws.com",
    ".amazonaws.com.cn",
    ".amazonaws.eu",
    ".api.aws",
    ".c2s.ic.gov",
    ".sc2s.sgov.gov",
)


@dataclass(frozen=True, slots=True)
class Side:
    """An ACM with what belongs to it.

    Attributes:
        title: what it is called in the report.
        environment: the variables that lead certkit there.
    """

    title: str
    region: str
    environment: Mapping[str, str]
    _clients: dict[str, Any] = field(default_factory=dict, repr=False)

    def client(self, service: str) -> Any:  # noqa: ANN401 -- boto3's edge
        """Returns the client of one service there."""
        if service not in self._clients:
            with self.chosen():
                self._clients[service] = boto3.Session().client(service, region_name=self.region)  # type: ignore[call-overload]
        return self._clients[service]

    @contextmanager
    def chosen(self) -> Iterator[None]:
        """Has AWS clients that are made within the block lead there."""
        with mock.patch.dict(os.environ, self.environment, clear=True):
            yield

    def certkit(self, *arguments: str) -> tuple[int, str, str]:
        """Runs certkit there and returns its exit code, standard output and standard error."""
        out, err = io.StringIO(), io.StringIO()
        with self.chosen():
            code = app.run(arguments, Session(dict(os.environ), io.BytesIO(), out, err, asks=False))
        return code, out.getvalue(), err.getvalue()

    def listed(self, **arguments: Any) -> list[dict[str, Any]]:  # noqa: ANN401 -- ListCertificates' own
        """Returns what ListCertificates shows, all pages."""
        pages = self.client("acm").get_paginator("list_certificates").paginate(**arguments)
        return [row for page in pages for row in page["CertificateSummaryList"]]

    def listed_whole(self) -> list[dict[str, Any]]:
        """Returns what ListCertificates shows for all key types."""
        return self.listed(Includes={"keyTypes": list(limits.KEY_ALGORITHMS)})

    def sample(self) -> list[str]:
        """Returns the ARNs of some imported certificates."""
        return [row["CertificateArn"] for row in self.listed_whole() if row["Type"] == "IMPORTED"][:SAMPLE]


def real_side(environment: Mapping[str, str]) -> Side:
    """Returns the account that the environment leads to."""
    return Side("ACM", environment.get("CERTKIT_REGION") or HOME_REGION, dict(environment))


@contextmanager
def strict_side() -> Iterator[Side]:
    """Serves a strict ACM."""
    with serve() as acm:
        yield Side("the strict ACM", HOME_REGION, acm.child_environment(os.environ))


def is_real(side: Side) -> bool:
    """Tells whether an endpoint of AWS's own answers there."""
    host = urlsplit(side.client("acm").meta.endpoint_url).hostname or ""
    return host.endswith(_REAL_HOSTS)
