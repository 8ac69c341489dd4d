"""What the user asked `import` for, and what can be told of it without a look at ACM."""

from dataclasses import dataclass

from certkit import tags
from certkit.cli import arns
from certkit.errors import ContentError, UsageError
from certkit.rules import CRITERIA


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user asked `import` for.

    Attributes:
        services: what it is for.
        ignore: the rules to pass over, and `reason` why.
        is_patient: whether ACM is given more time to show what it was given.
        purges_tags: whether the tags go that are neither the user's nor certkit's nor AWS's own.
        config: the configuration, None for that of the working folder.
        verifies: whether to see afterwards what is served.
        endpoints: where, if the user says so.
    """

    source: str
    name: str | None
    arn: str | None
    tags: tuple[str, ...]
    services: tuple[str, ...]
    ignore: tuple[str, ...]
    reason: str | None
    is_patient: bool
    purges_tags: bool
    config: str | None
    verifies: bool
    endpoints: tuple[str, ...]


def check(wish: Wish) -> dict[str, str]:
    """Returns the user's tags, once all that can be told without reading anything is right.

    Raises:
        UsageError: something is not.
    """
    if wish.name is None and wish.arn is None:
        raise UsageError("say what it is called", hint="certkit import SOURCE --name NAME, the same NAME run after run")
    if wish.name is not None:
        tags.check_name(wish.name)
    if wish.arn is not None:
        arns.check_arn(wish.arn)
    if wish.ignore and not (wish.reason or "").strip():
        raise UsageError("--ignore needs a --reason TEXT")
    unknown = sorted({*wish.ignore} - {rule.id for rule in CRITERIA})
    if unknown:
        raise UsageError(f"there is no rule {unknown[0]!r}", hint="certkit rules lists them")
    without_bundle = sorted({*wish.ignore} & {error.code for error in ContentError.__subclasses__()})
    if without_bundle:
        raise UsageError(
            f"{without_bundle[0]} cannot be passed over: it leaves no bundle that could be sent",
            hint=f"certkit rules {without_bundle[0]} says what to do",
        )
    return tags.parse(wish.tags)
