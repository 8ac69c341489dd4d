"""Every way to write an address inside one's own network, as the system's own resolver takes it.

What a resolver in the hands of an attacker answers, rebinding included, is in `tests/sources/test_web.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from certkit.errors import InputUnreadableError, NotToldError
from certkit.notify.webhook import Webhook
from certkit.password import Password
from certkit.sources.web import Web
from certkit.sources.wire import resolve

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

HOSTS: Final = (
    "2130706433",
    "0x7f000001",
    "0x7f.1",
    "0177.0.0.1",
    "017700000001",
    "127.1",
    "127.0.1",
    "0",
    "0.0.0.0",  # noqa: S104 -- refused, not bound
    "2852039166",
    "0xa9fea9fe",
    "localhost",
    "localhost.",
    "LOCALHOST",
    "127.0.0.1.",
    "[::1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:a9fe:a9fe]",
    "[0:0:0:0:0:ffff:7f00:1]",
    "[64:ff9b::7f00:1]",
    "[64:ff9b:1::7f00:1]",
    "[2002:7f00:1::]",
    "[fe80::1%25lo]",
    "[fe80::1%lo]",
    "[fd00:ec2::254]",
    "①②⑦.⓪.⓪.①",
    "127。0。0。1",
    "user@127.0.0.1",
    "public.example@127.0.0.1",
    "127.0.0.1#@public.example",
    "127.0.0.1\\@public.example",
    "127.0.0.1%2f@public.example",
    " 127.0.0.1",
    "127.0.0.1\t",
    "public.example\r\nHost: 127.0.0.1",
)
SECRET: Final = "canary-of-a-token"


def _connect(address: str, port: int, seconds: float) -> socket.socket:
    raise AssertionError(f"connected to {address}:{port} within {seconds}")


def _resolve(host: str, port: int) -> tuple[str, ...]:
    """Asks the system, whose answer needs no network for these; a name that does needs is a public one."""
    if "public.example" in host:
        return ("93.184.215.14",)
    return resolve(host, port)


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_no_way_to_write_it_leads_an_address_of_a_certificate_inside(scheme: str, host: str) -> None:
    with pytest.raises(InputUnreadableError):
        Web(connect=_connect, resolve=_resolve).fetch(f"{scheme}://{host}/issuer.crt")


@pytest.mark.parametrize("host", HOSTS)
def test_no_way_to_write_it_leads_a_webhook_inside_and_none_shows_its_address(host: str) -> None:
    address = Password(f"https://{host}/{SECRET}?token={SECRET}".encode())
    webhook = Webhook(connect=_connect, resolve=_resolve)
    calls: tuple[Callable[[], None], ...] = (
        lambda: webhook.post(address, b"{}", "the webhook"),
        lambda: webhook.ping(address, "the ping", is_good=False),
    )

    for call in calls:
        with pytest.raises(NotToldError) as caught:
            call()

        assert SECRET not in f"{caught.value.message} {caught.value.hint} {caught.value.__cause__}"


@pytest.mark.parametrize(
    "scheme", ["file", "ftp", "gopher", "ldap", "data", "javascript", "HTTP\t", "unix", "jar:http"]
)
def test_only_the_web_is_asked(scheme: str) -> None:
    with pytest.raises(InputUnreadableError):
        Web(connect=_connect, resolve=_resolve, allows_private=True).fetch(f"{scheme}://public.example/etc/passwd")
