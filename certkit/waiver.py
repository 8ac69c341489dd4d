"""Findings that somebody has decided to live with: which, why, and until when.

A waiver is for one rule and for the bundles that its `match` fits. Until the end of its last day, in UTC, what the rule finds
there does not count; from then on it counts again, and says that it was waived. Nothing is waived for ever.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Final

from certkit.errors import ConfigurationError
from certkit.rules import CRITERIA, Finding
from certkit.selection import nearest

_TEXTS: Final = ("rule", "match", "reason")
_KEYS: Final = (*_TEXTS, "until")
_ALL_KEYS: Final = "a waiver has rule, match, reason and until"


@dataclass(frozen=True, slots=True)
class Waiver:
    """One decision.

    Attributes:
        rule: the ID of the rule.
        match: a pattern as the shell has it, for what a bundle is called by; `*` stands for slashes too.
        until: the last day on which it holds.
    """

    rule: str
    match: str
    reason: str
    until: dt.date

    def fits(self, names: Iterable[str]) -> bool:
        """Tells whether it is for the bundle that goes by any of `names`; case counts."""
        return any(fnmatchcase(name, self.match) for name in names)


@dataclass(frozen=True, slots=True)
class Waived:
    """A finding that does not count, and why."""

    finding: Finding
    waiver: Waiver


@dataclass(frozen=True, slots=True)
class Weighed:
    """What the waivers leave of a bundle's findings.

    Attributes:
        findings: those that count, in their order.
        waived: those that do not.
        used: the waivers that a finding was found for, expired ones included.
        unused: those that are for this bundle, and for which there was none.
    """

    findings: tuple[Finding, ...]
    waived: tuple[Waived, ...]
    used: frozenset[Waiver]
    unused: frozenset[Waiver]


def apply(waivers: Sequence[Waiver], findings: Sequence[Finding], names: Sequence[str], now: dt.datetime) -> Weighed:
    """Sorts the findings on one bundle into those that count and those that are waived.

    Args:
        names: what the bundle is called by: its name in the manifest, or the path of its file and parts of that.
        now: aware; its day in UTC decides.
    """
    fitting = [waiver for waiver in waivers if waiver.fits(names)]
    today = now.astimezone(dt.UTC).date()
    counted, waived, used = [], [], set()
    for finding in findings:
        own = [waiver for waiver in fitting if waiver.rule == finding.rule]
        used.update(own)
        last = max(own, key=lambda waiver: waiver.until, default=None)
        if last is None:
            counted.append(finding)
        elif today <= last.until:
            waived.append(Waived(finding, last))
        else:
            counted.append(replace(finding, message=f"{finding.message}; {_ended(last)}"))
    return Weighed(tuple(counted), tuple(waived), frozenset(used), frozenset(fitting) - used)


def waivers_of(tables: Sequence[Mapping[str, object]]) -> tuple[Waiver, ...]:
    """Returns the waivers that the tables `[[waiver]]` of a configuration say.

    Raises:
        ConfigurationError: a key is missing, unknown or of another type, or there is no such rule; the message names the
            table, by its number from 1, and the key.
    """
    return tuple(_waiver(table, f"waiver {number}") for number, table in enumerate(tables, start=1))


def _ended(waiver: Waiver) -> str:
    return f"its waiver ended on {waiver.until} ({waiver.reason})"


def _waiver(table: Mapping[str, object], where: str) -> Waiver:
    for key in table:
        if key not in _KEYS:
            raise ConfigurationError(f"{where}: there is no key {key!r}", hint=nearest(key, _KEYS, _ALL_KEYS))
    for key in _KEYS:
        if key not in table:
            raise ConfigurationError(f"{where}: {key} is missing", hint=_ALL_KEYS)
    rule, match, reason = (_text(table[key], f"{where}: {key}") for key in _TEXTS)
    ids = [one.id for one in CRITERIA]
    if rule not in ids:
        hint = nearest(rule, ids, "certkit rules lists all rules")
        raise ConfigurationError(f"{where}: rule: there is no rule {rule!r}", hint=hint)
    return Waiver(rule, match, reason, _day(table["until"], f"{where}: until"))


def _text(value: object, where: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ConfigurationError(f"{where}: it is no text, or an empty one")
    return value


def _day(value: object, where: str) -> dt.date:
    if not isinstance(value, dt.date) or isinstance(value, dt.datetime):
        raise ConfigurationError(f"{where}: it is no day", hint="write it as 2027-01-31, without quotes")
    return value
