"""Serves the strict ACM on loopback, over real HTTP.

moto keeps its state and its services in module-level objects. While the strict ACM is served it takes the place of
moto's ACM there, and all of moto's state belongs to it: hence one at a time in a process, and none next to `mock_aws`.
"""

from __future__ import annotations

import json
import os
from contextlib import contextmanager
from dataclasses import replace
from threading import Lock
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final
from xml.sax.saxutils import escape

from moto.acm.models import AWSCertificateManagerBackend, acm_backends
from moto.acm.urls import url_bases
from moto.core.base_backend import AccountSpecificBackend, BackendDict
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import make_server

from certkit.testing import absent
from certkit.testing.backend import Conditions, StrictBackend
from certkit.testing.behaviour import Behaviour
from certkit.testing.clock import utc_now
from certkit.testing.environment import REGION, client_environment, foreign_variables
from certkit.testing.loopback import served
from certkit.testing.responses import StrictResponse
from certkit.testing.users import mended

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime
    from typing import TypeAlias

    _Application: TypeAlias = Callable[[dict[str, Any], Any], Any]

DEFAULT_BEHAVIOUR: Final = Behaviour()
"""The real service, as far as it is known."""
_NO_VARIABLES: Final[Mapping[str, str]] = {}


class AlreadyServingError(RuntimeError):
    """A strict ACM is being served in this process already."""


class StrictAcm:
    """A strict ACM that is being served.

    Attributes:
        url: Its endpoint, `http://127.0.0.1:PORT`; for all services that moto has, not for ACM alone.
        account: The account of clients that have not assumed a role of another one.
        application: What answers, as WSGI: to ask it without a network. It takes one request at a time.
    """

    account: Final = DEFAULT_ACCOUNT_ID

    def __init__(self, url: str, conditions: Conditions, application: _Application) -> None:
        self.url = url
        self.application = application
        self._conditions = conditions
        self._initial = replace(conditions)

    @property
    def behaviour(self) -> Behaviour:
        """The settings that hold from the next request on."""
        return self._conditions.behaviour

    @behaviour.setter
    def behaviour(self, behaviour: Behaviour) -> None:
        self._conditions.behaviour = behaviour

    @property
    def now(self) -> Callable[[], datetime]:
        """What tells the time, UTC."""
        return self._conditions.now

    @now.setter
    def now(self, now: Callable[[], datetime]) -> None:
        self._conditions.now = now

    def environment(self, outer: Mapping[str, str] = _NO_VARIABLES) -> dict[str, str]:
        """The variables that lead a client here, to be set over those of `outer`, whose NO_PROXY is kept."""
        return client_environment(self.url, outer)

    def child_environment(self, outer: Mapping[str, str]) -> dict[str, str]:
        """The whole environment of a program that is to reach nothing but this: `outer` without its own AWS settings."""
        foreign = set(foreign_variables(outer))
        kept = {name: value for name, value in outer.items() if name not in foreign}
        return kept | self.environment(outer)

    def reset(self) -> None:
        """Forgets all certificates and all else, and goes back to the first behaviour and clock."""
        BackendDict.reset()
        self._conditions.behaviour = self._initial.behaviour
        self._conditions.now = self._initial.now

    def set_in_use(self, arn: str, *by: str) -> None:
        """Says which resources serve a certificate; without any it is free again.

        Raises:
            AwsRefusal: There is no such certificate.
        """
        _, _, _, region, account, _ = arn.split(":")
        self.backend(account, region).set_in_use(arn, by)

    def deny(self, *operations: str, account: str = DEFAULT_ACCOUNT_ID, region: str = REGION) -> None:
        """Has these operations, named as in "ListCertificates", answer AccessDeniedException; without any, none."""
        self.backend(account, region).denied = frozenset(operations)

    def backend(self, account: str = DEFAULT_ACCOUNT_ID, region: str = REGION) -> StrictBackend:
        """What stands behind one account and Region, to look at it in a test without a request."""
        backend = acm_backends[account][region]
        if not isinstance(backend, StrictBackend):
            raise TypeError("the strict ACM is not being served any more")
        return backend


