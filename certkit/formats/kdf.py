"""Key derivation from passwords: PKCS#12's own, PBKDF1, PBKDF2 and scrypt, each bounded before it runs."""

import hashlib
import sys
from functools import partial
from typing import Final, NamedTuple

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC

from certkit import limits
from certkit.errors import InputTooLargeError, InputUnreadableError
from certkit.password import Password

KEY_MATERIAL: Final = 1
INITIALISATION_VECTOR: Final = 2
MAC_MATERIAL: Final = 3
"""What PKCS#12's derivation is for: the ID octets of RFC 7292 appendix B.3."""


_WORTH_LOADING_OPENSSL: Final = 8_000
"""From how many iterations on loading `certkit.formats.libcrypto` (2 ms) is soon made up for."""

_LIBCRYPTO: Final = "certkit.formats.libcrypto"
"""Once it is loaded, by a dear PFX or for many of them, it is the faster one at any count."""

_ALGORITHMS: Final[dict[str, type[hashes.HashAlgorithm]]] = {
    "md5": hashes.MD5,
    "sha1": hashes.SHA1,
    "sha224": hashes.SHA224,
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
    "sha512_224": hashes.SHA512_224,
    "sha512_256": hashes.SHA512_256,
    "sha3_224": hashes.SHA3_224,
    "sha3_256": hashes.SHA3_256,
    "sha3_384": hashes.SHA3_384,
    "sha3_512": hashes.SHA3_512,
}
"""cryptography's hashes by hashlib's names."""


class Budget:
    """What deriving keys for one SOURCE may still cost: a sum, since many cheap bags are as slow as one dear one."""

    def __init__(self, iterations: int = limits.MAX_ITERATIONS) -> None:
        self._limit = iterations
        self._left = iterations

    def spend(self, iterations: int) -> None:
        """Takes `iterations` from what is left.

        Raises:
            InputTooLargeError: that is more than is left.
            InputUnreadableError: it is no number of iterations.
        """
        self.check(iterations)
        self._left -= iterations

    def affords(self, iterations: int) -> bool:
        """Tells whether there is enough left for `iterations`."""
        return 0 < iterations <= self._left

    def check(self, *iterations: int) -> None:
        """Refuses derivations that cost more than what is left, in sum, and takes nothing.

        Raises:
            InputTooLargeError: they do.
            InputUnreadableError: one of them is no number of iterations.
        """
        if min(iterations, default=1) < 1:
            raise InputUnreadableError("an iteration count in it is below 1")
        if sum(iterations) > self._left:
            raise InputTooLargeError(
                f"its key derivation takes {sum(iterations):,} iterations, with {self._left:,} of {self._limit:,} left",
                hint="if you trust the file, allow more with --max-iterations",
            )


class Pkcs12Kdf(NamedTuple):
    """PKCS#12's own derivation (RFC 7292 appendix B)."""

    digest: str
    salt: bytes
    iterations: int

    @property
    def name(self) -> str:
        """The derivation as people know it."""
        return f"PKCS12-{self.digest.upper()}"

    @property
    def cost(self) -> int:
        """What it takes from the budget."""
        return self.iterations

    def encode(self, password: Password) -> bytes:
        """Returns the bytes of `password` that go into it."""
        return password.bmp

    def derive(self, password: Password, purpose: int, size: int) -> bytes:
        """Returns `size` bytes of `purpose`, one of the ID octets above; by OpenSSL where it pays and can be reached."""
        if self.iterations >= _WORTH_LOADING_OPENSSL or _LIBCRYPTO in sys.modules:
            from certkit.formats import libcrypto  # noqa: PLC0415 -- what it loads costs more than most PFX take

            by_openssl = libcrypto.derivation()
            derived = by_openssl and by_openssl(self.digest, password.bmp, self.salt, purpose, self.iterations, size)
            if derived:
                return derived
        return self.derive_in_python(password, purpose, size)

    def derive_in_python(self, password: Password, purpose: int, size: int) -> bytes:
        """Returns what `derive` does, without OpenSSL."""
        block = hashlib.new(self.digest, usedforsecurity=False).block_size
        diversifier = bytes((purpose,)) * block
        mixed = bytearray(_fill(self.salt, block) + _fill(password.bmp, block))
        result = b""
        while True:
            chunk = self._iterate(diversifier + mixed)
            result += chunk
            if len(result) >= size:
                return result[:size]
            _add_to_blocks(mixed, _fill(chunk, block)[:block])

    def _iterate(self, chunk: bytes) -> bytes:
        # hashlib's own constructors are twice as fast as `new`, which alone knows SHA-512/256.
        digest = getattr(hashlib, self.digest, None) or partial(hashlib.new, self.digest)
        for _ in range(self.iterations):
            chunk = digest(chunk).digest()
        return chunk


