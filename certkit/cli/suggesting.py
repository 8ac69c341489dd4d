"""What a shell offers on Tab for values that are no closed choice: rules, services, regions, what the manifest names."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, Final, NamedTuple, TypeAlias

import typer

from certkit.errors import CertkitError

Offer: TypeAlias = Callable[[typer.Context], Iterable[tuple[str, str | None]]]
"""What gives the values that fit, each with a line about it, by what was typed before."""

_SEES_ALL: Final = frozenset({"adopt", "doctor", "forecast", "policy", "prune", "status"})
"""The commands whose `--region` takes `all`."""


class Suggestion(NamedTuple):
    """One value, in the form in which typer's shells want it."""

    value: str
    help: str | None
    type: str = "plain"


def attach(command: str, parameters: Iterable[Any]) -> None:
    """Gives typer's parameters of `command` their suggestions; those of a closed choice have theirs from their type."""
    for parameter in parameters:
        offer = _offer(command, parameter.name or "")
        if offer is not None and parameter.type.name == "str":
            parameter.shell_complete = partial(_complete, offer)  # else it would stand in the signature of each command


def _offer(command: str, parameter: str) -> Offer | None:
    match parameter:
        case "rule" | "select" | "ignore":
            return _rules
        case "for_service":
            return _services
        case "region":
            return partial(_regions, sees_all=command in _SEES_ALL)
        case "account":
            return _accounts
        case "name" | "only":
            return _names
    return None


def _complete(offer: Offer, context: typer.Context, incomplete: str) -> list[Suggestion]:
    """Returns what begins with `incomplete`, behind its last comma; nothing where a manifest cannot be read."""
    before, comma, last = incomplete.rpartition(",")
    try:
        return [Suggestion(before + comma + value, line) for value, line in offer(context) if value.startswith(last)]
    except CertkitError:  # a message would stand in the middle of what is being typed
        return []


def _rules(context: typer.Context) -> Iterable[tuple[str, str | None]]:
    from certkit.rules import CRITERIA

    del context
    return [(rule.id, rule.severity.value) for rule in CRITERIA]


def _services(context: typer.Context) -> Iterable[tuple[str, str | None]]:
    from certkit.rules.services import SERVICES

    del context
    return [(name, service.title) for name, service in SERVICES.items()]


def _regions(context: typer.Context, *, sees_all: bool) -> Iterable[tuple[str, str | None]]:
    from certkit.aws.regions import known_regions
    from certkit.cli.cloud import ALL

    del context
    return [*([(ALL, "every enabled region")] if sees_all else []), *((name, None) for name in known_regions())]


def _names(context: typer.Context) -> Iterable[tuple[str, str | None]]:
    from certkit.cli import configuration

    found = configuration.find(_manifest(context))
    return [(spec.name, None) for spec in found.certificates] if found else []


def _accounts(context: typer.Context) -> Iterable[tuple[str, str | None]]:
    from certkit.cli import configuration
    from certkit.cli.cloud import ALL

    found = configuration.find(_manifest(context))
    own = [(account.name, account.id) for account in found.accounts] if found else []
    return [(ALL, "every account of the configuration"), *own]


def _manifest(context: typer.Context) -> str | None:
    """Returns the manifest that was named; before an option's value typer leaves arguments as they were typed."""
    unparsed = (word for word in context.args if word.endswith(".toml"))
    return context.params.get("manifest") or context.params.get("config") or next(unparsed, None)
