"""Which service is to be asked where. No I/O."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from certkit.region import HOME_REGION
from certkit.usage import Service

_FROM_HOME: Final = frozenset({Service.APIGATEWAY, Service.APIGATEWAYV2, Service.COGNITO, Service.APPSYNC})
"""Those of any region whose certificates are, or may be, in us-east-1, since CloudFront stands before them.

https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-edge-optimized-custom-domain-name.html
https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-add-custom-domain.html
https://docs.aws.amazon.com/appsync/latest/devguide/custom-domain-name.html
"""


@dataclass(frozen=True, slots=True)
class Question:
    """One service in one region of one account, which is to be asked."""

    account: str
    region: str
    service: Service


def questions(places: Iterable[tuple[str, str]], enabled: Mapping[str, Sequence[str]]) -> tuple[Question, ...]:
    """Returns which services are to be asked for the users of certificates in `places`, each once.

    CloudFront is one for all regions, and is asked in us-east-1, where its certificates are. Those certificates may also
    belong to domains of any other region.

    Args:
        places: accounts and regions that hold certificates.
        enabled: the regions of each account that holds some in us-east-1.
    """
    found: dict[Question, None] = {}
    for account, region in places:
        is_home = region == HOME_REGION
        own = (one for one in Service if is_home or one is not Service.CLOUDFRONT)
        found |= dict.fromkeys(Question(account, region, one) for one in own)
        others = enabled.get(account, ()) if is_home else ()
        found |= dict.fromkeys(
            Question(account, other, one) for other in others for one in Service if one in _FROM_HOME
        )
    return tuple(found)
