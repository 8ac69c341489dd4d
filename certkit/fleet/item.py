"""A night's work in items, each for one worker: names of certificates in one region of one account. No I/O."""

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from certkit.manifest import Account, CertificateSpec
from certkit.waves import Waves

MAX_NAMES: Final = 200
"""Certificates of one item, worked on one after the other.

A Lambda function has 15 minutes (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html), and ACM takes one
import a second in each account and region (https://docs.aws.amazon.com/acm/latest/userguide/acm-limits.html): 200 new
certificates with their tags, looks and entries in the ledger take 5 to 8 minutes, which leaves half for a bad night.
"""


@dataclass(frozen=True, slots=True)
class Item:
    """The work of one worker. It refers to certificates; neither a key nor a password is ever in it.

    Attributes:
        number: from 1, unique in a run.
        wave: from 1; a wave begins when the one before it has gone well.
        account: what the manifest calls it; None for the caller's own.
        account_id: None for the caller's own.
        names: those that the manifest sends there.
    """

    number: int
    wave: int
    account: str | None
    account_id: str | None
    region: str
    names: tuple[str, ...]

    @property
    def place(self) -> tuple[int, str, str]:
        """What its lane is known by: wave, account and region."""
        return self.wave, self.account or "", self.region


@dataclass(frozen=True, slots=True)
class Lane:
    """The items of one region of one account, to be worked on one after the other: they share ACM's rates.

    Attributes:
        items: the numbers of its items.
    """

    account: str | None
    region: str
    items: tuple[int, ...]


def partition(
    specs: Iterable[CertificateSpec], regions: Mapping[str, Sequence[str]], waves: Waves, most: int = MAX_NAMES
) -> tuple[Item, ...]:
    """Returns the items in the order of their waves, every certificate once in each place that it goes to.

    Args:
        regions: where each certificate goes, by its name.
        most: certificates of one item.
    """
    names: dict[tuple[Account | None, str], list[str]] = defaultdict(list)
    for spec in specs:
        for account in spec.accounts or (None,):
            for region in regions[spec.name]:
                names[account, region].append(spec.name)
    unnumbered = [
        Item(0, waves.number(account.id if account else None, region), *_called(account), region, chunk)
        for (account, region), found in names.items()
        for chunk in _chunks(sorted(found), most)
    ]
    return _numbered(sorted(unnumbered, key=lambda item: (item.place, item.names)))


def narrowed(items: Iterable[Item], wanted: Container[tuple[str | None, str, str]]) -> tuple[Item, ...]:
    """Returns what is left of items once only some certificates are wanted, numbered anew.

    Args:
        wanted: account, region and name of each, the account as the manifest calls it.
    """
    left = [
        replace(item, names=tuple(name for name in item.names if (item.account, item.region, name) in wanted))
        for item in items
    ]
    return _numbered(item for item in left if item.names)


def lanes(items: Iterable[Item], wave: int) -> tuple[Lane, ...]:
    """Returns the lanes of one wave, the longest first, so that none of them is begun late and ends the wave alone."""
    found: dict[tuple[int, str, str], list[Item]] = defaultdict(list)
    for item in items:
        if item.wave == wave:
            found[item.place].append(item)
    longest = sorted(found.items(), key=lambda lane: (-sum(len(item.names) for item in lane[1]), lane[0]))
    return tuple(Lane(own[0].account, own[0].region, tuple(item.number for item in own)) for _, own in longest)


def waves_of(items: Iterable[Item]) -> tuple[int, ...]:
    """Returns the waves that anything is in, in their order."""
    return tuple(sorted({item.wave for item in items}))


def to_document(item: Item) -> dict[str, Any]:
    """Returns an item as JSON has it."""
    return {**asdict(item), "names": list(item.names)}


def from_document(document: Any) -> Item:  # noqa: ANN401 -- whatever stands there
    """Returns the item that `to_document` made this of.

    Raises:
        ValueError: it made none of it.
    """
    match document:
        case {
            "number": int(number),
            "wave": int(wave),
            "account": str() | None as account,
            "account_id": str() | None as account_id,
            "region": str(region),
            "names": list(names),
        } if all(isinstance(name, str) for name in names):
            return Item(number, wave, account, account_id, region, tuple(names))
    raise ValueError("no item")


def _called(account: Account | None) -> tuple[str | None, str | None]:
    return (account.name, account.id) if account else (None, None)


def _chunks(names: Sequence[str], most: int) -> Iterator[tuple[str, ...]]:
    """Yields the names in as few parts as there can be, of equal length but for one name."""
    parts = -(-len(names) // most)
    for part in range(parts):
        yield tuple(names[len(names) * part // parts : len(names) * (part + 1) // parts])


def _numbered(items: Iterable[Item]) -> tuple[Item, ...]:
    return tuple(replace(item, number=number) for number, item in enumerate(items, 1))
