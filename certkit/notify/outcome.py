"""What the results of a run mean to owners: which of them are trouble, and what a place is called from run to run. No I/O."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from certkit.apply import Result, Row
from certkit.errors import CertkitError
from certkit.manifest import CertificateSpec
from certkit.notify.trouble import Ends, Place, Report, Trouble, where
from certkit.target import place


@dataclass(frozen=True, slots=True)
class Came:
    """What came of one certificate.

    Attributes:
        rows: in each of its places.
        error: why its command or a hook failed.
    """

    spec: CertificateSpec
    rows: tuple[Row, ...]
    error: CertkitError | None = None


def report(
    came: Sequence[Came], ends_of: Callable[[Place], Ends | None], untried: frozenset[str] = frozenset()
) -> Report:
    """Returns what there is to tell of a run.

    Args:
        ends_of: the lifetime of what ACM holds in a place; asked of places with trouble alone.
        untried: the codes of errors that say only that something was not begun.
    """
    found = {at: (spec, words, error) for one in came for spec, at, words, error in _errors(one)}
    return Report(
        troubles=tuple(
            Trouble(at, spec.owner, words, error, ends_of(at))
            for at, (spec, words, error) in found.items()
            if error.code not in untried
        ),
        owners={one.spec.name: one.spec.owner for one in came},
        untried=frozenset(
            [at for at, (_, _, error) in found.items() if error.code in untried]
            + [place_of(one.spec, *place(row)[1:]) for one in came for row in one.rows if _is_withheld(row)]
        ),
    )


def place_of(spec: CertificateSpec, account: str, region: str) -> Place:
    """Returns a place, the same whether or not the run got as far as to know the caller's own account."""
    return (spec.name, account if spec.accounts else "", region)


def _errors(one: Came) -> Iterator[tuple[CertificateSpec, Place, str, CertkitError]]:
    """Yields what failed: a command or a hook for the certificate as a whole, everything else in its place."""
    spec = one.spec
    if one.error:
        yield spec, (spec.name, "", ""), "", one.error
    for row in one.rows:
        if row.error and row.error is not one.error:
            _, account, region = place(row)
            yield spec, place_of(spec, account, region), where((spec.name, account, region)), row.error


def _is_withheld(row: Row) -> bool:
    return isinstance(row, Result) and row.withheld is not None
