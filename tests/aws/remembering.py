"""What botocore works out anew for each client, and moto for each request, worked out once for all tests."""

from __future__ import annotations

import inspect
from functools import cache, partial
from typing import TYPE_CHECKING, Any

import botocore.hooks
import botocore.loaders
import botocore.regions
import botocore.session
import moto.backends
from botocore.endpoint_provider import EndpointProvider
from botocore.hooks import BaseEventHooks, EventAliaser

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pytest


class Memory:
    """The service models, the rules of their endpoints, what events are called, which handlers take any argument.

    And which services moto has: it lists its own folder to find out.
    """

    def __init__(self) -> None:
        look_up: Callable[..., str] = EventAliaser._alias_event_name  # type: ignore[attr-defined]  # private to botocore
        self._look_up = cache(partial(look_up, EventAliaser(BaseEventHooks())))
        self._loader: Callable[..., Any] = cache(botocore.loaders.create_loader)
        self._services = frozenset(moto.backends.list_of_moto_modules())
        self._providers: dict[int, tuple[Mapping[str, Any], EndpointProvider]] = {}

    def give(self, patch: pytest.MonkeyPatch) -> None:
        """Has botocore ask here as long as `patch` holds."""
        patch.setattr(botocore.session, "create_loader", self._loader)
        patch.setattr(botocore.regions, "EndpointProvider", self._provider)
        patch.setattr(moto.backends, "list_of_moto_modules", lambda: self._services)
        patch.setattr(botocore.hooks, "accepts_kwargs", _takes_any)
        patch.setattr(EventAliaser, "_alias_event_name", lambda _, name: self._look_up(name))

    def _provider(self, ruleset_data: Mapping[str, Any], **others: Any) -> EndpointProvider:
        # By identity, since the loader reads each once; kept along, so that no other object gets the same one.
        if id(ruleset_data) not in self._providers:
            self._providers[id(ruleset_data)] = ruleset_data, EndpointProvider(ruleset_data, **others)
        return self._providers[id(ruleset_data)][1]


def _takes_any(handler: Callable[..., Any]) -> bool:
    code = getattr(handler, "__code__", None)
    return bool(code.co_flags & inspect.CO_VARKEYWORDS if code else inspect.getfullargspec(handler).varkw)
