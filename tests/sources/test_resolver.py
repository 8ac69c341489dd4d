"""Tests of how the addresses of a host are found; nobody outside this machine is asked."""

from __future__ import annotations

import socket

import pytest

from certkit.errors import InputUnreadableError
from certkit.sources.resolver import Addresses, resolve

STREAM = (socket.SOCK_STREAM, socket.IPPROTO_TCP)


def test_every_address_is_found_once_with_the_name_that_they_belong_to() -> None:
    def ask(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        assert (host, port) == ("shop.example.com", 443)
        return [
            (socket.AF_INET6, *STREAM, "D111.CloudFront.net.", ("2001:db8::1", 443, 0, 0)),
            (socket.AF_INET, *STREAM, "", ("192.0.2.1", 443)),
            (socket.AF_INET, *STREAM, "", ("192.0.2.1", 443)),
            (socket.AF_INET, *STREAM, "", ("192.0.2.2", 443)),
        ]

    found = resolve("shop.example.com", 443, ask=ask)

    assert found == Addresses("d111.cloudfront.net", ("2001:db8::1", "192.0.2.1", "192.0.2.2"))


def test_an_address_is_its_own() -> None:
    assert resolve("127.0.0.2", 443).found == ("127.0.0.2",)
    assert resolve("::1", 443).found == ("::1",)


def test_one_family_alone_can_be_asked_for() -> None:
    with pytest.raises(InputUnreadableError, match=r"^::1 has no address: "):
        resolve("::1", 443, socket.AF_INET)


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (socket.gaierror(socket.EAI_NONAME, "Name or service not known"), "name or service not known"),
        (UnicodeError("label too long"), "label too long"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_name_without_an_address_is_said(error: Exception, reason: str) -> None:
    def ask(*_: object, **__: object) -> list[tuple[object, ...]]:
        raise error

    with pytest.raises(InputUnreadableError) as caught:
        resolve("nowhere.example", 443, ask=ask)

    assert caught.value.message == f"nowhere.example has no address: {reason}"
