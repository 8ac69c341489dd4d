"""Whatever the bytes are, reading them gives contents or an error that says whose move it is."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from certkit import formats
from certkit.contents import Contents
from certkit.errors import CertkitError
from certkit.formats import pem, pkcs12
from certkit.password import Password, Passwords
from tests.formats import building as build

if TYPE_CHECKING:
    from collections.abc import Callable

RIGHT: Final = Passwords(Password(b"changeit"), Password(b"own"))
BUDGET: Final = 50_000
"""Iterations: enough for what openssl and Java write, and quick where it is spent in full."""

SETTINGS: Final = settings(
    max_examples=100,  # a day; `make fuzz` looks for as long as it is given
    deadline=timedelta(seconds=5),
    suppress_health_check=(HealthCheck.too_slow, HealthCheck.data_too_large),
)

_FOLDERS: Final = (
    "openssl/pem/*.pem",
    "openssl/pfx/*.pfx",
    "crafted/*.pfx",
    "forge/*.p12",
    "broken/*",
    "keytool/*.p12",
)
_FILES: Final = tuple(
    path.read_bytes()
    for pattern in _FOLDERS
    for path in sorted(build.FIXTURES.glob(pattern))
    if path.stat().st_size < 8_000
)
_CERTIFICATE: Final = build.certificate_bag(b"certificate", build.friendly_name("shop"))
_KEY: Final = build.bag(build.SHROUDED_KEY_BAG, build.encrypted_key(build.pkcs8(), b"changeit"))


@some.composite
def mutations(draw: some.DrawFn, originals: some.SearchStrategy[bytes]) -> bytes:
    """Bytes that were damaged in up to four places."""
    data = draw(originals)
    for _ in range(draw(some.integers(1, 4))):
        start = draw(some.integers(0, len(data)))
        end = min(len(data), start + draw(some.sampled_from((0, 1, 2, 4, 16, 300))))
        piece = draw(
            some.one_of(
                some.just(b""),
                some.just(data[start:end] * 2),
                some.binary(min_size=end - start, max_size=end - start),
                some.binary(max_size=8),
                some.sampled_from(
                    (b"\x80", b"\xff\xff\xff\xff", b"\x84\x7f\xff\xff\xff", b"\x30\x80", b"\0\0", b"-----")
                ),
            )
        )
        data = data[:start] + piece + data[end:]
    return data


def _is_contents_or_a_failure(read: Callable[[], Contents]) -> bool:
    try:
        return isinstance(read(), Contents)
    except CertkitError as error:
        return bool(error.message)


@SETTINGS
@given(some.binary(max_size=4_000))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    assert _is_contents_or_a_failure(lambda: formats.read(data, RIGHT, BUDGET))


@SETTINGS
@given(mutations(some.sampled_from(_FILES)))
def test_any_damaged_file_is_read_or_refused(data: bytes) -> None:
    assert _is_contents_or_a_failure(lambda: formats.read(data, RIGHT, BUDGET))


@SETTINGS
@given(mutations(some.sampled_from(_FILES)))
def test_any_damaged_file_is_read_or_refused_as_the_format_that_it_was(data: bytes) -> None:
    assert _is_contents_or_a_failure(lambda: pem.read(data, RIGHT, BUDGET))
    assert _is_contents_or_a_failure(lambda: pkcs12.read(data, RIGHT, BUDGET))


@SETTINGS
@given(mutations(some.sampled_from(_FILES)))
def test_the_protection_of_any_damaged_file_is_told_or_refused(data: bytes) -> None:
    try:
        protection = pkcs12.protection(data)
    except CertkitError:
        return

    assert set(protection) == {"mac", "bags"}
    assert len(repr(protection)) < 100 * len(data)  # and it can be printed, however large its numbers


@SETTINGS
@given(
    mutations(some.sampled_from((build.plain_safe(_CERTIFICATE, _KEY), build.locked_safe(b"changeit", _CERTIFICATE))))
)
def test_any_damage_that_a_mac_vouches_for_is_read_or_refused(safe: bytes) -> None:
    data = build.pfx(safe, mac=build.Mac(Password(b"changeit")))

    assert _is_contents_or_a_failure(lambda: pkcs12.read(data, RIGHT, BUDGET))


@SETTINGS
@given(mutations(some.just(_CERTIFICATE + _KEY)))
def test_any_damage_inside_of_a_safe_is_read_or_refused(bags: bytes) -> None:
    data = build.pfx(build.locked_safe(b"changeit", bags))

    assert _is_contents_or_a_failure(lambda: pkcs12.read(data, RIGHT, BUDGET))


@SETTINGS
@given(
    mutations(
        some.sampled_from(
            [build.pkcs8(algorithm=kind) for kind in ("EC_prime256v1", "RSA_1024", "Ed25519", "DSA_1024")]
        )
    )
)
def test_any_damage_inside_of_a_key_is_read_or_refused(key: bytes) -> None:
    data = build.pfx(build.plain_safe(build.bag(build.SHROUDED_KEY_BAG, build.encrypted_key(key, b"changeit"))))

    assert _is_contents_or_a_failure(lambda: pkcs12.read(data, RIGHT, BUDGET))


@SETTINGS
@given(some.binary(max_size=40), some.binary(max_size=40))
def test_any_password_fits_or_is_refused(container: bytes, key: bytes) -> None:
    data = build.pfx(build.locked_safe(b"changeit", _CERTIFICATE, _KEY), mac=build.Mac(Password(container)))

    assert _is_contents_or_a_failure(lambda: pkcs12.read(data, Passwords(Password(container), Password(key)), BUDGET))


@pytest.mark.parametrize("size", [100, 10_000, 1_000_000])
@pytest.mark.parametrize("unit", [b"\x30\x80", b"\x24\x80", b"\x30\x84\xff\xff\xff\xff", b"\xa0\x80\x30\x80"])
def test_any_depth_of_nesting_is_refused(unit: bytes, size: int) -> None:
    data = bytes.fromhex("3080020103308006092a864886f70d010701a080") + unit * (size // len(unit))

    with pytest.raises(CertkitError):
        pkcs12.read(data, RIGHT, BUDGET)
