"""A webhook is told by https, at a public address, unless its owner allows more; its address is never shown."""

from __future__ import annotations

import json
import ssl
import traceback
from typing import TYPE_CHECKING

import pytest

from certkit.errors import NotToldError
from certkit.notify.webhook import Webhook
from certkit.password import Password
from tests.sources.test_web import Net, answering, network, ok, redirect

if TYPE_CHECKING:
    from collections.abc import Callable

TOKEN = "T000/B000/sesame-open"
CALLED = "the webhook of web"
BODY = json.dumps({"text": "hello"}).encode()


def told(net: Net, url: str, *, allows_private: bool = False) -> str:
    """Tells a webhook in a network, and returns why it was not told, or nothing."""
    webhook = Webhook(allows_private, 5.0, net.resolve, net.connect, ssl.create_default_context)
    said = trace = ""
    try:
        webhook.post(Password(url.encode()), BODY, CALLED)
    except NotToldError as error:
        said, trace = f"{error.message} ({error.hint})", "".join(traceback.format_exception(error))
    assert "sesame" not in trace
    return said


def test_it_gets_json_by_post() -> None:
    with network(answering(ok(b"ok"))) as net:
        said = told(net, f"http://hooks.example/{TOKEN}\n", allows_private=True)

    head, _, body = net.requests[0].partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    assert said == ""
    assert lines[0] == f"POST /{TOKEN} HTTP/1.1"
    assert {"Host: hooks.example", "Content-Type: application/json", f"Content-Length: {len(BODY)}"} <= set(lines)
    assert (body or BODY) == BODY


@pytest.mark.parametrize("scheme", ["http://", "ftp://", "file://", ""])
def test_without_tls_nothing_is_sent(scheme: str) -> None:
    with network(answering(ok(b"ok"))) as net:
        said = told(net, f"{scheme}hooks.example/{TOKEN}")

    assert said.startswith(f"{CALLED}: its address does not begin with https://")
    assert net.connected == []


@pytest.mark.parametrize("address", ["127.0.0.1", "169.254.169.254", "10.0.0.1", "::1", "fd00:ec2::254"])
def test_what_is_inside_a_private_network_is_not_told(address: str) -> None:
    with network(answering(ok(b"ok"))) as net:
        net.names["hooks.example"] = (address,)
        said = told(net, f"https://hooks.example/{TOKEN}")

    assert said.startswith(f"{CALLED} is not told: hooks.example is inside a private network (allow_private = true")
    assert net.connected == []


def test_another_port_is_not_told() -> None:
    with network(answering(ok(b"ok"))) as net:
        said = told(net, f"https://hooks.example:8443/{TOKEN}")

    assert said.startswith(f"{CALLED} is not told: 8443 is not the port of https")
    assert net.connected == []


def test_a_redirect_is_not_followed() -> None:
    with network(answering(redirect("http://hooks.example/other"), ok(b"ok"))) as net:
        said = told(net, f"http://hooks.example/{TOKEN}", allows_private=True)

    assert said == f"{CALLED} answers with status 302 (None)"
    assert len(net.requests) == 1


@pytest.mark.parametrize("status", [400, 403, 404, 410, 429, 500])
def test_what_is_not_taken_is_an_error(status: int) -> None:
    answer = f"HTTP/1.1 {status} no\r\nContent-Length: 12\r\n\r\ninvalid_blob".encode()
    with network(answering(answer)) as net:
        said = told(net, f"http://hooks.example/{TOKEN}", allows_private=True)

    assert said == f"{CALLED} answers with status {status} (None)"


@pytest.mark.parametrize(
    "make",
    [
        lambda: f"https://hooks.example/{TOKEN}\r\nX: 1",
        lambda: f"https://user:{TOKEN}@hooks.example/",
        lambda: f"https://[{TOKEN}",
        lambda: f"https://hooks.example/{TOKEN}/käse",
    ],
)
def test_an_address_that_is_none_is_not_shown(make: Callable[[], str]) -> None:
    with network(answering(ok(b"ok"))) as net:
        said = told(net, make())

    assert said.startswith(CALLED)
    assert net.connected == []


def test_a_server_that_is_not_there_is_an_error() -> None:
    with network(answering(b"")) as net:
        said = told(net, f"http://hooks.example/{TOKEN}", allows_private=True)

    assert said.startswith(f"{CALLED} cannot be told: ")


def test_a_server_whose_certificate_nobody_trusts_is_not_told() -> None:
    with network(answering(b"\x15\x03\x01\x00\x02\x02\x28"), reads=False) as net:
        said = told(net, f"https://hooks.example/{TOKEN}")

    assert said.startswith(f"{CALLED} cannot be told: ")


def rung(net: Net, url: str, *, is_good: bool) -> str:
    """Calls what waits for a job in a network, and returns why that failed, or nothing."""
    webhook = Webhook(True, 5.0, net.resolve, net.connect, ssl.create_default_context)
    said = trace = ""
    try:
        webhook.ping(Password(url.encode()), "the ping", is_good=is_good)
    except NotToldError as error:
        said, trace = error.message, "".join(traceback.format_exception(error))
    assert "sesame" not in trace
    return said


@pytest.mark.parametrize(
    ("url", "good", "bad"),
    [
        (f"http://hc.example/{TOKEN}", f"/{TOKEN}", f"/{TOKEN}/fail"),
        (f"http://hc.example/{TOKEN}/?rid=1\n", f"/{TOKEN}/?rid=1", f"/{TOKEN}/fail?rid=1"),
    ],
)
def test_a_ping_is_a_call_without_content_and_a_failure_has_an_address_of_its_own(
    url: str, good: str, bad: str
) -> None:
    with network(answering(ok(b"OK"), ok(b"OK"))) as net:
        said = [rung(net, url, is_good=True), rung(net, url, is_good=False)]

    lines = [one.decode().split("\r\n")[0] for one in net.requests]
    assert said == ["", ""]
    assert lines == [f"GET {good} HTTP/1.1", f"GET {bad} HTTP/1.1"]


def test_a_ping_that_is_not_known_is_an_error_and_no_redirect_is_followed() -> None:
    answer = b"HTTP/1.1 404 no\r\nContent-Length: 0\r\n\r\n"
    with network(answering(answer, redirect("http://hc.example/other"))) as net:
        said = [rung(net, f"http://hc.example/{TOKEN}", is_good=True) for _ in range(2)]

    assert said == ["the ping answers with status 404", "the ping answers with status 302"]
    assert len(net.requests) == 2


def test_an_address_that_is_none_is_never_repeated() -> None:
    with network(answering(ok(b"OK"))) as net:
        said = rung(net, "https://[sesame/open", is_good=False)

    assert (said, net.connected) == ("the ping is no address", [])
