"""What many tests start from: a moment, the names of some keys, and the octets that stand for algorithms in DER."""

import datetime as dt
from dataclasses import replace
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, rsa

from certkit.contents import PrivateKey
from tests.issuing import Issued, Request, ca_request

NOW: Final = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
YEAR: Final = dt.timedelta(days=365)
DAY: Final = dt.timedelta(days=1)

KEY_A: Final = ("EC_prime256v1", 20)
KEY_B: Final = ("EC_prime256v1", 21)
KEY_C: Final = ("EC_prime256v1", 22)

SHA256_WITH_RSA: Final = bytes.fromhex("2a864886f70d01010b")
MD5_WITH_RSA: Final = bytes.fromhex("2a864886f70d010104")
MD2_WITH_RSA: Final = bytes.fromhex("2a864886f70d010102")
RSA_KEY: Final = bytes.fromhex("300d06092a864886f70d0101010500")
PSS_KEY: Final = bytes.fromhex("300d06092a864886f70d01010a3000")
CURVE_P256: Final = bytes.fromhex("06082a8648ce3d030107")
CURVE_UNKNOWN: Final = bytes.fromhex("06082a8648ce3d03017f")


def ca(common_name: str, key: tuple[str, int], **changes: Any) -> Request:
    """What the certificate of a CA says, with some of it changed."""
    return replace(ca_request(common_name, key=key), **changes)


def private_key(issued: Issued) -> PrivateKey:
    """The key of a certificate, once it is of a kind that certkit reads."""
    key = issued.private_key
    assert isinstance(
        key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | dsa.DSAPrivateKey | ed25519.Ed25519PrivateKey
    )
    return key
