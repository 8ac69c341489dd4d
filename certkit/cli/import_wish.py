"""What the user asked `import` for, and what can be told of it without a look at ACM."""

from dataclasses import dataclass

from certkit import tags
from certkit.cli import arns
from certkit.errors import ContentError, UsageError
from certkit.rules import CRITERIA


@dataclass(frozen=True, slots=True)
class What:
    """What is to be in ACM.

    Attributes:
        services: what it is for.
    """

    source: str
    name: str | None
    arn: str | None
    tags: tuple[str, ...]
    services: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class How:
    """How it is to get there.

    Attributes:
        ignore: the rules to pass over, and `reason` why.
        is_patient: whether ACM is given more time to show what it was given.
        purges_tags: whether the tags go that are neither the user's nor certkit's nor AWS's own.
        config: the configuration, None for that of the working folder.
        verifies: whether to see afterwards what is served.
        endpoints: where, if the user says so.
    """

    ignore: tuple[str, ...]
    reason: str | None
    is_patient: bool
    purges_tags: bool
    config: str | None
    verifies: bool
    endpoints: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user asked `import` for."""

    what: What
    how: How


def check(wish: Wish) -> dict[str, str]:
    """Returns the user's tags, once all that can be told without reading anything is right.

    Raises:
        UsageError: something is not.
    """
    if wish.what.name is None and wish.what.arn is None:
        raise UsageError("say what it is called", hint="certkit import SOURCE --name NAME, the same NAME run after run")
    if wish.what.name is not None:
        tags.check_name(wish.what.name)
    if wish.what.arn is not None:
        arns.check_arn(wish.what.arn)
    if wish.how.ignore and not (wish.how.reason or "").strip():
        raise UsageError("--ignore needs a --reason TEXT")
    unknown = sorted({*wish.how.ignore} - {rule.id for rule in CRITERIA})
    if unknown:
        raise UsageError(f"there is no rule {unknown[0]!r}", hint="certkit rules lists them")
    without_bundle = sorted({*wish.how.ignore} & {error.code for error in ContentError.__subclasses__()})
    if without_bundle:
        raise UsageError(
            f"{without_bundle[0]} cannot be passed over: it leaves no bundle that could be sent",
            hint=f"certkit rules {without_bundle[0]} says what to do",
        )
    return tags.parse(wish.what.tags)
