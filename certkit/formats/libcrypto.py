"""PKCS#12's derivation by the OpenSSL that Python itself has loaded, where it can be reached.

No library offers this derivation (RFC 7292 appendix B) by itself, and a loop in Python takes four times as long as OpenSSL:
at 100,000 iterations that is what one waits for. Its function `PKCS12_key_gen_uni` has had the same signature since 0.9
(https://docs.openssl.org/3.0/man3/PKCS12_key_gen_utf8_ex/). Where Python was linked otherwise, there is no such function to
be found, and the loop does it.
"""

import ctypes
import sys
from collections.abc import Callable
from functools import cache
from typing import Final, TypeAlias

Derivation: TypeAlias = Callable[[str, bytes, bytes, int, int, int], bytes | None]
"""From the hash's name as hashlib has it, password, salt, purpose, iterations and size to the key, None where it cannot."""

_MAX_INT: Final = 2**31 - 1
"""What fits into the `int` in which C takes the iterations and every length."""


@cache
def derivation() -> Derivation | None:
    """Returns the derivation of the OpenSSL that `hashlib` uses, None where that cannot be reached."""
    module = sys.modules.get("_hashlib")
    return derivation_of(getattr(module, "__file__", None))


def derivation_of(path: str | None) -> Derivation | None:
    """Returns the derivation in a library, or in those that it is linked with; None where there is none."""
    try:
        return _bound(ctypes.CDLL(path)) if path else None
    except (AttributeError, OSError):
        return None


def _bound(library: ctypes.CDLL) -> Derivation:
    """Returns the derivation of a library that has one.

    Raises:
        AttributeError: it has none.
    """
    digest_by_name = library.EVP_get_digestbyname
    digest_by_name.argtypes, digest_by_name.restype = (ctypes.c_char_p,), ctypes.c_void_p
    generate = library.PKCS12_key_gen_uni
    text, number = ctypes.c_char_p, ctypes.c_int
    generate.argtypes = (text, number, text, number, number, number, number, ctypes.c_void_p, ctypes.c_void_p)
    generate.restype = number

    def derive(digest: str, password: bytes, salt: bytes, purpose: int, iterations: int, size: int) -> bytes | None:
        algorithm = digest_by_name(_NAMES.get(digest, digest).encode("ascii"))
        if not algorithm or max(iterations, len(password), len(salt)) > _MAX_INT:
            return None
        key = ctypes.create_string_buffer(size)
        lengths = (len(password), salt, len(salt), purpose, iterations, size)
        return key.raw if generate(password, *lengths, key, algorithm) == 1 else None

    return derive


_NAMES: Final = {
    "sha512_224": "SHA512-224",
    "sha512_256": "SHA512-256",
    "sha3_224": "SHA3-224",
    "sha3_256": "SHA3-256",
    "sha3_384": "SHA3-384",
    "sha3_512": "SHA3-512",
}
"""OpenSSL's names where they are not hashlib's."""
