"""The structure of a PFX, as far as it shows without a password."""

import pytest

from certkit import limits
from certkit.errors import AlgorithmUnsupportedError, InputUnreadableError
from certkit.formats import der, pfx
from certkit.password import Password
from tests.formats import building as build

PASSWORD = Password(b"changeit")
PLAIN = build.plain_safe(build.certificate_bag(b"certificate"))
LOCKED = build.locked_safe(b"changeit", build.certificate_bag(b"certificate"), iterations=3)
KEY = build.bag(build.SHROUDED_KEY_BAG, build.encrypted_key(build.pkcs8(), b"changeit", 4))
AES = {"cipher": "AES-256-CBC", "kdf": "PBKDF2-HMAC-SHA256"}
NO_CIPHER = {"cipher": None, "kdf": None, "iterations": None}


def test_the_protection_is_told_lock_by_lock() -> None:
    safes = (LOCKED, build.plain_safe(KEY, build.bag(build.KEY_BAG, build.pkcs8()), build.certificate_bag(b"")))
    structure = pfx.parse(build.pfx(*safes, mac=build.Mac(PASSWORD, 5)))

    assert pfx.protection(structure) == {
        "mac": {"algorithm": "HMAC-SHA256", "kdf": "PKCS12-SHA256", "iterations": 5},
        "bags": [
            {"content": "encrypted", **AES, "iterations": 3},
            {"content": "key", **AES, "iterations": 4},
            {"content": "key", **NO_CIPHER},
            {"content": "certificate", **NO_CIPHER},
        ],
    }


def test_bags_inside_bags_are_told_too() -> None:
    nested = build.bag(build.NESTED_BAG, build.sequence(KEY, build.certificate_bag(b"")))
    structure = pfx.parse(build.pfx(build.plain_safe(nested)))

    assert pfx.protection(structure) == {
        "mac": None,
        "bags": [{"content": "key", **AES, "iterations": 4}, {"content": "certificate", **NO_CIPHER}],
    }
    assert pfx.visible_iterations(structure) == (4,)


@pytest.mark.parametrize(("depth", "is_seen"), [(limits.MAX_NESTING, True), (limits.MAX_NESTING + 1, False)])
def test_bags_inside_bags_are_seen_to_a_depth(depth: int, *, is_seen: bool) -> None:
    nested = KEY
    for _ in range(depth):
        nested = build.bag(build.NESTED_BAG, build.sequence(nested))
    structure = pfx.parse(build.pfx(build.plain_safe(nested)))

    seen = [{"content": "key", **AES, "iterations": 4}]
    assert pfx.protection(structure)["bags"] == (seen if is_seen else [])
    assert pfx.visible_iterations(structure) == ((4,) if is_seen else ())


def test_a_bag_of_another_kind_is_not_told() -> None:
    secret = build.bag(build.SECRET_BAG, build.sequence(build.oid("1.2.3")))

    structure = pfx.parse(build.pfx(build.plain_safe(secret, KEY)))

    assert pfx.protection(structure)["bags"] == [{"content": "key", **AES, "iterations": 4}]


def test_the_cost_of_opening_is_that_of_each_lock() -> None:
    structure = pfx.parse(build.pfx(LOCKED, PLAIN, build.plain_safe(KEY), mac=build.Mac(PASSWORD, 5)))

    assert pfx.visible_iterations(structure) == (3, 4, 5)


@pytest.mark.parametrize(
    ("encoded", "message"),
    [
        (
            build.sequence(build.integer(3), build.sequence(build.oid("1.2.840.113549.1.7.2"), build.explicit(b""))),
            "a PFX guarded by a signature instead of a password is not supported",
        ),
        (
            build.pfx(build.sequence(build.oid("1.2.840.113549.1.7.3"), build.explicit(build.sequence()))),
            "a PFX encrypted to a public key instead of a password is not supported",
        ),
    ],
)
def test_what_is_not_supported_is_named(encoded: bytes, message: str) -> None:
    with pytest.raises(AlgorithmUnsupportedError) as caught:
        pfx.parse(encoded)

    assert caught.value.message == message


def test_a_bag_where_a_safe_belongs_is_malformed() -> None:
    with pytest.raises(der.MalformedError, match=r"unknown type 1\.2\.840\.113549\.1\.12\.10\.1\.3"):
        pfx.parse(build.pfx(build.bag(pfx.CERTIFICATE_BAG, build.sequence())))


def test_another_version_is_refused() -> None:
    with pytest.raises(InputUnreadableError, match="version 4"):
        pfx.parse(build.pfx(PLAIN, version=4))


@pytest.mark.parametrize(
    ("attributes", "alias"),
    [
        ((), None),
        ((build.friendly_name("shop"),), "shop"),
        ((build.friendly_name("Grüße ✓ 😀"),), "Grüße ✓ 😀"),
        ((build.friendly_name("shop\0"),), "shop"),
        ((build.friendly_name("BOX"),), "BOX"),
        ((build.attribute(build.LOCAL_KEY_ID, build.octets(b"1")),), None),
        ((build.attribute(build.LOCAL_KEY_ID, build.octets(b"1")), build.friendly_name("shop")), "shop"),
        ((build.attribute(build.FRIENDLY_NAME, der.encode(0x0C, "schön".encode())),), "schön"),
        ((build.attribute(build.FRIENDLY_NAME, der.encode(der.BMP_STRING, b"\0a\0")),), "a\ufffd"),
        ((build.sequence(build.oid(build.FRIENDLY_NAME), build.set_of()),), None),
    ],
)
def test_a_bag_goes_by_its_friendly_name(attributes: tuple[bytes, ...], alias: str | None) -> None:
    content = build.sequence(build.certificate_bag(b"certificate", *attributes))

    assert [(kind, name) for kind, _, name in pfx.bags(content)] == [(build.CERTIFICATE_BAG, alias)]


@pytest.mark.parametrize(
    "shrouded", [build.sequence(), build.sequence(build.pbes2()), build.sequence(build.pbes2(), b"\4\0", b"\4\0")]
)
def test_an_encrypted_key_of_another_shape_is_malformed(shrouded: bytes) -> None:
    structure = pfx.parse(build.pfx(build.plain_safe(build.bag(build.SHROUDED_KEY_BAG, shrouded))))

    with pytest.raises(der.MalformedError, match="an encrypted key of"):
        pfx.visible_iterations(structure)
