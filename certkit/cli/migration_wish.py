"""What the user asked `migrate` for, and what can be told of it without a look at ACM."""

import datetime as dt
from dataclasses import dataclass

from certkit import expiry, tags
from certkit.cli.options import OutputFormat
from certkit.errors import UsageError
from certkit.record import place_of


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user asked for.

    Attributes:
        to: the SOURCE, None where what is under way is to go on.
        quiet_for, wait: times as they were typed.
        ignored: the rules to pass over, and why.
    """

    name: str
    to: str | None
    applies: bool
    reverts: bool
    retires: bool
    is_sure: bool
    wants_new_arn: bool
    quiet_for: str
    wait: str | None
    ignored: tuple[tuple[str, ...], str | None]
    config: str | None
    output_format: OutputFormat

    @property
    def writes(self) -> bool:
        """Whether anything is to be written."""
        return self.applies or (self.retires and self.is_sure)

    @property
    def quiet(self) -> dt.timedelta:
        """How long nothing must have used the old one.

        Raises:
            UsageError: it is no time.
        """
        return _time(self.quiet_for, "--quiet-for")

    @property
    def seconds(self) -> float:
        """How long to look again.

        Raises:
            UsageError: it is no time.
        """
        return _time(self.wait, "--wait").total_seconds() if self.wait else 0.0

    @property
    def ignores(self) -> dict[str, str]:
        """The rules to pass over, each with the reason."""
        rules, reason = self.ignored
        return dict.fromkeys(rules, reason or "")


def check(wish: Wish) -> None:
    """Checks that the options go together.

    Raises:
        UsageError: they do not.
    """
    if place_of(wish.name):
        raise UsageError(
            f"{wish.name} is an ARN, and what moves to another one needs a name", hint="certkit adopt ARN --name NAME"
        )
    tags.check_name(wish.name)
    if wish.retires and (wish.applies or wish.reverts or wish.to):
        raise UsageError("--retire goes alone, and with --yes", hint="certkit migrate NAME --retire --yes")
    if wish.is_sure and not wish.retires:
        raise UsageError("--yes goes with --retire: --apply carries the other steps out")
    if wish.reverts and wish.to:
        raise UsageError("--revert goes back to what is in ACM already: it does not go with --to")
    if wish.ignores and not (wish.ignored[1] or "").strip():
        raise UsageError("--ignore needs a --reason TEXT")
    _ = wish.quiet, wish.seconds


def _time(text: str, option: str) -> dt.timedelta:
    left = expiry.parse_time(text)
    if left is None:
        raise UsageError(f"{option} {text!r} is no time", hint="give a time, such as 90s, 10m or 7d")
    return left
