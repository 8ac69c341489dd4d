"""One service in one region of one account: what all readers of users have in common."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from certkit.aws.failures import explained
from certkit.aws.pacing import Pace, paced
from certkit.aws.partitions import partition_of
from certkit.errors import AwsRefusedError
from certkit.record import place_of
from certkit.usage import Service, Slot, User

Page = TypeVar("Page", bound=Mapping[str, Any])

_NO_TRANSLATIONS: Final = ()
"""What ACM's refusals mean is not what another service's mean."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a reader asks.

    Attributes:
        pace: of the service's requests.
    """

    account: str
    region: str
    service: Service
    pace: Pace

    def reading(self) -> AbstractContextManager[None]:
        """Turns what botocore raises into certkit's errors, as `explained` does."""
        return explained(f"reading each {self.service.label} in {self.region}", _NO_TRANSLATIONS)

    def pages(self, pages: Iterable[Page], token: str) -> Iterator[Page]:
        """Yields pages, each asked for when the pace allows it; `token` is the member that says that there is another."""
        return paced(pages, self.pace, token)

    def arn(self, service: str, resource: str, account: str | None = None) -> str:
        """Returns the ARN of a resource, as AWS writes it; API Gateway's have no account."""
        owner = self.account if account is None else account
        return f"arn:{partition_of(self.region)}:{service}:{self.region}:{owner}:{resource}"

    def users(self, certificate: str | None, slot: Slot, **about: Any) -> Iterator[User]:  # noqa: ANN401 -- fields of User
        """Yields the user of a certificate, none where it is not ACM's: load balancers take those of IAM as well."""
        if certificate and place_of(certificate):
            where = {"service": self.service, "account": self.account, "region": self.region}
            yield User(**({"certificate": certificate, "slot": slot} | where | about))


def is_gone(error: AwsRefusedError) -> bool:
    """Tells whether something was refused because it was deleted after it was listed, and so uses nothing."""
    return error.aws_code.removesuffix("Exception").endswith("NotFound")
