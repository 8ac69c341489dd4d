"""The servers of Transfer Family, which have a certificate for FTPS.

https://docs.aws.amazon.com/transfer/latest/APIReference/API_DescribedServer.html
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from certkit.aws.usage.place import Place, is_gone
from certkit.errors import AwsRefusedError
from certkit.usage import Slot, User

if TYPE_CHECKING:
    from mypy_boto3_transfer import TransferClient


def read(transfer: "TransferClient", place: Place) -> Iterator[User]:
    """Yields what each server has: a request for each.

    Raises:
        AwsError: the service refuses, or does not answer.
    """
    pages = transfer.get_paginator("list_servers").paginate()
    with place.reading():
        servers = [one["ServerId"] for page in place.pages(pages, "NextToken") for one in page["Servers"]]
    for server in servers:
        try:
            yield from list(_of_server(transfer, place, server))
        except AwsRefusedError as error:
            if not is_gone(error):
                raise


def _of_server(transfer: "TransferClient", place: Place, server: str) -> Iterator[User]:
    place.pace.wait()
    with place.reading():
        found = transfer.describe_server(ServerId=server)["Server"]
        yield from place.users(
            found.get("Certificate"),
            Slot.SERVER,
            arn=found["Arn"],
            id=server,
            name=server,
            is_internal=found.get("EndpointType", "PUBLIC") != "PUBLIC",
        )
