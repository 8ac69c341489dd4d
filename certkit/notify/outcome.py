"""What a run's results mean to owners: which are refusals, and how a place is called from run to run. No I/O."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from certkit.apply import Result, Row
from certkit.errors import CertkitError
from certkit.manifest import CertificateSpec
from certkit.notify.trouble import Ends, Place, Report, Trouble, where
from certkit.target import Failure


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
    found = {place: (spec, words, error) for one in came for spec, place, words, error in _errors(one)}
    return Report(
        troubles=tuple(
            Trouble(place, spec.owner, words, error, ends_of(place))
            for place, (spec, words, error) in found.items()
            if error.code not in untried
        ),
        owners={one.spec.name: one.spec.owner for one in came},
        untried=frozenset(
            [place for place, (_, _, error) in found.items() if error.code in untried]
            + [place_of(one.spec, *_where(row)) for one in came for row in one.rows if _is_frozen(row)]
        ),
    )


def place_of(spec: CertificateSpec, account: str, region: str) -> Place:
    """Returns how a place is called whether or not the run got as far as to know the caller's own account."""
    return (spec.name, account if spec.accounts else "", region)


def _errors(one: Came) -> Iterator[tuple[CertificateSpec, Place, str, CertkitError]]:
    """Yields what failed: a command or a hook for the certificate as a whole, everything else in its place."""
    spec = one.spec
    if one.error:
        yield spec, (spec.name, "", ""), "", one.error
    for row in one.rows:
        if row.error and row.error is not one.error:
            account, region = _where(row)
            yield spec, place_of(spec, account, region), where((spec.name, account, region)), row.error


def _is_frozen(row: Row) -> bool:
    return isinstance(row, Result) and row.frozen is not None


def _where(row: Row) -> tuple[str, str]:
    if isinstance(row, Failure):
        return row.account or "", row.region
    return row.desired.account, row.desired.region
