"""The whole policy of a role."""

from collections.abc import Iterator
from typing import Final

from certkit.policy import certificates, escrow, records, users
from certkit.policy.scope import Role, Scope
from certkit.policy.statement import Statement

_VERSION: Final = "2012-10-17"
_CREATORS: Final = frozenset({Role.CREATOR, Role.MIGRATOR})


def document(role: Role, scope: Scope) -> dict[str, object]:
    """Returns the policy of a role, as IAM takes it."""
    return {"Version": _VERSION, "Statement": list(statements(role, scope))}


def statements(role: Role, scope: Scope) -> Iterator[Statement]:
    """Yields the statements of a role's policy."""
    yield from certificates.reading(scope)
    yield from records.reading_metrics(scope)
    if scope.sees_usage or role is Role.MIGRATOR:
        yield from users.seeing(scope)
    yield from records.reading_ledger(scope)
    if role is not Role.READER:
        yield from records.writing_ledger(scope)
        yield from certificates.renewing(scope)
        yield from records.telling(scope)
        yield from of_escrow(role, scope)
    if role in _CREATORS:
        yield from certificates.creating(scope)
    if role is Role.MIGRATOR:
        yield from users.repointing(scope)


def of_escrow(role: Role, scope: Scope) -> Iterator[Statement]:
    """Yields what of a role's policy is for the escrow."""
    where = scope.escrow
    if where is not None and role is not Role.READER:
        yield from escrow.keeping(where, scope.partition, scope.account)
        if role is Role.RESTORER:
            yield from escrow.taking(where, scope.partition, scope.account)
