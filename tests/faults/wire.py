"""Carries the requests of several hosts to the strict ACM within this process, and lets faults happen to them."""

from __future__ import annotations

import io
import json
from collections import deque
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import ConnectionClosedError, ReadTimeoutError
from werkzeug.test import Client

from tests.faults.fault import Fault, Killed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from botocore.awsrequest import AWSPreparedRequest

    from certkit.testing import SettableClock, StrictAcm

TRIP: Final = timedelta(milliseconds=50)
"""How long a request takes."""

TIMEOUT: Final = timedelta(seconds=30)
"""The client's patience for one answer."""

LATENESS: Final = timedelta(seconds=45)
"""How long after that something that is late is done."""

_THROTTLED: Final = (400, {"__type": "ThrottlingException", "message": "Rate exceeded"})
_FAILED: Final = (500, {"__type": "InternalFailure", "message": ""})


class _Raw(io.BytesIO):
    """A body as botocore reads it."""

    def stream(self, **_: object) -> Iterator[bytes]:
        yield self.read()


@dataclass(slots=True)
class Wire:
    """The network between the hosts and the strict ACM.

    Attributes:
        late: what is still to be done, and when.
    """

    server: StrictAcm
    clock: SettableClock
    late: deque[tuple[datetime, Callable[[], AWSResponse]]] = field(default_factory=deque)

    def carry(self, request: AWSPreparedRequest, fault: Fault | None, other: Callable[[], None]) -> AWSResponse:
        """Answers a request, or does not, as the fault says."""
        self.clock.advance(TRIP)
        self.deliver()
        match fault:
            case Fault.RESET | Fault.OUTAGE:
                raise ConnectionClosedError(endpoint_url=request.url)
            case Fault.LATE | Fault.KILL_LATE:
                self.late.append((self.clock() + TIMEOUT + LATENESS, lambda: self._answer(request)))
            case Fault.ERROR_BEFORE:
                return _response(request, *_FAILED)
            case Fault.THROTTLE:
                return _response(request, *_THROTTLED)
            case Fault.KILL:
                raise Killed
            case Fault.OTHER:
                other()
                return self._answer(request)
            case _:
                return self._after(request, fault, self._answer(request), other)
        return self._time_out(request, fault)

    def deliver(self) -> None:
        """Does what was late and has become due."""
        while self.late and self.late[0][0] <= self.clock():
            self.late.popleft()[1]()

    def _after(
        self, request: AWSPreparedRequest, fault: Fault | None, answer: AWSResponse, other: Callable[[], None]
    ) -> AWSResponse:
        match fault:
            case Fault.LOST | Fault.DEAF:
                raise ConnectionClosedError(endpoint_url=request.url)
            case Fault.HANG:
                return self._time_out(request, fault)
            case Fault.ERROR_AFTER:
                return _response(request, *_FAILED)
            case Fault.KILL_AFTER:
                raise Killed
            case Fault.OTHER_AFTER:
                other()
        return answer

    def _time_out(self, request: AWSPreparedRequest, fault: Fault | None) -> AWSResponse:
        if fault is Fault.KILL_LATE:
            raise Killed
        self.clock.advance(TIMEOUT)
        raise ReadTimeoutError(endpoint_url=request.url)

    def _answer(self, request: AWSPreparedRequest) -> AWSResponse:
        headers = {key: _text(value) for key, value in request.headers.items()}
        answer = Client(self.server.application).post("/", data=request.body, headers=headers, base_url=self.server.url)
        return AWSResponse(
            request.url, answer.status_code, HTTPHeaders.from_dict(dict(answer.headers)), _Raw(answer.data)
        )


def operation_of(request: AWSPreparedRequest) -> str:
    """The name of the operation that is asked for."""
    return _text(request.headers["X-Amz-Target"]).rpartition(".")[2]


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


def _response(request: AWSPreparedRequest, status: int, body: dict[str, str]) -> AWSResponse:
    headers = HTTPHeaders.from_dict({"Content-Type": "application/x-amz-json-1.1"})
    return AWSResponse(request.url, status, headers, _Raw(json.dumps(body).encode()))