@contextmanager
def serve(behaviour: Behaviour = DEFAULT_BEHAVIOUR, *, now: Callable[[], datetime] = utc_now) -> Iterator[StrictAcm]:
    """Serves a strict ACM on a free port of loopback until the block is left.

    Raises:
        AlreadyServingError: There is one in this process.
    """
    conditions = Conditions(behaviour, now)
    with _installed(conditions), mended() as mend:
        application = _one_at_a_time(mend)
        server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=_QuietHandler)
        with served(server):
            yield StrictAcm(f"http://127.0.0.1:{server.server_port}", conditions, application)


class _QuietHandler(MotoRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002, ANN401 - werkzeug's signature
        """Writes no line for every request."""


@contextmanager
def _installed(conditions: Conditions) -> Iterator[None]:
    if acm_backends.backend is not AWSCertificateManagerBackend:
        raise AlreadyServingError("a strict ACM is being served in this process already; moto has room for one")
    addresses = SimpleNamespace(url_bases=url_bases, url_paths={"{0}/$": StrictResponse.dispatch})
    served = type("ServedBackend", (StrictBackend,), {"conditions": conditions, "addresses": addresses})
    _read_regions()
    BackendDict.reset()
    acm_backends.backend = served
    try:
        yield
    finally:
        BackendDict.reset()
        acm_backends.backend = AWSCertificateManagerBackend


def _read_regions() -> None:
    # moto makes one boto3 session for the list of Regions, which fails if AWS_PROFILE names a profile that is not there.
    hidden = {name: os.environ.pop(name) for name in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE") if name in os.environ}
    try:
        AccountSpecificBackend.get_session().get_available_regions("acm")
    finally:
        os.environ.update(hidden)


def _one_at_a_time(mend: Callable[[str], None]) -> _Application:
    # The stores of moto are not made for threads: two conditional writes to DynamoDB can both win.
    def create(service: Any) -> Any:  # noqa: ANN401 - moto's own
        mend(service)
        return create_backend_app(service)

    application = DomainDispatcherApplication(create)
    lock = Lock()

    def answer(environ: dict[str, Any], start_response: Any) -> Any:  # noqa: ANN401 - WSGI
        with lock:
            if absent.is_unknown(environ):
                return _refuse_unserved(environ, start_response, "")
            try:
                return application(environ, start_response)
            except (NotImplementedError, ModuleNotFoundError) as error:  # the latter: a package for that service alone
                return _refuse_unserved(environ, start_response, str(error))

    return answer


def _refuse_unserved(environ: dict[str, Any], start_response: Any, reason: str) -> list[bytes]:  # noqa: ANN401 - WSGI
    # What moto has not, the sandbox refuses: moto's own answer, 500 and a traceback, would be asked for again.
    empty = absent.listing(environ, reason)
    if empty is not None:
        return _answered(start_response, "200 OK", *empty)
    code = "UnknownOperationException"
    if "HTTP_X_AMZ_TARGET" in environ:
        kind, body = "application/x-amz-json-1.1", json.dumps({"__type": code, "message": reason})
    else:
        kind = "text/xml"
        error = f"<Error><Type>Sender</Type><Code>{code}</Code><Message>{escape(reason)}</Message></Error>"
        body = f"<ErrorResponse>{error}<RequestId>sandbox</RequestId></ErrorResponse>"
    return _answered(start_response, "400 Bad Request", kind, body)


def _answered(start_response: Any, status: str, kind: str, body: str) -> list[bytes]:  # noqa: ANN401 - WSGI
    start_response(status, [("Content-Type", kind), ("Content-Length", str(len(body.encode())))])
    return [body.encode()]
