"""A limit of a service's as a criterion: a rule that depends on what a certificate is to be used for."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from inspect import cleandoc
from typing import Final, TypeAlias

from cryptography import x509

from certkit.rules.rule import Candidate, Criterion, Finding, Severity
from certkit.rules.services.service import Service

_ACM: Final = "https://docs.aws.amazon.com/acm/latest/userguide/acm-services.html"


@dataclass(frozen=True, slots=True)
class Use:
    """A candidate with what it is to be used for.

    Attributes:
        name: what `--for` calls the service.
        regions: those that it is to be imported into; none where that is not known.
    """

    name: str
    service: Service
    candidate: Candidate
    leaf: x509.Certificate
    regions: Sequence[str]


Fit: TypeAlias = Callable[[Use], Iterator[tuple[str, str]]]
"""Yields part and message of each reason why a service cannot use a certificate."""


@dataclass(frozen=True, slots=True)
class Limit(Criterion):
    """A criterion that depends on the service, as its source does."""

    check: Fit

    def findings(self, use: Use) -> Iterator[Finding]:
        """Yields every reason of this kind."""
        for part, message in self.check(use):
            yield Finding(self.id, self.severity, part, message, self.hint, use.service.source)


def limit(*, hint: str) -> Callable[[Fit], Limit]:
    """Makes a check a limit: its ID from its name, its explanation from its docstring; a warning, for ACM imports it."""

    def decorate(check: Fit) -> Limit:
        identifier = check.__name__.replace("_", "-")
        return Limit(identifier, Severity.WARNING, _ACM, hint, cleandoc(check.__doc__ or ""), check)

    return decorate
