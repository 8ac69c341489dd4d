"""Asks services in many regions and accounts who uses which certificate, side by side."""

from collections.abc import Callable, Iterable, Iterator, Mapping
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
from certkit.errors import AwsError, AwsNotSentError
from certkit.inventory import State, state_of
from certkit.parallel import as_done
from certkit.usage import Coverage, Service, User


@dataclass(frozen=True, slots=True)
class Reader:
    """How one service is asked.

    Attributes:
        api: what botocore calls it.
    """

    api: str
    read: Callable[[Any, Place], Iterator[User]]


READERS: Final[Mapping[Service, Reader]] = {
    Service.ELBV2: Reader("elbv2", load_balancers.read),
    Service.ELB: Reader("elb", classic.read),
    Service.CLOUDFRONT: Reader("cloudfront", cloudfront.read),
    Service.APIGATEWAY: Reader("apigateway", api_gateway.read),
    Service.APIGATEWAYV2: Reader("apigatewayv2", api_gateway_v2.read),
    Service.COGNITO: Reader("cognito-idp", cognito.read),
    Service.APPSYNC: Reader("appsync", appsync.read),
    Service.TRANSFER: Reader("transfer", transfer.read),
    Service.CLIENT_VPN: Reader("ec2", client_vpn.read),
    Service.OPENSEARCH: Reader("opensearch", opensearch.read),
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
    return as_done(_asking(sessions[one.account], one) for one in questions)


def _asking(session: Session, one: Question) -> Callable[[], Answer]:
    """Returns the call that asks, with its client made."""
    return partial(_answer, session, session.client(READERS[one.service].api, one.region), one)


def _answer(session: Session, client: object, one: Question) -> Answer:
    reader = READERS[one.service]
    place = Place(one.account, one.region, one.service, Pace(READ_SECONDS, session.timing))
    covered = partial(Coverage, one.account, one.region, one.service)
    try:
        return Answer(tuple(reader.read(client, place)), covered(State.SEEN))
    except AwsNotSentError as error:
        if not session.is_known(reader.api, one.region):
            return Answer((), None)
        return Answer((), covered(state_of(error), error.message))
    except AwsError as error:
        return Answer((), covered(state_of(error), error.message))
