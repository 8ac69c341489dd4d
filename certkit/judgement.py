"""What was made of one SOURCE: what is wrong with it, what of that is waived, and where it stands; or why it cannot be read."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from certkit.errors import CertkitError
from certkit.location import Place
from certkit.rules import Finding
from certkit.waiver import Waived, Waiver


@dataclass(frozen=True, slots=True)
class Judgement:
    """A bundle that could be read.

    Attributes:
        source: the SOURCE, as the user wrote it.
        findings: what counts.
        waived: what was found and does not count.
        is_whole: whether every rule was looked at; not where no bundle could be made of what was read.
        places: where the parts of the bundle stand, as far as that is known and was asked for.
        used: the waivers that something was found for.
        unused: those that are for this bundle, and for which nothing was.
        replaces: the name of what it was to replace and was held against; None where it was not.
    """

    source: str
    findings: tuple[Finding, ...]
    waived: tuple[Waived, ...] = ()
    is_whole: bool = True
    places: Mapping[str, Place] = field(default_factory=dict)
    used: frozenset[Waiver] = frozenset()
    unused: frozenset[Waiver] = frozenset()
    replaces: str | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """A SOURCE that could not be read."""

    source: str
    error: CertkitError
