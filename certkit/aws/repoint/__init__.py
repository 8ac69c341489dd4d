"""Has the users of one certificate name another: what each reads right before it writes decides what it writes.

Every one may be called again after an answer was lost: it finds done what is done.
"""

from collections.abc import Callable
from typing import Final, TypeAlias

from certkit.aws.repoint import distributions, domains, listeners
from certkit.aws.repoint.swap import Swap, Swapped
from certkit.aws.sessions import Session
from certkit.usage import Service, Slot, User

__all__ = ["Swap", "Swapped", "repoint"]

_Writer: TypeAlias = Callable[[Session, User, Swap], Swapped]

_WRITERS: Final[dict[tuple[Service, Slot], _Writer]] = {
    (Service.ELBV2, Slot.SNI): listeners.swap_listed,
    (Service.ELBV2, Slot.DEFAULT): listeners.swap_default,
    (Service.APIGATEWAY, Slot.REGIONAL): domains.swap,
    (Service.APIGATEWAY, Slot.EDGE): domains.swap,
    (Service.APIGATEWAYV2, Slot.REGIONAL): domains.swap_v2,
    (Service.APIGATEWAYV2, Slot.EDGE): domains.swap_v2,
    (Service.CLOUDFRONT, Slot.VIEWER): distributions.swap,
}


def repoint(aws: Session, user: User, swap: Swap) -> Swapped:
    """Has `user` name one certificate in place of another.

    Raises:
        AwsError: AWS refused, or did not answer: it may have been done all the same.
    """
    return _WRITERS[user.service, user.slot](aws, user, swap)
