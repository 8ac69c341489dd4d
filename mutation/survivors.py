"""The changes that the tests did not notice, and the page that says why some need not be."""

import re
from dataclasses import dataclass
from typing import Final, Self

_KILLED: Final = frozenset(("killed", "timeout", "segfault"))
_RESULT: Final = re.compile(r"^ +(?P<name>\S+): (?P<status>.+)$", re.MULTILINE)
_ROW: Final = re.compile(r"^\| `(?P<function>certkit\.[\w.]+)` \| `` ?(?P<change>.+?) ?`` \|", re.MULTILINE)
_MANGLED: Final = re.compile(r"\.x(?:_|ǁ)(?P<function>.+?)__mutmut_\d+$")


@dataclass(frozen=True, slots=True)
class Survivor:
    """A change that no test failed at.

    Attributes:
        function: its dotted name.
        difference: the lines that went, with `-`, and that came, with `+`.
    """

    function: str
    difference: str

    @classmethod
    def of(cls, name: str, shown: str) -> Self:
        """Returns the survivor that mutmut calls `name`, from what its `show` says."""
        changed = (line for line in shown.splitlines() if re.match(r"[-+](?![-+]{2})", line))
        return cls(_MANGLED.sub(lambda match: "." + match["function"].replace("ǁ", "."), name), "\n".join(changed))


def read_results(printed: str) -> dict[str, str]:
    """Returns the status of each mutant, from what mutmut's `results` says."""
    return {match["name"]: match["status"] for match in _RESULT.finditer(printed)}


def is_killed(status: str) -> bool:
    """Tells whether the tests noticed; a run that no longer ended, or that crashed, was noticed."""
    return status in _KILLED


def explained(page: str) -> set[tuple[str, str]]:
    """Returns function and change of each row of the tables of survivors."""
    return {(match["function"], match["change"].replace("\\|", "|")) for match in _ROW.finditer(page)}


def is_explained(survivor: Survivor, known: set[tuple[str, str]]) -> bool:
    """Tells whether a row is about this function, and its change is in a line that came, or as `-` in one that went."""
    lines = survivor.difference.splitlines()
    return any(
        function == survivor.function and any(change in line for line in lines if line[0] == "+" or change[0] == "-")
        for function, change in known
    )
