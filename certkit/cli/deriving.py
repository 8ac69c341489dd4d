"""The wiring of endpoints that nobody has named: those of whatever uses a certificate in AWS."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from certkit import certificate as x
from certkit.apply import Result
from certkit.cli.session import Session
from certkit.proof import Front
from certkit.report.usage import unasked
from certkit.sources.endpoint import Endpoint
from certkit.usage import User, endpoints

if TYPE_CHECKING:
    from certkit.aws.sessions import Session as AwsSession


def fronts(
    session: Session, results: Sequence[Result], callers: "Mapping[str, AwsSession]"
) -> Mapping[str, tuple[Front, ...]]:
    """Returns where the users of certificates show them, by the ARNs; what could not be asked is said.

    A new ARN has no users yet, and nobody is asked for them.

    Args:
        callers: the caller in each account.
    """
    from certkit.aws import usage

    leaves = {one.arn: one.desired.bundle.leaf for one in results if one.arn and one.action != "imported"}
    if not leaves:
        return {}
    found = usage.find([usage.Held(arn, in_use=False) for arn in leaves], callers)
    for line in unasked(found):
        session.warn(f"not known whether these use it: {line.strip()}")
    return {arn: _fronts(found.of(arn), x.dns_names(leaf)) for arn, leaf in leaves.items()}


def _fronts(users: Iterable[User], names: Sequence[str]) -> tuple[Front, ...]:
    """Returns the endpoints of users, each once; that they can be reached from here is nothing that anybody has said."""
    seen = (one for user in users for one in endpoints(user, names))
    return tuple(
        dict.fromkeys(
            Front(Endpoint(one.host, one.port), Endpoint(one.connect_to, one.port), is_named=False) for one in seen
        )
    )
