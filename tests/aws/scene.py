"""What the tests that run certkit against the strict ACM have in common, their fixtures apart."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from certkit.bundle import Bundle
from certkit.certificate import fingerprint
from certkit.plan import Desired
from tests import documents
from tests.issuing import Request, make_chain

if TYPE_CHECKING:
    from cryptography import x509

    from certkit.testing import StrictAcm
    from tests.issuing import Issued

NOW: Final = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
HOME: Final = "us-east-1"
ACCOUNT: Final = "123456789012"
OTHER: Final = "222222222222"
WRITES: Final = frozenset(
    {"ImportCertificate", "AddTagsToCertificate", "RemoveTagsFromCertificate", "DeleteCertificate"}
)


@dataclass(frozen=True, slots=True)
class Ran:
    """What came of one run of certkit."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        """Standard output as JSON, held to the schema that it names."""
        return documents.read(self.out)

    @property
    def results(self) -> list[dict[str, Any]]:
        """The results of an import."""
        results: list[dict[str, Any]] = self.document["results"]
        return results

    @property
    def result(self) -> dict[str, Any]:
        """The only result of an import."""
        (result,) = self.results
        return result

    @property
    def error(self) -> tuple[int, str]:
        """The exit code, and the code in the error document."""
        return self.code, self.document["error"]["code"]


def tags_of(server: StrictAcm, arn: str) -> dict[str, str | None]:
    """What the strict ACM holds as tags of a certificate."""
    _, _, _, region, account, _ = arn.split(":")
    return dict(server.backend(account, region).find(arn).tags)


def held(server: StrictAcm, region: str = HOME, account: str = ACCOUNT) -> dict[str, str]:
    """The fingerprints of all that the strict ACM holds in one region, by ARN, oldest first."""
    records = server.backend(account, region)._records
    return {arn: fingerprint(record.material.leaf) for arn, record in records.items()}


def desired_of(issued: Issued, *, chain: tuple[x509.Certificate, ...] | None = None, **more: Any) -> Desired:
    """A bundle wanted in the home region, under the name `shop`."""
    issuers = tuple(issuer.certificate for issuer in issued.issuers[:-1] or issued.issuers)
    bundle = Bundle(
        leaf=issued.certificate,
        chain=issuers if chain is None else chain,
        root=None,
        private_key=issued.private_key,
        is_complete=True,
        was_reordered=False,
        dropped=(),
        notes=(),
    )
    return replace(Desired("shop", None, ACCOUNT, HOME, bundle, {}), **more)


def renewed(request: Request | None = None, *, days: int = 1) -> Issued:
    """The next certificate of the same name and key, from so many days later on."""
    first = request or Request()
    return make_chain(leaf=replace(first, not_before=first.not_before + timedelta(days=days)))
