"""Asks services in many regions and accounts who uses which certificate, side by side."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from certkit.aws.pacing import READ_SECONDS, Pace
from certkit.aws.sessions import Session
from certkit.aws.usage import (
    api_gateway,
    api_gateway_v2,
    appsync,
    classic,
    client_vpn,
    cloudfront,
    cognito,
    load_balancers,
    opensearch,
    transfer,
)
from certkit.aws.usage.place import Place
from certkit.aws.usage.questions import Question
from certkit.errors import AwsAuthError, AwsDeniedError, AwsError, AwsNotSentError
from certkit.inventory import State
from certkit.usage import Coverage, Service, User

_PARALLEL: Final = 16
"""Services asked at a time: rates hold for each account, region and service on its own."""

_AHEAD: Final = 4
"""Clients made before a thread is free for them."""


@dataclass(frozen=True, slots=True)
class Reader:
    """How one service is asked.

    Attributes:
        api: what botocore calls it.
        client: makes a client; botocore makes them in one thread at a time only.
    """

    api: str
    client: Callable[[Session, str], Any]
    read: Callable[[Any, Place], Iterator[User]]


READERS: Final[Mapping[Service, Reader]] = {
    Service.ELBV2: Reader("elbv2", load_balancers.client, load_balancers.read),
    Service.ELB: Reader("elb", classic.client, classic.read),
    Service.CLOUDFRONT: Reader("cloudfront", cloudfront.client, cloudfront.read),
    Service.APIGATEWAY: Reader("apigateway", api_gateway.client, api_gateway.read),
    Service.APIGATEWAYV2: Reader("apigatewayv2", api_gateway_v2.client, api_gateway_v2.read),
    Service.COGNITO: Reader("cognito-idp", cognito.client, cognito.read),
    Service.APPSYNC: Reader("appsync", appsync.client, appsync.read),
    Service.TRANSFER: Reader("transfer", transfer.client, transfer.read),
    Service.CLIENT_VPN: Reader("ec2", client_vpn.client, client_vpn.read),
    Service.OPENSEARCH: Reader("opensearch", opensearch.client, opensearch.read),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What one service said.

    Attributes:
        coverage: None where the region has no such service.
    """

    users: tuple[User, ...]
    coverage: Coverage | None


def ask(questions: Iterable[Question], sessions: Mapping[str, Session]) -> Iterator[Answer]:
    """Yields what each service says, as soon as it does; one that refuses costs the others nothing.

    Args:
        sessions: the caller in each account.
    """
    with ThreadPoolExecutor(_PARALLEL) as pool:
        running: set[Future[Answer]] = set()
        for one in questions:
            session = sessions[one.account]
            client = READERS[one.service].client(session, one.region)
            running.add(pool.submit(_answer, session, client, one))
            if len(running) >= _PARALLEL + _AHEAD:
                done, running = wait(running, return_when=FIRST_COMPLETED)
                yield from (future.result() for future in done)
        while running:
            done, running = wait(running, return_when=FIRST_COMPLETED)
            yield from (future.result() for future in done)


def _answer(session: Session, client: object, one: Question) -> Answer:
    reader = READERS[one.service]
    place = Place(one.account, one.region, one.service, Pace(READ_SECONDS, session.timing))
    covered = partial(Coverage, one.account, one.region, one.service)
    try:
        return Answer(tuple(reader.read(client, place)), covered(State.SEEN))
    except AwsNotSentError as error:
        if not session.is_known(reader.api, one.region):
            return Answer((), None)
        return Answer((), covered(State.FAILED, error.message))
    except (AwsDeniedError, AwsAuthError) as error:
        return Answer((), covered(State.DENIED, error.message))
    except AwsError as error:
        return Answer((), covered(State.FAILED, error.message))
