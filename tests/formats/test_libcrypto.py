"""PKCS#12's derivation by OpenSSL, against the one in Python, and what there is where OpenSSL cannot be reached."""

import math
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from certkit.formats import libcrypto
from certkit.formats.kdf import INITIALISATION_VECTOR, KEY_MATERIAL, MAC_MATERIAL, Pkcs12Kdf
from certkit.password import ABSENT, EMPTY, Password

DIGESTS: Final = ("md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha512_224", "sha512_256")
SHA3: Final = ("sha3_224", "sha3_256", "sha3_384", "sha3_512")

SPLITS_FEW: Final = """
import sys
from certkit.formats.kdf import Pkcs12Kdf
from certkit.password import Password
Pkcs12Kdf("sha1", b"salt", int(sys.argv[1])).derive(Password(b"changeit"), 1, 24)
print("ctypes" in sys.modules)
"""


@pytest.fixture(scope="module")
def by_openssl() -> libcrypto.Derivation:
    """OpenSSL's derivation."""
    found = libcrypto.derivation()
    if found is None:
        pytest.skip("this Python's OpenSSL cannot be reached")
    return found


@pytest.mark.parametrize("password", [Password(b"changeit"), Password("pä✓".encode()), ABSENT, EMPTY], ids=range(4))
@pytest.mark.parametrize("digest", [*DIGESTS, *SHA3])
def test_openssl_derives_what_the_loop_derives(
    digest: str, password: Password, by_openssl: libcrypto.Derivation
) -> None:
    kdf = Pkcs12Kdf(digest, b"eight of", 3)
    wanted = [
        (purpose, size) for purpose in (KEY_MATERIAL, INITIALISATION_VECTOR, MAC_MATERIAL) for size in (8, 64, 130)
    ]

    derived = [by_openssl(digest, password.bmp, kdf.salt, purpose, kdf.iterations, size) for purpose, size in wanted]

    assert derived == [kdf.derive_in_python(password, purpose, size) for purpose, size in wanted]


def test_many_iterations_come_to_the_same() -> None:
    kdf, password = Pkcs12Kdf("sha256", b"eight of", 20_000), Password(b"changeit")

    assert kdf.derive(password, MAC_MATERIAL, 32) == kdf.derive_in_python(password, MAC_MATERIAL, 32)


def test_what_openssl_does_not_know_is_left_to_the_loop(by_openssl: libcrypto.Derivation) -> None:
    assert by_openssl("no-such-hash", b"", b"", KEY_MATERIAL, 1, 8) is None


def test_a_count_that_c_cannot_hold_is_left_to_the_loop(by_openssl: libcrypto.Derivation) -> None:
    assert by_openssl("sha1", b"", b"", KEY_MATERIAL, 2**31, 8) is None


@pytest.mark.parametrize("path", [None, "", "/no/such/library.so", getattr(math, "__file__", None)])
def test_a_library_without_openssl_has_no_derivation(path: str | None) -> None:
    assert libcrypto.derivation_of(path) is None


@pytest.mark.parametrize(("iterations", "loads"), [(2_048, b"False"), (100_000, b"True")])
def test_openssl_is_reached_for_where_it_pays(iterations: int, loads: bytes) -> None:
    folder = Path(__file__).parents[2]

    done = subprocess.run(
        (sys.executable, "-c", SPLITS_FEW, str(iterations)), capture_output=True, check=True, cwd=folder
    )

    assert done.stdout.strip() == loads
