"""The MAC of a PFX (RFC 7292 section 4; RFC 9579 for PBMAC1)."""

import hashlib
import hmac
from typing import Final, NamedTuple

from certkit.errors import AlgorithmUnsupportedError, InputTooLargeError
from certkit.formats import der, pbe
from certkit.formats.kdf import MAC_MATERIAL, Pbkdf2, Pkcs12Kdf
from certkit.password import Password

_PBMAC1: Final = "1.2.840.113549.1.5.14"
_MAX_MAC_KEY_BYTES: Final = 1_024
_DIGESTS: Final = {
    "1.2.840.113549.2.5": "md5",
    "1.3.14.3.2.26": "sha1",
    "2.16.840.1.101.3.4.2.4": "sha224",
    "2.16.840.1.101.3.4.2.1": "sha256",
    "2.16.840.1.101.3.4.2.2": "sha384",
    "2.16.840.1.101.3.4.2.3": "sha512",
    "2.16.840.1.101.3.4.2.5": "sha512_224",
    "2.16.840.1.101.3.4.2.6": "sha512_256",
    "2.16.840.1.101.3.4.2.7": "sha3_224",
    "2.16.840.1.101.3.4.2.8": "sha3_256",
    "2.16.840.1.101.3.4.2.9": "sha3_384",
    "2.16.840.1.101.3.4.2.10": "sha3_512",
}


class Mac(NamedTuple):
    """What guards a PFX's integrity, and tells its password from others.

    Attributes:
        hmac_digest: the hash inside the HMAC.
    """

    kdf: Pkcs12Kdf | Pbkdf2
    hmac_digest: str
    key_bytes: int
    expected: bytes

    def describe(self) -> dict[str, str | int]:
        """Returns algorithm, derivation and iterations, in the words of `inspect`."""
        name = f"HMAC-{self.hmac_digest.upper()}"
        return {"algorithm": name, "kdf": self.kdf.name, "iterations": self.kdf.iterations}

    def accepts(self, password: Password, content: bytes) -> bool:
        """Tells whether `password` and `content` are those that the MAC was made with."""
        if isinstance(self.kdf, Pkcs12Kdf):
            key = self.kdf.derive(password, MAC_MATERIAL, self.key_bytes)
        else:
            key = self.kdf.derive(password, self.key_bytes)
        return hmac.compare_digest(hmac.digest(key, content, self.hmac_digest), self.expected)


def parse_mac(mac_data: der.Value) -> Mac:
    """Reads the MacData of a PFX.

    Raises:
        MalformedError: it is none.
        InputTooLargeError: it asks for a key that is longer than any in use.
        AlgorithmUnsupportedError: it uses an algorithm that is not known here.
    """
    digest_info, salt, *iterations = mac_data.parts()
    algorithm, expected = digest_info.parts()
    oid, parameters = pbe.algorithm_and_parameters(algorithm)
    if oid == _PBMAC1:
        return _parse_pbmac1(parameters, expected.octets())
    if oid not in _DIGESTS:
        raise AlgorithmUnsupportedError(f"the MAC algorithm {oid} is not supported", hint=pbe.REENCRYPT)
    digest = _DIGESTS[oid]
    kdf = Pkcs12Kdf(digest, salt.octets(), iterations[0].integer() if iterations else 1)
    return Mac(kdf, digest, hashlib.new(digest, usedforsecurity=False).digest_size, expected.octets())


def _parse_pbmac1(parameters: der.Value, expected: bytes) -> Mac:
    """Reads PBMAC1-params (RFC 8018 appendix A.5), whose password is not a BMPString (RFC 9579 section 4)."""
    derivation, scheme = parameters.parts()
    kdf_oid, kdf_parameters = pbe.algorithm_and_parameters(derivation)
    hmac_oid, _ = pbe.algorithm_and_parameters(scheme)
    if kdf_oid != pbe.PBKDF2 or hmac_oid not in pbe.HMAC_DIGESTS:
        raise AlgorithmUnsupportedError(f"a PBMAC1 of {kdf_oid} and {hmac_oid} is not supported", hint=pbe.REENCRYPT)
    digest = pbe.HMAC_DIGESTS[hmac_oid]
    lengths = [part.integer() for part in kdf_parameters.parts() if part.tag == der.INTEGER][1:]
    size = lengths[0] if lengths else hashlib.new(digest, usedforsecurity=False).digest_size
    if not 0 < size <= _MAX_MAC_KEY_BYTES:
        raise InputTooLargeError(f"its MAC key of {size:,} bytes is longer than any in use")
    return Mac(pbe.parse_pbkdf2(kdf_parameters), digest, size, expected)