class Pbkdf1(NamedTuple):
    """PBES1's derivation (RFC 8018 section 5.1), key and vector in one."""

    digest: str
    salt: bytes
    iterations: int

    @property
    def name(self) -> str:
        """The derivation as people know it."""
        return f"PBKDF1-{self.digest.upper()}"

    @property
    def cost(self) -> int:
        """What it takes from the budget."""
        return self.iterations

    def encode(self, password: Password) -> bytes:
        """Returns the bytes of `password` that go into it."""
        return password.octets

    def derive(self, password: Password, size: int) -> bytes:
        """Returns `size` bytes, at most one digest long."""
        chunk = password.octets + self.salt
        for _ in range(self.iterations):
            chunk = hashlib.new(self.digest, chunk, usedforsecurity=False).digest()
        return chunk[:size]


class Pbkdf2(NamedTuple):
    """PBKDF2 (RFC 8018 section 5.2) with an HMAC."""

    digest: str
    salt: bytes
    iterations: int

    @property
    def name(self) -> str:
        """The derivation as people know it."""
        return f"PBKDF2-HMAC-{self.digest.upper()}"

    @property
    def cost(self) -> int:
        """What it takes from the budget."""
        return self.iterations

    def encode(self, password: Password) -> bytes:
        """Returns the bytes of `password` that go into it."""
        return password.octets

    def derive(self, password: Password, size: int) -> bytes:
        """Returns `size` bytes; cryptography's own OpenSSL takes half the time of many systems' that hashlib uses."""
        kdf = PBKDF2HMAC(_ALGORITHMS[self.digest](), size, self.salt, self.iterations)
        return kdf.derive(password.octets)


class Scrypt(NamedTuple):
    """The scrypt derivation (RFC 7914)."""

    salt: bytes
    memory_cost: int
    block_size: int
    parallelization: int

    @property
    def name(self) -> str:
        """The derivation as people know it."""
        return "scrypt"

    @property
    def iterations(self) -> int:
        """Its cost parameter N, which stands where the others have a count of iterations."""
        return self.memory_cost

    @property
    def cost(self) -> int:
        """What it takes from the budget: one mixing of a block is about as dear as an iteration of PBKDF2."""
        return self.memory_cost * self.block_size * self.parallelization

    def encode(self, password: Password) -> bytes:
        """Returns the bytes of `password` that go into it."""
        return password.octets

    def derive(self, password: Password, size: int) -> bytes:
        """Returns `size` bytes.

        Raises:
            InputTooLargeError: it would take too much memory or time.
            InputUnreadableError: its parameters are none of scrypt's (RFC 7914 section 6).
        """
        self._check()
        return hashlib.scrypt(
            password.octets,
            salt=self.salt,
            n=self.memory_cost,
            r=self.block_size,
            p=self.parallelization,
            maxmem=2 * limits.MAX_SCRYPT_BYTES,
            dklen=size,
        )

    def _check(self) -> None:
        numbers = f"N={self.memory_cost}, r={self.block_size}, p={self.parallelization}"
        is_power_of_two = self.memory_cost > 1 and self.memory_cost & (self.memory_cost - 1) == 0
        if not is_power_of_two or min(self.block_size, self.parallelization) < 1:
            raise InputUnreadableError(f"its scrypt parameters {numbers} are not valid")
        if 128 * self.memory_cost * self.block_size > limits.MAX_SCRYPT_BYTES or self.cost > limits.MAX_SCRYPT_WORK:
            raise InputTooLargeError(
                f"its scrypt parameters {numbers} take too much",
                hint=f"certkit allows {limits.MAX_SCRYPT_BYTES >> 20} MiB; encrypt the key again with openssl's defaults",
            )


def _fill(text: bytes, block: int) -> bytes:
    """Repeats `text` to the next whole number of blocks, nothing for nothing."""
    size = block * -(-len(text) // block)
    return (text * (size // len(text) + 1))[:size] if text else b""


def _add_to_blocks(mixed: bytearray, addend: bytes) -> None:
    """Sets each block to itself plus `addend` plus 1, modulo its size (RFC 7292 appendix B.2 step 6C)."""
    size = len(addend)
    number = int.from_bytes(addend, "big") + 1
    for start in range(0, len(mixed), size):
        total = int.from_bytes(mixed[start : start + size], "big") + number
        mixed[start : start + size] = (total % (1 << 8 * size)).to_bytes(size, "big")
